"""Columns of a table that no head names: how many (`14 x`, `6 pcs`) and what before the named ones, a rate behind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from docextract.local.columns import Column, Head
from docextract.local.row_lines import BodyLine
from docextract.local.segments import Segment
from docextract.local.wanted import Want

_MANY = re.compile(r"\d{1,5}(?:[.,]\d{1,3})?\s?(?:[x×*]|[^\W\d_]{1,5}\.?)", re.IGNORECASE)
_COUNT = re.compile(r"\d{1,4}(?:[.,]\d{1,3})?\.?")
_RATE = re.compile(r"(?:[^\W\d_]{2,5}\.?\s)?\d{1,2}(?:[.,]\d{1,2})?\s?%(?:\s[^\W\d_]{2,5}\.?)?")
_WORDS = re.compile(r".*[^\W\d_]{3,}.*")
# So many of the priced lines must have such a cell.
_SHARE = 0.6


def with_bare(head: Head, lines: Sequence[BodyLine], rows: Want) -> Head:
    """The head with columns on either side where most priced lines have cells that stand under no head."""
    priced = [line for line in lines if line.values]
    columns = list(head.columns)
    before = _cells([_outside(line, 0, before=head.columns[0].x0) for line in priced])
    made: list[Column] = []
    for cells in before:
        made.append(_column(cells, _kind(cells, rows, [*columns, *made])))
    behind = _cells([_outside(line, len(columns) - 1, behind=head.columns[-1].x1) for line in priced])
    after = [_column(cells, _free(rows, "tax_rate", columns)) for cells in behind[:1] if _all(cells, _RATE)]
    return replace(head, columns=(*made, *columns, *after)) if made or after else head


def _outside(line: BodyLine, column: int, *, before: float = -1e9, behind: float = 1e9) -> list[Segment]:
    """The cells beyond the head's edge, where the column that they were given to has its own cell in the line."""
    mine = [segment for index, segment in line.cells if index == column]
    out = [one for one in mine if one.x1 < before - 1 or one.x0 > behind + 1]
    return out if len(out) < len(mine) else []


def _cells(found: Sequence[Sequence[Segment]]) -> list[list[Segment]]:
    """The cells by column, where most lines have as many of them; [] else."""
    counts = Counter(len(cells) for cells in found if cells)
    usual, many = counts.most_common(1)[0] if counts else (0, 0)
    if many < _SHARE * len(found):
        return []
    return [[cells[at] for cells in found if len(cells) == usual] for at in range(usual)]


def _kind(cells: Sequence[Segment], rows: Want, columns: Sequence[Column]) -> Want | None:
    """What a column before the first head holds. Bare counts may number the lines: they are nobody's."""
    if _all(cells, _MANY):
        return _free(rows, "quantity", columns)
    if not _all(cells, _COUNT) and _all(cells, _WORDS):
        return _free(rows, "description", columns)
    return None


def _all(cells: Sequence[Segment], form: re.Pattern[str]) -> bool:
    return all(form.fullmatch(cell.text.strip()) for cell in cells)


def _free(rows: Want, concept: str, columns: Sequence[Column]) -> Want | None:
    """The item's field of a concept, where no column holds it yet."""
    want = next((child for child in rows.children if child.concept == concept), None)
    return None if any(column.want is want for column in columns) else want


def _column(cells: Sequence[Segment], want: Want | None) -> Column:
    return Column(want=want, x0=min(cell.x0 for cell in cells), x1=max(cell.x1 for cell in cells))
