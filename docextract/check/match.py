"""Where a page says a value: the exact words, or the same said otherwise. Nothing near is accepted here."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from docextract.check.index import Match, PageIndex
from docextract.check.keys import bare, decimal_marks, digits, key
from docextract.check.leaves import Leaf
from docextract.check.typed import TypedIndex, phone_digits, same_phone
from docextract.types import Json
from docextract.values.currencies import CODES, currency_of
from docextract.values.numbers import parse_number

_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}.*)?|\d{4}-\d{2}")
_ZERO = re.compile(r"0\d+")
_TIME = re.compile(r"\d{2}:\d{2}(:\d{2})?")
_PHONE = re.compile(r"[+(]?[\d\s()./-]{7,24}")
_WEB = re.compile(r"^(?:https?://|mailto:|tel:)?(?:www\.)?", re.IGNORECASE)


class PageSearch:
    """One page with everything that is known of it."""

    def __init__(self, page: PageIndex) -> None:
        self.page = page
        self.typed = TypedIndex(page)

    def candidates(self, leaf: Leaf) -> list[Match]:
        """Every place that says the leaf's value, those nearest to its spelling first."""
        if leaf.sort == "number":
            return self.number(decimal_of(leaf.value))
        text = str(leaf.value)
        found = self.text(text)
        return found or self.otherwise(text)

    def number(self, value: Decimal | None) -> list[Match]:
        """Places of a number by its absolute value; a rate may be printed as percent."""
        if value is None:
            return []
        found = self.typed.numbers.get(abs(value).normalize(), [])
        if not found and 0 < abs(value) < 1:
            hundred = self.typed.numbers.get((abs(value) * 100).normalize(), [])
            found = [match for match in hundred if self._is_percent(match)]
        return list(found)

    def _is_percent(self, match: Match) -> bool:
        last = match.words[-1]
        rest = self.page.words[last].text[match.end - 1 :]
        after = self.page.words[last + 1].text if last + 1 < len(self.page.words) else ""
        return "%" in rest or after.startswith("%")

    def text(self, text: str) -> list[Match]:
        """Places of a text by its letters and digits; where it has no letters, by its punctuation too."""
        wanted = key(text)
        if not wanted:
            return self._signs(text)
        number = as_number(text)
        if number is not None:
            exact = self.number(number)
            return sorted(exact, key=lambda match: bare(self.page.quote(match)) != bare(text))
        found: dict[tuple[int, ...], Match] = {}
        for order in self.page.orders:
            for words, start, end in order.find(wanted):
                match = Match(self.page.number, words, start, end)
                if words not in found and says(self.page.quote(match), text):
                    found[words] = match
        return list(found.values())

    def _signs(self, text: str) -> list[Match]:
        wanted = bare(text)
        return [
            Match(self.page.number, (index,), 0, len(word.text))
            for index, word in enumerate(self.page.words)
            if wanted and bare(word.text) == wanted
        ]

    def otherwise(self, text: str) -> list[Match]:
        """The same said otherwise: dates, times, phone numbers, web addresses, currencies by their sign."""
        iso = _ISO.fullmatch(text)
        if iso:
            return list(self.typed.dates.get(iso[1] or text, ()))
        if re.fullmatch(r"(?:19|20)\d\d", text):
            return list(self.typed.dates.get(text, ()))
        if _TIME.fullmatch(text):
            return list(self.typed.times.get(text, ())) or list(self.typed.times.get(text[:5], ()))
        if text in CODES:
            return self._currency(text)
        if _PHONE.fullmatch(text) and len(digits(text)) >= 7:
            wanted = phone_digits(text)
            return [match for number, match in self.typed.phones if same_phone(number, wanted)]
        stripped = _WEB.sub("", text).rstrip("/")
        if stripped != text and "." in stripped:
            return self.text(stripped)
        return []

    def _currency(self, code: str) -> list[Match]:
        found = []
        for index, word in enumerate(self.page.words):
            sign = re.match(r"[^\W\d_]*[^\w\s.,;:()/+-]+|[^\W\d_]{1,4}(?=\d|\Z|[.,]?\d)", word.text)
            tail = re.search(r"[^\w\s.,;:()/+-]+\Z", word.text)
            inner = _BRACKETED.search(word.text)
            for part in (sign, tail, inner):
                if part and currency_of(part[0]) == code:
                    found.append(Match(self.page.number, (index,), part.start(), part.end()))
                    break
        return found


_BRACKETED = re.compile(r"(?<=[(\[])(?:[^\W\d_]{1,4}|[^\w\s.,;:()\[\]/+-]+)(?=[)\]])")
"""A sign or code beside a column's name: `Amount(RM)`, `(EUR)`, `[€]`."""


def says(quote: str, text: str) -> bool:
    """Whether a quote with the same letters and digits is the same value: its numbers must be the same numbers."""
    if not any(map(str.isalpha, text)):
        return bare(quote).strip(".,;:()*#") == bare(text).strip(".,;:()*#") or len(digits(text)) >= 7
    return decimal_marks(quote) == decimal_marks(text) or len(digits(text)) >= 7


def as_number(text: str) -> Decimal | None:
    """The number that a text is; None for identifiers, which begin with a zero or are long."""
    if len(digits(text)) > 12 or _ZERO.fullmatch(text):
        return None
    return parse_number(text)


def is_verbatim(quote: str, value: Json) -> bool:
    """Whether the page spells the value as it is, but for spacing (a number: digits and a point)."""
    if isinstance(value, int | float):
        try:
            return Decimal(quote) == decimal_of(value)
        except InvalidOperation:
            return False
    return " ".join(quote.split()) == " ".join(str(value).split())


def other_words(text: str) -> tuple[str, ...] | None:
    """The dates and times that `otherwise` looks up for a text; None where it looks for something else."""
    iso = _ISO.fullmatch(text)
    if iso:
        return (iso[1] or text,)
    if re.fullmatch(r"(?:19|20)\d\d", text):
        return (text,)
    if _TIME.fullmatch(text):
        return (text, text[:5])
    is_other = text in CODES or _PHONE.fullmatch(text) or _WEB.sub("", text).rstrip("/") != text
    return None if is_other else ()


def decimal_of(value: Json) -> Decimal | None:
    """The exact number that JSON says; None where it is not finite."""
    number = Decimal(repr(value))
    return number if number.is_finite() else None
