"""The words that evidence stands on, and what else a page holds: which lines no value was read from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from docextract.check.pages import Pages
from docextract.types import Evidence

LOCATED = ("verbatim", "normalised", "approximate")

Found = tuple[int, frozenset[int]]
"""A page, and the indexes of the words there that a value stands on."""


class Places:
    """The pages of a document with the words that its evidence takes.

    `words` has those of located leaves that were kept. `taken` has for each page with evidence a byte
    for every word, 1 where a value was read from it.
    """

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self.words: dict[str, Found] = {}
        self.taken: dict[int, bytearray] = {}

    def take(self, item: Evidence) -> Found | None:
        """Mark the words that a piece of evidence stands on; those of a located leaf are given back."""
        if item.page is None or item.page not in self.pages or not (item.boxes or item.span is not None):
            return None
        located = item.status in LOCATED
        if not located and item.status != "contradicted":  # that was read from there, if wrongly
            return None
        place = self.pages[item.page]
        found = frozenset(place.words_of(item))
        if item.page not in self.taken:
            self.taken[item.page] = bytearray(len(place.page.words))
        for index in found:
            self.taken[item.page][index] = 1
        return (item.page, found) if located and found else None

    def keep(self, evidence: Iterable[Evidence]) -> Places:
        """Take all of it, and keep the words of every leaf."""
        for item in evidence:
            found = self.take(item)
            if found is not None:
                self.words[item.path] = found
        return self


class Printed:
    """Whether a number is printed elsewhere than as these leaves (JSON pointers), located by this evidence."""

    def __init__(self, pages: Pages, evidence: Iterable[Evidence]) -> None:
        self._pages = pages
        self._evidence = evidence

    def __call__(self, number: Decimal, paths: Collection[str]) -> bool:
        """Whether it is printed with words that none of the leaves stands on."""
        own: Mapping[int, set[int]] | None = None
        for page in self._pages:
            if self._pages.is_far(page) and not self._pages.gist(page).has_number(number):
                continue
            for match in self._pages[page].number(number):
                own = self._own(frozenset(paths)) if own is None else own
                if own.get(page, set()).isdisjoint(match.words):
                    return True
        return False

    def _own(self, paths: Collection[str]) -> Mapping[int, set[int]]:
        own: dict[int, set[int]] = {}
        for item in self._evidence:
            if item.path in paths and item.status in LOCATED and item.page is not None and item.page in self._pages:
                own.setdefault(item.page, set()).update(self._pages[item.page].words_of(item))
        return own
