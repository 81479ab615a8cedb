"""One page that evidence stands on: its lines, and the words under a box or span."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property

from docextract.check.match import PageSearch
from docextract.types import Box, Evidence


class Place(PageSearch):
    """One page: what it says, its lines, and the words under a box or span."""

    @cached_property
    def middles(self) -> list[tuple[float, int]]:
        """The vertical middle of every word with its index, from the top."""
        return sorted((((word.y0 + word.y1) / 2, index) for index, word in enumerate(self.page.words)))

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """The beginning of every word's span with its index."""
        return sorted((word.span[0], index) for index, word in enumerate(self.page.words) if word.span)

    @cached_property
    def is_level(self) -> bool:
        """Whether most words run from left to right, so that lines are lines."""
        words = self.page.words
        return sum(word.turn == 0 for word in words) > 0.8 * len(words)

    def words_of(self, evidence: Evidence) -> list[int]:
        """Indexes of the words that a piece of evidence stands on."""
        if evidence.span is not None:
            first = bisect_left(self.spans, (evidence.span[0], -1))
            return [index for _, index in self.spans[first : bisect_left(self.spans, (evidence.span[1], -1))]]
        return [index for box in evidence.boxes for index in self.under(box)]

    def under(self, box: Box) -> list[int]:
        """Indexes of the words of which a good part lies in a box (fractions of the page)."""
        width, height, words = self.page.page.width, self.page.page.height, self.page.words
        first = bisect_left(self.middles, (box[1] * height - 0.5, -1))
        last = bisect_right(self.middles, (box[3] * height + 0.5, len(words)))
        left, right, wide = box[0] * width, box[2] * width, (box[2] - box[0]) * width
        found = []
        for _, index in self.middles[first:last]:
            word = words[index]
            x0, x1 = word.x0, word.x1
            if x1 < left or x0 > right:  # most words of the line: beside it
                continue
            if min(x1, right) - max(x0, left) > 0.3 * min(x1 - x0, wide) or (x1 == x0 and left <= x0 <= right):
                found.append(index)
        return found

    def box(self, indexes: Sequence[int]) -> Box:
        """The union of words' boxes, as fractions of the page."""
        x0, y0, x1, y1 = self.page.extent(indexes)
        width, height = max(self.page.page.width, 1.0), max(self.page.page.height, 1.0)
        return x0 / width, y0 / height, x1 / width, y1 / height

    def line_text(self, line: int) -> str:
        """A line's words, joined."""
        return " ".join(self.page.words[index].text for index in self.page.lines[line])
