from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from docextract.config.load import checked
from docextract.errors import ConfigError, InputError
from docextract.pages.bounds import BOUNDS, bound, page_reached, parse_settings, reached, use
from docextract.pages.loader import load
from docextract.pages.options import PagesOptions
from docextract.pages.pool import Pool
from docextract.types import Unit


@pytest.fixture(autouse=True)
def _defaults() -> Iterator[None]:
    yield
    use({})


@pytest.mark.parametrize("name", BOUNDS)
def test_every_limit_says_which_its_value_and_how_to_raise_it(name: str) -> None:
    use({name: 12_345})
    for error in (reached(name, "it has much"), page_reached(name, "it has much")):
        assert error.code == "limit_reached"
        assert name in str(error)
        assert "12,345" in str(error)
        assert f"--limit {name}=" in error.hint
    assert BOUNDS[name].value > 0
    assert BOUNDS[name].why


def test_settings_are_read_with_their_suffixes() -> None:
    assert parse_settings(["image_pixels=300M", "archive_bytes = 2Gi", "page_words=1_000", "page_words=7k"]) == {
        "image_pixels": 300_000_000,
        "archive_bytes": 2 << 30,
        "page_words": 7_000,
    }
    assert bound("page_words", {"page_words": 9}) == 9
    assert bound("page_words") == BOUNDS["page_words"].value


@pytest.mark.parametrize(
    "text", ["", "image_pixels", "image_pixels=", "image_pixels=0", "image_pixels=-1", "x=1", "page_words=1.5"]
)
def test_a_setting_that_makes_no_sense_is_a_usage_error(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        checked({"limit": [text]})
    assert caught.value.exit_code == 2


def test_children_keep_the_limits_of_their_run(tmp_path: Path, unit: Callable[..., Unit]) -> None:
    (tmp_path / "a.txt").write_text("some words " * 100)

    async def opened(limits: dict[str, int]) -> None:
        async with Pool("render", size=1, limits=limits) as pool:
            await load(pool, unit(tmp_path / "a.txt"), PagesOptions())

    asyncio.run(opened({}))
    with pytest.raises(InputError) as caught:
        asyncio.run(opened({"file_bytes": 1000}))
    assert caught.value.code == "limit_reached"
    assert "file_bytes of 1,000" in str(caught.value)
    assert "--limit file_bytes=" in caught.value.hint


def test_the_document_on_security_lists_every_limit(root: Path) -> None:
    text = (root / "SECURITY.md").read_text(encoding="utf-8")
    for name, limit in BOUNDS.items():
        assert f"| `{name}` | {limit.value:,} | {limit.unit} | {limit.why} |" in text
