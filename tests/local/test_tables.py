from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from docextract.local.tables import extract_tables
from docextract.types import Evidence, Grid, GridCell, Json, Ruling, Word, Words

Row = tuple[str, ...]
HEADER: Row = ("Country", "Exports", "Remark")
XS = (60.0, 220.0, 330.0)


def page(number: int, rows: Sequence[Row], *, top: float, extra: Sequence[tuple[float, float, str]] = ()) -> Words:
    """A page of 600 by 800 points: a ruled table from `top` down, and other texts."""
    words: list[Word] = []
    y = top
    ys = [top]
    for row in rows:
        lines = [cell.split("\n") for cell in row]
        for x, cell in zip(XS, lines, strict=True):
            for k, line in enumerate(cell):
                words.extend(typed(x + 4, y + 4 + 12 * k, line))
        y += 12 * max(len(cell) for cell in lines) + 8
        ys.append(y)
    rulings = [Ruling(60, at, 560, at) for at in ys] + [Ruling(x, top, x, y) for x in (*XS, 560)]
    for x, at, text in extra:
        words.extend(typed(x, at, text))
    return Words(page=number, width=600, height=800, words=tuple(words), source="text", rulings=tuple(rulings))


def typed(x: float, y: float, text: str) -> list[Word]:
    words = []
    for token in text.split():
        words.append(Word(token, x, y, x + 5 * len(token), y + 10, 10, confidence=0.9))
        x += 5 * len(token) + 2.5
    return words


def leaves(value: Json, path: str = "/tables") -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{path}/{index}")
    elif value is not None:
        yield path, value


BODY: list[Row] = [("Germany", "1,234", "steady"), ("Spain", "2,345", "rising"), ("Malta", "", "no figures")]


def test_a_table_has_header_columns_rows_title_notes_and_a_place_for_every_leaf() -> None:
    words = page(
        3,
        [HEADER, *BODY],
        top=200,
        extra=[(60, 184, "Table 1: Trade"), (60, 290, "* Preliminary figures.")],
    )
    tables, evidence = extract_tables([words])
    assert tables == [
        {
            "title": "Table 1: Trade",
            "pages": [3],
            "header": [list(HEADER)],
            "columns": list(HEADER),
            "rows": [["Germany", "1,234", "steady"], ["Spain", "2,345", "rising"], ["Malta", None, "no figures"]],
            "notes": ["* Preliminary figures."],
        }
    ]
    assert sorted(e.path for e in evidence) == sorted(path for path, _ in leaves(tables))
    by_path = {e.path: e for e in evidence}
    cell = by_path["/tables/0/rows/2/2"]
    assert (cell.status, cell.quote, cell.page) == ("verbatim", "no figures", 3)
    first = next(w for w in words.words if w.text == "no")
    last = next(w for w in words.words if w.text == "figures")
    assert cell.box == pytest.approx((first.x0 / 600, first.y0 / 800, last.x1 / 600, last.y1 / 800), abs=1e-4)
    assert {e.status for p, e in by_path.items() if "/columns/" in p or "/pages/" in p} == {"inferred"}
    assert all(0 < e.confidence <= (1.0 if e.status == "inferred" else 0.9) for e in evidence)


def test_a_wrapped_cell_has_a_box_for_each_line() -> None:
    _, evidence = extract_tables([page(1, [HEADER, ("Germany", "1,234", "one line\nand another"), *BODY], top=100)])
    wrapped = next(e for e in evidence if e.path == "/tables/0/rows/0/2")
    assert wrapped.quote == "one line and another"
    assert len(wrapped.boxes) == 2
    assert all(0 <= v <= 1 for box in wrapped.boxes for v in box)


def test_a_table_over_a_page_break_is_one_and_its_repeated_header_is_dropped() -> None:
    more: list[Row] = [("Italy", "77", "falling"), ("France", "88", "steady")]
    tables, evidence = extract_tables(
        [page(1, [HEADER, *BODY], top=600), page(2, [HEADER, *more], top=60), page(3, [HEADER, *BODY], top=400)]
    )
    assert [t["pages"] for t in tables] == [[1, 2, 3]]
    assert [row[0] for row in tables[0]["rows"]] == [
        "Germany",
        "Spain",
        "Malta",
        "Italy",
        "France",
        "Germany",
        "Spain",
        "Malta",
    ]
    assert next(e for e in evidence if e.path == "/tables/0/rows/3/0").page == 2
    assert sorted(e.path for e in evidence) == sorted(path for path, _ in leaves(tables))


def test_a_row_cut_by_the_page_break_is_mended() -> None:
    upper = page(1, [HEADER, BODY[0], ("Spain", "2,345", "rising since")], top=600)
    lower = page(2, [("", "", "the spring"), BODY[2], ("Italy", "5", "none")], top=60)
    tables, _ = extract_tables([upper, lower])
    assert [t["rows"] for t in tables] == [
        [
            ["Germany", "1,234", "steady"],
            ["Spain", "2,345", "rising since the spring"],
            ["Malta", None, "no figures"],
            ["Italy", "5", "none"],
        ]
    ]


def test_another_header_or_text_between_begins_another_table() -> None:
    other: list[Row] = [("Year", "Imports", "Source"), ("2001", "5", "none"), ("2002", "6", "none")]
    tables, _ = extract_tables([page(1, [HEADER, *BODY], top=600), page(2, other, top=60)])
    assert [t["pages"] for t in tables] == [[1], [2]]
    text = [(60.0, 60.0 + 14 * i, "Some words that stand before the table on this page") for i in range(8)]
    tables, _ = extract_tables([page(1, [HEADER, *BODY], top=600), page(2, [HEADER, *BODY], top=300, extra=text)])
    assert [t["pages"] for t in tables] == [[1], [2]]


def test_a_spanning_header_counts_for_every_column_it_covers() -> None:
    cells = (
        GridCell(row=0, column=0, header=True, words=(0, 1)),
        GridCell(row=0, column=1, column_span=2, header=True, words=(1, 2)),
        GridCell(row=1, column=1, header=True, words=(2, 3)),
        GridCell(row=1, column=2, header=True, words=(3, 4)),
        GridCell(row=2, column=0, words=(4, 5)),
        GridCell(row=2, column=1, words=(5, 6)),
        GridCell(row=2, column=2, words=(6, 7)),
    )
    text = "Name Years 2023 2024 Malta 5 7"
    words: list[Word] = []
    at = 0
    for token in text.split():
        words.append(Word(token, 10 + 8 * at, 10, 18 + 8 * at, 20, 10, span=(at, at + len(token))))
        at += len(token) + 1
    flow = Words(
        page=1, width=600, height=800, words=tuple(words), source="flow", text=text,
        grids=(Grid(rows=3, columns=3, cells=cells),),
    )  # fmt: skip
    tables, evidence = extract_tables([flow])
    assert tables[0]["columns"] == ["Name", "Years / 2023", "Years / 2024"]
    assert tables[0]["header"] == [["Name", "Years", None], [None, "2023", "2024"]]
    place = next(e for e in evidence if e.path == "/tables/0/rows/0/0")
    assert (place.span, place.box, text[21:26]) == ((21, 26), None, "Malta")
    assert [e.path for e in evidence if e.status != "inferred" and e.span is None] == []


def test_a_page_without_tables_gives_none() -> None:
    empty = replace(page(1, [HEADER, *BODY], top=100), words=(), rulings=())
    nothing: tuple[list[dict[str, Json]], list[Evidence]] = ([], [])
    assert extract_tables([empty]) == nothing
