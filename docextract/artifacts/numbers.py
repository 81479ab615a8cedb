"""Cells of a table as numbers, where they are numbers and nothing else. The column says which mark groups."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docextract.values.numbers import find_amounts, parse_number

# An account or part number, not a quantity: zeros in front would be lost.
_CODE = re.compile(r"0\d+")


def column_numbers(cells: Sequence[str | None]) -> list[int | float | None]:
    """The number that each cell is, None where it is text or empty. Signs and percent signs are left away."""
    group = _group(cells)
    return [_number(cell, group) for cell in cells]


def _number(cell: str | None, group: str | None) -> int | float | None:
    text = (cell or "").strip()
    if not text or _CODE.fullmatch(text):
        return None
    found = parse_number(text, group=group)
    if found is None or not found.is_finite() or abs(found.adjusted()) > 15:
        return None
    return int(found) if found == found.to_integral_value() and "e" not in text.casefold() else float(found)


def _group(cells: Sequence[str | None]) -> str | None:
    """The mark that groups thousands, where some cell of the column shows which is the decimal one."""
    marks = set()
    for cell in cells:
        text = cell or ""
        for amount in find_amounts(text):
            body = text[amount.start : amount.end]
            both = "." in body and "," in body
            if amount.decimals and (both or amount.decimals != 3):
                marks.add(max(".,", key=body.rfind))
    return {".": ",", ",": "."}[marks.pop()] if len(marks) == 1 else None
