import json
from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.local.engine import extract
from docextract.local.upright import Upright, upright
from docextract.schema.load import load
from docextract.types import Box, Ruling, Word, Words

INVOICE = load("invoice")[0].json_schema
LINES = [
    "Harbour Tools Ltd.",
    "4 Quay Street, BS1 4RW Bristol",
    "Invoice number: HT-2209",
    "Invoice date: 12 March 2023",
    "Description            Qty   Unit price    Amount",
    "Rope, 10 m               2        15.00     30.00",
    "Anchor, small            1        70.00     70.00",
    "Subtotal                                   100.00",
    "VAT 20 %                                    20.00",
    "Total                                      120.00",
]


def page() -> Words:
    words = []
    for row, line in enumerate(LINES):
        column = 0
        for part in line.split(" "):
            if part:
                x, y = 40 + 6.0 * column, 40 + 16.0 * row
                words.append(Word(part, x, y, x + 6.0 * len(part), y + 10, 10))
            column += len(part) + 1
    return Words(page=1, width=400, height=600, words=tuple(words), source="text", rulings=(Ruling(40, 99, 340, 99),))


def laid(upright_page: Words, turn: int) -> Words:
    """The page as it is displayed when it was put down turned clockwise by quarter turns."""
    for _ in range(turn):
        height = upright_page.height

        def box(x0: float, y0: float, x1: float, y1: float, height: float = height) -> Box:
            return (height - y1, x0, height - y0, x1)

        upright_page = replace(
            upright_page,
            width=upright_page.height,
            height=upright_page.width,
            words=tuple(
                Word(w.text, *box(w.x0, w.y0, w.x1, w.y1), w.size, turn=(w.turn + 1) % 4) for w in upright_page.words
            ),
            rulings=tuple(Ruling(*box(r.x0, r.y0, r.x1, r.y1)) for r in upright_page.rulings),
        )
    return upright_page


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_page_lying_on_its_side_or_head_gives_equal_fields_and_places_on_the_displayed_page(turn: int) -> None:
    value, evidence = extract(INVOICE, [page()])
    assert value["grand_total"] == 120
    assert len(value["lines"]) == 2
    shown = laid(page(), turn)
    turned_value, turned_evidence = extract(INVOICE, [shown])
    assert json.dumps(turned_value) == json.dumps(value)
    assert [one.path for one in turned_evidence] == [one.path for one in evidence]
    for one in turned_evidence:
        assert one.box is not None
        x0, y0, x1, y1 = (share * side for share, side in zip(one.box, (shown.width, shown.height) * 2, strict=True))
        inside = {w.text for w in shown.words if x0 <= (w.x0 + w.x1) / 2 <= x1 and y0 <= (w.y0 + w.y1) / 2 <= y1}
        assert set(cast("str", one.quote).split()) & inside


@given(st.integers(0, 3), st.tuples(*[st.floats(0, 1)] * 4))
def test_a_place_turned_back_stays_a_box_on_the_page(turn: int, edges: tuple[float, float, float, float]) -> None:
    box = (min(edges[0], edges[2]), min(edges[1], edges[3]), max(edges[0], edges[2]), max(edges[1], edges[3]))
    x0, y0, x1, y1 = Upright(words=page(), turn=turn).place(box)
    assert -1e-4 <= x0 <= x1 <= 1.0001
    assert -1e-4 <= y0 <= y1 <= 1.0001


def test_text_in_the_margin_does_not_turn_the_page_and_is_not_read_with_it() -> None:
    shown = replace(page(), words=(*page().words, Word("Form 17 b", 4, 100, 12, 180, 8, turn=3)))
    assert upright(shown).turn == 0
    assert extract(INVOICE, [shown])[0] == extract(INVOICE, [page()])[0]
