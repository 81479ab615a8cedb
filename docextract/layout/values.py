"""What kind of thing a word or a cell's text is, as far as its place in a table depends on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from docextract.types import Word

_TRIM = "()[]{}*†‡§¶#%‰$€£¥₹+-–—−<>≤≥=~≈±°'\"“”’ "
_NUMBER = re.compile(r"\d[\d.,'’/:–—−-]*(?:[a-zA-Z]{1,2}|%|st|nd|rd|th)?$")
_EMPTY = frozenset(
    {"-", "–", "—", "−", "--", "---", "..", "...", "…", "na", "n/a", "n.a.", "n.a", "nil", "x", "*", "**", ":"}
)
_YEAR = re.compile(r"(?:19|20)\d\d(?:[-/–](?:\d\d|(?:19|20)\d\d))?[a-z*†]?$")
_CURRENCY = frozenset({"$", "€", "£", "¥", "us$", "eur", "usd", "gbp", "chf", "%", "rm", "rs", "kr"})


@lru_cache(maxsize=8192)
def is_number(text: str) -> bool:
    """Whether the word is a number, amount, percentage, date in digits or range of numbers."""
    core = text.strip(_TRIM)
    return bool(core) and _NUMBER.match(core) is not None


@lru_cache(maxsize=8192)
def is_value(text: str) -> bool:
    """A number, or what stands in a number's place in a table (a dash, NA, ..)."""
    return is_number(text) or text.casefold() in _EMPTY


def is_currency(text: str) -> bool:
    """A currency sign, code or percent sign alone."""
    return text.casefold() in _CURRENCY


def value_text(words: Sequence[Word]) -> bool:
    """Whether a short run of words is one value: numbers with their signs and units."""
    if not words or len(words) > 4:
        return False
    values = sum(1 for w in words if is_value(w.text))
    return values > 0 and all(
        is_value(w.text) or is_currency(w.text) or not any(c.isalpha() for c in w.text) for w in words
    )


def is_year(text: str) -> bool:
    """A year or a span of years: numbers that head columns as often as they fill them."""
    return _YEAR.match(text.strip("()")) is not None
