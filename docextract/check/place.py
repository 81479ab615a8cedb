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
        width, height = self.page.page.width, self.page.page.height
        first = bisect_left(self.middles, (box[1] * height - 0.5, -1))
        last = bisect_right(self.middles, (box[3] * height + 0.5, len(self.page.words)))
        found = []
        for _, index in self.middles[first:last]:
            word = self.page.words[index]
            shared = min(word.x1, box[2] * width) - max(word.x0, box[0] * width)
            if shared > 0.3 * min(word.x1 - word.x0, (box[2] - box[0]) * width) or (
                word.x1 == word.x0 and box[0] * width <= word.x0 <= box[2] * width
            ):
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
