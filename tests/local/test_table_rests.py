"""A first cell cut in two by a page break, in tables without rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from docextract.local.tables import extract_tables
from docextract.types import Json, Words

Drawn = Callable[..., tuple[Words, ...]]
Lines = list[tuple[float, float, str]]
XS = (60.0, 300.0, 380.0, 470.0)
HEAD = ("*Description", "*Qty", "*Price", "*Amount")
FIRST = [("Boiler", "1", "900.50", "900.50"), ("Pipes", "12", "7.10", "85.20"), ("Valves", "4", "15.00", "60.00")]
NEXT = [("Pump", "2", "310.00", "620.00"), ("Hose", "3", "9.90", "29.70"), ("Clamp", "25", "0.80", "20.00")]
CUT = ("Maintenance of the central", "4", "120.00", "480.00")


def _rows(top: float, *rows: tuple[str, ...]) -> Lines:
    return [(x, top + 16 * n, text) for n, row in enumerate(rows) for x, text in zip(XS, row, strict=True)]


def _tables(drawn: Drawn, second: Lines) -> list[dict[str, Json]]:
    tables, _ = extract_tables(drawn(_rows(600, HEAD, *FIRST, CUT), second))
    return tables


@pytest.mark.parametrize("gap", [11, 16])
@pytest.mark.parametrize("head", [(), (HEAD,)])
def test_the_rest_of_a_cell_goes_to_the_row_before_the_break(drawn: Drawn, gap: int, head: tuple[()]) -> None:
    top = 60 + 16 * len(head)
    (table,) = _tables(drawn, [*_rows(60, *head), (60, top, "heating system"), *_rows(top + gap, *NEXT)])
    assert table["rows"][3] == ["Maintenance of the central heating system", *CUT[1:]]
    assert table["rows"][4:] == [list(row) for row in NEXT]
    assert table["title"] is None


def test_a_title_over_the_next_page_begins_another_table(drawn: Drawn) -> None:
    tables = _tables(drawn, [(60, 60, "*Spare parts"), *_rows(76, *NEXT)])
    assert [table["title"] for table in tables] == [None, "Spare parts"]
    assert tables[0]["rows"][3] == list(CUT)


def test_a_line_in_small_letters_over_other_columns_is_left_where_it_is(drawn: Drawn) -> None:
    other = [(60.0 + 90 * k, 76 + 16.0 * n, t) for n, row in enumerate(NEXT) for k, t in enumerate((*row, "x", "y"))]
    tables = _tables(drawn, [(60, 60, "heating system"), *other])
    assert len(tables) == 2
    assert tables[0]["rows"][3] == list(CUT)
