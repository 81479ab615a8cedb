"""A stretch of printed text read as the type a field wants: every reading with its place and how good it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from docextract.local.lexicon import NO, YES
from docextract.local.wanted import Want
from docextract.types import Json
from docextract.values.currencies import CODES, SIGNS, currency_of
from docextract.values.dates import find_dates
from docextract.values.ids import FoundId, find_emails, find_ibans, find_phones, find_urls, find_vat_ids
from docextract.values.numbers import find_amounts
from docextract.values.text import fold, squeeze


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How this document writes: the mark that groups thousands, and whether the day stands first."""

    group: str | None = None
    day_first: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A value in a text. `start`, `end` index the text; `quality` 0 to 1 says how much it looks like its type."""

    value: Json
    start: int
    end: int
    quality: float = 1.0


# A town's line of the United States: dates beside it have the month first.
_US_TOWN = re.compile(
    r",?\s(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]"
    r"|W[AIVY])\s{1,2}\d{5}(?:-\d{4})?(?!\d)"
)
_ID = re.compile(r"(?<![\d.,])[A-Za-z0-9ÄÖÜäöü][\w./\-#&]*")
# A number printed in groups: FM 7723 0091, PO 7731-B.
_GROUPED_ID = re.compile(r"[\s:.#=*]*((?:[A-Z]{1,3} [A-Z]{0,3}\d[\w/-]*|\d{2,5} \d{2,5})(?: \d{1,5}){0,3})\s*")
# A number that counts within its month: FV 14/06/2025.
_COUNTED_ID = re.compile(r"[\s:.#=*]*([A-Z]{1,4}[ /-]?\d{1,5}(?:/\d{1,4}){1,3}(?:/[A-Z]{1,4})?)\s*")
# A minus before a number is the number's own.
_LABEL_REST = re.compile(r"^(?:[\s:.#=°º№*]|[-\u2013](?!\d))+")
# Quantity and unit in one word: 8,00st, 5kg.
_WITH_UNIT = re.compile(r"(\d[\d.,]*)[^\W\d_]{1,9}[23²³]?\.?")
_TIME = re.compile(
    r"(?:(?<=[/.-](?:19|20)\d\d)|(?<![\d:.,/]))([01]?\d|2[0-3])\s?[:h]\s?([0-5]\d)(?:\s?:\s?([0-5]\d))?(?!\d)(?:\s*([ap])\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_MONEY_WORDS = frozenset(["RM", "Rs", "Euro", "EURO", "Euros", "EUROS"])
_BIC = re.compile(r"(?<!\w)[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?!\w)")
# A tax number in short groups, as many countries print theirs: 53 004 085 616, 06/123/45678, 49-091-850.
_TAX_GROUPS = re.compile(r"(?<![\w.,])\d{2,3}(?:[ ./-]\d{2,7}){1,4}(?![\w.,]\d|\w)")
_NIF = re.compile(r"\s*((?:[A-HJ-NP-SUVW]-?\d{7}[0-9A-J]|\d{8}-?[A-Z]|[XYZ]-?\d{7}-?[A-Z]))\s*")
_TAX_ID = re.compile(r"(?<!\w)(?=[A-Z]{0,3}[\s]?[\dA-Z]*\d{4})[A-Z]{0,3}[ ]?[\dA-Z]{2,}(?:[ ./-]?[\dA-Z]+)*(?!\w)")


def habits_of(texts: list[str]) -> Habits:
    """Counts how amounts with two decimals and dates with impossible months are written."""
    text = "\n".join(texts)
    comma, point = len(re.findall(r"\d,\d\d(?!\d)", text)), len(re.findall(r"\d\.\d\d(?![\d.])", text))
    impossible = re.findall(r"(?<!\d)(\d{1,2})[/-](\d{1,2})[/-](?:\d{4}|\d\d)(?!\d)", text)
    month_first = any(int(b) > 12 >= int(a) for a, b in impossible) and not any(int(a) > 12 for a, b in impossible)
    if not impossible_day_first(impossible) and _US_TOWN.search(text):
        month_first = True
    group = "." if comma > point else "," if point > comma else None
    return Habits(group=group, day_first=False if month_first else None)


def impossible_day_first(pairs: list[tuple[str, str]]) -> bool:
    """Whether one of the dates (first, second number) can only have its day first."""
    return any(int(first) > 12 for first, _ in pairs)


def read(want: Want, text: str, habits: Habits) -> list[Reading]:
    """Every reading of `text` as this field's kind, left to right; those that break the schema's own rules left out."""
    if not text.strip():
        return []
    readings = _READERS.get(want.kind, _text)(want, text, habits)
    return [reading for reading in readings if allowed(reading.value, want.schema)]


def allowed(value: Json, schema: Mapping[str, Json]) -> bool:
    """Whether a value keeps the schema's pattern, lengths and bounds."""
    if isinstance(value, str):
        pattern = schema.get("pattern")
        if isinstance(pattern, str) and not re.search(pattern, value):
            return False
        return int(schema.get("minLength", 0)) <= len(value) <= float(schema.get("maxLength", "inf"))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        low, high = schema.get("minimum", float("-inf")), schema.get("maximum", float("inf"))
        above, below = schema.get("exclusiveMinimum", float("-inf")), schema.get("exclusiveMaximum", float("inf"))
        return bool(low <= value <= high and above < value < below)
    return True


