"""Numbers, dates, times and phone numbers of a page, by value: these are compared exactly, never nearly."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property

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


class TypedIndex:
    """What the words of a page say in numbers and dates. Each part is made when it is first asked for."""

    def __init__(self, page: PageIndex) -> None:
        self._page = page

    @cached_property
    def _texts(self) -> list[tuple[str, list[tuple[int, int]]]]:
        """Every line with a digit in it as text, with the word and character behind each of its characters."""
        return [
            self._joined(line)
            for line in self._page.lines
            if any(_DIGIT.search(self._page.words[index].text) for index in line)
        ]

    def _joined(self, indexes: Sequence[int]) -> tuple[str, list[tuple[int, int]]]:
        text: list[str] = []
        places: list[tuple[int, int]] = []
        for index in indexes:
            word = self._page.words[index].text
            if text:
                text.append(" ")
                places.append((index, -1))
            text.append(word)
            places += [(index, position) for position in range(len(word))]
        return "".join(text), places

    def _match(self, places: Sequence[tuple[int, int]], start: int, end: int) -> Match:
        used = [place for place in places[start:end] if place[1] >= 0]
        words = tuple(dict.fromkeys(index for index, _ in used))
        return Match(self._page.number, words, used[0][1], used[-1][1] + 1)

    @cached_property
    def numbers(self) -> dict[Decimal, list[Match]]:
        """Places by absolute value; every reading of an ambiguous number (1.234) is there."""
        found: dict[Decimal, list[Match]] = defaultdict(list)
        for number, match in self._numbers():
            places = found[abs(number).normalize()]
            if all(match.words != other.words or match.start != other.start for other in places):
                places.append(match)
        return found

    def _numbers(self) -> Iterator[tuple[Decimal, Match]]:
        # Word by word first, so that two cells side by side are not read as one grouped number.
        for index, word in enumerate(self._page.words):
            if _DIGIT.search(word.text):
                yield from self._in_text(word.text, [(index, position) for position in range(len(word.text))])
        for text, places in self._texts:
            for amount in find_amounts(text):
                yield amount.amount, self._match(places, amount.start, amount.end)
        for text, places in self._texts:
            for glued in _GLUED.finditer(text):  # 2x, Qty:2, 10kg
                for amount in find_amounts(glued[0]):
                    yield amount.amount, self._match(places, glued.start(), glued.end())

    def _in_text(self, text: str, places: Sequence[tuple[int, int]]) -> Iterator[tuple[Decimal, Match]]:
        groups = (None, ".", ",") if _AMBIGUOUS.search(text) else (None,)
        for group in groups:
            for amount in find_amounts(text, group=group):
                yield amount.amount, self._match(places, amount.start, amount.end)

    @cached_property
    def dates(self) -> dict[str, list[Match]]:
        """Places by ISO date, in both readings where day and month could be exchanged; months and years too."""
        found: dict[str, list[Match]] = defaultdict(list)
        for text, places in self._texts:
            for day_first in (True, False):
                dates = [(date.iso, date.start, date.end) for date in find_dates(text, day_first=day_first, years=True)]
                dates += _glued_dates(text, day_first=day_first)
                for full, start, end in dates:
                    match = self._match(places, start, end)
                    for iso in {full, full[:7], full[:4]}:
                        if match not in found[iso]:
                            found[iso].append(match)
        return found

    @cached_property
    def times(self) -> dict[str, list[Match]]:
        """Places by HH:MM on the 24 hour clock."""
        found: dict[str, list[Match]] = defaultdict(list)
        for text, places in self._texts:
            for time in _TIME.finditer(text):
                hour = int(time[1])
                if time[4]:
                    hour = hour % 12 + (12 if time[4].lower() == "p" else 0)
                match = self._match(places, time.start(), time.end())
                found[f"{hour:02d}:{time[2]}"].append(match)
                if time[3]:
                    found[f"{hour:02d}:{time[2]}:{time[3]}"].append(match)
        return found

    @cached_property
    def phones(self) -> list[tuple[str, Match]]:
        """Digits of every phone number, and its place."""
        return [
            (phone_digits(text[phone.start : phone.end]), self._match(places, phone.start, phone.end))
            for text, places in self._texts
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
