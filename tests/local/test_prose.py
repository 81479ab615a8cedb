from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from docextract.local.engine import extract
from docextract.local.prose import is_term, joined_at, name_before, term_begin


@pytest.mark.parametrize(
    ("text", "label", "name"),
    [
        ('between Harbor View Properties LLC ("Landlord") and', "Landlord", "Harbor View Properties LLC"),
        ('LLC ("Landlord") and Samuel Petrov (the "Tenant").', "Tenant", "Samuel Petrov"),
        ("zwischen der Nordhafen GmbH & Co. KG (\u201eVermieter\u201c) und", "Vermieter", "Nordhafen GmbH & Co. KG"),
    ],
)
def test_a_term_names_what_stands_before_it(text: str, label: str, name: str) -> None:
    start = text.index(label)
    assert is_term(text, start, start + len(label))
    end = term_begin(text, start)
    assert text[name_before(text, end) : end] == name


def test_what_is_no_term_is_none() -> None:
    text = "the Landlord (or agent) lets"
    assert not is_term(text, 4, 12)
    assert name_before("it is paid by", len("it is paid by")) == len("it is paid by")


@pytest.mark.parametrize(
    ("text", "label", "rest"),
    [
        ("The monthly rent is $1,850.00, payable", "monthly rent", "$1,850.00, payable"),
        ("pays a security deposit of $2,775.00.", "security deposit", "$2,775.00."),
        ("Die Miete beträgt 900,00 EUR", "Miete", "900,00 EUR"),
    ],
)
def test_a_verb_joins_a_label_to_its_value(text: str, label: str, rest: str) -> None:
    at = joined_at(text, text.index(label) + len(label))
    assert at is not None
    assert text[at:] == rest


def test_no_verb_joins_nothing() -> None:
    assert joined_at("Rent payable monthly", 4) is None


def test_own_schemas_are_filled_from_forms_prose_and_heads_over_values(drawn: Callable[..., Any]) -> None:
    schema = {
        "type": "object",
        "properties": {
            "landlord": {"type": ["string", "null"]},
            "monthly_rent": {"type": ["number", "null"]},
            "period_start": {"type": ["string", "null"], "format": "date"},
            "period_end": {"type": ["string", "null"], "format": "date"},
            "employee_number": {"type": ["string", "null"]},
        },
    }
    lines = [
        (60, 60, 'This lease is made between Harbor View LLC ("Landlord") and others.'),
        (60, 90, "The monthly rent is $1,850.00, payable on the first day."),
        (60, 120, "Period: 01/10/2026 - 31/10/2026"),
        (60, 150, "Employee no.: 20417"),
    ]
    assert extract(schema, drawn(lines))[0] == {
        "landlord": "Harbor View LLC",
        "monthly_rent": 1850,
        "period_start": "2026-10-01",
        "period_end": "2026-10-31",
        "employee_number": "20417",
    }


def test_labels_in_a_line_of_their_own_head_the_values_below(drawn: Callable[..., Any]) -> None:
    fields = ("passenger_name", "seat", "booking_reference")
    schema = {"type": "object", "properties": {name: {"type": ["string", "null"]} for name in fields}}
    lines = [
        (60, 60, "PASSENGER NAME"), (220, 60, "FLIGHT"), (360, 60, "SEAT"), (480, 60, "BOOKING REF"),
        (60, 72, "*OYELARAN / FOLAKE MS"), (220, 72, "*KL 1642"), (360, 72, "*14C"), (480, 72, "*X7QK2P"),
    ]  # fmt: skip
    value, _ = extract(schema, drawn(lines))
    assert value == {"passenger_name": "OYELARAN / FOLAKE MS", "seat": "14C", "booking_reference": "X7QK2P"}


def test_a_column_of_ranges_is_text_where_the_schema_calls_it_so(drawn: Callable[..., Any]) -> None:
    row = {"test": {"type": "string"}, "result": {"type": "number"}, "reference_range": {"type": "string"}}
    schema = {
        "type": "object",
        "properties": {"tests": {"type": "array", "items": {"type": "object", "properties": row}}},
    }
    lines = [
        (60, 60, "*Test"), (220, 60, "*Result"), (360, 60, "*Reference range"),
        (60, 80, "Hemoglobin"), (220, 80, "13.2"), (360, 80, "12.0 - 15.5"),
        (60, 100, "Platelets"), (220, 100, "251"), (360, 100, "150 - 400"),
    ]  # fmt: skip
    value, _ = extract(schema, drawn(lines))
    assert [one["reference_range"] for one in value["tests"]] == ["12.0 - 15.5", "150 - 400"]


