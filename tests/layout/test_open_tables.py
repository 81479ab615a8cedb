"""Tables without a grid, in the styles of timetables, accounts and papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from docextract.layout.analyse import analyse
from docextract.layout.assemble import cell_text
from docextract.layout.shapes import Table
from docextract.types import Word, Words

Page = Callable[..., Words]
Pieces = list[tuple[float, float, str]]


def texts(table: Table) -> list[list[str | None]]:
    return [[c.text if c else None for c in row] for row in table.rows]


def grid(rows: Sequence[Sequence[str]], xs: Sequence[float], top: float, pitch: float = 15.0) -> Pieces:
    return [(x, top + pitch * i, t) for i, row in enumerate(rows) for x, t in zip(xs, row, strict=True) if t]


def test_a_timetable_is_no_chart_though_its_times_go_up_in_equal_steps(page: Page) -> None:
    stops = ("Northgate", "Museum", "Hospital", "Lakeside", "Airport")
    rows = [(stop, *(f"{5 + k // 3:02d}:{20 * (k % 3) + 4 * i:02d}" for k in range(6))) for i, stop in enumerate(stops)]
    (table,) = analyse(page(grid(rows, (60, 200, 260, 320, 380, 440, 500), 200))).tables
    assert texts(table) == [list(row) for row in rows]


def test_a_rule_under_a_heading_shows_how_wide_its_column_is(page: Page) -> None:
    rows = [("Cash", "18,442", "21,006"), ("Trade receivables", "9,310", "8,875"), ("Inventories", "12,068", "11,440")]
    pieces = [(318.0, 185.0, "2023"), (428.0, 185.0, "2022"), *grid(rows, (60, 310, 420), 205)]
    (table,) = analyse(page(pieces, rulings=[(215, 199, 345, 199), (350, 199, 455, 199)])).tables
    assert texts(table) == [[None, "2023", "2022"], *[list(row) for row in rows]]


def test_a_short_heading_set_sideways_in_two_lines_is_read_line_by_line() -> None:
    up = [Word("Car", 80, 90, 90, 107, 10, turn=3), Word("park", 80, 62, 92, 86, 10, turn=3)]
    up += [Word("for", 94, 93, 104, 107, 10, turn=3), Word("guests", 94, 58, 106, 90, 10, turn=3)]
    down = [Word("Car", 94, 10, 104, 27, 10, turn=1), Word("park", 92, 31, 104, 55, 10, turn=1)]
    down += [Word("for", 80, 10, 90, 24, 10, turn=1)]
    assert cell_text(up)[0] == "Car park for guests"
    assert cell_text(down)[0] == "Car park for"
