"""Rows that stand right under a drawn grid, in its columns: sums are often set below the last line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from docextract.layout.assemble import cell_text
from docextract.layout.lines import group_rows, height
from docextract.layout.rows import Part, cut
from docextract.layout.shapes import Cell, Table, box_of, union
from docextract.layout.values import value_text
from docextract.types import Word

_MOST = 3


def with_rows_below(table: Table, words: Sequence[Word]) -> Table:
    """The table with rows of these words (which stand in no cell) that go on with it."""
    borders = _borders(table)
    if borders is None:
        return table
    x0, _, x1, bottom = table.box
    last = max(height(word) for cell in table.cells for word in cell.words)
    near = [w for w in words if x0 - last <= (w.x0 + w.x1) / 2 <= x1 + last and bottom - 0.3 * last < w.y0]
    for line in group_rows([w for w in near if w.y1 < bottom + 2 * _MOST * last])[:_MOST]:
        if min(w.y0 for w in line) - table.box[3] > 0.6 * last:
            break
        parts = cut(line, borders).parts
        if not _goes_on(table, parts):
            break
        table = _with_row(table, parts)
    return table


def _borders(table: Table) -> list[float] | None:
    """X between columns, None where their cells overlap."""
    spans: list[tuple[float, float] | None] = [None] * table.columns
    for cell in table.cells:
        if cell.column_span == 1:
            known = spans[cell.column]
            spans[cell.column] = (
                (cell.box[0], cell.box[2])
                if known is None
                else (min(known[0], cell.box[0]), max(known[1], cell.box[2]))
            )
    whole = [span for span in spans if span is not None]
    if len(whole) < table.columns or any(a[1] > b[0] for a, b in pairwise(whole)):
        return None
    return [(a[1] + b[0]) / 2 for a, b in pairwise(whole)]


def _goes_on(table: Table, parts: Sequence[Part]) -> bool:
    """Whether a line fills the columns as the last row does: values, two at least, where values stand above."""
    above = table.rows[-1]
    values = [p for p in parts if value_text(p.words)]
    return (
        len(values) >= 2
        and all(p.first == p.last for p in parts)
        and len(parts) >= max(3, sum(cell is not None for cell in above) - 1)
        and all((cell := above[p.first]) is not None and value_text(cell.words) for p in values)
    )


def _with_row(table: Table, parts: Sequence[Part]) -> Table:
    row: list[Cell | None] = [None] * table.columns
    for part in parts:
        text, words = cell_text(part.words)
        row[part.first] = Cell(text=text, words=words, row=len(table.rows), column=part.first, box=box_of(words))
    boxes = [table.box, *(cell.box for cell in row if cell is not None)]
    return replace(table, rows=(*table.rows, tuple(row)), box=union(boxes))
