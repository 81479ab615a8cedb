"""When two values count as the same: text folded, dates ISO, numbers exact, null for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from docextract.types import Json
from docextract.values.dates import parse_date
from docextract.values.numbers import parse_number
from docextract.values.text import fold

Sort = Literal["date", "number", "boolean", "text"]


def sort_of(schema: Mapping[str, Json]) -> Sort | None:
    """What a leaf's schema says it is, None where it says nothing. Unions: the first branch that is not null."""
    branches = schema.get("anyOf") or schema.get("oneOf")
    if isinstance(branches, list):
        known = [sort_of(branch) for branch in branches if isinstance(branch, dict) and branch.get("type") != "null"]
        # Money written as `number or string` is a number.
        return "number" if "number" in known else next((each for each in known if each), None)
    kinds = schema.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "number" in kinds or "integer" in kinds:
        return "number"
    if "boolean" in kinds:
        return "boolean"
    if "string" in kinds:
        return "date" if schema.get("format") in ("date", "date-time") else "text"
    return None


def normal(value: Json, sort: Sort | None = None) -> Json:
    """The value in the one form that is compared: None, bool, Decimal or str.

    Text: NFKC, casefold, one kind of dash and quote, single spaces; empty text is None. Dates: ISO
    where they can be read, else as text. Numbers: the exact decimal that is written, 12.5 equals 12.50.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return plain_number(Decimal(str(value)))
    text = str(value)
    if sort == "number":
        number = parse_number(text)
        if number is not None:
            return plain_number(number)
    if sort == "date":
        return parse_date(text) or fold(text) or None
    return fold(text) or None


def plain_number(number: Decimal) -> Decimal:
    """Without trailing zeros, zero without a sign."""
    return abs(number) if number == 0 else number.normalize()


def equal(wanted: Json, got: Json, sort: Sort | None = None) -> bool:
    """Whether two leaves are the same value. A number never equals text, unless the schema says number."""
    left, right = normal(wanted, sort), normal(got, sort)
    # True is 1 in Python, and no answer may be right by that.
    return left == right and isinstance(left, bool) == isinstance(right, bool)
