from __future__ import annotations

from docextract.layout.analyse import analyse
from docextract.types import Grid, GridCell, Word, Words


def test_a_declared_table_is_taken_as_it_is() -> None:
    tokens = ["Year", "Sales", "2023", "1", "200", "2024"]
    words = tuple(
        Word(t, 10 + 60 * i, 10, 50 + 60 * i, 20, 10, span=(5 * i, 5 * i + len(t))) for i, t in enumerate(tokens)
    )
    cells = (
        GridCell(row=0, column=0, header=True, words=(0, 1)),
        GridCell(row=0, column=1, column_span=2, header=True, words=(1, 2)),
        GridCell(row=1, column=0, words=(2, 3)),
        GridCell(row=1, column=1, words=(3, 5)),
        GridCell(row=2, column=0, words=(5, 6)),
        GridCell(row=2, column=2, words=(6, 6)),
    )
    page = Words(
        page=1, width=600, height=800, words=words, source="flow",
        grids=(Grid(rows=3, columns=3, cells=cells, title="Sales by year"),),
    )  # fmt: skip
    (table,) = analyse(page).tables
    assert [[c.text if c else None for c in row] for row in table.rows] == [
        ["Year", "Sales", None],
        ["2023", "1 200", None],
        ["2024", None, None],
    ]
    assert (table.header_rows, table.title, table.declared) == (1, "Sales by year", 0)
    sales = table.rows[0][1]
    assert sales is not None
    assert sales.column_span == 2