def number(value: Decimal) -> int | float:
    """A decimal as the JSON number that prints the same."""
    return int(value) if value == value.to_integral_value() else float(value)


def _date(want: Want, text: str, habits: Habits) -> list[Reading]:
    exact = want.schema.get("format") in ("date", "date-time")
    found = [
        Reading(value=one.iso, start=one.start, end=one.end, quality=1.0 if one.precision == "day" else 0.6)
        for one in find_dates(text, day_first=habits.day_first)
        if one.precision == "day" or not exact
    ]
    if want.schema.get("format") == "date-time":
        return [
            Reading(value=f"{one.value}T00:00:00", start=one.start, end=one.end, quality=one.quality) for one in found
        ]
    return found


def _amounts(want: Want, text: str, habits: Habits) -> list[Reading]:
    dated = [(one.start, one.end) for one in find_dates(text)]
    readings = []
    glued = _WITH_UNIT.fullmatch(text.strip())
    for one in find_amounts(glued[1] if glued else text, group=habits.group):
        if any(one.start < end and start < one.end for start, end in dated):
            continue
        whole = want.kind == "integer"
        if whole and one.amount != one.amount.to_integral_value():
            continue
        quality = 1.0
        if want.kind == "money":
            quality = (
                0.1
                if one.percent
                else 1.0
                if one.decimals == 2
                else 0.9
                if one.currency
                else 0.6
                if one.decimals
                else 0.5
            )
        elif want.concept == "tax_rate":
            quality = 1.0 if one.percent else 0.8
        elif one.percent:
            quality = 0.6
        readings.append(
            Reading(
                value=int(one.amount) if whole else number(one.amount), start=one.start, end=one.end, quality=quality
            )
        )
    if want.schema.get("type") == "string":
        return [
            Reading(value=text[one.start : one.end], start=one.start, end=one.end, quality=one.quality)
            for one in readings
        ]
    return readings


def _identifier(_want: Want, text: str, _habits: Habits) -> list[Reading]:
    # 2024-07 may be a month, and the seventh number of its year: only where nothing stands before it.
    dated = [
        (one.start, one.end)
        for one in find_dates(text)
        if one.precision == "day" or text[: one.start].strip(" :.#-()") or any(map(str.isalpha, text))
    ]
    readings = []
    counted = _COUNTED_ID.fullmatch(text)
    grouped = counted or _GROUPED_ID.fullmatch(text)
    if grouped and (counted or not any(dated)):
        return [Reading(value=grouped[1], start=grouped.start(1), end=grouped.end(1))]
    for match in _ID.finditer(text):
        value = match[0].rstrip(".-/#&")
        start, end = match.start(), match.start() + len(value)
        if not any(character.isdigit() for character in value) or any(start < b and a < end for a, b in dated):
            continue
        alone = not text[:start].strip(" :.#-()")
        readings.append(
            Reading(
                value=value, start=start, end=end, quality=(1.0 if alone else 0.6) * (0.6 if len(value) == 1 else 1.0)
            )
        )
    return readings


def _clock(_want: Want, text: str, _habits: Habits) -> list[Reading]:
    readings = []
    for match in _TIME.finditer(text):
        hour = int(match[1])
        if text[: match.start()][-1:].isalpha() and match[0][len(match[1])].isspace():
            continue  # a misread letter before a colon: `Te1 : 05 61`
        if match[4] and hour <= 12:
            hour = hour % 12 + (12 if match[4].lower() == "p" else 0)
        value = f"{hour:02d}:{match[2]}" + (f":{match[3]}" if match[3] else "")
        readings.append(Reading(value=value, start=match.start(), end=match.end()))
    return readings


def _currency(_want: Want, text: str, _habits: Habits) -> list[Reading]:
    readings = []
    for match in re.finditer(r"[A-Z]{3}(?![A-Za-z])|[^\W\d_]*\$|[€£¥₹₽₩₺₫₴₪฿₱]|[^\W\d_]+\.?", text):
        code = currency_of(match[0])
        # A bare `kr` or `Ft` may be a word; a sign or a code is not.
        if code:
            sure = match[0] in CODES or not match[0].isalpha() or match[0] in _MONEY_WORDS
            readings.append(Reading(value=code, start=match.start(), end=match.end(), quality=1.0 if sure else 0.6))
    return readings


