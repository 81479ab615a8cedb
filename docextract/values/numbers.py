"""Numbers and money as they are printed, to exact decimals.

Which of `.` and `,` is the decimal mark is decided by the number itself: the last of two different
marks is; one that repeats is not; one alone is, unless exactly three digits follow it and one to
three, not beginning with 0, stand before it (then `group` decides: by default 1.234 is 1234 and
1,234 is 1234, while 0.125 is a fraction).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from docextract.values.currencies import CODES, SIGNS, currency_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount and its ISO 4217 currency where a sign or code says it."""

    amount: Decimal
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAmount:
    """A number in a text. `start`, `end` index the text, sign and currency included.

    `decimals` is how many digits stand after the decimal mark; `percent` whether a % follows.
    """

    amount: Decimal
    currency: str | None
    start: int
    end: int
    decimals: int
    percent: bool = False


_SPACES = "\u0020\u00a0\u2009\u202f"
_MINUS = "-\u2212\u2013\u2010\u2011"
_APOSTROPHES = "'\u2019"
# Grouped by spaces or apostrophes in threes, or any run of digits and marks that ends in a digit.
_BODY = (
    rf"\d{{1,3}}(?:[{_SPACES}{_APOSTROPHES}]\d{{3}})+(?![\d])(?:[.,]\d+)?"
    r"|\d+(?:[.,]\d+)*"
    r"|[.,]\d+"
)
_CURRENCY = "|".join(
    [re.escape(sign) + (r"(?![a-z])" if sign[-1].isalpha() else "") for sign in sorted(SIGNS, key=len, reverse=True)]
    + [rf"(?:{'|'.join(sorted(CODES))})(?![A-Za-z])"]
)
_AMOUNT = re.compile(
    rf"(?<![\w])(?<!\d[.,:/])(?P<open>\()?(?P<minus>[{_MINUS}+]\s?)?"
    rf"(?:(?P<before>{_CURRENCY})[\s:]?\s?(?P<minus2>[{_MINUS}]\s?)?)?"
    rf"(?P<body>{_BODY})(?:,-{{1,2}}|\.-)?"
    rf"(?(open)\))(?P<trail>{'[' + _MINUS + ']'}(?![\w]))?"
    rf"(?:\s?(?P<percent>%)|\s?(?P<after>{_CURRENCY})(?![\w]))?"
    # A till prints the letter of the rate of tax right behind the amount: 7.40T.
    r"(?:(?!\w)|(?<=\d[.,]\d\d)(?=[A-Z](?!\w)))(?![.,:/]\d)"
)


_SHORT = 200
"""Texts up to this length are remembered: what is long is neither frequent nor small."""
_DIGIT = re.compile(r"\d")
_ALONE = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
"""A text that is a body and nothing else, as most cells are: what `_AMOUNT` finds in it is all of it."""


def _decimal(body: str, group: str | None) -> tuple[Decimal, int] | None:
    """The number that digits and marks stand for, and its count of decimals."""
    if body.isdecimal():
        return Decimal(body), 0
    compact = re.sub(rf"[{_SPACES}{_APOSTROPHES}]", "", body)
    marks = [character for character in compact if character in ".,"]
    point = _decimal_mark(compact, marks, group)
    if point is None:
        digits, fraction = re.sub(r"[.,]", "", compact), ""
    else:
        whole, _, fraction = compact.rpartition(point)
        digits = re.sub(r"[.,]", "", whole)
    if not (digits or fraction) or not _grouped(compact, marks, point):
        return None
    return Decimal(f"{digits or '0'}.{fraction}" if fraction else digits), len(fraction)


def _decimal_mark(compact: str, marks: list[str], group: str | None) -> str | None:
    if not marks:
        return None
    last = marks[-1]
    if len(set(marks)) > 1:
        return last if marks.count(last) == 1 else None
    if len(marks) > 1:
        return None
    whole, _, fraction = compact.partition(last)
    groups = len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    if groups and (group is None or group == last):
        return None
    return last


def _grouped(compact: str, marks: list[str], point: str | None) -> bool:
    """Whether grouping marks stand every two or three digits (lakh included): 1.2.3 is no number."""
    if not marks or (len(marks) == 1 and point):
        return True
    whole = compact.rpartition(point)[0] if point else compact
    parts = re.split(r"[.,]", whole)
    return len(parts) == 1 or (
        1 <= len(parts[0]) <= 3 and len(parts[-1]) == 3 and all(len(part) in (2, 3) for part in parts[1:])
    )


def find_amounts(text: str, *, group: str | None = None) -> list[FoundAmount]:
    """All numbers in `text`, left to right: plain, money and percentages. Dates and times are skipped.

    `group` names the mark that groups thousands (`,` or `.`) where the caller knows it.
    """
    return list(_found(text, group))


def _found(text: str, group: str | None) -> tuple[FoundAmount, ...]:
    """A page is read word by word, line by line, and for each value of the answer: mostly the same few hundred."""
    return _remembered(text, group) if len(text) <= _SHORT else _find(text, group)


@lru_cache(maxsize=1024)
def _remembered(text: str, group: str | None) -> tuple[FoundAmount, ...]:
    return _find(text, group)


def _find(text: str, group: str | None) -> tuple[FoundAmount, ...]:
    if not _DIGIT.search(text):
        return ()
    if _ALONE.fullmatch(text):
        alone = _decimal(text, group)
        return () if alone is None else (_amount(alone, 0, len(text)),)
    found: list[FoundAmount] = []
    for match in _AMOUNT.finditer(text):
        read = _decimal(match["body"], group)
        if read is None:
            continue
        number, decimals = read
        negative = bool(match["open"]) or any(
            match[name] and match[name].strip() != "+" for name in ("minus", "minus2", "trail")
        )
        sign = match["before"] or match["after"]
        found.append(
            FoundAmount(
                amount=-number if negative else number,
                currency=currency_of(sign) if sign else None,
                start=match.start(),
                end=match.end(),
                decimals=decimals,
                percent=bool(match["percent"]),
            )
        )
    return tuple(found)


def _amount(read: tuple[Decimal, int], start: int, end: int) -> FoundAmount:
    return FoundAmount(amount=read[0], currency=None, start=start, end=end, decimals=read[1])


def parse_number(text: str, *, group: str | None = None) -> Decimal | None:
    """The number that `text` is, currency and percent sign allowed (19 % is 19), else None."""
    one = _single(text, group)
    return one.amount if one else None


def parse_money(text: str, *, group: str | None = None) -> Money | None:
    """The amount that `text` is, with its currency where one stands before or after it, else None."""
    one = _single(text, group)
    return Money(amount=one.amount, currency=one.currency) if one and not one.percent else None


def _single(text: str, group: str | None) -> FoundAmount | None:
    stripped = text.strip().strip("*=:").strip()
    match = _found(stripped, group)
    if len(match) == 1 and match[0].start == 0 and match[0].end == len(stripped):
        return match[0]
    return None
