from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from docextract.layout.analyse import analyse
from docextract.layout.shapes import Table
from docextract.types import Words

Page = Callable[..., Words]
Pieces = list[tuple[float, float, str]]


def texts(table: Table) -> list[list[str | None]]:
    return [[c.text if c else None for c in row] for row in table.rows]


def grid(rows: Sequence[tuple[str, ...]], xs: Sequence[float], top: float, pitch: float = 15.0) -> Pieces:
    return [(x, top + pitch * i, t) for i, row in enumerate(rows) for x, t in zip(xs, row, strict=True) if t]


BODY = [
    ("Germany", "1,234", "5.6"),
    ("Portugal", "2,345", "6.7"),
    ("Netherlands", "345", "-"),
    ("Spain", "4,567", "8.9"),
]


def test_numbers_in_columns_make_a_table_without_any_line(page: Page) -> None:
    (table,) = analyse(page(grid([("Country", "Exports", "Share"), *BODY], (60, 220, 330), 200))).tables
    assert texts(table) == [["Country", "Exports", "Share"], *[[c or None for c in row] for row in BODY]]
    assert table.header_rows == 1
    assert not table.ruled


def test_a_wrapped_label_joins_the_row_of_its_values(page: Page) -> None:
    rows = [
        ("Country", "Exports", "Share"),
        BODY[0],
        ("Netherlands and all of its", "", ""),
        ("overseas parts", "9", "3.1"),
        *BODY[1:],
    ]
    (table,) = analyse(page(grid(rows, (60, 220, 330), 200, 11))).tables
    assert ["Netherlands and all of its overseas parts", "9", "3.1"] in texts(table)


def test_a_label_around_its_values_is_one_cell(page: Page) -> None:
    pieces = grid([("Country", "Exports", "Share"), *BODY], (60, 220, 330), 200)
    pieces += [(60, 280, "Between states in the"), (60, 292, "whole of the union")]
    pieces += [(220, 286, "77"), (330, 286, "7.7")]
    pieces += grid(BODY[:2], (60, 220, 330), 315)
    (table,) = analyse(page(pieces)).tables
    assert ["Between states in the whole of the union", "77", "7.7"] in texts(table)


def test_a_heading_over_several_columns_spans_them_and_lines_of_one_heading_join(page: Page) -> None:
    pieces: Pieces = [
        (245, 170, "All member states"),
        (220, 190, "Exports"),
        (330, 190, "Share of"),
        (330, 201, "the total"),
    ]
    pieces += grid(BODY, (60, 220, 330), 222)
    rulings = [(55, 165, 420, 165), (215, 184, 420, 184), (55, 216, 420, 216), (55, 285, 420, 285)]
    (table,) = analyse(page(pieces, rulings=rulings)).tables
    assert texts(table)[:2] == [[None, "All member states", None], [None, "Exports", "Share of the total"]]
    spanning = table.rows[0][1]
    assert spanning is not None
    assert spanning.column_span == 2
    assert table.header_rows == 2


def test_title_and_notes_stand_outside_the_grid(page: Page) -> None:
    pieces: Pieces = [(60, 180, "Table 3: Trade of some countries")]
    pieces += grid([("Country", "Exports", "Share"), *BODY], (60, 220, 330), 200)
    pieces += [(60, 285, "* Preliminary figures."), (60, 298, "Source: the statistical office.")]
    (table,) = analyse(page(pieces)).tables
    assert table.title == "Table 3: Trade of some countries"
    assert table.notes == ("* Preliminary figures.", "Source: the statistical office.")
    assert len(table.rows) == 5


def test_two_tables_with_other_columns_under_each_other_are_two(page: Page) -> None:
    pieces = grid([("Country", "Exports", "Share"), *BODY], (60, 220, 330), 200)
    pieces += [(60, 300, "The second table counts other things and needs a sentence to say so.")]
    pieces += grid(
        [("Year", "A", "B", "C"), ("2001", "1", "2", "3"), ("2002", "4", "5", "6"), ("2003", "7", "8", "9")],
        (60, 150, 280, 420),
        330,
    )
    tables = analyse(page(pieces)).tables
    assert [t.columns for t in tables] == [3, 4]


def test_a_caption_and_headings_begin_another_table_with_the_same_columns(page: Page) -> None:
    first = grid([("Country", "Exports", "Share"), *BODY], (60, 220, 330), 200)
    second = grid([("Region", "Imports", "Part"), *BODY], (60, 220, 330), 295)
    caption = [(60.0, 280.0, "Trade of the same countries with regions of the south")]
    tables = analyse(page(first + caption + second)).tables
    assert [texts(t)[0] for t in tables] == [["Country", "Exports", "Share"], ["Region", "Imports", "Part"]]


