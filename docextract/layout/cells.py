"""Whether the cells that lines draw are the cells that their text shows: none of them looks like several."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from docextract.layout.lines import group_rows, height
from docextract.layout.shapes import Cell, Table
from docextract.types import Word

_WIDE = 1.2
"""White in a line of a cell, in line heights, that could part two columns."""


def is_closed(table: Table) -> bool:
    """Whether no line of a cell has a gap as between columns, and no row holds several lines that all its cells share.

    Lines that stand side by side in every cell of a row may be rows that no line parts.
    """
    lines = {id(cell): group_rows(cell.words) for cell in table.cells}
    if any(_is_parted(line) for cell in table.cells for line in lines[id(cell)]):
        return False
    return not any(_are_rows([lines[id(cell)] for cell in row if _is_single(cell)]) for row in table.rows)


def _is_single(cell: Cell | None) -> bool:
    return cell is not None and cell.row_span == 1


def _is_parted(line: Sequence[Word]) -> bool:
    return any(b.x0 - a.x1 > _WIDE * min(height(a), height(b)) for a, b in pairwise(line))


def _are_rows(cells: Sequence[Sequence[Sequence[Word]]]) -> bool:
    """Whether the second line of each cell stands on the height of the others' second lines."""
    if len(cells) < 2 or any(len(lines) < 2 for lines in cells):
        return False
    second = [lines[1][0] for lines in cells]
    return max(w.y1 for w in second) - min(w.y1 for w in second) < 0.3 * height(second[0])
