"""Headings: which column each stands over, where a table's own begin, and names of groups of rows."""

from __future__ import annotations

from collections.abc import Callable

from docextract.layout.analyse import analyse
from docextract.types import Words
from tests.layout.conftest import Pieces, grid, texts

Page = Callable[..., Words]


def test_headings_set_left_over_numbers_set_right_each_keep_their_column(page: Page) -> None:
    rows = [("East", "Chairs", "120", "98", "143"), ("", "Desks", "40", "52", "61"), ("", "Lamps", "210", "190", "233")]
    pieces: Pieces = [
        (x, 200.0, t) for x, t in zip((60, 130, 195, 265, 335), ("Region", "Product", "Q1", "Q2", "Q3"), strict=True)
    ]
    pieces += grid(rows, (60, 130, 240, 315, 380), 215)
    (table,) = analyse(page(pieces)).tables
    assert texts(table) == [["Region", "Product", "Q1", "Q2", "Q3"], *[[cell or None for cell in row] for row in rows]]


def test_a_short_caption_and_other_headings_begin_another_table(page: Page) -> None:
    fleet = [("Type", "Number", "Age"), ("Bus", "41", "6.2"), ("Tram", "18", "14.0"), ("Van", "7", "3.1")]
    lines = [
        ("Line", "Length", "Stops", "Trips", "Seats"),
        ("1", "9.7", "39", "77", "18"),
        ("2", "9.9", "17", "95", "11"),
    ]
    lines += [("3", "4.4", "29", "27", "10")]
    pieces = [*grid(fleet, (60, 130, 200), 200), (60.0, 264.0, "B. Lines"), *grid(lines, (60, 110, 180, 240, 300), 282)]
    first, second = analyse(page(pieces)).tables
    assert texts(first) == [list(row) for row in fleet]
    assert texts(second) == [list(row) for row in lines]


def test_a_name_in_the_middle_of_a_table_stands_over_all_its_columns(page: Page) -> None:
    ages = [("Under 15", "34,125", "43,717", "26,862"), ("15 to 64", "26,313", "16,081", "39,315")]
    pieces = grid([("Age", "1990", "2000", "2010")], (60, 160, 240, 320), 200)
    for i, name in enumerate(("Men", "Women")):
        pieces += [(205.0 - 2.5 * len(name), 215.0 + 45 * i, name), *grid(ages, (60, 160, 240, 320), 230 + 45 * i)]
    (table,) = analyse(page(pieces)).tables
    assert table.header_rows == 1
    spans = {cell.text: cell.column_span for cell in table.cells if cell.column_span > 1}
    assert spans == {"Men": 4, "Women": 4}


def test_a_title_over_the_last_column_is_none_of_its_headings(page: Page) -> None:
    rows = [
        ("Area", "People", "Town"),
        ("125", "936,425", "Jarrow"),
        ("52", "460,613", "Tetbury"),
        ("64", "285,316", "Hythe"),
    ]
    (table,) = analyse(page([(300.0, 178.0, "Towns by size"), *grid(rows, (60, 180, 320), 200)])).tables
    assert texts(table) == [list(row) for row in rows]


def test_days_at_equal_steps_are_no_axis(page: Page) -> None:
    rows = [("Date", "Event"), ("3 May", "Opening of the exhibition"), ("11 May", "Lecture on the harbour")]
    rows += [("19 May", "Boat trip"), ("27 May", "Concert"), ("2 June", "Closing day")]
    rulings = [(55, y, 330, y) for y in (196, 212, 290)]
    (table,) = analyse(page(grid(rows, (60, 130), 200), rulings=rulings)).tables
    assert texts(table) == [list(row) for row in rows]
