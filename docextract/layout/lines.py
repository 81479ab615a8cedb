"""Words become lines: one baseline each, superscripts kept, slight skew followed, split into segments at wide gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docextract.layout.shapes import Line, Segment, box_of
from docextract.types import Word

SEGMENT_GAP = 1.0
"""A gap wider than this many line heights parts a line into segments (a space is about a fifth)."""


def height(word: Word) -> float:
    """Line height of a word in points, never zero."""
    return max(word.size if word.size > 0 else word.y1 - word.y0, 1.0)


def same_line(left: Word, right: Word) -> bool:
    """Whether two words side by side stand on one baseline; a small one may be raised or lowered."""
    h_left, h_right = left.y1 - left.y0, right.y1 - right.y0
    overlap = min(left.y1, right.y1) - max(left.y0, right.y0)
    low, high = min(h_left, h_right), max(h_left, h_right)
    if low <= 0:
        return abs((left.y0 + left.y1) - (right.y0 + right.y1)) < high
    if high > 1.3 * low and right.x0 - left.x1 < 0.5 * high:
        return overlap > 0.4 * low  # a superscript or subscript right beside its word
    if high > 1.7 * low:
        return abs(left.y1 - right.y1) < 0.35 * low
    return overlap > 0.5 * low


def group_rows(words: Iterable[Word]) -> list[list[Word]]:
    """Words by baseline, each row left to right, rows top to bottom.

    Words are chained from left to right, each to the row whose last word it overlaps most, so that a
    line that climbs or falls a little across the page (a scan) stays one line.
    """
    ordered = sorted(words, key=lambda w: w.x0)
    if _is_one_row(ordered):
        return [ordered] if ordered else []
    rows: list[list[Word]] = []
    tails: list[Word] = []
    buckets: dict[int, list[int]] = {}
    step = 12.0
    for word in ordered:
        best, best_share = -1, 0.0
        first, last = int(word.y0 // step), int(word.y1 // step)
        seen: set[int] = set()
        for bucket in range(first, last + 1):
            for index in buckets.get(bucket, ()):
                if index in seen:
                    continue
                seen.add(index)
                tail = tails[index]
                if tail.y1 <= word.y0 or word.y1 <= tail.y0 or not same_line(tail, word):
                    continue
                overlap = min(tail.y1, word.y1) - max(tail.y0, word.y0)
                share = overlap / max(min(tail.y1 - tail.y0, word.y1 - word.y0), 0.1)
                share -= abs(tail.y1 - word.y1) / 50
                if share > best_share and word.x0 > tail.x0 + 0.3 * (tail.x1 - tail.x0):
                    best, best_share = index, share
        if best < 0:
            rows.append([word])
            tails.append(word)
            best = len(rows) - 1
        else:
            rows[best].append(word)
            # A raised mark must not lead the line away from its baseline.
            if word.y1 - word.y0 > 0.75 * (tails[best].y1 - tails[best].y0) or word.x0 - tails[best].x1 > 20:
                tails[best] = word
        for bucket in range(first, last + 1):
            listed = buckets.setdefault(bucket, [])
            if best not in listed:
                listed.append(best)
    rows.sort(key=lambda row: (sum(w.y0 + w.y1 for w in row) / len(row), row[0].x0))
    return rows


def _is_one_row(words: Sequence[Word]) -> bool:
    """Whether all words plainly share one baseline (the usual case inside a cell)."""
    if len(words) < 2:
        return True
    top, bottom = min(w.y0 for w in words), max(w.y1 for w in words)
    low, high = min(w.y1 for w in words), max(w.y0 for w in words)
    return low - high > 0.7 * (bottom - top)


def join_text(words: Sequence[Word]) -> str:
    """The words of a line with single spaces; a line of a right-to-left script is read from its right end."""
    right_to_left = sum(1 for w in words if "\u0590" <= w.text[:1] <= "\u08ff")
    if right_to_left > 0.5 * len(words):
        words = words[::-1]
    return " ".join(w.text for w in words)


def make_segment(words: Sequence[Word]) -> Segment:
    """A segment of these words (at least one, left to right)."""
    x0, y0, x1, y1 = box_of(tuple(words))
    return Segment(
        words=tuple(words),
        text=join_text(words),
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        size=max(height(w) for w in words),
        bold=all(w.bold for w in words),
    )


def split_row(words: Sequence[Word], gap: float = SEGMENT_GAP) -> list[list[Word]]:
    """The words of a row, parted where the gap is wider than `gap` line heights."""
    parts: list[list[Word]] = [[words[0]]]
    right, size = words[0].x1, height(words[0])
    for word in words[1:]:
        own = height(word)
        if word.x0 - right > gap * (min(size, own)):
            parts.append([])
        parts[-1].append(word)
        right = max(right, word.x1)
        size = own
    return parts


def make_line(words: Sequence[Word], gap: float = SEGMENT_GAP) -> Line:
    """A line of these words (at least one, left to right)."""
    segments = tuple(make_segment(part) for part in split_row(words, gap))
    return Line(
        words=tuple(words),
        segments=segments,
        text=join_text(words),
        x0=min(s.x0 for s in segments),
        y0=min(s.y0 for s in segments),
        x1=max(s.x1 for s in segments),
        y1=max(s.y1 for s in segments),
        size=max(s.size for s in segments),
        bold=all(s.bold for s in segments),
    )


def make_lines(words: Iterable[Word]) -> list[Line]:
    """Lines of these words, top to bottom."""
    return [make_line(row) for row in group_rows(words)]


def tidy(text: str) -> str:
    """Cell text as printed, with dot leaders and white space at the ends removed."""
    text = text.strip()
    if not text.strip("."):
        return text  # `..` alone says that a value is not known
    while text.endswith((" .", "..")):
        text = text[:-1].rstrip(" ")
    return text
