"""A value that a page break cuts in two: its first words end one page, its last words begin the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from docextract.check.index import Match, PageIndex
from docextract.check.keys import key
from docextract.check.match import says
from docextract.check.pages import Pages

SHORTEST = 12
"""Keys shorter than this are found in two halves on too many pages."""

SHORTEST_HALF = 3

ENDS, BEGINS = 0.35, 0.35
"""The halves stand in the last and the first part of their pages' lines; footers and headers are between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Halves:
    """Where the two halves stand."""

    upper: Match
    lower: Match


def across(pages: Pages, numbers: Iterable[int], text: str) -> Halves | None:
    """The longest first half at the end of a page whose rest begins the next one; None where there is none."""
    words = text.split()
    if len(words) < 2 or len(key(text)) < SHORTEST:
        return None
    for above, below in pairwise(sorted(numbers)):
        if below != above + 1 or not _may_be(pages, above, words[0]) or not _may_be(pages, below, words[-1]):
            continue
        upper, lower = pages[above].page, pages[below].page
        if upper.flows or not upper.words or not lower.words:
            continue
        for cut in range(len(words) - 1, 0, -1):
            first = _stretch(upper, " ".join(words[:cut]), at_end=True)
            rest = _stretch(lower, " ".join(words[cut:]), at_end=False) if first is not None else None
            if first is not None and rest is not None:
                return Halves(upper=first, lower=rest)
    return None


def _may_be(pages: Pages, number: int, word: str) -> bool:
    """Whether a page may say a word, which is the first of a first half, or the last of a second."""
    return not pages.is_far(number) or pages.gist(number).has_text(key(word))


def _stretch(page: PageIndex, text: str, *, at_end: bool) -> Match | None:
    """The words that say a half where it must stand on its page, the nearest to the break."""
    wanted = key(text)
    found: list[Match] = []
    for order in page.orders if len(wanted) >= SHORTEST_HALF else ():
        for words, start, end in order.find(wanted, limit=20):
            match = Match(page.number, words, start, end)
            if says(page.quote(match), text) and _is_near(page, match, at_end=at_end):
                found.append(match)
    if not found:
        return None
    return (max if at_end else min)(found, key=lambda match: page.line_of[match.words[0]])


def _is_near(page: PageIndex, match: Match, *, at_end: bool) -> bool:
    lines = [page.line_of[index] for index in match.words]
    count = len(page.lines)
    return max(lines) >= (1 - ENDS) * count - 1 if at_end else min(lines) <= BEGINS * count
