"""Words of a line that was read: parted at its spaces, each with its part of the line's box.

The model tells the middle of each character, a word's edge half a character further on. Where the
picture shows white beside a word, its edge is moved to it: narrow columns of a table are else one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from docextract.read.pixels import Pixels
from docextract.read.recognise import Reading, Sign, is_upended
from docextract.read.seen import Point, Quad, SeenWord

CLEAR = 0.3
"""Share of a line's highest contrast below which a column of its pixels is white."""
LEAST_WHITE = 3
"""Columns of white, of a line 48 pixels tall, that are taken for the gap between two words."""
BEARING = 4
"""Columns of white that belong to a word on either side, as a font's own spacing does: 0.08 of the line's height."""
OUTER_ROWS = 6
"""Rows at the top and at the bottom of a line that are not looked at: the lines above and below reach in."""

Span = tuple[float, float]
"""Where a word begins and ends, as shares of the line's length."""


def words_of(reading: Reading, quad: Quad, line: Pixels | None = None) -> tuple[SeenWord, ...]:
    """Words in the order read. `line` is the line as it was cut; without it the outer words reach to the box's ends."""
    runs = _runs(reading)
    if not runs:
        return ()
    # Whichever way a line on end runs, its words' places are told from the top.
    ends = [(min(run[0].place, run[-1].place), max(run[0].place, run[-1].place)) for run in runs]
    order = sorted(range(len(runs)), key=lambda number: ends[number])
    spans = _spans([ends[number] for number in order], _advance(runs) / 2, None if line is None else white(line))
    places = dict(zip(order, spans, strict=True))
    return tuple(
        SeenWord(
            text="".join(sign.text for sign in run),
            quad=_part(quad, *places[number]),
            confidence=round(sum(sign.confidence for sign in run) / len(run), 4),
        )
        for number, run in enumerate(runs)
    )


def white(line: Pixels) -> npt.NDArray[np.bool_]:
    """Which columns of a line's pixels hold nothing but its ground."""
    grey = line[OUTER_ROWS : len(line) - OUTER_ROWS].mean(axis=2)
    contrast = np.abs(grey - np.median(grey)).max(axis=0)
    return np.asarray(contrast < CLEAR * contrast.max(), dtype=np.bool_)


def _spans(ends: list[Span], half: float, clear: npt.NDArray[np.bool_] | None) -> list[Span]:
    """Spans of words from the middles of their first and last characters, in order along the line."""
    first, last = (0.0, 1.0) if clear is None else _inked(clear)
    starts = [min(first, ends[0][0])]
    stops: list[float] = []
    for place in range(len(ends) - 1):
        left, right = ends[place][1], ends[place + 1][0]
        gap = None if clear is None else _gap(clear, left, right)
        if gap is None:
            middle = (left + right) / 2
            gap = (min(left + half, middle), max(right - half, middle))
        stops.append(max(gap[0], starts[-1]))
        starts.append(max(gap[1], stops[-1]))
    return list(zip(starts, [*stops, max(last, ends[-1][1], starts[-1])], strict=True))


def _inked(clear: npt.NDArray[np.bool_]) -> Span:
    """Where a line's print begins and ends: detection adds some white on both sides."""
    printed = np.flatnonzero(~clear)
    if not len(printed):
        return 0.0, 1.0
    first, last = int(printed[0]) - BEARING, int(printed[-1]) + 1 + BEARING
    return max(0, first) / len(clear), min(len(clear), last) / len(clear)


def _gap(clear: npt.NDArray[np.bool_], start: float, end: float) -> Span | None:
    """The widest white between two places, None where there is hardly any."""
    wide = len(clear)
    first, last = int(start * wide), int(np.ceil(end * wide))
    edges = np.flatnonzero(np.diff(np.concatenate(([False], clear[first:last], [False])).astype(np.int8)))
    runs = edges.reshape(-1, 2)
    if not len(runs):
        return None
    begin, stop = max(runs.tolist(), key=lambda run: run[1] - run[0])
    if stop - begin < LEAST_WHITE:
        return None
    own = min(BEARING, (stop - begin) / 2)
    return (first + begin + own) / wide, (first + stop - own) / wide


def _runs(reading: Reading) -> list[list[Sign]]:
    runs: list[list[Sign]] = [[]]
    for sign in reading.signs:
        if sign.text.isspace():
            runs.append([])
        else:
            runs[-1].append(sign)
    return [run for run in runs if run]


def _advance(runs: list[list[Sign]]) -> float:
    """The width of a character as a share of the line: the mean over words of their own mean."""
    widths = [abs(run[-1].place - run[0].place) / (len(run) - 1) for run in runs if len(run) > 1]
    return sum(widths) / len(widths) if widths else 1 / sum(len(run) for run in runs)


def _part(quad: Quad, start: float, end: float) -> Quad:
    """The stretch of a box from one share of its length to another; downwards where the line stands on end."""
    one, two, three, four = quad
    if is_upended(quad):
        near, far = _between(one, four, start), _between(one, four, end)
        return near, _between(two, three, start), _between(two, three, end), far
    near, far = _between(four, three, start), _between(four, three, end)
    return _between(one, two, start), _between(one, two, end), far, near


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