def _found(finder: Callable[[str], list[FoundId]]) -> Callable[[Want, str, Habits], list[Reading]]:
    def reader(_want: Want, text: str, _habits: Habits) -> list[Reading]:
        return [Reading(value=one.value, start=one.start, end=one.end) for one in finder(text)]

    return reader


def _printed(finder: Callable[[str], list[FoundId]]) -> Callable[[Want, str, Habits], list[Reading]]:
    """Like `_found`, the value as printed: of a phone number or address on the web the spelling is the owner's."""

    def reader(_want: Want, text: str, _habits: Habits) -> list[Reading]:
        return [Reading(value=text[one.start : one.end].strip(), start=one.start, end=one.end) for one in finder(text)]

    return reader


def _vat(_want: Want, text: str, _habits: Habits) -> list[Reading]:
    accounts = find_ibans(text)
    exact = [
        Reading(value=one.value, start=one.start, end=one.end)
        for one in find_vat_ids(text)
        if not any(one.start < account.end and account.start < one.end for account in accounts)
    ]
    if exact:
        return exact
    dated = [(one.start, one.end) for one in find_dates(text)]
    others = []
    for match in _TAX_ID.finditer(text):
        digits = sum(character.isdigit() for character in match[0])
        if 8 <= digits <= 15 and not any(match.start() < b and a < match.end() for a, b in dated):
            others.append(Reading(value=match[0].strip(), start=match.start(), end=match.end(), quality=0.6))
    return others or _tax_groups(text, dated) or _bare_tax_ids(text)


def _bare_tax_ids(text: str) -> list[Reading]:
    """A Spanish tax number, which needs no label: it is known by its shape, alone in its line."""
    match = _NIF.fullmatch(text)
    return [Reading(value=match[1], start=match.start(1), end=match.end(1), quality=0.6)] if match else []


def _tax_groups(text: str, dated: list[tuple[int, int]]) -> list[Reading]:
    return [
        Reading(value=match[0], start=match.start(), end=match.end(), quality=0.6)
        for match in _TAX_GROUPS.finditer(text)
        if 8 <= sum(c.isdigit() for c in match[0]) <= 13
        and not any(match.start() < b and a < match.end() for a, b in dated)
    ]


def _bic(_want: Want, text: str, _habits: Habits) -> list[Reading]:
    return [Reading(value=m[0], start=m.start(), end=m.end(), quality=0.9) for m in _BIC.finditer(text)]


def _enum(want: Want, text: str, _habits: Habits) -> list[Reading]:
    values = want.schema.get("enum") or [want.schema.get("const")]
    folded = fold(text)
    readings = []
    for value in values:
        sought = fold(str(value)).replace("_", " ")
        match = re.search(rf"(?<!\w){re.escape(sought)}(?!\w)", folded) if sought else None
        # Places are those of the folded text, which for printed words is as long as the text nearly always.
        if match and len(folded) == len(text):
            readings.append(Reading(value=value, start=match.start(), end=match.end()))
        elif match:
            readings.append(Reading(value=value, start=0, end=len(text), quality=0.9))
    return readings


def _boolean(_want: Want, text: str, _habits: Habits) -> list[Reading]:
    match = re.search(r"[^\s:.,;()\[\]]+", text)
    word = match[0].casefold() if match else ""
    if match and (word in YES or word in NO):
        return [Reading(value=word in YES, start=match.start(), end=match.end())]
    return []


def _text(_want: Want, text: str, _habits: Habits) -> list[Reading]:
    skipped = _LABEL_REST.match(text)
    start = skipped.end() if skipped else 0
    end = len(text.rstrip(" \t:|"))
    if end <= start or not squeeze(text[start:end]):
        return []
    return [Reading(value=text[start:end], start=start, end=end, quality=0.8)]


_READERS: dict[str, Callable[[Want, str, Habits], list[Reading]]] = {
    "date": _date,
    "time": _clock,
    "money": _amounts,
    "number": _amounts,
    "integer": _amounts,
    "boolean": _boolean,
    "enum": _enum,
    "currency": _currency,
    "email": _found(find_emails),
    "phone": _printed(find_phones),
    "url": _printed(find_urls),
    "iban": _found(find_ibans),
    "vat_id": _vat,
    "bic": _bic,
    "id": _identifier,
}

SIGN_WORDS = frozenset(sign.casefold().strip(".") for sign in SIGNS if sign[0].isalpha()) | {
    code.casefold() for code in CODES
}
"""Currency words, folded: they may stand between a label and its amount."""
