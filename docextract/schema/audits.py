"""Audits that a schema's author declares: what must hold between values of a right answer.

`Annotated[Decimal | None, Audit.sum_of("net_total", "tax_total")]` on a field shows as one entry of
`"x-audits"` on it; a plain JSON Schema says the same words. On an object `x-audits` may stand too,
then every entry has a `path` to the field it is about. An entry is one of

    {"rule": "sum", "of": ["net_total", "tax_total"], "tolerance": 0.01}     this field is their sum
    {"rule": "sum", "of": ["*/amount"], "to": ["subtotal", "total"]}         their sum is one of these
    {"rule": "product", "of": ["quantity", "unit_price"]}                    this field is their product
    {"rule": "equals", "to": ["amount_due"]}                                 both say the same
    {"rule": "not_before", "to": ["issue_date"]}, {"rule": "not_after", ...} order of dates
    {"rule": "check_digits", "kind": "iban"}                                 iban, vat_id, luhn, isin, container, gtin
    {"rule": "one_of", "audits": [...]}                                      any of these
    {"rule": "free_rows"}                                                    this list is no table of its page

A path names fields from the object around, steps parted by `/`, `*` for every item; one that begins
with `/` starts at the root, one that begins with `*` at the field itself. An audit over a value that
is null says nothing; neither does a sum that is none of several totals where one of them is null.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Literal

from docextract.types import Json

CheckDigits = Literal["iban", "vat_id", "luhn", "isin", "container", "gtin"]
KINDS: tuple[CheckDigits, ...] = ("iban", "vat_id", "luhn", "isin", "container", "gtin")
RULES = ("sum", "product", "equals", "not_before", "not_after", "check_digits", "one_of", "free_rows")


class Audit:
    """What must hold for a field of a right answer. Shows as an entry of `x-audits`.

    A failed audit is an issue `audit_failed`, lowers the confidence of the values it compared, and
    makes the document partial under --strict. It never changes a value.
    """

    __slots__ = ("entry",)

    free_rows: ClassVar[Audit]

    def __init__(self, entry: dict[str, Json]) -> None:
        self.entry = entry

    @classmethod
    def sum_of(cls, *paths: str, tolerance: float | None = None) -> Audit:
        """The field is the sum of these. `tolerance` is how far rounding may carry it, by default 0.01 to 0.05."""
        return cls(_with_tolerance({"rule": "sum", "of": _paths(paths)}, tolerance))

    @classmethod
    def adds_up(cls, path: str, *totals: str, tolerance: float | None = None) -> Audit:
        """On a list: its items' `path` add up to one of `totals`, or to a sum that is printed by itself."""
        return cls(_with_tolerance({"rule": "sum", "of": [f"*/{path}"], "to": _paths(totals)}, tolerance))

    @classmethod
    def product_of(cls, *paths: str, tolerance: float | None = None) -> Audit:
        """The field is the product of these."""
        return cls(_with_tolerance({"rule": "product", "of": _paths(paths)}, tolerance))

    @classmethod
    def equals(cls, *paths: str, tolerance: float | None = None) -> Audit:
        """The field says the same as one of these."""
        return cls(_with_tolerance({"rule": "equals", "to": _paths(paths)}, tolerance))

    @classmethod
    def not_before(cls, path: str) -> Audit:
        """The field's date is the same day as this one, or later."""
        return cls({"rule": "not_before", "to": _paths((path,))})

    @classmethod
    def not_after(cls, path: str) -> Audit:
        """The field's date is the same day as this one, or earlier."""
        return cls({"rule": "not_after", "to": _paths((path,))})

    @classmethod
    def check_digits(cls, kind: CheckDigits) -> Audit:
        """The field's own check digits hold."""
        if kind not in KINDS:
            raise ValueError(f"no check digits are known for {kind!r}: one of {', '.join(KINDS)}")
        return cls({"rule": "check_digits", "kind": kind})

    @classmethod
    def one_of(cls, *audits: Audit) -> Audit:
        """At least one of these holds."""
        if not audits:
            raise ValueError("Audit.one_of needs one or more audits")
        return cls({"rule": "one_of", "audits": [audit.entry for audit in audits]})

    def __get_pydantic_json_schema__(
        self, core_schema: Any, handler: Callable[[Any], dict[str, Any]]
    ) -> dict[str, Any]:
        schema = handler(core_schema)
        schema["x-audits"] = [*schema.get("x-audits", ()), self.entry]
        return schema

    def __repr__(self) -> str:
        return f"Audit({self.entry!r})"


Audit.free_rows = Audit({"rule": "free_rows"})


def _paths(paths: tuple[str, ...]) -> list[Json]:
    if not paths or not all(isinstance(path, str) and path.strip("/") for path in paths):
        raise ValueError('an audit needs one or more paths, for instance Audit.sum_of("net_total", "tax_total")')
    return list(paths)


def _with_tolerance(entry: dict[str, Json], tolerance: float | None) -> dict[str, Json]:
    return entry if tolerance is None else {**entry, "tolerance": tolerance}
