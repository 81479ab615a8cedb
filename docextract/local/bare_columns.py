"""Columns of a table that no head names: how many before the words (`14 x`), a rate behind the amounts (`9 % VAT`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from docextract.local.columns import Column, Head
from docextract.local.row_lines import BodyLine
from docextract.local.segments import Segment
from docextract.local.wanted import Want

_MANY = re.compile(r"\d{1,5}(?:[.,]\d{1,3})?\s?[x×*]", re.IGNORECASE)
_COUNT = re.compile(r"\d{1,4}(?:[.,]\d{1,3})?\.?")
_RATE = re.compile(r"(?:[^\W\d_]{2,5}\.?\s)?\d{1,2}(?:[.,]\d{1,2})?\s?%(?:\s[^\W\d_]{2,5}\.?)?")
# So many of the priced lines must have such a cell.
_SHARE = 0.6


def with_bare(head: Head, lines: Sequence[BodyLine], rows: Want) -> Head:
    """The head with a column on either side where most priced lines have a cell that stands under no head."""
    priced = [line for line in lines if line.values]
    first, last = head.columns[0], head.columns[-1]
    before = [cell for line in priced if (cell := _outside(line, 0, before=first.x0))]
    behind = [cell for line in priced if (cell := _outside(line, len(head.columns) - 1, behind=last.x1))]
    columns = list(head.columns)
    if _is_column(before, len(priced), _MANY) or _is_column(before, max(2, len(priced)), _COUNT):
        many = all(_MANY.fullmatch(cell.text) for cell in before)
        columns.insert(0, _column(before, _free(rows, "quantity", columns) if many else None))
    if _is_column(behind, len(priced), _RATE):
        columns.append(_column(behind, _free(rows, "tax_rate", columns)))
    return replace(head, columns=tuple(columns)) if len(columns) > len(head.columns) else head


def _outside(line: BodyLine, column: int, *, before: float = -1e9, behind: float = 1e9) -> Segment | None:
    """The cell beyond the head's edge, where the column that it was given to has its own cell in the line."""
    mine = [segment for index, segment in line.cells if index == column]
    if len(mine) < 2:
        return None
    return next((s for s in (mine[0], mine[-1]) if s.x1 < before - 1 or s.x0 > behind + 1), None)


def _is_column(cells: Sequence[Segment], priced: int, form: re.Pattern[str]) -> bool:
    return bool(cells) and len(cells) >= _SHARE * priced and all(form.fullmatch(cell.text.strip()) for cell in cells)


def _free(rows: Want, concept: str, columns: Sequence[Column]) -> Want | None:
    """The item's field of a concept, where no column holds it yet."""
    want = next((child for child in rows.children if child.concept == concept), None)
    return None if any(column.want is want for column in columns) else want


def _column(cells: Sequence[Segment], want: Want | None) -> Column:
    return Column(want=want, x0=min(cell.x0 for cell in cells), x1=max(cell.x1 for cell in cells))
