"""Dates as people write them, to ISO 8601.

An all-digit date is read year first where the year stands first; else day first, unless that is
impossible (3/25/2024) or `day_first=False` says otherwise. Two-digit years follow POSIX: 69..99 are
19xx, 00..68 are 20xx.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from docextract.values.months import month_number, month_pattern

Precision = Literal["day", "month", "year"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDate:
    """A date in a text. `iso` is YYYY-MM-DD, YYYY-MM or YYYY by `precision`; `start`, `end` index the text.

    `ambiguous` is set where day and month could change places and give another date.
    """

    iso: str
    start: int
    end: int
    precision: Precision
    ambiguous: bool = False


_MONTH = month_pattern()
_SEP = r"\s?[-./]\s?"
_YEAR4 = r"(?:1[89]|20|21)\d\d"
_YEAR = rf"(?:{_YEAR4}|['\u2019]?\d\d)"
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª|\.)?"
_OF = r"(?:\s*(?:de|del|of|d['\u2019])\s*|[\s,./-]*)"

_EIGHT = (
    rf"(?:(?P<y>{_YEAR4})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])"
    r"|(?P<d2>0[1-9]|[12]\d|3[01])(?P<m2>0[1-9]|1[0-2])(?P<y2>(?:19|20)\d\d))"
)

_Reader = Callable[[re.Match[str], bool], tuple[str, Precision, bool] | None]


def _year(text: str) -> int:
    digits = text.lstrip("'\u2019")
    number = int(digits)
    if len(digits) == 4:
        return number
    return number + (1900 if number >= 69 else 2000)


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _year_first(match: re.Match[str], _day_first: bool) -> tuple[str, Precision, bool] | None:
    iso = _day(int(match["y"]), int(match["m"]), int(match["d"]))
    return (iso, "day", False) if iso else None


def _digits(match: re.Match[str], day_first: bool) -> tuple[str, Precision, bool] | None:
    if len(match["y"].lstrip("'\u2019")) == 2 and _within_code(match):
        return None
    year, first, second = _year(match["y"]), int(match["a"]), int(match["b"])
    as_day_first, as_month_first = _day(year, second, first), _day(year, first, second)
    # Only slashes and hyphens are written month first; 03.04.2024 is never American.
    wanted, other = (as_day_first, as_month_first) if day_first or match["s"] == "." else (as_month_first, as_day_first)
    iso = wanted or other
    ambiguous = bool(as_day_first and as_month_first and as_day_first != as_month_first and match["s"] != ".")
    return (iso, "day", ambiguous) if iso else None


def _compact(match: re.Match[str], _day_first: bool) -> tuple[str, Precision, bool] | None:
    found = match.groupdict()
    parts = [found[name] or found[f"{name}2"] for name in "ymd"]
    iso = _day(int(parts[0]), int(parts[1]), int(parts[2]))
    return (iso, "day", False) if iso else None


def _within_code(match: re.Match[str]) -> bool:
    """Whether short digits are a part of something longer: RC11-23-42-12."""
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:2]
    return before.isalnum() or (match["s"] == "-" and after[:1] == "-")


def _named(match: re.Match[str], _day_first: bool) -> tuple[str, Precision, bool] | None:
    month = month_number(match["m"])
    iso = _day(_year(match["y"]), month, int(match["d"])) if month else None
    return (iso, "day", False) if iso else None


def _month_year(match: re.Match[str], _day_first: bool) -> tuple[str, Precision, bool] | None:
    name = match["m"]
    month = int(name) if name.isdigit() else month_number(name)
    if not month or not 1 <= month <= 12:
        return None
    return f"{_year(match['y']):04d}-{month:02d}", "month", False


def _only_year(match: re.Match[str], _day_first: bool) -> tuple[str, Precision, bool] | None:
    return match["y"], "year", False


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w])(?<!\d[.,/-]){pattern}(?![\w])", re.IGNORECASE)


# Tried in this order at each place: the most exact reading of a stretch of text wins.
_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (
        re.compile(rf"(?<!\d)(?P<y>{_YEAR4})\s?[年년]\s?(?P<m>\d{{1,2}})\s?[月월]\s?(?P<d>\d{{1,2}})\s?[日일]"),
        _year_first,
    ),
    (re.compile(rf"(?<!\d)(?P<y>{_YEAR4})\s?[年년]\s?(?P<m>\d{{1,2}})\s?[月월]"), _month_year),
    (
        re.compile(
            rf"(?<![\w.,/-])(?P<y>{_YEAR4})(?P<s>{_SEP})(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})(?!\d)(?![./-]\d)",
        ),
        _year_first,
    ),
    (
        # A reader of pixels glues the time of day to the date: 25/12/201817:04.
        re.compile(
            rf"(?<![\d/-])(?<!\d[.,])(?P<a>\d{{1,2}})\s?(?P<s>[-./])\s?(?P<b>\d{{1,2}})\s?(?P=s)\s?"
            rf"(?P<y>{_YEAR4}(?=\d{{1,2}}:\d\d)|{_YEAR4}(?!\d)|['\u2019]?\d\d(?!\d))(?![./-]\d)(?!,\d)",
        ),
        _digits,
    ),
    # Tills print it without marks: 25032018 13:11:54.
    (
        re.compile(rf"(?<![\w.,/-]){_EIGHT}(?=\s+[0-2]?\d:[0-5]\d)"),
        _compact,
    ),
    (_compile(rf"(?P<d>\d{{1,2}}){_ORDINAL}{_OF}(?P<m>{_MONTH})\.?{_OF},?\s*(?P<y>{_YEAR})"), _named),
    (_compile(rf"(?P<m>{_MONTH})\.?[\s-]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+|-)(?P<y>{_YEAR})"), _named),
    (_compile(rf"(?P<y>{_YEAR4})[\s,./-]+(?P<m>{_MONTH})\.?[\s,./-]+(?P<d>\d{{1,2}})"), _named),
    (_compile(rf"(?P<m>{_MONTH})\.?(?:\s*(?:de|del|of)\s+|[\s,./-]*)(?P<y>{_YEAR4}|['\u2019]\s?\d\d)"), _month_year),
    (_compile(rf"(?P<m>{_MONTH})\.?[-/](?P<y>\d\d)"), _month_year),
    (_compile(rf"(?P<y>{_YEAR4})(?P<s>[-/])(?P<m>0?[1-9]|1[0-2])(?![-/]\d)"), _month_year),
    (_compile(rf"(?P<m>0?[1-9]|1[0-2])\s?[./-]\s?(?P<y>{_YEAR4})"), _month_year),
)
_YEAR_ONLY = _compile(rf"(?P<y>{_YEAR4})(?!%)(?![.,]\d)")
_COMPACT = re.compile(_EIGHT)


def find_dates(text: str, *, day_first: bool | None = None, years: bool = False) -> list[FoundDate]:
    """All dates in `text`, left to right, none overlapping. `years` also finds years that stand alone."""
    found: list[FoundDate] = []
    for one in _scan(text, day_first is not False, years):
        if all(one.end <= other.start or one.start >= other.end for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _scan(text: str, day_first: bool, years: bool) -> Iterator[FoundDate]:
    readers = [*_READERS, (_YEAR_ONLY, _only_year)] if years else _READERS
    for pattern, reader in readers:
        for match in pattern.finditer(text):
            result = reader(match, day_first)
            if result:
                iso, precision, ambiguous = result
                yield FoundDate(iso=iso, start=match.start(), end=match.end(), precision=precision, ambiguous=ambiguous)


def parse_date(text: str, *, day_first: bool | None = None) -> str | None:
    """The one date that `text` is or begins with a word or two before (`Mon, 3 May 2021`), else None.

    The result is YYYY-MM-DD, or YYYY-MM or YYYY where no more is said. Eight digits alone are read
    as YYYYMMDD, else as DDMMYYYY. A time of day after the date is left out.
    """
    stripped = text.strip()
    found = find_dates(stripped, day_first=day_first, years=True)
    if found and not any(character.isdigit() for character in stripped[: found[0].start]):
        return found[0].iso
    compact = _COMPACT.fullmatch(stripped)
    read = _compact(compact, True) if compact else None
    return read[0] if read else None
