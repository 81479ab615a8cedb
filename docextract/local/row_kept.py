"""Which rows of a table of items are items: those like their neighbours, and those that the printed sum counts."""

from __future__ import annotations

from collections.abc import Sequence

from docextract.local.candidates import Candidate
from docextract.local.roles import NUMERIC
from docextract.local.view import View
from docextract.local.wanted import Want
from docextract.values.numbers import find_amounts

Row = dict[str, Candidate]
"""The fields of an item that were found, by their names."""


def alike(found: Sequence[Row], rows: Want) -> list[Row]:
    """Without what fills far fewer numbers than its neighbours: notes, rebates, components of a set."""
    numbers = [c.name for c in rows.children if c.kind in NUMERIC]
    filled = sorted(sum(name in row for name in numbers) for row in found)
    usual = filled[3 * len(filled) // 4] if filled else 0
    amount = next((c.name for c in rows.children if c.concept == "line_amount"), None)
    priced = amount is not None and sum(amount in row for row in found) >= 0.4 * len(found)
    text = next((c.name for c in rows.children if c.concept == "description"), None)
    worded = text is not None and sum(text in row for row in found) >= 0.7 * len(found)
    return [
        row
        for row in found
        if (not worded or text in row)
        and (2 * sum(name in row for name in numbers) > usual or usual == 0)
        and (not priced or amount in row)
    ]


def with_thin(kept: list[Row], every: Sequence[Row], rows: Want, view: View) -> list[Row]:
    """Also the rows that have only words and an amount (a flat charge), where the sum of all is printed.

    What `alike` left out may as well be a note or a part of a set: the sum decides, and without it they stay out.
    """
    amount = next((c.name for c in rows.children if c.concept == "line_amount"), None)
    text = next((c.name for c in rows.children if c.concept == "description"), None)
    if amount is None or text is None:
        return kept
    known = {id(row) for row in kept}
    wider = [row for row in every if id(row) in known or (amount in row and text in row)]
    if len(wider) == len(kept) or not kept:
        return kept
    printed = {
        float(one.amount)
        for sheet in view.sheets
        for segment in sheet.segments
        for one in find_amounts(segment.text, group=view.habits.group)
        if one.decimals == 2
    }
    # The amount of a single row is printed anyway: in the row.
    summed = len(kept) > 1 and _sum(kept, amount) in printed
    return wider if _sum(wider, amount) in printed and not summed else kept


def _sum(rows: Sequence[Row], amount: str) -> float:
    return round(float(sum(row[amount].value for row in rows if amount in row)), 2)
