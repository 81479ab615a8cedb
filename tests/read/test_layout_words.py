"""Regions of a service as words: boxes as shares of its render, tables as declared grids, nonsense left out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.layout.analyse import analyse
from docextract.read.layout_words import layout_words
from docextract.types import Page

PAGE = Page(number=3, source=0, index=2, width=600.0, height=800.0)
SIZE = [1200, 1600]


def region(content: str, box: Any = (120, 160, 600, 200), label: str = "text") -> dict[str, Any]:
    return {"index": 0, "label": label, "bbox_2d": list(box), "content": content}


def test_boxes_are_shares_of_the_render_that_the_service_names() -> None:
    words = layout_words([region("Invoice 17")], SIZE, PAGE)
    assert [word.text for word in words.words] == ["Invoice", "17"]
    first, last = words.words
    assert (first.x0, first.y0) == (60.0, 80.0)
    assert first.x1 < last.x0 <= last.x1 <= 300.0
    assert words.source == "ocr"


def test_a_regions_own_render_stands_in_where_no_size_is_named() -> None:
    one = {**region("Total"), "width": 1200, "height": 1600}
    assert layout_words([one], [None, None], PAGE).words[0].x0 == 60.0


def test_a_paragraph_is_broken_into_even_lines_that_fill_its_region() -> None:
    text = " ".join(["word"] * 60)
    words = layout_words([region(text, (0, 0, 1200, 240))], SIZE, PAGE).words
    tops = sorted({word.y0 for word in words})
    assert len(tops) == 5  # 299 characters on 600 by 120 points: sqrt(299 * 0.5 * 120 / (1.2 * 600))
    assert max(word.x1 for word in words) <= 600.01


def test_a_table_keeps_its_cells_and_spans() -> None:
    content = (
        "<table><tr><th colspan='2'>Size</th><th>Price</th></tr>"
        "<tr><td>A &amp; B</td><td>12</td><td>3.50</td></tr></table>"
    )
    words = layout_words([region("Parts list"), region(content, (100, 300, 1100, 500), "table")], SIZE, PAGE)
    (grid,) = words.grids
    assert (grid.rows, grid.columns) == (2, 3)
    texts = [" ".join(word.text for word in words.words[slice(*cell.words)]) for cell in grid.cells]
    assert texts == ["Size", "Price", "A & B", "12", "3.50"]
    assert [cell.column_span for cell in grid.cells] == [2, 1, 1, 1, 1]
    (table,) = analyse(words).tables
    assert [cell.text for cell in table.cells] == texts


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "text",
        [None, 7, {"label": "text"}],
        [region("x", (1, 2, 3))],
        [region("x", (9, 9, 3, 3))],
        [region("x", (float("nan"), 0, 9, 9))],
        [region("a seal", label="image")],
        [{"label": "text", "bbox_2d": [0, 0, 9, 9], "content": None}],
    ],
)
def test_what_is_no_region_is_left_out(wrong: Any) -> None:
    words = layout_words(wrong, SIZE, PAGE)
    assert words.words == ()
    assert words.source == "none"


@given(
    texts=st.lists(st.text(alphabet="abc 12\n&", max_size=60), max_size=4),
    box=st.tuples(*[st.integers(-50, 2000)] * 4),
)
def test_words_lie_on_the_page_and_none_is_lost(texts: list[str], box: tuple[int, ...]) -> None:
    found = layout_words([region(text, box) for text in texts], SIZE, PAGE).words
    is_sound = min(box[2], 1200) > max(box[0], 0) and min(box[3], 1600) > max(box[1], 0)
    expected = [word for text in texts for word in text.split()] if is_sound else []
    assert [word.text for word in found] == expected
    assert all(-0.01 <= word.x0 <= word.x1 <= 600.01 and -0.01 <= word.y0 <= word.y1 <= 800.01 for word in found)
