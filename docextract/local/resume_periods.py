"""Periods that a narrow column of dates breaks in two, made whole before lines are read as entries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from docextract.local.resume_dates import find, is_dates
from docextract.local.sections_lines import Line

_POINT = r"(?:\d{1,2}[/.])?(?:19|20)\d\d(?:-\d\d){0,2}|[^\W\d_]{3,10}\.? (?:19|20)\d\d"
_OPEN_PERIOD = re.compile(rf"(?:{_POINT})(?:\s?[\u2013\u2014-]|\s(?:to|bis|au|al|tot))")
_CLOSES = re.compile(rf"{_POINT}|heute|present|now|today|aujourd['\u2019]hui|actualidad|oggi|heden|nu", re.IGNORECASE)


def rejoined(lines: Sequence[Line]) -> list[Line]:
    """Lines with a period that its narrow column breaks (`08/2013 –` above `03/2018`) in one: the end goes up."""
    made = _stacked(_mended(lines))
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


_DOT = re.compile(r"[\u2022\u25cf\u25cb\u25cc\u25c9\u25e6\u2b24]")


def _stacked(lines: Sequence[Line]) -> list[Line]:
    """Lines with a column of periods whose end stands below their beginning (`06.2020` above `today`) made whole.

    A dot between a period and its entry, as on a line of time, is left out.
    """
    made = [_undotted(line) for line in lines]
    index = 0
    while index + 1 < len(made):
        first, second = made[index].first, made[index + 1].first
        flush = abs(first.x0 - second.x0) < 2 or abs(first.x1 - second.x1) < 2
        close = made[index].page == made[index + 1].page and second.y0 - first.y1 < 0.8 * first.size
        points = _CLOSES.fullmatch(first.traced.text) and _CLOSES.fullmatch(second.traced.text)
        beside = len(made[index].segments) > 1 or len(made[index + 1].segments) > 1
        if points and flush and close and beside and not re.fullmatch(r"(?:19|20)\d\d", first.traced.text):
            dash = replace(second.tokens[0], word=replace(second.tokens[0].word, text="\u2013"))
            whole = replace(first, tokens=(*first.tokens, dash, *second.tokens), x1=max(first.x1, second.x1))
            made[index] = replace(made[index], segments=(whole, *made[index].segments[1:]))
            rest = made[index + 1].segments[1:]
            made[index + 1 : index + 2] = [replace(made[index + 1], segments=rest)] if rest else []
        index += 1
    return made


def _undotted(line: Line) -> Line:
    if len(line.segments) < 2 or not _CLOSES.fullmatch(line.first.traced.text):
        return line
    second = line.segments[1]
    if not _DOT.fullmatch(second.tokens[0].word.text):
        return line
    tokens = second.tokens[1:]
    rest = (replace(second, tokens=tokens, x0=tokens[0].word.x0),) if tokens else ()
    return replace(line, segments=(line.first, *rest, *line.segments[2:]))


_CUT_DAY = re.compile(r".*(?:19|20)\d\d-\d\d-|.*(?:19|20)\d\d-")
_REST = re.compile(r"\d\d(?:-\d\d)?(?: (?:to|bis|au|\u2013|\u2014|-).*)?")


def _mended(lines: Sequence[Line]) -> list[Line]:
    """Lines with a day that a narrow column broke at its dash (`2016-02-01 to 2020-05-` above `31`) made whole."""
    made = list(lines)
    index = 0
    while index < len(made):
        first = made[index].first
        below = next(
            (
                at
                for at in range(index + 1, min(index + 4, len(made)))
                if made[at].page == made[index].page and abs(made[at].first.x0 - first.x0) < 2
            ),
            None,
        )
        cut = below is not None and _CUT_DAY.fullmatch(first.traced.text)
        if cut and below is not None and _REST.fullmatch(made[below].first.traced.text):
            lower = made[below].first
            last, start = first.tokens[-1], lower.tokens[0]
            glued = replace(last, word=replace(last.word, text=last.word.text + start.word.text))
            whole = replace(first, tokens=(*first.tokens[:-1], glued, *lower.tokens[1:]))
            made[index] = replace(made[index], segments=(whole, *made[index].segments[1:]))
            rest = made[below].segments[1:]
            made[below : below + 1] = [replace(made[below], segments=rest)] if rest else []
        else:
            index += 1
    return made


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
