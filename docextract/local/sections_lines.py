"""Lines of a page: words become segments (runs without a wide gap), segments become lines within a column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from docextract.local.sections_heights import ems, sized
from docextract.local.sections_trace import Token, Traced, join, trace
from docextract.types import Words

# Gaps wider than this share of the font size end a segment: a word space is about 0.25, a tab stop over 1.
WIDE = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Words that follow each other on one line without a wide gap. Points."""

    tokens: tuple[Token, ...]
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool

    @property
    def traced(self) -> Traced:
        """Its text; a change between bold and plain inside it is a tab-free joint like any other."""
        return trace(self.tokens)

    @property
    def middle(self) -> float:
        """Height of its middle on the page."""
        return (self.y0 + self.y1) / 2


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """The segments at one height in one column, left to right.

    `gap` is the free space above it in points: negative where boxes overlap, None at its column's top.
    """

    segments: tuple[Segment, ...]
    page: int
    gap: float | None = None
    right: float = 0.0

    @property
    def first(self) -> Segment:
        """Its leftmost segment."""
        return self.segments[0]

    @property
    def traced(self) -> Traced:
        """Its text, a tab between segments."""
        return join((segment.traced for segment in self.segments), "\t")

    @property
    def text(self) -> str:
        """Its plain text, a tab between segments."""
        return self.traced.text

    @property
    def x0(self) -> float:
        """Left edge, points."""
        return self.segments[0].x0

    @property
    def x1(self) -> float:
        """Right edge, points."""
        return max(segment.x1 for segment in self.segments)

    @property
    def y0(self) -> float:
        """Top, points."""
        return min(segment.y0 for segment in self.segments)

    @property
    def y1(self) -> float:
        """Bottom, points."""
        return max(segment.y1 for segment in self.segments)

    @property
    def size(self) -> float:
        """Font size of its first segment, points."""
        return self.segments[0].size

    @property
    def bold(self) -> bool:
        """Whether its first segment is bold."""
        return self.segments[0].bold


def segments(page: Words, *, by_width: bool = False) -> list[Segment]:
    """All segments of a page, top to bottom, then left to right.

    `by_width` judges sizes on scanned pages by how wide words run; good for pages in one typeface only.
    """
    scanned = by_width and page.source == "ocr"
    words = sized(page.words) if scanned else page.words
    rows: list[list[Token]] = []
    for word in sorted(words, key=lambda item: ((item.y0 + item.y1) / 2, item.x0)):
        if not _readable(word.text):
            continue
        token = Token(word, page.page)
        middle, height = (word.y0 + word.y1) / 2, word.y1 - word.y0
        for row in reversed(rows[-8:]):
            # The row's own first word is the reference, so that a drifting scan cannot chain lines together.
            other = row[-1].word
            same = abs((other.y0 + other.y1) / 2 - middle) < 0.32 * min(height, other.y1 - other.y0)
            if same:
                row.append(token)
                break
        else:
            rows.append([token])
    found: list[Segment] = []
    for row in rows:
        row.sort(key=lambda token: token.word.x0)
        run: list[Token] = []
        for token in row:
            if run and token.word.x0 - run[-1].word.x1 > WIDE * _height(run[-1], token):
                found.append(_segment(run))
                run = []
            run.append(token)
        if run:
            found.append(_segment(run))
    if scanned:
        usual = median(item.size for item in found) if found else 0.0
        found = [_even(item, usual) for item in found]
    return sorted(found, key=lambda item: (item.y0, item.x0))


def _even(item: Segment, usual: float) -> Segment:
    """A segment read from pixels with its box made as high as its size tells, about its middle."""
    letters = "".join(token.word.text for token in item.tokens)
    size = (item.x1 - item.x0) / ems(" ".join(token.word.text for token in item.tokens))
    size = usual if len(letters) < 3 or abs(size - usual) < 0.16 * usual else size
    half = 0.6 * size
    return replace(item, y0=item.middle - half, y1=item.middle + half, size=size)


def _readable(text: str) -> bool:
    """Icon fonts print private-use code points: drawings, not words."""
    return any(not ("\ue000" <= mark <= "\uf8ff" or ord(mark) >= 0xF0000) for mark in text)


def _height(left: Token, right: Token) -> float:
    return max(_size(left), _size(right))


def _size(token: Token) -> float:
    return token.word.size or (token.word.y1 - token.word.y0)


def part_of(segment: Segment, start: int, end: int) -> Segment:
    """The words [start, end) of a segment as one of their own."""
    return segment if end - start == len(segment.tokens) else _segment(segment.tokens[start:end])


def _segment(tokens: Sequence[Token]) -> Segment:
    words = [token.word for token in tokens]
    letters = sum(len(word.text) for word in words)
    bold = sum(len(word.text) for word in words if word.bold)
    return Segment(
        tokens=tuple(tokens),
        x0=min(word.x0 for word in words),
        y0=min(word.y0 for word in words),
        x1=max(word.x1 for word in words),
        y1=max(word.y1 for word in words),
        size=median(_size(token) for token in tokens),
        bold=bold * 2 > letters,
    )


def lines(parts: Iterable[Segment], page: int) -> list[Line]:
    """Segments of one column as lines, top to bottom, with the free space above each."""
    rows: list[list[Segment]] = []
    for segment in sorted(parts, key=lambda item: item.middle):
        for row in reversed(rows[-3:]):
            reference = row[0]
            near = abs(reference.middle - segment.middle) < 0.45 * min(
                reference.y1 - reference.y0, segment.y1 - segment.y0
            )
            apart = all(segment.x0 >= other.x1 - 1 or segment.x1 <= other.x0 + 1 for other in row)
            if near and apart:
                row.append(segment)
                break
        else:
            rows.append([segment])
    right = max((segment.x1 for row in rows for segment in row), default=0.0)
    made: list[Line] = []
    for row in rows:
        row.sort(key=lambda item: item.x0)
        above = made[-1] if made else None
        top = min(segment.y0 for segment in row)
        made.append(Line(tuple(row), page, top - above.y1 if above is not None else None, right))
    return made
