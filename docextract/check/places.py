"""The words that evidence stands on, and what else a page holds: which lines no value was read from."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from docextract.check.index import PageIndex
from docextract.check.match import PageSearch
from docextract.types import Box, Evidence, Words

LOCATED = ("verbatim", "normalised", "approximate")


class Place:
    """One page: its lines, and the words under a box or span."""

    def __init__(self, page: PageIndex) -> None:
        self.page = page

    @cached_property
    def search(self) -> PageSearch:
        """What the page says, for finding values."""
        return PageSearch(self.page)

    @cached_property
    def middles(self) -> list[tuple[float, int]]:
        """The vertical middle of every word with its index, from the top."""
        return sorted((((word.y0 + word.y1) / 2, index) for index, word in enumerate(self.page.words)))

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """The beginning of every word's span with its index."""
        return sorted((word.span[0], index) for index, word in enumerate(self.page.words) if word.span)

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

    def text(self, line: int) -> str:
        """A line's words, joined."""
        return " ".join(self.page.words[index].text for index in self.page.lines[line])


class Places:
    """The pages of a document with the words that its evidence takes."""

    def __init__(self, words: Sequence[Words], evidence: Sequence[Evidence]) -> None:
        self.pages = {page.page: Place(PageIndex(page)) for page in words}
        self.words: dict[str, tuple[int, frozenset[int]]] = {}
        self.taken: dict[int, set[int]] = {number: set() for number in self.pages}
        for item in evidence:
            if item.page in self.pages and (item.boxes or item.span is not None):
                found = frozenset(self.pages[item.page].words_of(item))
                if item.status in LOCATED and found:
                    self.words[item.path] = (item.page, found)
                    self.taken[item.page] |= found
                elif item.status == "contradicted":  # it was read from there, if wrongly
                    self.taken[item.page] |= found

    def prints(self, number: Decimal, paths: Sequence[str]) -> bool:
        """Whether a number is printed with words that none of these leaves stands on."""
        own: dict[int, set[int]] = {}
        for path in paths:
            page, words = self.words.get(path, (0, frozenset()))
            own.setdefault(page, set()).update(words)
        for page, place in self.pages.items():
            for match in place.search.number(number):
                if own.get(page, set()).isdisjoint(match.words):
                    return True
        return False
