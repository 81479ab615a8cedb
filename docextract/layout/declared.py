"""Tables that the file itself declares (Word, HTML, Markdown) as `Table`, taken as they are."""

from __future__ import annotations

from docextract.layout.assemble import cell_text
from docextract.layout.shapes import Cell, Table, box_of, union
from docextract.types import Grid, Words


def declared_tables(words: Words) -> list[Table]:
    """One table for each declared grid that holds any words."""
    return [t for i, g in enumerate(words.grids) if (t := declared_table(words, g, i)) is not None]


def declared_table(words: Words, grid: Grid, index: int) -> Table | None:
    """The table of one grid, or None where all its cells are empty."""
    rows: list[list[Cell | None]] = [[None] * grid.columns for _ in range(grid.rows)]
    header_rows: set[int] = set()
    body_rows: set[int] = set()
    for declared in grid.cells:
        inside = words.words[declared.words[0] : declared.words[1]]
        if declared.row >= grid.rows or declared.column >= grid.columns:
            continue
        (header_rows if declared.header else body_rows).add(declared.row)
        text, ordered = cell_text(inside) if inside else ("", ())
        if not text:
            continue
        rows[declared.row][declared.column] = Cell(
            text=text,
            words=ordered,
            row=declared.row,
            column=declared.column,
            row_span=declared.row_span,
            column_span=declared.column_span,
            box=box_of(ordered),
        )
    cells = [c for row in rows for c in row if c is not None]
    if not cells:
        return None
    count = 0
    while count < grid.rows - 1 and count in header_rows and count not in body_rows:
        count += 1
    return Table(
        page=words.page,
        box=union([c.box for c in cells]),
        rows=tuple(tuple(row) for row in rows),
        header_rows=count,
        title=grid.title,
        ruled=True,
        confidence=1.0,
        declared=index,
    )
