"""Lines of a page that look like the rows that were found there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docextract.check.keys import digits, key
from docextract.check.place import Place

ALIGNED = 4.0
"""Points by which the beginnings of the cells of a left-aligned column may differ."""

REACH = 2.0
"""Rows go on above the first and below the last that is known as long as the next is this many row pitches away."""

_TOTALS = re.compile(
    r"(?:sub|grand|net)?(?:total|totaal|totale)|sum|gesamt|zwischensumme|somme|suma|importe|balance|saldo|carried|brought"
    r"|report|riporto|ubertrag|netto|brutto|tax|vat|gst|mwst|ust|tva|iva|btw|discount|rabatt|remise|page|seite|date|datum"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that every row fills: where it stands (points), whether it holds numbers, where its text begins."""

    x0: float
    x1: float
    numeric: bool
    left: float | None


def lines_like(
    place: Place, columns: Sequence[Column], own: Sequence[int], taken: bytes | bytearray, *, is_grid: bool
) -> Iterator[int]:
    """Lines between the first and the last known row, and those that follow on closely outside of them."""
    first, last = min(own), max(own)
    tops = [place.page.extent(line)[1] for line in place.page.lines]
    steps = sorted(b - a for a, b in zip(_tops(own, tops), _tops(own, tops)[1:], strict=False))
    pitch = steps[len(steps) // 2] if steps else 0.0
    for line in range(first + 1, last):
        if is_like(place, line, columns, taken, is_grid=is_grid):
            yield line
    # Outside, headers and totals are near: a line must fill three columns, one of them with a number.
    if len(columns) < 3 or not any(column.numeric for column in columns):
        return
    for edge, way in ((first, -1), (last, 1)):
        known, line = edge, edge + way
        while 0 <= line < len(tops) and abs(tops[line] - tops[known]) <= REACH * max(pitch, 1.0):
            if is_like(place, line, columns, taken, is_grid=is_grid):
                yield line
                known = line
            line += way


def _tops(lines: Sequence[int], tops: Sequence[float]) -> list[float]:
    return sorted(tops[line] for line in set(lines))


def is_like(place: Place, line: int, columns: Sequence[Column], taken: bytes | bytearray, *, is_grid: bool) -> bool:
    """Whether a line fills every column that all rows fill, each with its own words, numbers where they have them."""
    indexes = place.page.lines[line]
    if taken and any(taken[index] for index in indexes):
        return False
    used: set[int] = set()
    for column in columns:
        inside = [index for index in indexes if index not in used and _stands_in(place, index, column)]
        words = place.page.words
        if column.numeric:
            inside = [index for index in inside if is_numeric(words[index].text)]
        elif column.left is not None and inside and abs(words[inside[0]].x0 - column.left) > ALIGNED:
            return False
        if not inside:
            return False
        used.update(inside)
    return is_grid or _TOTALS.match(key(place.page.words[indexes[0]].text)) is None


def is_numeric(text: str) -> bool:
    """Whether at least half of a text's letters and digits are digits."""
    return len(digits(text)) * 2 >= len(key(text)) > 0


def _stands_in(place: Place, index: int, column: Column) -> bool:
    word = place.page.words[index]
    return column.x0 - 2 <= (word.x0 + word.x1) / 2 <= column.x1 + 2
