"""Tables without a grid, in the styles of timetables, accounts and papers."""

from __future__ import annotations

from collections.abc import Callable

from docextract.layout.analyse import analyse, find_tables
from docextract.layout.assemble import cell_text
from docextract.types import Word, Words
from tests.layout.conftest import Pieces, grid, texts

Page = Callable[..., Words]


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


def staff(top: float, pitch: float = 14.0) -> Pieces:
    rows = [("Grade", "Staff"), ("Director", "60"), ("Senior", "87"), ("Officer", "77"), ("Trainee", "5")]
    return grid(rows, (60, 140), top, pitch)


def guests(top: float, pitch: float = 14.0) -> Pieces:
    rows = [("Month", "Guests", "Tours"), *((m, f"{k},656", "73") for k, m in enumerate(("May", "June", "July"), 1))]
    return grid(rows, (260, 330, 400), top, pitch)


def test_tables_beside_each_other_are_two_where_each_has_its_own_rules(page: Page) -> None:
    rules = [(x0, y, x1, y) for x0, x1 in ((55, 180), (255, 440)) for y in (195, 215, 275)]
    first, second = analyse(page([*staff(200), *guests(200)], rulings=rules)).tables
    assert [len(first.rows), first.columns, len(second.rows), second.columns] == [5, 2, 4, 3]
    assert texts(second)[1] == ["May", "1,656", "73"]


def test_tables_beside_each_other_are_two_where_their_lines_stand_on_other_heights(page: Page) -> None:
    rules = [(x0, y, x1, y) for x0, x1 in ((55, 180),) for y in (195, 275)]
    tables = analyse(page([*staff(200, 17), *guests(206, 23)], rulings=rules)).tables
    assert ["May", "1,656", "73"] in texts(tables[-1])
    assert all(len(row) <= 3 for table in tables for row in texts(table))


def test_one_table_with_two_columns_of_names_stays_one(page: Page) -> None:
    rows = [("Plant", "Output", "Owner", "Share"), ("Alder", "60", "Norton", "51"), ("Birch", "87", "Weston", "12")]
    rows += [("Cedar", "77", "Easton", "33"), ("Elm", "5", "Sutton", "20")]
    rules = [(55, y, 470, y) for y in (195, 213, 275)]
    (table,) = analyse(page(grid(rows, (60, 140, 260, 420), 200), rulings=rules)).tables
    assert texts(table) == [list(row) for row in rows]


PROSE = "the figures were given by the offices of both towns and counted twice before they were printed here in full"


def test_a_table_between_rules_over_two_columns_of_prose_is_not_cut_at_their_gutter(page: Page) -> None:
    prose = [(x, 60 + 12 * i, " ".join(PROSE.split()[: 9 + i % 2])) for x in (40, 320) for i in range(12)]
    rows = [("Site", "Spring", "Summer", "Autumn", "Winter"), ("Inlet", "2.06", "5.79", "3.37", "3.07")]
    rows += [("Outlet", "5.38", "7.81", "3.55", "2.58"), ("Deep basin", "6.94", "1.03", "5.95", "4.13")]
    pieces = [*prose, *grid(rows, (40, 150, 240, 340, 460), 230), *((x, y + 260, t) for x, y, t in prose)]
    (table,) = analyse(page(pieces, rulings=[(38, y, 560, y) for y in (225, 243, 292)])).tables
    assert texts(table) == [list(row) for row in rows]


LAMPS = [
    [("A-10", "Desk lamp of brass with a shade", "24", "59.90"), ("", "Bulb not included", "", "")],
    [("A-11", "Reading lamp with clamp", "12", "34.50")],
    [
        ("B-22", "Office chair on five castors", "4", "289.00"),
        ("", "Cover of wool", "", ""),
        ("", "For 120 kg", "", ""),
    ],
    [("B-23", "Footrest", "18", "45.00")],
]


def test_a_row_between_two_rules_holds_all_lines_of_its_cells(page: Page) -> None:
    xs, y = (60.0, 110.0, 330.0, 400.0), 216.0
    pieces: Pieces = grid([("Number", "Article", "Pieces", "Price")], xs, 200)
    rules = [(55.0, 196.0, 460.0, 196.0)]
    for lines in LAMPS:
        rules.append((55.0, y - 3, 460.0, y - 3))
        pieces += grid(lines, xs, y, 11)
        y += 11 * len(lines) + 6
    (table,) = analyse(page(pieces, rulings=[*rules, (55.0, y - 3, 460.0, y - 3)])).tables
    rows = [[" ".join(filter(None, cell)) for cell in zip(*lines, strict=True)] for lines in LAMPS]
    assert texts(table) == [["Number", "Article", "Pieces", "Price"], *rows]


