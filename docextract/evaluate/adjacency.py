"""How well a table's structure was found: adjacency relations between cells (ICDAR 2013 table competition).

Göbel, Hassan, Oro and Orsi, "A methodology for evaluating algorithms for table understanding in PDF
documents", 2012: every cell is related to its nearest neighbour that is not blank to the right and
below. A relation is the two texts and the direction; precision and recall count relations.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from docextract.evaluate.assign import assign
from docextract.evaluate.counts import Counts

Relations = Counter[tuple[str, str, str]]
"""(text of a cell, text of its neighbour, "right" or "below") and how often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridText:
    """A cell: its first row and column (0-based), how many it spans, its text, whether it is of a header row."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    text: str = ""
    header: bool = False


def relation_text(text: str) -> str:
    """NFKC, casefold, no white space, and `_` for whatever is neither letter nor digit (the competition's rule)."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"[^\w]|_", "_", plain)


def relations(cells: Sequence[GridText]) -> Relations:
    """All relations of a table. A spanning cell is a neighbour once, however many rows or columns it meets."""
    filled = [cell for cell in cells if cell.text.strip()]
    at = {
        (row, column): index
        for index, cell in enumerate(filled)
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    }
    names = [relation_text(cell.text) for cell in filled]
    pairs: set[tuple[int, int, str]] = set()
    by_row: dict[int, list[int]] = {}
    by_column: dict[int, list[int]] = {}
    for row, column in at:
        by_row.setdefault(row, []).append(column)
        by_column.setdefault(column, []).append(row)
    for row, columns in by_row.items():
        places = sorted(columns)
        for left, right in pairwise(places):
            pairs.add((at[row, left], at[row, right], "right"))
    for column, rows in by_column.items():
        places = sorted(rows)
        for upper, lower in pairwise(places):
            pairs.add((at[upper, column], at[lower, column], "below"))
    return Counter((names[first], names[second], way) for first, second, way in pairs if first != second)


def shared(left: Relations, right: Relations) -> int:
    """How many relations both have."""
    small, large = (left, right) if len(left) < len(right) else (right, left)
    return sum(min(count, large[key]) for key, count in small.items() if key in large)


def pair_tables(wanted: Sequence[Relations], got: Sequence[Relations]) -> list[tuple[int, int]]:
    """Which table found belongs to which wanted: one to one, most shared relations in all."""
    return assign([[float(shared(left, right)) for right in got] for left in wanted])


def adjacency(wanted: Sequence[Relations], got: Sequence[Relations]) -> Counts:
    """Relations found over all tables of a document (or page); tables made up cost precision, missed ones recall."""
    right = sum(shared(wanted[i], got[j]) for i, j in pair_tables(wanted, got))
    return Counts(right=right, wanted=sum(each.total() for each in wanted), got=sum(each.total() for each in got))
