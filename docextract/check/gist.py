"""What a page says in brief: enough to tell, without its index, that it cannot say a value. A hundredth of the size."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from decimal import Decimal

from rapidfuzz import fuzz

from docextract.check.index import PageIndex
from docextract.check.keys import key
from docextract.check.leaves import Leaf
from docextract.check.match import as_number, decimal_of, other_words
from docextract.check.near import ONE_WORD, SHORTEST, cents, is_day, is_day_off, is_one_off
from docextract.check.typed import TypedIndex


class Gist:
    """Never says no where a search of the page would find something; may say yes where it would not."""

    def __init__(self, page: PageIndex, typed: TypedIndex) -> None:
        self.texts = tuple(order.text for order in page.orders)
        self._numbers = _hashes(typed.numbers)
        self._days = _hashes([*typed.dates, *typed.times])
        self._cents = tuple(dict.fromkeys(found for number in typed.numbers if (found := cents(number)) is not None))
        self._dates = tuple(day for day in typed.dates if len(day) == 10)

    def may_say(self, leaf: Leaf) -> bool:
        """Whether `PageSearch.candidates` may find the leaf's value."""
        if leaf.sort == "number":
            return self.has_number(decimal_of(leaf.value))
        text = str(leaf.value)
        wanted = key(text)
        if not wanted:
            return True
        number = as_number(text)
        if self.has_number(number) if number is not None else any(wanted in each for each in self.texts):
            return True
        others = other_words(text)
        return others is None or any(_has(self._days, other) for other in others)

    def has_number(self, value: Decimal | None) -> bool:
        """Whether `PageSearch.number` may find the number, or a rate as percent."""
        if value is None:
            return False
        ways = (abs(value), abs(value) * 100) if 0 < abs(value) < 1 else (abs(value),)
        return any(_has(self._numbers, way.normalize()) for way in ways)

    def has_text(self, wanted: str) -> bool:
        """Whether a key stands anywhere on the page, in any order."""
        return any(wanted in text for text in self.texts)

    def nearness(self, leaf: Leaf) -> float:
        """The most that `Near.score` may be; 0 where nothing is near. Of numbers and dates all places score alike."""
        text = str(leaf.value)
        number = decimal_of(leaf.value) if leaf.sort == "number" else as_number(text)
        if leaf.sort == "number" or number is not None:
            wanted = cents(number) if number is not None else None
            is_near = wanted is not None and len(wanted) >= 4 and any(is_one_off(wanted, each) for each in self._cents)
            return 100.0 * is_near
        if is_day(text):
            return 100.0 * any(is_day_off(text[:10], day) for day in self._dates)
        wanted = key(text)
        texts = [each for each in self.texts if len(each) >= len(wanted)] if len(wanted) >= SHORTEST else []
        found = [fuzz.partial_ratio_alignment(wanted, each, score_cutoff=ONE_WORD) for each in texts]
        return max((each.score for each in found if each is not None), default=0.0)


def _hashes(values: Iterable[object]) -> array[int]:
    return array("q", sorted(map(hash, values)))


def _has(hashes: array[int], value: object) -> bool:
    place = bisect_left(hashes, hash(value))
    return place < len(hashes) and hashes[place] == hash(value)
