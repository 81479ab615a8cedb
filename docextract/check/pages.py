"""The pages of a document as values are looked for on them: an index for each, made when asked for, few at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from docextract.check.gist import Gist
from docextract.check.index import PageIndex
from docextract.check.leaves import Leaf
from docextract.check.place import Place
from docextract.read.packed import ManyWords, many
from docextract.types import Words

FEW = 16
"""A document of so many pages keeps the indexes of all of them; one takes up to half a megabyte."""

MOST_HELD = 6
"""Indexes of a longer one alive at once. Values come in the order of their pages, so that few are made twice."""


class Pages(Mapping[int, Place]):
    """Page numbers, in order, to their indexes. Those looked at last are kept."""

    def __init__(self, words: Sequence[Words], most: int | None = None) -> None:
        self.words: ManyWords = many(words)
        self._places = {number: place for place, number in enumerate(self.words.numbers)}
        self.numbers = tuple(sorted(self._places))
        self.wordless = self.words.wordless
        self._most = most or (FEW if len(self.numbers) <= FEW else MOST_HELD)
        self._held: dict[int, Place] = {}
        self._gists: dict[int, Gist] = {}
        self.made = 0
        self.most_held = 0

    def __getitem__(self, number: int) -> Place:
        found = self._held.pop(number, None)
        if found is None:
            found = Place(PageIndex(self.words[self._places[number]]))
            self.made += 1
        self._held[number] = found  # the one used last stands last
        if len(self._held) > self._most:
            del self._held[next(iter(self._held))]
        self.most_held = max(self.most_held, len(self._held))
        return found

    def __contains__(self, number: object) -> bool:
        return number in self._places

    def __iter__(self) -> Iterator[int]:
        return iter(self.numbers)

    def __len__(self) -> int:
        return len(self.numbers)

    def from_(self, number: int | None) -> Iterator[int]:
        """All numbers, beginning at a page, those before it last."""
        start = bisect_left(self.numbers, number) if number is not None else 0
        return chain(self.numbers[start:], self.numbers[:start])

    def is_far(self, number: int) -> bool:
        """Whether the page's index would have to be made again. Never so of a document with few pages."""
        return len(self) > self._most and number not in self._held

    def gist(self, number: int) -> Gist:
        """What the page says in brief; kept, since it is small."""
        if number not in self._gists:
            place = self[number]
            self._gists[number] = Gist(place.page, place.typed)
        return self._gists[number]

    def may_say(self, number: int, leaf: Leaf) -> bool:
        """Whether to look for the leaf's value on the page; a page at hand is looked at in any case."""
        return not self.is_far(number) or self.gist(number).may_say(leaf)

    def near_first(self, numbers: Iterator[int], leaf: Leaf) -> list[tuple[float, int, int]]:
        """Where something near the value may stand: at most how near (0 to 100), how manieth of these, and the page.

        The nearest first. With few pages nothing is known before they are looked at.
        """
        is_long = len(self) > self._most
        every = [
            (self.gist(number).nearness(leaf) if is_long else 100.0, position, number)
            for position, number in enumerate(numbers)
        ]
        return sorted((each for each in every if each[0]), key=lambda each: (-each[0], each[1]))


def pages_of(words: Sequence[Words] | Pages) -> Pages:
    """The pages, indexed when they are looked at."""
    return words if isinstance(words, Pages) else Pages(words)
