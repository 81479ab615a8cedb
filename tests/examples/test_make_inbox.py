"""What is committed is what the script draws, and the papers are what they are said to be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from docextract.schema.load import load


@pytest.fixture(scope="module")
def drawn(
    examples: Path, run_python: Callable[..., CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory
) -> list[Path]:
    """Two folders, each drawn by a process of its own."""
    folders = [tmp_path_factory.mktemp("drawn") for _ in range(2)]
    for folder in folders:
        done = run_python([str(examples / "make_inbox.py"), str(folder)], folder)
        assert done.returncode == 0, done.stderr
    return folders


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for part in ("inbox", "gold", "tricky", "expected.json")
        for file in sorted([folder / part, *(folder / part).rglob("*")])
        if file.is_file()
    }


def test_drawing_twice_gives_the_same_bytes(drawn: list[Path]) -> None:
    first, second = map(contents, drawn)
    assert first == second


def test_committed_files_are_the_drawn_ones(drawn: list[Path], examples: Path) -> None:
    committed, fresh = contents(examples), contents(drawn[0])
    assert sorted(committed) == sorted(fresh)
    # Pixels and compressed streams may differ with the version of a library; what the gold says may not.
    told = [name for name in fresh if name.startswith("gold/") or name.endswith(".json")]
    assert {name: committed[name] for name in told} == {name: fresh[name] for name in told}
    assert len(told) > 10


def test_everything_is_small(examples: Path) -> None:
    assert sum(file.stat().st_size for file in (examples / "inbox").rglob("*") if file.is_file()) < 2_000_000


def test_gold_validates(examples: Path, expected: Any) -> None:
    assert len(expected["inbox"]) >= 10
    for name, schema in expected["inbox"].items():
        gold = json.loads((examples / "gold" / f"{name}.json").read_text(encoding="utf-8"))
        (target,) = load(schema)
        outcome = target.validate(gold)
        assert outcome.problems == (), name
        assert outcome.data == gold, name


def test_amounts_of_the_gold_add_up(examples: Path, expected: Any) -> None:
    for name in (name for name, schema in expected["inbox"].items() if schema == "invoice"):
        gold = json.loads((examples / "gold" / f"{name}.json").read_text(encoding="utf-8"))
        assert sum(line["net_amount"] for line in gold["lines"]) == pytest.approx(gold["net_total"])
        assert sum(line["net_amount"] * line["tax_rate"] for line in gold["lines"]) / 100 == pytest.approx(
            gold["tax_total"], abs=0.005
        )
        assert gold["net_total"] + gold["tax_total"] == pytest.approx(gold["grand_total"])


@pytest.mark.parametrize("name", ["invoice-english.pdf", "invoice-german.pdf"])
def test_scans_hold_an_image_and_no_text(examples: Path, name: str) -> None:
    document = pypdfium2.PdfDocument(examples / "inbox/scans" / name)
    try:
        page = document[0]
        text = page.get_textpage()
        (image,) = page.get_objects()
        assert text.count_chars() == 0
        assert round(image.get_px_size()[0] / (page.get_width() / 72)) == 200
        text.close()
    finally:
        document.close()
    twin = pypdfium2.PdfDocument(examples / "inbox" / name)
    try:
        text = twin[0].get_textpage()
        assert text.count_chars() > 300
        text.close()
    finally:
        twin.close()


def test_tiff_has_frames_and_the_price_list_a_blank_page(examples: Path) -> None:
    with Image.open(examples / "inbox/stock-sheets.tiff") as image:
        assert getattr(image, "n_frames", 1) == 2
    document = pypdfium2.PdfDocument(examples / "inbox/price-list.pdf")
    try:
        assert [len(list(page.get_objects())) > 0 for page in document] == [True, False, True]
    finally:
        document.close()
