"""What stands in a column of its own on a receipt though no head names it: how many before the words, a rate behind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from docextract.local.candidates import Candidate, Spot
from docextract.local.row_kept import Row
from docextract.local.segments import Segment
from docextract.local.typed import read
from docextract.local.view import View
from docextract.local.wanted import Want

_FIRST = re.compile(r"(\d{1,3})\s+(?=[^\W\d_]{2}|[\"'(])")
_LEAD = re.compile(r"[1-9]\d{0,2}")
_RATE = re.compile(r"\s+\(?\d{1,2}(?:[.,]\d{1,2})?\s?%\)?$")
# So many of the items must have it before it is a column and no part of a name (`7 UP`, `MILK 3.5%`).
_SHARE = 0.6


def by_columns(found: Sequence[Row], text: Want, quantity: Want | None, view: View) -> list[Row]:
    """The rows with the numbers before and the rates behind their words taken off, where most rows have them."""
    rows = [dict(row) for row in found]
    _off_the_end(rows, text)
    firsts = [_FIRST.match(str(row[text.name].value)) for row in rows]
    numbers = [int(match[1]) for match in firsts if match]
    if len(numbers) < max(2, _SHARE * len(rows)):
        return rows
    numbered = len(numbers) > 2 and numbers == list(range(1, len(numbers) + 1))
    for row, match in zip(rows, firsts, strict=True):
        if match is None:
            continue
        whole = row[text.name]
        spot = whole.spots[0]
        row[text.name] = _cut(whole, spot.start + match.end(), spot.end)
        if quantity is None or numbered or quantity.name in row:
            continue
        readings = read(quantity, match[1], view.habits)
        if readings:
            place = Spot(segment=spot.segment, start=spot.start, end=spot.start + len(match[1]))
            row[quantity.name] = Candidate(value=readings[0].value, score=0.6, spots=(place,))
    return rows


def with_leads(found: Sequence[Row], leads: Sequence[Segment], quantity: Want | None, view: View) -> Sequence[Row]:
    """The rows with how many from a column of its own: `leads` is what each row's line begins with."""
    numbers = [int(lead.text) if _LEAD.fullmatch(lead.text.strip()) else None for lead in leads]
    counted = [number for number in numbers if number is not None]
    if quantity is None or len(counted) < max(2, _SHARE * len(found)):
        return found
    if len(counted) > 2 and counted == list(range(1, len(counted) + 1)):
        return found
    rows = [dict(row) for row in found]
    for row, lead, number in zip(rows, leads, numbers, strict=True):
        readings = read(quantity, lead.text, view.habits) if number is not None and quantity.name not in row else []
        if readings:
            place = Spot(segment=lead, start=readings[0].start, end=readings[0].end)
            row[quantity.name] = Candidate(value=readings[0].value, score=0.6, spots=(place,))
    return rows


def _off_the_end(rows: Sequence[Row], text: Want) -> None:
    ends = [_RATE.search(str(row[text.name].value)) for row in rows]
    if sum(match is not None for match in ends) < max(2, _SHARE * len(rows)):
        return
    for row, match in zip(rows, ends, strict=True):
        if match is not None:
            spot = row[text.name].spots[0]
            row[text.name] = _cut(row[text.name], spot.start, spot.start + match.start())


def _cut(whole: Candidate, start: int, end: int) -> Candidate:
    spot = replace(whole.spots[0], start=start, end=end)
    return replace(whole, value=spot.text, spots=(spot, *whole.spots[1:]))
