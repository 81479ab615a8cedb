"""The words of many pages held small: packed page by page, and made anew when a page is looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import starmap
from operator import attrgetter
from typing import overload

from docextract.types import Ruling, Word, Words
from docextract.types.small import small, whole

FEW = 16
"""A document of so many pages or fewer keeps its words as they are: packing costs half a millisecond a page."""

_WORD = attrgetter("text", "x0", "y0", "x1", "y1", "size", "bold", "confidence", "span", "turn")
_RULING = attrgetter("x0", "y0", "x1", "y1")


@dataclass(frozen=True, slots=True)
class PackedPage:
    """A page of a file with layout: some 5 KB where its objects take 80. `count` is how many words it has."""

    head: Words
    body: bytes
    count: int

    def open(self) -> Words:
        """The page as it was."""
        words, hidden, rulings = whole(self.body)
        return replace(
            self.head,
            words=tuple(starmap(Word, words)),
            hidden=tuple(starmap(Word, hidden)),
            rulings=tuple(starmap(Ruling, rulings)),
        )


def packed(page: Words) -> PackedPage | Words:
    """The page made small; one whose file has no layout stays as it is, its text and tables would not shrink."""
    if page.text is not None or page.grids:
        return page
    rows = [[_WORD(word) for word in page.words], [_WORD(word) for word in page.hidden]]
    body = small([*rows, [_RULING(line) for line in page.rulings]])
    return PackedPage(replace(page, words=(), hidden=(), rulings=()), body, len(page.words))


class ManyWords(Sequence[Words]):
    """Pages in the order given, each made when it is asked for and held by nobody here."""

    def __init__(self, pages: Iterable[Words | PackedPage]) -> None:
        self._pages = tuple(pages)
        self.numbers = tuple(_head(page).page for page in self._pages)

    def __len__(self) -> int:
        return len(self._pages)

    def __iter__(self) -> Iterator[Words]:
        return map(_opened, self._pages)

    @overload
    def __getitem__(self, index: int) -> Words: ...
    @overload
    def __getitem__(self, index: slice) -> ManyWords: ...
    def __getitem__(self, index: int | slice) -> Words | ManyWords:
        return ManyWords(self._pages[index]) if isinstance(index, slice) else _opened(self._pages[index])

    def only(self, numbers: Collection[int]) -> ManyWords:
        """The pages with these numbers, in the order that they have here."""
        return ManyWords(page for page in self._pages if _head(page).page in numbers)

    @property
    def wordless(self) -> frozenset[int]:
        """The numbers of pages without a word."""
        return frozenset(
            _head(page).page for page in self._pages if not (page.count if isinstance(page, PackedPage) else page.words)
        )


def many(words: Sequence[Words]) -> ManyWords:
    """The pages as they are, or what holds them already."""
    return words if isinstance(words, ManyWords) else ManyWords(words)


def _head(page: Words | PackedPage) -> Words:
    return page.head if isinstance(page, PackedPage) else page


def _opened(page: Words | PackedPage) -> Words:
    return page.open() if isinstance(page, PackedPage) else page


def opened_from(pages: Mapping[int, Words | PackedPage], numbers: Iterable[int]) -> tuple[Words, ...]:
    """These pages at once."""
    return tuple(_opened(pages[number]) for number in numbers)