PROSE = [
    "the committee met again in the spring and", "agreed that nothing should be done before",
    "all members had read the long report that", "was sent to them at the end of the year by",
    "the office which had prepared it with care", "over many months and with help from others",
    "who know the matter well and had time for", "it when nobody else could spare any at all",
]  # fmt: skip

CONTENTS = [
    ("Where we begin now", "1"),
    ("How it was done then", "7"),
    ("What was found there", "19"),
    ("Who has to pay it", "33"),
    ("An end to all this", "41"),
]
FORM = [("Number:", "4711"), ("Date:", "1.2.2024"), ("Customer:", "88123"), ("Order:", "77")]
AXES = [(str(400 - 50 * i), f"{0.8 - 0.1 * i:.1f}") for i in range(8)]

NO_TABLES: dict[str, Pieces] = {
    "prose in two columns": [(x, 100 + 12 * i, t) for x in (40.0, 320.0) for i, t in enumerate(PROSE)],
    "a list of contents": grid(CONTENTS, (60, 450), 100),
    "labels and values": grid(FORM, (60, 200), 100),
    "the axes of a chart": grid(AXES, (60, 420), 100, 20),
    "a bulleted list": grid([("•", text) for text in PROSE[:6]], (60, 80), 100),
}


@pytest.mark.parametrize("name", NO_TABLES)
def test_what_looks_like_a_table_and_is_none(page: Page, name: str) -> None:
    assert [texts(t) for t in analyse(page(NO_TABLES[name])).tables] == []


def test_columns_that_no_row_fills_both_of_are_parted_by_their_headings(page: Page) -> None:
    heads: Pieces = [
        (60, 200, "Date"),
        (140, 200, "Details"),
        (260, 200, "Out"),
        (340, 200, "Into"),
        (430, 200, "Left"),
    ]
    rows = [
        ("01/06", "Rent paid", "950.00", "", "1,204.10"),
        ("03/06", "Rail fare", "148.60", "", "1,155.50"),
        ("05/06", "Salary in", "", "2,310.00", "3,465.50"),
        ("11/06", "Water due", "131.18", "", "3,334.32"),
        ("19/06", "Cash drawn", "160.00", "", "3,174.32"),
    ]
    (table,) = analyse(page(heads + grid(rows, (60, 140, 260, 340, 430), 215))).tables
    assert texts(table) == [
        ["Date", "Details", "Out", "Into", "Left"],
        *[[c or None for c in row] for row in rows],
    ]


def test_headings_over_headings_that_repeat_span_a_group_each(page: Page) -> None:
    upper: Pieces = [(245, 185, "Visits"), (405, 185, "Costs")]
    rows = [
        ("Region", "2021", "2022", "2021", "2022"),
        ("North", "412", "388", "21", "26"),
        ("South", "120", "114", "64", "71"),
    ]
    (table,) = analyse(page(upper + grid(rows, (60, 220, 290, 380, 450), 200))).tables
    assert table.header_rows == 2
    assert texts(table)[2:] == [list(row) for row in rows[1:]]
    spans = list({id(c): c for row in table.rows[:1] for c in row if c}.values())
    assert [cell.text for cell in spans] == ["Visits", "Costs"]


def test_the_same_headings_again_after_a_gap_begin_another_table(page: Page) -> None:
    first = [("Share", "1.0", "1.5", "1.9"), ("0.99", "12", "100", "33"), ("0.50", "40", "7", "21")]
    first += [("0.25", "3", "91", "20"), ("0.10", "30", "17", "2")]
    again = [("Share", "2.0", "2.5", "2.9"), *first[1:]]
    xs = (60, 220, 330, 420)
    pieces = [*grid(first, xs, 200, 13), *grid(again, xs, 285, 13)]
    tables = analyse(page(pieces)).tables
    assert [texts(table)[0] for table in tables] == [list(first[0]), list(again[0])]


def test_a_line_of_signs_is_drawn_and_dots_alone_are_a_cell(page: Page) -> None:
    rows = [("Country", "Exports", "Share"), BODY[0], ("Malta", "..", ".."), *BODY[1:]]
    pieces = [*grid(rows[:1], (60, 220, 330), 200), (60, 211, "-" * 60), *grid(rows[1:], (60, 220, 330), 222)]
    (table,) = analyse(page(pieces)).tables
    assert texts(table) == [[c or None for c in row] for row in rows]
