from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from docextract import Audit
from docextract.check.audit import audit
from docextract.check.digits import holds, luhn
from docextract.schema.load import load
from docextract.schema.target import target_of


def failed(schema: Any, value: Any, printed: Any = None) -> list[tuple[str, str]]:
    return [(each.path, each.rule) for each in audit(value, schema, printed) if not each.ok]


class Line(BaseModel):
    amount: Decimal | None = None


class Bill(BaseModel):
    model_config = ConfigDict(json_schema_extra={"x-audits": [{"path": "kind", "rule": "equals", "to": ["type"]}]})

    lines: Annotated[list[Line], Audit.adds_up("amount", "net", "total")] = []
    net: Decimal | None = None
    tax: Decimal | None = None
    total: Annotated[Decimal | None, Audit.sum_of("net", "tax")] = None
    sent: str | None = None
    due: Annotated[str | None, Audit.not_before("sent")] = None
    iban: Annotated[str | None, Audit.check_digits("iban")] = None
    kind: str | None = None
    type: str | None = None


BILL = target_of(Bill).json_schema
GOOD: dict[str, Any] = {
    "lines": [{"amount": 10.01}, {"amount": None}, {"amount": 5.0}],
    "net": 15.01,
    "tax": 2.85,
    "total": 17.86,
    "sent": "2024-02-28",
    "due": "2024-03",
    "iban": "DE89 3704 0044 0532 0130 00",
    "kind": "A-1",
    "type": "a1",
}


def test_a_right_answer_passes_every_audit() -> None:
    assert [each.rule for each in audit(GOOD, BILL)] == ["equals", "sum", "sum", "not_before", "check_digits"]
    assert failed(BILL, GOOD) == []


@pytest.mark.parametrize(
    ("field", "value", "rules"),
    [
        ("net", 15.11, [("/net", "sum"), ("/total", "sum")]),
        ("tax", 2.65, [("/total", "sum")]),
        ("lines", [{"amount": 10.01}, {"amount": 4.0}], [("/net", "sum")]),
        ("due", "2024-01", [("/due", "not_before")]),
        ("iban", "DE89370400440532013001", [("/iban", "check_digits")]),
        ("kind", "B-1", [("/kind", "equals")]),
    ],
)
def test_one_wrong_value_fails_its_audits(field: str, value: Any, rules: list[tuple[str, str]]) -> None:
    assert failed(BILL, {**GOOD, field: value}) == rules


@pytest.mark.parametrize("field", ["net", "tax", "sent", "due", "iban", "kind", "type", "total", "lines"])
def test_an_audit_over_null_says_nothing(field: str) -> None:
    assert failed(BILL, {**GOOD, field: [] if field == "lines" else None}) == []


def test_lines_that_add_up_to_a_printed_subtotal_are_complete() -> None:
    value = {**GOOD, "lines": [{"amount": 12.0}, {"amount": 6.0}]}
    assert failed(BILL, value) == [("/net", "sum")]
    assert failed(BILL, value, lambda number, paths: number == 18 and "/lines/0/amount" in paths) == []


def test_a_failed_audit_says_what_it_compared() -> None:
    [found] = [each for each in audit({**GOOD, "tax": 3.0}, BILL) if not each.ok]
    assert found.message == "net, tax add up to 18.01, against total 17.86"
    assert found.paths == ("/total", "/net", "/tax")


def test_tolerance_grows_with_the_lines_but_not_for_ever() -> None:
    schema = target_of(Bill).json_schema
    many = {"lines": [{"amount": 1.0}] * 60, "net": 60.06, "total": 75.0}
    assert failed(schema, many) == [("/net", "sum")]
    assert failed(schema, {**many, "net": 60.05}) == []


def test_a_receipt_holds_its_tax_or_adds_it() -> None:
    schema = load("receipt", base=None)[0].json_schema
    assert failed(schema, {"subtotal": 10.0, "tax": 0.6, "total": 10.6}) == []
    assert failed(schema, {"subtotal": 10.0, "tax": 0.57, "total": 10.0}) == []
    assert failed(schema, {"subtotal": 10.0, "tax": 0.6, "total": 11.6}) == [("/total", "sum")]


def test_the_invoice_schema_declares_its_audits() -> None:
    schema = load("invoice", base=None)[0].json_schema
    wrong = {
        "issue_date": "2024-05-02",
        "due_date": "2024-05-01",
        "seller": {"vat_id": "DE136695977"},
        "lines": [{"net_amount": 1.0}, {"net_amount": 3.0}],
        "net_total": 5.0,
        "tax_total": 1.0,
        "grand_total": 7.0,
        "iban": "GB82 WEST 1234 5698 7654 33",
    }
    rules = {path for path, _ in failed(schema, wrong)}
    assert rules == {"/due_date", "/seller/vat_id", "/net_total", "/grand_total", "/iban"}


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("iban", "GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 23"),
        ("vat_id", "DE136695976", "DE136695967"),
        ("vat_id", "ATU13585627", "ATU13585628"),
        ("vat_id", "BE 0428.759.497", "BE 0428.759.498"),
        ("vat_id", "FR40 303265045", "FR41 303265045"),
        ("vat_id", "NL004495445B01", "NL004495446B01"),
        ("vat_id", "IT00743110157", "IT00743110158"),
        ("vat_id", "PL8567346215", "PL8567346216"),
        ("isin", "US0378331005", "US0378331050"),
        ("container", "CSQU 305438-3", "CSQU 305438-4"),
        ("gtin", "4006381333931", "4006381333913"),
        ("gtin", "96385074", "96385047"),
        ("luhn", "4111 1111 1111 1111", "4111 1111 1111 1112"),
    ],
)
def test_check_digits(kind: str, right: str, wrong: str) -> None:
    assert holds(kind, right) is True
    assert holds(kind, wrong) is False


@pytest.mark.parametrize(("kind", "text"), [("vat_id", "12/345/67890"), ("vat_id", "IE6388047V"), ("none", "1")])
def test_what_has_no_rule_is_not_told(kind: str, text: str) -> None:
    assert holds(kind, text) is None


@given(st.text("0123456789", min_size=3, max_size=19), st.integers(0, 18), st.integers(1, 9))
def test_luhn_sees_every_changed_digit(digits: str, place: int, by: int) -> None:
    place %= len(digits)
    other = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert not (luhn(digits) and luhn(other))
