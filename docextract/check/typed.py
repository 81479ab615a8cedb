"""Numbers, dates, times and phone numbers of a page, by value: these are compared exactly, never nearly."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import accumulate

from docextract.check.index import Match, PageIndex
from docextract.values.dates import find_dates, parse_date
from docextract.values.ids import find_phones
from docextract.values.numbers import find_amounts

_DIGIT = re.compile(r"\d")
_GLUED = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,]\d+)?(?![\d])")
_DATE_TIME = re.compile(r"(?<![\d/.-])(?:\d{1,2}([-/.])\d{1,2}\1\d{4}|\d{4}([-/.])\d{1,2}\2\d{1,2})(?=\d{1,2}:\d{2})")
_AMBIGUOUS = re.compile(r"(?<!\d)[1-9]\d{0,2}[.,]\d{3}(?!\d)")
_TIME = re.compile(
    r"(?<![\d:.])([01]?\d|2[0-4])\s?[:.h]\s?([0-5]\d)(?:[:.]([0-5]\d))?\s?([ap])?\.?(?:m\b)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Line:
    """Words of a page as one text: their indexes, where each begins in it, and how long each is."""

    page: int
    indexes: Sequence[int]
    starts: Sequence[int]
    sizes: Sequence[int]

    def match(self, start: int, end: int) -> Match:
        """The words behind the characters [start, end) of the text, of which one at least is not between words."""
        first = bisect_right(self.starts, start) - 1
        begin = start - self.starts[first]
        while begin >= self.sizes[first]:  # the space behind a word, or a word without a character
            first, begin = first + 1, 0
        last = bisect_right(self.starts, end - 1) - 1
        stop = min(end - self.starts[last], self.sizes[last])
        while not stop:
            last -= 1
            stop = self.sizes[last]
        if first == last:
            return Match(self.page, (self.indexes[first],), begin, stop)
        return Match(self.page, tuple(self.indexes[at] for at in range(first, last + 1) if self.sizes[at]), begin, stop)


class TypedIndex:
    """What the words of a page say in numbers and dates. Each part is made when it is first asked for."""

    def __init__(self, page: PageIndex) -> None:
        self._page = page

    @cached_property
    def _texts(self) -> list[tuple[str, _Line]]:
        """Every line with a digit in it as text, with the words behind it."""
        lines = [(line, [self._page.words[index].text for index in line]) for line in self._page.lines]
        return [self._joined(line, words) for line, words in lines if any(map(_DIGIT.search, words))]

    def _joined(self, indexes: Sequence[int], words: Sequence[str]) -> tuple[str, _Line]:
        sizes = [len(word) for word in words]
        starts = list(accumulate((size + 1 for size in sizes), initial=0))[:-1]
        return " ".join(words), _Line(self._page.number, indexes, starts, sizes)

    @cached_property
    def numbers(self) -> dict[Decimal, list[Match]]:
        """Places by absolute value; every reading of an ambiguous number (1.234) is there."""
        found: dict[Decimal, list[Match]] = defaultdict(list)
        for number, match in self._numbers():
            places = found[abs(number).normalize()]
            if not places or all(match.words != other.words or match.start != other.start for other in places):
                places.append(match)
        return found

    def _numbers(self) -> Iterator[tuple[Decimal, Match]]:
        # Word by word first, so that two cells side by side are not read as one grouped number.
        page = self._page.number
        spans: dict[int, list[tuple[int, int]]] = {}
        for index, word in enumerate(self._page.words):
            if _DIGIT.search(word.text):
                for group in (None, ".", ",") if _AMBIGUOUS.search(word.text) else (None,):
                    for amount in find_amounts(word.text, group=group):
                        if group is None:
                            spans.setdefault(index, []).append((amount.start, amount.end))
                        yield amount.amount, Match(page, (index,), amount.start, amount.end)
        # The same characters are the same number: what a word says by itself is not told again for its line.
        told: list[set[tuple[int, int]]] = []
        for text, line in self._texts:
            known = {
                (begin + start, begin + end)
                for index, begin in zip(line.indexes, line.starts, strict=True)
                for start, end in spans.get(index, ())
            }
            for amount in find_amounts(text):
                if (amount.start, amount.end) not in known:
                    known.add((amount.start, amount.end))
                    yield amount.amount, line.match(amount.start, amount.end)
            told.append(known)
        for (text, line), known in zip(self._texts, told, strict=True):
            for glued in _GLUED.finditer(text):  # 2x, Qty:2, 10kg
                if glued.span() not in known:
                    for amount in find_amounts(glued[0]):
                        yield amount.amount, line.match(glued.start(), glued.end())

    @cached_property
    def dates(self) -> dict[str, list[Match]]:
        """Places by ISO date, in both readings where day and month could be exchanged; months and years too."""
        found: dict[str, list[Match]] = defaultdict(list)
        for text, line in self._texts:
            for day_first in (True, False):
                dates = [(date.iso, date.start, date.end) for date in find_dates(text, day_first=day_first, years=True)]
                dates += _glued_dates(text, day_first=day_first)
                for full, start, end in dates:
                    match = line.match(start, end)
                    for iso in {full, full[:7], full[:4]}:
                        if match not in found[iso]:
                            found[iso].append(match)
        return found

    @cached_property
    def times(self) -> dict[str, list[Match]]:
        """Places by HH:MM on the 24 hour clock."""
        found: dict[str, list[Match]] = defaultdict(list)
        for text, line in self._texts:
            for time in _TIME.finditer(text):
                hour = int(time[1])
                if time[4]:
                    hour = hour % 12 + (12 if time[4].lower() == "p" else 0)
                match = line.match(time.start(), time.end())
                found[f"{hour:02d}:{time[2]}"].append(match)
                if time[3]:
                    found[f"{hour:02d}:{time[2]}:{time[3]}"].append(match)
        return found

    @cached_property
    def phones(self) -> list[tuple[str, Match]]:
        """Digits of every phone number, and its place."""
        return [
            (phone_digits(text[phone.start : phone.end]), line.match(phone.start, phone.end))
            for text, line in self._texts
            for phone in find_phones(text)
        ]


def _glued_dates(text: str, *, day_first: bool) -> list[tuple[str, int, int]]:
    """Dates with a time of day right behind them, where a reader lost the space."""
    found = []
    for glued in _DATE_TIME.finditer(text):
        iso = parse_date(glued[0], day_first=day_first)
        if iso:
            found.append((iso, glued.start(), glued.end()))
    return found


def phone_digits(text: str) -> str:
    """The digits that are dialled, without the (0) that is left out from abroad and without prefix zeros."""
    return re.sub(r"\D", "", text.replace("(0)", "")).lstrip("0")


def same_phone(one: str, other: str) -> bool:
    """Whether two numbers are one, with or without the country's prefix (at least 7 digits must agree)."""
    short, long = sorted((one, other), key=len)
    return len(short) >= 7 and long.endswith(short) and len(long) - len(short) <= 3
