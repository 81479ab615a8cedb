"""The words of a page as lines of segments: what stands together between two wide gaps.

The embedded engine's field reader works on these. A segment is what a person takes as one cell of
a form: `Invoice date:` and `03/20/2023` are two when a column of space lies between them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from docextract.local.grid_rules import grid_rules
from docextract.types import Box, Ruling, Word, Words

# A gap wider than this share of the line height ends a segment. A space is about 0.25; justified
# lines and doubled spaces reach 0.7; columns of a form start at about 1.
_GAP = 0.85
# In letters of one width a single space leaves at most this many widths between narrow signs.
_ONE_SPACE = 1.75
_RULE = 9.0
_BULLET = re.compile("[-\u2013\u2014\u00b7\u2022\u25cf]")
_MARK = re.compile(r"[:=|]+")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segment:
    """A run of words in one line. `starts` are the words' offsets in `text` (words joined by one space).

    `page` is the page's number, `line` the index of its line on the page. Lengths in points.
    """

    page: int
    line: int
    words: tuple[Word, ...]
    text: str
    starts: tuple[int, ...]
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def height(self) -> float:
        """Line height in points, at least 1."""
        return max(1.0, self.y1 - self.y0)

    @property
    def middle(self) -> float:
        """Vertical middle in points."""
        return (self.y0 + self.y1) / 2

    def between(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that the characters [start, end) of `text` touch."""
        return tuple(
            word
            for word, first in zip(self.words, self.starts, strict=True)
            if first < end and first + len(word.text) > start
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """A page as lines from top to bottom, each a tuple of segments from left to right.

    `across` and `down` are the drawn lines of either direction.
    """

    page: int
    width: float
    height: float
    source: str
    lines: tuple[tuple[Segment, ...], ...]
    across: tuple[Ruling, ...] = ()
    down: tuple[Ruling, ...] = ()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All segments in reading order of lines."""
        return tuple(segment for line in self.lines for segment in line)

    @property
    def text_height(self) -> float:
        """The usual height of a line of text in points."""
        heights = sorted(segment.height for segment in self.segments)
        return heights[len(heights) // 2] if heights else 10.0


def sheet_of(page: Words) -> Sheet:
    """Groups a page's words into lines and segments, without margin text that runs up, down or upside down."""
    lines = _lines([word for word in page.words if word.turn == 0])
    pitch = _pitch(page)
    # What is shorter than a line of text is a stroke of a letter or a tick.
    # In pixels large letters and folds of the paper look like short lines, too.
    heights = sorted(word.y1 - word.y0 for word in page.words)
    least = max(_RULE, 4 * heights[len(heights) // 2]) if page.source == "ocr" and heights else _RULE
    down = tuple(sorted((r for r in page.rulings if r.x0 == r.x1 and r.y1 - r.y0 >= least), key=lambda r: r.x0))
    across = tuple(
        sorted(
            (r for r in (*page.rulings, *grid_rules(page)) if r.y0 == r.y1 and r.x1 - r.x0 >= _RULE), key=lambda r: r.y0
        )
    )
    return Sheet(
        page=page.page,
        width=max(page.width, 1.0),
        height=max(page.height, 1.0),
        source=page.source,
        lines=tuple(_segments(line, page.page, index, down, pitch) for index, line in enumerate(lines)),
        across=across,
        down=down,
    )


def segment_of(words: Sequence[Word], page: int, line: int) -> Segment:
    """A segment of these words, which stand in one line in this order."""
    starts: list[int] = []
    at = 0
    for word in words:
        starts.append(at)
        at += len(word.text) + 1
    return Segment(
        page=page,
        line=line,
        words=tuple(words),
        text=" ".join(word.text for word in words),
        starts=tuple(starts),
        x0=min(word.x0 for word in words),
        y0=min(word.y0 for word in words),
        x1=max(word.x1 for word in words),
        y1=max(word.y1 for word in words),
    )


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    """Words whose middles lie within less than half a line of their neighbours': a slanted line drifts with them."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: ((w.y0 + w.y1) / 2, w.x0)):
        middle, height = (word.y0 + word.y1) / 2, max(1.0, word.y1 - word.y0)
        best: list[Word] | None = None
        best_gap = 0.45
        for line in lines[-8:]:
            near = min(line, key=lambda w: abs((w.x0 + w.x1) / 2 - (word.x0 + word.x1) / 2))
            gap = abs((near.y0 + near.y1) / 2 - middle) / min(height, max(1.0, near.y1 - near.y0))
            if gap < best_gap:
                best, best_gap = line, gap
        if best is None:
            lines.append([word])
        else:
            best.append(word)
    for line in lines:
        line.sort(key=lambda w: w.x0)
    return sorted(lines, key=lambda line: sum((w.y0 + w.y1) / 2 for w in line) / len(line))


def _segments(line: Sequence[Word], page: int, index: int, down: Sequence[Ruling], pitch: float) -> tuple[Segment, ...]:
    groups: list[list[Word]] = []
    middle = sum(w.y0 + w.y1 for w in line) / (2 * len(line))
    walls = [rule.x0 for rule in down if rule.y0 - 2 <= middle <= rule.y1 + 2]
    for word in line:
        if groups and not _parts(groups[-1][-1], word, pitch) and not _walled(groups[-1][-1], word, walls):
            groups[-1].append(word)
        else:
            groups.append([word])
    return tuple(segment_of(group, page, index) for group in groups)


def _walled(left: Word, right: Word, walls: Sequence[float]) -> bool:
    """Whether a drawn line stands between two words."""
    a, b = (left.x0 + left.x1) / 2, (right.x0 + right.x1) / 2
    return any(a < wall < b and left.x1 - 1.5 <= wall <= right.x0 + 1.5 for wall in walls)


def _pitch(page: Words) -> float:
    """The width of every letter of a page set in letters of one width, in line heights; 0 where letters differ."""
    long = [word for word in page.words if len(word.text) >= 5 and word.turn == 0 and word.y1 > word.y0]
    if page.source != "text" or len(long) < 6:
        return 0.0
    widths = sorted((word.x1 - word.x0) / len(word.text) / (word.y1 - word.y0) for word in long)
    usual = widths[len(widths) // 2]
    even = sum(0.93 * usual <= width <= 1.07 * usual for width in widths)
    return usual if even >= 0.9 * len(widths) else 0.0


def _parts(left: Word, right: Word, pitch: float) -> bool:
    height = max(1.0, min(left.y1 - left.y0, right.y1 - right.y0))
    gap = (right.x0 - left.x1) / height
    if 0 < gap < _ONE_SPACE * pitch:
        return False
    if _BULLET.fullmatch(left.text) or _BULLET.fullmatch(right.text):
        return gap > 2 * _GAP
    # A lone colon belongs to the label before it, however far it was set.
    return gap > _GAP and not _MARK.fullmatch(right.text)


def union(boxes: Sequence[Box]) -> Box:
    """The smallest box around all of them."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
