from __future__ import annotations

from collections.abc import Callable

from reportlab.pdfgen.canvas import Canvas

from docextract.layout.analyse import analyse
from docextract.layout.shapes import Table
from docextract.types import Words

Drawn = Callable[[Callable[[Canvas], None]], Words]


def texts(table: Table) -> list[list[str | None]]:
    return [[c.text if c else None for c in row] for row in table.rows]


def test_a_drawn_grid_gives_its_cells_with_wrapped_text_and_spans(drawn: Drawn) -> None:
    def paint(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for x in (60, 200, 300, 400):
            canvas.line(x, 600, x, 640 if x in (200, 300) else 700)
        canvas.line(200, 640, 200, 700)
        for y in (600, 640, 700):
            canvas.line(60, y, 400, y)
        canvas.line(200, 670, 400, 670)
        canvas.line(300, 640, 300, 670)
        canvas.drawString(65, 668, "Measure")
        canvas.drawString(240, 680, "Years")
        canvas.drawString(210, 650, "first")
        canvas.drawString(310, 650, "second")
        canvas.drawString(65, 625, "A label that is")
        canvas.drawString(65, 612, "wrapped once")
        canvas.drawString(210, 620, "12.5")
        canvas.drawString(310, 620, "17.25")

    (table,) = analyse(drawn(paint)).tables
    assert table.ruled
    assert texts(table) == [
        ["Measure", "Years", None],
        [None, "first", "second"],
        ["A label that is wrapped once", "12.5", "17.25"],
    ]
    measure, years = table.rows[0][0], table.rows[0][1]
    assert measure is not None
    assert years is not None
    assert (measure.row_span, years.column_span) == (2, 2)
    assert table.header_rows == 2


def test_values_stacked_in_one_drawn_row_are_rows_of_their_own(page: Callable[..., Words]) -> None:
    rows = [(60.0, 125.0 + 12 * i, f"Region {name}") for i, name in enumerate(("north", "south", "east", "west"))]
    values = [(220.0, 125.0 + 12 * i, f"{17 * i + 3}.5") for i in range(4)]
    rulings = [(50, 100, 300, 100), (50, 120, 300, 120), (50, 180, 300, 180)]
    rulings += [(x, 100, x, 180) for x in (50, 200, 300)]
    (table,) = analyse(page([(60, 105, "Region"), (220, 105, "Share"), *rows, *values], rulings=rulings)).tables
    assert texts(table)[0] == ["Region", "Share"]
    assert texts(table)[1:] == [
        ["Region north", "3.5"],
        ["Region south", "20.5"],
        ["Region east", "37.5"],
        ["Region west", "54.5"],
    ]
    assert table.header_rows == 1


def test_text_wrapped_in_drawn_cells_stays_one_row(page: Callable[..., Words]) -> None:
    pieces = [
        (60.0, 105.0, "Plan"), (220.0, 105.0, "What it covers"),
        (60.0, 130.0, "Basic"), (220.0, 130.0, "Visits to a"), (220.0, 142.0, "doctor and"),
        (220.0, 154.0, "medicines"),
        (60.0, 180.0, "Full"), (220.0, 180.0, "Everything else"),
    ]  # fmt: skip
    rulings = [(50, y, 400, y) for y in (100, 120, 170, 195)] + [(x, 100, x, 195) for x in (50, 200, 400)]
    (table,) = analyse(page(pieces, rulings=rulings)).tables
    assert texts(table) == [
        ["Plan", "What it covers"],
        ["Basic", "Visits to a doctor and medicines"],
        ["Full", "Everything else"],
    ]


def test_the_grid_of_a_chart_is_no_table(page: Callable[..., Words]) -> None:
    rulings = [(100, 100 + 30 * i, 500, 100 + 30 * i) for i in range(7)]
    rulings += [(100 + 50 * i, 100, 100 + 50 * i, 280) for i in range(9)]
    pieces = [(120 + 47 * i, 110 + 21 * i, str(30 + 7 * i)) for i in range(8)]
    assert analyse(page(pieces, rulings=rulings)).tables == ()


def test_a_box_around_text_is_no_table(page: Callable[..., Words]) -> None:
    rulings = [(50, 100, 400, 100), (50, 200, 400, 200), (50, 100, 50, 200), (400, 100, 400, 200)]
    pieces = [(60.0, 110.0 + 14 * i, "Some words that are set in a box on the page") for i in range(5)]
    assert analyse(page(pieces, rulings=rulings)).tables == ()


def test_sums_right_under_a_drawn_grid_belong_to_it_and_a_note_does_not(page: Callable[..., Words]) -> None:
    rows = [
        ("Answer", "Freq.", "Percent"),
        ("Kept", "344", "75.2"),
        ("Sold some", "53", "11.6"),
        ("Sold all", "61", "13.2"),
    ]
    xs = (60, 200, 300)
    pieces = [(x, 200 + 16 * i, text) for i, row in enumerate(rows) for x, text in zip(xs, row, strict=True)]
    rulings = [(55, 197 + 16 * i, 360, 197 + 16 * i) for i in range(5)]
    rulings += [(x, 197, x, 261) for x in (55, 190, 290, 360)]
    pieces += [(60, 264, "Total"), (200, 264, "458"), (300, 264, "100.0"), (60, 280, "Source: 458 answers, of 2009.")]
    (table,) = analyse(page(pieces, rulings=rulings)).tables
    assert [[c and c.text for c in row] for row in table.rows] == [[*row] for row in [*rows, ("Total", "458", "100.0")]]


def test_rows_that_no_line_parts_are_told_by_the_room_left_in_their_cells(page: Callable[..., Words]) -> None:
    rows = [
        ("Supplier fails", "low", "high", ["Second source", "under contract"]),
        ("Data are lost", "low", "high", ["Copies every night,", "kept elsewhere and", "tried out often"]),
        ("Staff leave", "medium", "medium", ["Deputies named"]),
    ]
    pieces = [(x, 203.0, text) for x, text in zip((60, 160, 230, 300), ("Risk", "Odds", "Harm", "Means"), strict=True)]
    y = 222.0
    for *cells, means in rows:
        pieces += [(x, y, text) for x, text in zip((60, 160, 230), cells, strict=True)]
        pieces += [(300, y + 11 * i, text) for i, text in enumerate(means)]
        y += 11 * len(means)
    rulings = [
        (55, 200, 400, 200),
        (55, 219, 400, 219),
        (55, y + 2, 400, y + 2),
        (55, 200, 55, y + 2),
        (400, 200, 400, y + 2),
    ]
    (table,) = analyse(page(pieces, rulings=[*rulings, *((x, 200, x, 219) for x in (155, 225, 295))])).tables
    assert texts(table)[1:] == [[*cells, " ".join(means)] for *cells, means in rows]


def test_boxes_joined_by_lines_are_no_table(page: Callable[..., Words]) -> None:
    boxes = [(200, 100, "Board"), (60, 170, "Works"), (200, 170, "Sales"), (340, 170, "Money")]
    boxes += [(60, 240, "North"), (200, 240, "Export"), (340, 240, "Payroll")]
    rulings = [
        side
        for x, y, _ in boxes
        for side in ((x, y, x + 90, y), (x, y + 30, x + 90, y + 30), (x, y, x, y + 30), (x + 90, y, x + 90, y + 30))
    ]
    rulings += [(x + 45, 200, x + 45, 240) for x in (60, 200, 340)]
    rulings += [(245, 130, 245, 170), (105, 150, 385, 150), (105, 150, 105, 170), (385, 150, 385, 170)]
    assert analyse(page([(x + 20, y + 10, text) for x, y, text in boxes], rulings=rulings)).tables == ()