def test_rules_between_groups_of_rows_join_no_rows(page: Page) -> None:
    xs = (60, 200, 300)
    groups = [[(f"{name} {k}", f"1,{k}00", f"{k}.5") for k in range(1, 4)] for name in ("North", "South", "West")]
    pieces = [piece for i, rows in enumerate(groups) for piece in grid(rows, xs, 200 + 50 * i, 14)]
    (table,) = analyse(page(pieces, rulings=[(55, 195 + 50 * i, 340, 195 + 50 * i) for i in range(4)])).tables
    assert len(table.rows) == 9


EDITIONS = [
    ("Edition", ["What it has"], ["Meant for"]),
    (
        "Basic",
        ["One user, and an answer by", "mail within three days"],
        ["Offices that only need", "a place for papers"],
    ),
    ("Team", ["Up to twenty users, and an", "answer by telephone"], ["Practices with cases", "that several share"]),
    ("Town", ["As many users as there are,", "and a computer of its own"], ["Authorities that give", "no files away"]),
]


def test_text_set_in_rows_is_a_table_and_running_text_in_columns_is_none(page: Page) -> None:
    pieces, y = [], 200.0
    for name, has, meant in EDITIONS:
        pieces.append((60.0, y, name))
        pieces += [(130.0, y + 11 * i, text) for i, text in enumerate(has)]
        pieces += [(330.0, y + 11 * i, text) for i, text in enumerate(meant)]
        y += 11 * max(len(has), len(meant)) + 10
    (table,) = analyse(page(pieces)).tables
    assert texts(table) == [[name, " ".join(has), " ".join(meant)] for name, has, meant in EDITIONS]
    even = [
        (x, 200.0 + 11 * i, text)
        for x in (40, 220, 400)
        for i, text in enumerate([*EDITIONS[1][1], *EDITIONS[2][1]] * 3)
    ]
    assert analyse(page(even)).tables == ()


def test_an_index_in_columns_is_no_table(page: Page) -> None:
    entries = [
        f"{word}, {17 * k % 300}, {23 * k % 300}" for k, word in enumerate(("abbey", "bank", "cattle", "dikes") * 6, 3)
    ]
    assert find_tables(page(grid(list(zip(*[iter(entries)] * 3, strict=True)), (60, 230, 400), 200, 12))) == []


def test_the_foot_of_a_page_is_no_row_of_the_table_over_it(page: Page) -> None:
    rows = [("Date", "Details", "Balance"), *((f"{d:02d} Jan", "Rent", f"{d},120.44") for d in (2, 4, 9, 15))]
    rows = [*rows, ("22 Jan", "Interest", "87.10")]
    pieces = [*grid(rows, (60, 140, 300), 200, 14), (60.0, 306.0, "Sheet 1 of 1")]
    (table,) = analyse(page(pieces)).tables
    assert texts(table) == [list(row) for row in rows]


def test_numbered_rows_of_text_are_no_chart(page: Page) -> None:
    rows = [("No.", "Deutsch", "English"), ("1", "Grundbuch", "land register"), ("2", "Hypothek", "mortgage")]
    rows += [("3", "Pacht", "lease"), ("4", "Erbbaurecht", "building right"), ("5", "Wegerecht", "right of way")]
    (table,) = analyse(page(grid(rows, (60, 140, 280), 200))).tables
    assert texts(table) == [list(row) for row in rows]


def test_the_name_of_a_group_does_not_run_on_into_a_long_label_below_it(page: Page) -> None:
    rows = [("£ thousand", "2023", "2022"), ("Operating", "", ""), ("Profit before tax", "4,118", "3,902")]
    rows += [
        ("Depreciation", "1,204", "1,180"),
        ("Investing activities", "", ""),
        ("Purchase of shares", "(2,010)", "(1,744)"),
    ]
    rows += [("Net cash used in all", "(2,010)", "(1,094)")]
    (table,) = analyse(page(grid(rows, (60, 200, 280), 200, 13))).tables
    assert texts(table) == [[cell or None for cell in row] for row in rows]