def test_labels_may_say_more_than_the_schema(drawn: Callable[..., Any]) -> None:
    schema = {
        "type": "object",
        "properties": {
            "registration_mark": {"type": ["string", "null"]},
            "expiry_date": {"type": ["string", "null"], "format": "date"},
            "shipper": {"type": ["string", "null"]},
        },
    }
    lines = [
        (60, 60, "Registration mark of vehicle: LK19 ZTR"),
        (60, 90, "Date of expiry of insurance: 8 May 2027"),
        (60, 120, "Shipper's name and address"), (60, 134, "Orient Textiles Pvt Ltd"),
    ]  # fmt: skip
    value, _ = extract(schema, drawn(lines))
    assert value == {
        "registration_mark": "LK19 ZTR", "expiry_date": "2027-05-08", "shipper": "Orient Textiles Pvt Ltd",
    }  # fmt: skip


def test_entries_of_a_list_are_whole_and_go_on(drawn: Callable[..., Any]) -> None:
    schema = {"type": "object", "properties": {"decisions": {"type": "array", "items": {"type": "string"}}}}
    lines = [
        (60, 60, "*Decisions"),
        (60, 76, "1. The budget, as drafted, was"), (60, 88, "approved."),
        (60, 100, "2. The lease of the annex is not renewed."),
    ]  # fmt: skip
    value, _ = extract(schema, drawn(lines))
    assert value == {"decisions": ["The budget, as drafted, was approved.", "The lease of the annex is not renewed."]}


def test_a_sum_with_its_own_field_is_no_item(drawn: Callable[..., Any]) -> None:
    row = {"description": {"type": "string"}, "amount": {"type": "number"}}
    schema = {
        "type": "object",
        "properties": {
            "gross_pay": {"type": ["number", "null"]},
            "earnings": {"type": "array", "items": {"type": "object", "properties": row}},
        },
    }
    lines = [
        (60, 60, "Base salary"), (400, 60, "3,800.00"), (60, 76, "Overtime"), (400, 76, "212.50"),
        (60, 100, "Gross pay: 4,012.50"),
    ]  # fmt: skip
    value, _ = extract(schema, drawn(lines))
    assert value["gross_pay"] == 4012.5
    assert [one["description"] for one in value["earnings"]] == ["Base salary", "Overtime"]


def test_boxes_of_a_form_are_numbered(drawn: Callable[..., Any]) -> None:
    fields = ("family_name", "first_name", "street")
    schema = {"type": "object", "properties": {name: {"type": ["string", "null"]} for name in fields}}
    lines = [
        (60, 60, "1. Family name"), (300, 60, "2. First name"), (60, 74, "*Duarte"), (300, 74, "*Inês"),
        (60, 100, "3. Street and house number"), (300, 100, "4. Telephone"),
        (60, 114, "*Rosenweg 17"), (300, 114, "*+41 44 555 01 92"),
    ]  # fmt: skip
    value, _ = extract(schema, drawn(lines))
    assert value == {"family_name": "Duarte", "first_name": "Inês", "street": "Rosenweg 17"}
    # In the same type, as a scan may seem to be, a box's number is still no value of the one before it.
    value, _ = extract(schema, drawn([(x, y, text.lstrip("*")) for x, y, text in lines]))
    assert value["family_name"] == "Duarte"


def test_units_and_signs_are_of_the_value(drawn: Callable[..., Any]) -> None:
    schema = {
        "type": "object",
        "properties": {
            "measuring_range": {"type": ["string", "null"]},
            "operating_temperature": {"type": ["string", "null"]},
            "weight_kg": {"type": ["number", "null"]},
        },
    }
    lines = [
        (60, 60, "Measuring range"), (220, 60, "0 to 16 bar"),
        (60, 80, "Operating temperature"), (220, 80, "-40 to +85 °C"),
        (60, 100, "Weight"), (220, 100, "0.32 kg"),
    ]  # fmt: skip
    value, _ = extract(schema, drawn(lines))
    assert value == {"measuring_range": "0 to 16 bar", "operating_temperature": "-40 to +85 °C", "weight_kg": 0.32}


@pytest.mark.parametrize(("second", "found"), [("Doors open at 19:00", "2026-11-14"), ("Sold on 2 May 2026", None)])
def test_the_only_day_of_a_document_needs_no_label(drawn: Callable[..., Any], second: str, found: str | None) -> None:
    schema = {"type": "object", "properties": {"event_date": {"type": ["string", "null"], "format": "date"}}}
    value, _ = extract(schema, drawn([(60, 60, "Saturday, 14 November 2026, 20:00"), (60, 80, second)]))
    assert value == {"event_date": found}
