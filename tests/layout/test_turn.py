from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import pytest

from docextract.layout.analyse import analyse
from docextract.layout.turn import direction
from docextract.types import Word, Words

ROWS = [
    (60.0, 100.0, "Country name"), (240.0, 100.0, "Exports"), (360.0, 100.0, "Imports"),
    (60.0, 120.0, "Germany"), (240.0, 120.0, "1234"), (360.0, 120.0, "5678"),
    (60.0, 140.0, "Portugal"), (240.0, 140.0, "2345"), (360.0, 140.0, "6789"),
    (60.0, 160.0, "Netherlands"), (240.0, 160.0, "3456"), (360.0, 160.0, "7890"),
]  # fmt: skip


def laid_sideways(words: Words, way: Literal[1, 3]) -> Words:
    """The page turned a quarter clockwise (1: text runs down) or back (3: text runs up)."""

    def place(w: Word) -> Word:
        if way == 1:
            return replace(w, x0=words.height - w.y1, y0=w.x0, x1=words.height - w.y0, y1=w.x1)
        return replace(w, x0=w.y0, y0=words.width - w.x1, x1=w.y1, y1=words.width - w.x0)

    return replace(words, width=words.height, height=words.width, words=tuple(place(w) for w in words.words))


@pytest.mark.parametrize("way", [1, 3])
def test_a_sideways_page_gives_the_same_table_with_boxes_on_the_displayed_page(
    page: Callable[..., Words], way: Literal[1, 3]
) -> None:
    upright = page(ROWS)
    turned = laid_sideways(upright, way)
    assert direction(turned) == way
    expected, layout = analyse(upright), analyse(turned)
    assert [[c.text if c else None for c in row] for row in layout.tables[0].rows] == [
        [c.text if c else None for c in row] for row in expected.tables[0].rows
    ]
    cell = layout.tables[0].cells[-1]
    x0, y0, x1, y1 = layout.place(cell.box)
    source = next(w for w in turned.words if w.text == cell.text)
    assert (x0 * turned.width, y0 * turned.height) == pytest.approx((source.x0, source.y0), abs=0.1)
    assert (x1 * turned.width, y1 * turned.height) == pytest.approx((source.x1, source.y1), abs=0.1)


def test_an_upright_page_is_left_as_it_is(page: Callable[..., Words]) -> None:
    words = page(ROWS)
    assert direction(words) == 0
    assert analyse(words).place((60, 80, 300, 400)) == (0.1, 0.1, 0.5, 0.5)
