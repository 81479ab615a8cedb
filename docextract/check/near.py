"""Where a page says nearly a value: accepted for names, addresses and free text, otherwise a contradiction.

Thresholds were measured on receipts and invoices with planted errors: a similarity of 90 with two
rules besides, without which one changed digit or one replaced word passes: every run of digits of
the value stands in the aligned words, in order; and every word of three letters or more has a twin
there. Dates, money, numbers and identifiers are never accepted nearly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from rapidfuzz import fuzz

from docextract.check.index import Match, Order, PageIndex
from docextract.check.keys import digits, key
from docextract.check.leaves import Leaf
from docextract.check.match import PageSearch, as_number

ACCEPT = 90.0
CONTRADICT = 80.0
"""From here on a place says something else; a little below (`ONE_WORD`) only if all words but one stand there."""

ONE_WORD = 62.0
TWIN_SHORT = 66.0
TWIN_LONG = 80.0
"""What a word needs to be taken for its twin: one wrong letter in three, or in words of six letters or more in five."""

SHORTEST = 6
"""Keys shorter than this have too many near neighbours on any page."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A place that says something near the value. `score` is 0 to 100."""

    match: Match
    status: Literal["approximate", "contradicted"]
    score: float


def near(search: PageSearch, leaf: Leaf) -> Near | None:
    """The nearest place on a page, or None where nothing is near."""
    if leaf.sort == "number":
        return _near_number(search, Decimal(repr(leaf.value)))
    text = str(leaf.value)
    number = as_number(text)
    if number is not None:
        return _near_number(search, number)
    if is_day(text):
        return _near_date(search, text[:10])
    return _near_text(search.page, text)


def is_text(leaf: Leaf) -> bool:
    """Whether places near the leaf's value are nearer or less near: no number and no date."""
    text = str(leaf.value)
    return leaf.sort != "number" and as_number(text) is None and not is_day(text)


def is_day(text: str) -> bool:
    """Whether a text begins with an ISO date."""
    return _DAY.match(text) is not None


def _near_text(page: PageIndex, text: str) -> Near | None:
    wanted = key(text)
    if len(wanted) < SHORTEST:
        return None
    best: Near | None = None
    for order in page.orders:
        found = _aligned(page, order, text, wanted)
        if found is not None and (best is None or _rank(found) > _rank(best)):
            best = found
    return best


def _rank(found: Near) -> tuple[bool, float]:
    return found.status == "approximate", found.score


def _aligned(page: PageIndex, order: Order, text: str, wanted: str) -> Near | None:
    if len(order.text) < len(wanted):
        return None
    alignment = fuzz.partial_ratio_alignment(wanted, order.text, score_cutoff=ONE_WORD)
    if alignment is None or alignment.dest_end <= alignment.dest_start:
        return None
    stretch = order.stretch(alignment.dest_start, alignment.dest_end, whole=False)
    if stretch is None:
        return None
    words = _trimmed(page, stretch[0], wanted)
    last = page.words[words[-1]].text
    match = Match(page.number, words, 0, len(last))
    if alignment.score < CONTRADICT and not _all_but_one(text, page.quote(match)):
        return None
    accepted = (
        alignment.score >= ACCEPT
        # Only a reader of pixels glues words: elsewhere the end of a longer word is another word.
        and (order.seen or _ratio(page, words, wanted) >= ACCEPT)
        and not is_identifier(text)
        and _digits_agree(text, page.quote(match))
        and _words_agree(text, page.quote(match))
    )
    return Near(match=match, status="approximate" if accepted else "contradicted", score=alignment.score)


def _trimmed(page: PageIndex, words: tuple[int, ...], wanted: str) -> tuple[int, ...]:
    """The aligned words without one at either end that only a letter or two of the alignment touched."""
    while len(words) > 1:
        whole = fuzz.ratio(wanted, "".join(key(page.words[index].text) for index in words))
        shorter = max((words[1:], words[:-1]), key=lambda some: _ratio(page, some, wanted))
        if _ratio(page, shorter, wanted) <= whole:
            break
        words = shorter
    return words


def _ratio(page: PageIndex, words: tuple[int, ...], wanted: str) -> float:
    return fuzz.ratio(wanted, "".join(key(page.words[index].text) for index in words))


def is_identifier(text: str) -> bool:
    """Whether a text is a number, code, address on the net or the like, where one character decides."""
    compact = text.strip()
    if "@" in compact or "://" in compact or compact.lower().startswith("www."):
        return True
    letters_digits = key(compact)
    count = len(digits(letters_digits))
    one_token = len(compact.split()) == 1
    return bool(count) and (one_token or count > 0.4 * len(letters_digits))


def _digits_agree(text: str, quote: str) -> bool:
    if digits(text) == digits(quote):
        return True
    runs = iter(re.findall(r"\d+", quote))
    return all(run in runs for run in re.findall(r"\d+", text))  # `in` an iterator: in order


def _words_agree(text: str, quote: str) -> bool:
    printed = [key(word) for word in re.findall(r"\w+", quote)]
    whole = key(quote)
    for word in re.findall(r"[^\W\d_]{3,}", text):
        wanted = key(word)
        least = TWIN_SHORT if len(wanted) < 6 else TWIN_LONG
        if wanted not in whole and all(fuzz.ratio(wanted, other) < least for other in printed):
            return False
    return True


def _all_but_one(text: str, quote: str) -> bool:
    printed = {key(word) for word in re.findall(r"\w+", quote)}
    words = [key(word) for word in re.findall(r"\w+", text)]
    return len(words) >= 3 and sum(word not in printed for word in words) == 1


def _near_number(search: PageSearch, value: Decimal) -> Near | None:
    """A number on the page with one digit other than the value's, or two neighbours exchanged."""
    wanted = cents(value)
    if wanted is None or len(wanted) < 4:
        return None
    for other, matches in search.typed.numbers.items():
        printed = cents(other)
        if printed is not None and matches and is_one_off(wanted, printed):
            return Near(match=matches[0], status="contradicted", score=100 - 100 / len(wanted))
    return None


def cents(value: Decimal) -> str | None:
    """A number in hundredths as digits; None where it has more decimals, or is too large for an amount."""
    scaled = abs(value) * 100
    return str(int(scaled)) if scaled == scaled.to_integral_value() and scaled < 10**15 else None


def is_one_off(one: str, other: str) -> bool:
    """Whether two runs of digits differ in one digit, or in two neighbours exchanged."""
    if len(one) != len(other):
        return False
    places = [index for index, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 2 and places[1] == places[0] + 1:
        first, second = places
        return one[first] == other[second] and one[second] == other[first]
    return len(places) == 1


def _near_date(search: PageSearch, iso: str) -> Near | None:
    """A date on the page that differs in the day, the month or the year only."""
    for other, matches in search.typed.dates.items():
        if len(other) == 10 and matches and is_day_off(iso, other):
            return Near(match=matches[0], status="contradicted", score=80.0)
    return None


def is_day_off(iso: str, other: str) -> bool:
    """Whether two ISO dates differ in one of day, month and year; nothing is near a date that is none."""
    try:
        wanted = date.fromisoformat(iso)
    except ValueError:
        return False
    printed = date.fromisoformat(other)
    return (printed.year == wanted.year) + (printed.month == wanted.month) + (printed.day == wanted.day) == 2
