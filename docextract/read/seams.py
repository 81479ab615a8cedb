"""Lines that the edge between two screenshots cuts through, read once more on both pictures put together.

A long page is often captured in slices: what stands on the seam is half on one picture and half on the
next, and neither half can be read. Where the ink of one picture's last row goes on in the first row of
the next, a strip of both is read, and a line across the seam is given to the page that shows more of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from docextract.read.pixels import Pixels
from docextract.read.seen import Point, Reader, SeenLine

REACH = 0.05
"""Height of the strip read on each side of a seam, of the pictures' width; at least 48 pixels."""
INK = 24
"""Levels of grey, of 255, by which ink stands out of the ground beside it."""
STRAIGHT = 40
"""Rows that a vertical rule runs on unchanged; print does not."""
SAME = 10
"""Levels of grey by which the ground may differ over a seam (JPEG)."""
SURE = 0.8
"""Mean confidence from which a line counts: halves of two different ones read as noise."""

Row = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A line over the seam, in pixels: y is 0 at the seam, negative on the upper picture."""

    line: SeenLine

    @property
    def top(self) -> float:
        """Its upper edge, at most 0 where it reaches the upper picture."""
        return min(y for _, y in self.line.quad)

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return max(y for _, y in self.line.quad)

    @property
    def is_above(self) -> bool:
        """Whether the upper picture shows more of it."""
        return -self.top >= self.bottom


def has_ink(pixels: Pixels, *, below: bool) -> bool:
    """Whether something stands on a picture's first row (its last one with `below`) that an edge may have cut."""
    return int(np.count_nonzero(_ink(_grey(pixels if below else pixels[::-1])))) >= 2


def crossings(reader: Reader, above: Pixels, below: Pixels) -> list[Crossing]:
    """Lines that stand on both of two pictures, the second of which goes on right where the first ends."""
    if not _abut(above, below):
        return []
    reach = max(48, round(REACH * above.shape[1]))
    upper, lower = above[-reach:], below[:reach]
    strip = np.ascontiguousarray(np.vstack((upper, lower)))
    from docextract.read.ocr import moved

    def shifted(point: Point) -> Point:
        return point[0], point[1] - upper.shape[0]

    found = [Crossing(line=moved(line, shifted)) for line in reader.lines(strip)]
    return [each for each in found if each.top < -1 and each.bottom > 1 and each.line.confidence >= SURE]


def _abut(above: Pixels, below: Pixels) -> bool:
    if above.shape[1] != below.shape[1] or min(above.shape[0], below.shape[0]) < STRAIGHT:
        return False
    upper, lower = _grey(above), _grey(below)[::-1]
    one, two = _ink(upper), _ink(lower)
    if min(np.count_nonzero(one), np.count_nonzero(two)) < 2:
        return False
    ground = ~(_wide(one) | _wide(two))
    differs = np.abs(upper[-1].astype(np.int16) - lower[-1].astype(np.int16)) > SAME
    if np.mean(differs[ground]) > 0.02:
        return False
    shares = sorted((np.mean(_wide(two)[one]), np.mean(_wide(one)[two])))
    return bool(shares[0] > 0.25 and shares[1] > 0.8)


def _ink(grey: npt.NDArray[np.uint8]) -> Row:
    """Columns whose last row holds ink that is no vertical rule."""
    last = grey[-1:]
    ground = cv2.medianBlur(last, 61)
    ink = np.abs(last.astype(np.int16) - ground.astype(np.int16))[0] > INK
    tail = grey[-STRAIGHT:].astype(np.int16)
    straight = tail.max(axis=0) - tail.min(axis=0) <= SAME
    return np.asarray(ink & ~straight)


def _wide(row: Row) -> Row:
    """The columns and their two neighbours on either side."""
    return np.asarray(np.convolve(row, np.ones(5, dtype=np.int_), mode="same") > 0)


def _grey(pixels: Pixels) -> npt.NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def mended(
    lines: Sequence[SeenLine], height: int, seams: tuple[Sequence[Crossing], Sequence[Crossing]]
) -> list[SeenLine]:
    """A picture's lines with those across its upper and its lower seam put right; `height` in pixels.

    Halves of such a line go; the line itself stands where the picture shows more of it than its neighbour,
    its box ending at the edge.
    """
    kept = list(lines)
    for each, shift in [(one, 0) for one in seams[0]] + [(one, height) for one in seams[1]]:
        from docextract.read.ocr import moved

        def onto(point: Point, shift: int = shift) -> Point:
            return point[0], point[1] + shift

        def within(point: Point, shift: int = shift) -> Point:
            return point[0], min(float(height), max(0.0, point[1] + shift))

        whole = moved(each.line, onto)
        kept = [line for line in kept if not _covers(whole, line)]
        if each.is_above == (shift > 0):
            kept.append(moved(each.line, within))
    return kept


def _covers(whole: SeenLine, line: SeenLine) -> bool:
    """Whether a line is a part of what the whole one shows."""
    (ax, ay), (bx, by) = whole.quad[0], whole.quad[2]
    (cx, cy), (dx, dy) = line.quad[0], line.quad[2]
    across = min(bx, dx) - max(ax, cx)
    down = min(by, dy) - max(ay, cy)
    return across > 0.5 * (dx - cx) and down > 0.5 * (dy - cy)
