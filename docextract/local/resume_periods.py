"""Periods that a narrow column of dates breaks in two, made whole before lines are read as entries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from docextract.local.resume_dates import find, is_dates
from docextract.local.sections_lines import Line

_POINT = r"(?:\d{1,2}[/.])?(?:19|20)\d\d|[^\W\d_]{3,10}\.? (?:19|20)\d\d"
_OPEN_PERIOD = re.compile(rf"(?:{_POINT})\s?[\u2013\u2014-]")
_CLOSES = re.compile(rf"{_POINT}|heute|present|now|today|aujourd['\u2019]hui|actualidad|oggi|heden|nu", re.IGNORECASE)


def rejoined(lines: Sequence[Line]) -> list[Line]:
    """Lines with a period that its narrow column breaks (`08/2013 –` above `03/2018`) in one: the end goes up."""
    made = list(lines)
    for index, line in enumerate(made):
        first = line.first
        if not _OPEN_PERIOD.fullmatch(first.traced.text):
            continue
        for below in range(index + 1, min(index + 3, len(made))):
            end = made[below].first
            flush = abs(end.x0 - first.x0) < 2 and line.page == made[below].page
            if flush and _CLOSES.fullmatch(end.traced.text) and find(f"{first.traced.text} {end.traced.text}"):
                whole = replace(first, tokens=(*first.tokens, *end.tokens), x1=max(first.x1, end.x1))
                made[index] = replace(line, segments=(whole, *line.segments[1:]))
                rest = made[below].segments[1:]
                made[below : below + 1] = [replace(made[below], segments=rest)] if rest else []
                break
    return _beside(made)


def _beside(lines: Sequence[Line]) -> list[Line]:
    """A period alone in its line, and what stands right of it half a line lower or higher, as one line."""
    made: list[Line] = []
    for line in lines:
        above = made[-1] if made else None
        alone = above is not None and len(above.segments) == 1 and is_dates(above.text) and above.page == line.page
        if alone and above is not None and line.x0 > above.x1 and line.first.y0 < above.first.y1:
            made[-1] = replace(above, segments=(*above.segments, *line.segments), right=line.right)
        else:
            made.append(line)
    return made
