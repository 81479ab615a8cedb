"""The image-token formulas against published vectors: transformers' own tests, a bill, vendors' tables."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.budget.fit import fit, is_tall, tiles
from docextract.budget.images import RULES, glm4v, image_tokens, is_shrunk
from docextract.errors import ConfigError
from docextract.types import ImageFacts

CLAUDE = {"max_side": 1568, "max_tokens": 1568}
CLAUDE_NEW = {"max_side": 2576, "max_tokens": 4784}
PATCH = {"multiplier": 1.2, "budget": 2500, "long_side": 2048}
GPT4O = {"base": 85, "tile": 170}
GPT5 = {"base": 70, "tile": 140}
QWEN = {"factor": 28, "min_pixels": 3136, "max_pixels": 1003520}

PAGES = {  # name: (width, height), then tokens by glm4v, glm5, claude, new claude, gpt-4o, gpt-5, gpt-5.4, qwen2.5
    "A4 at 72": ((595, 842), (630, 682, 682, 682, 765, 630, 616, 630)),
    "A4 at 100": ((827, 1169), (1260, 1260, 1260, 1260, 1105, 910, 1155, 1260)),
    "A4 at 150": ((1240, 1754), (2772, 2835, 1551, 2835, 1105, 910, 2574, 1260)),
    "Letter at 150": ((1275, 1650), (2714, 2714, 1496, 2714, 765, 630, 2496, 1240)),
    "A4 at 200": ((1654, 2339), (4956, 5040, 1551, 4756, 1105, 910, 2974, 1260)),
    "Letter at 200": ((1700, 2200), (4819, 4819, 1496, 4758, 765, 630, 2890, 1240)),
    "A4 at 300": ((2480, 3508), (6045, 7950, 1551, 4756, 1105, 910, 2974, 1260)),
    "1080p": ((1920, 1080), (2691, 2691, 1560, 2691, 1105, 910, 2448, 1222)),
    "12 MP": ((4000, 3000), (6030, 7931, 1564, 4740, 765, 630, 2942, 1230)),
}
RULE_OF_COLUMN: tuple[tuple[str, dict[str, Any], int], ...] = (
    ("glm4v", {}, 2),
    ("glm5", {}, 0),
    ("claude", CLAUDE, 0),
    ("claude", CLAUDE_NEW, 0),
    ("openai_tile", GPT4O, 0),
    ("openai_tile", GPT5, 0),
    ("openai_patch", PATCH, 0),
    ("qwen", QWEN, 2),
)


def facts(rule: str, **parameters: object) -> ImageFacts:
    return ImageFacts(rule=rule, parameters=parameters, max_bytes=5_000_000, max_side=6000, max_count=150)


@pytest.mark.parametrize("page", PAGES)
def test_common_pages(page: str) -> None:
    (width, height), wanted = PAGES[page]
    found = tuple(RULES[rule](width, height, params) - extra for rule, params, extra in RULE_OF_COLUMN)
    assert found == wanted


@pytest.mark.parametrize(
    ("width", "height", "tokens"),
    [
        (6000, 4000, 6144),
        (4000, 3000, 6030),
        (3000, 3000, 6084),
        (5000, 4000, 6090),
        (1700, 2200, 4819),
        (100, 100, 16),
    ],
)
def test_the_vectors_of_glm4v(width: int, height: int, tokens: int) -> None:
    assert glm4v(width, height, {}) == tokens + 2


def test_the_bill_of_glm5() -> None:
    assert RULES["glm5"](1888, 1334, {}) == 3264


def test_an_unknown_rule_is_named() -> None:
    with pytest.raises(ConfigError, match="nonsense"):
        image_tokens(facts("nonsense"), 10, 10)


@given(width=st.integers(1, 9000), height=st.integers(1, 9000), most=st.integers(100, 6000))
def test_a_fitted_size_keeps_its_shape_and_its_limits(width: int, height: int, most: int) -> None:
    glm = facts("glm_max", add=2)
    size = fit(glm, (width, height), most)
    assert size.tokens == image_tokens(glm, size.width, size.height)
    if min(size.width, size.height) > 28:
        assert size.tokens <= most
        assert not is_shrunk(glm, size.width, size.height)
        assert size.width <= width
        assert size.height <= height
        assert abs(size.width / size.height - width / height) <= 0.05 * width / height + 1 / size.height


def test_an_a4_page_is_rendered_as_sharp_as_its_tokens_allow() -> None:
    size = fit(facts("glm_max", add=2), (1654, 2339), 2800)
    assert size.tokens > 2700


@given(height=st.integers(4000, 40000))
def test_tiles_cover_a_tall_page_and_overlap(height: int) -> None:
    full = (1280.0, float(height))
    assert is_tall(full)
    glm = facts("glm_max", add=2)
    cuts = tiles(full, glm, 2800)
    assert cuts[0][0] == 0.0
    assert cuts[-1][1] == pytest.approx(1.0)
    for (top, bottom), (next_top, _) in pairwise(cuts):
        assert top < next_top < bottom
        assert (bottom - next_top) * height >= 60
    for top, bottom in cuts:
        assert image_tokens(glm, 1280, round((bottom - top) * height)) <= 2900


def test_cuts_lie_in_empty_rows_where_there_are_some() -> None:
    glm = facts("glm_max", add=2)
    bands = [(line / 350 + 0.0005, line / 350 + 0.0015) for line in range(350)]
    cuts = tiles((1280.0, 14000.0), glm, 2800, bands)
    for _, bottom in cuts[:-1]:
        assert any(top <= bottom <= end for top, end in bands)
    for top, _ in cuts[1:]:
        assert any(begin <= top <= end for begin, end in bands)
