"""A page cut into regions that are read one after the other: columns of prose, side-by-side blocks (an XY-cut)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from docextract.layout.lines import make_lines
from docextract.layout.rules import Rule
from docextract.layout.shapes import Segment
from docextract.layout.values import is_value
from docextract.types import Word

Judge = Callable[[Sequence[Segment], Sequence[Segment]], bool]
"""Says of the pieces left and right of a stretch of white whether they are to be read apart."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A line drawn across, which nothing on both of its sides is read past."""

    x0: float
    y0: float
    x1: float


def regions(
    words: Sequence[Word],
    width: float,
    judge: Judge | None = None,
    rules: Sequence[Rule] = (),
    depth: int = 0,
) -> list[list[Word]]:
    """Words by region, regions in reading order. `judge` decides what is read apart (default: prose columns).

    `rules` are lines drawn across: white that one of them crosses ends there.
    """
    if len(words) < 8 or depth > 6:
        return [list(words)] if words else []
    segments = [s for line in make_lines(words) for s in line.segments]
    found = _best(segments, width, judge or prose_columns, rules)
    if found is None:
        return [list(words)]
    x, y0, y1 = found
    above, left, right, below = [], [], [], []
    for word in words:
        y = (word.y0 + word.y1) / 2
        if y < y0:
            above.append(word)
        elif y > y1:
            below.append(word)
        elif (word.x0 + word.x1) / 2 < x:
            left.append(word)
        else:
            right.append(word)
    if not left or not right:
        return [list(words)]
    return [r for part in (above, left, right, below) for r in regions(part, width, judge, rules, depth + 1)]


def _best(
    segments: Sequence[Segment], width: float, judge: Judge, rules: Sequence[Rule]
) -> tuple[float, float, float] | None:
    """The stretch of white with most text on both sides: its x and from where to where down the page."""
    left_edge, right_edge = min(s.x0 for s in segments), max(s.x1 for s in segments)
    step = max(3.0, width / 200)
    drawn = [_Drawn(r.start, r.at, r.end) for r in rules]
    ordered: list[Segment | _Drawn] = sorted([*segments, *drawn], key=lambda s: s.y0)
    candidates = sorted({int(s.x0 / step) for s in ordered if left_edge + 30 < s.x0 < right_edge - 20})
    best: tuple[int, float, float, float] | None = None
    for slot in candidates:
        x = slot * step - 1.5
        left: list[Segment] = []
        right: list[Segment] = []
        for segment in [*ordered, None]:
            if isinstance(segment, Segment) and not (segment.x0 < x < segment.x1):
                (left if segment.x1 <= x else right).append(segment)
                continue
            if isinstance(segment, _Drawn) and not (segment.x0 < x < segment.x1):
                continue
            if len(left) >= 2 and len(right) >= 2:
                left, right = _facing(left, right)
                size = min(len(left), len(right))
                if size >= 2 and (best is None or size > best[0]) and judge(left, right):
                    both = left + right
                    best = (
                        size,
                        (max(s.x1 for s in left) + min(s.x0 for s in right)) / 2,
                        min(s.y0 for s in both),
                        max(s.y1 for s in both),
                    )
            left, right = [], []
    return None if best is None else best[1:]


def _facing(left: list[Segment], right: list[Segment]) -> tuple[list[Segment], list[Segment]]:
    """Both sides, without what on one side stands wholly above the other (it is read before)."""
    top = max(min(s.y0 for s in left), min(s.y0 for s in right))
    return [s for s in left if s.y1 > top], [s for s in right if s.y1 > top]


def prose_columns(left: Sequence[Segment], right: Sequence[Segment]) -> bool:
    """Two columns of running text, whatever small tables and headings stand between; or one beside a drawing."""
    if len(left) >= 5 and len(right) >= 5 and _is_prose(left) and _is_prose(right):
        return True
    if (_is_prose(left) or _are_columns(left)) and (_is_prose(right) or _are_columns(right)):
        return True
    return (len(left) >= 3 and _is_solid(right)) or (len(right) >= 3 and _is_solid(left))


def _is_prose(side: Sequence[Segment]) -> bool:
    """Most words stand in lines of words, most lines set tight, many as wide as the column."""
    long = _text_lines(side)
    if len(long) < 4 or sum(len(s.words) for s in long) < 0.6 * sum(len(s.words) for s in side):
        return False
    full = max(s.x1 for s in side) - min(s.x0 for s in side)
    wide = sum(1 for s in long if s.x1 - s.x0 > 0.7 * full)
    return wide >= 0.4 * len(long) and _tight(long) >= 0.6


def _are_columns(side: Sequence[Segment]) -> bool:
    """Several columns of running text, as newspapers have them: many lines, nearly all as wide as one another."""
    long = _text_lines(side)
    if len(long) < 16 or len(long) < 0.8 * len(side):
        return False
    widths = sorted(s.x1 - s.x0 for s in long)
    usual = widths[int(0.9 * len(widths))]
    return sum(width > 0.75 * usual for width in widths) >= 0.6 * len(widths) and _tight(long) >= 0.8


def _is_solid(side: Sequence[Segment]) -> bool:
    """One unbroken column of running text: no cell of a table is that long."""
    long = _text_lines(side)
    if len(long) < 10 or len(long) < 0.9 * len(side):
        return False
    full = max(s.x1 for s in side) - min(s.x0 for s in side)
    wide = sum(1 for s in long if s.x1 - s.x0 > 0.8 * full)
    return wide >= 0.7 * len(long) and _tight(long) >= 0.9


def _text_lines(side: Sequence[Segment]) -> list[Segment]:
    found = [s for s in side if len(s.words) >= 4 and sum(is_value(w.text) for w in s.words) < 0.34 * len(s.words)]
    return sorted(found, key=lambda s: s.y0)


def _tight(lines: Sequence[Segment]) -> float:
    """Share of the gaps between lines (top to bottom) that are those of one paragraph."""
    usual = 0.5 * median(s.size for s in lines)
    gaps = [b.y0 - a.y1 for a, b in pairwise(lines)]
    return sum(1 for g in gaps if g < usual) / max(1, len(gaps))


def side_by_side(left: Sequence[Segment], right: Sequence[Segment]) -> bool:
    """Blocks that stand beside each other (supplier and buyer), not labels with their values."""
    if prose_columns(left, right):
        return True
    if len(left) < 3 or len(right) < 3:
        return False
    size = median(s.size for s in left)
    if min(s.x0 for s in right) - max(s.x1 for s in left) < 1.2 * size:
        return False
    if sum(s.text.endswith(":") for s in left) > 0.5 * len(left):
        return False
    values = sum(1 for s in right if len(s.words) <= 2 and any(c.isdigit() for c in s.text))
    left_aligned = sum(1 for s in right if abs(s.x0 - min(r.x0 for r in right)) < size)
    return values <= 0.34 * len(right) and left_aligned >= 0.6 * len(right)
