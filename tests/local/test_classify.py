from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from docextract.local.classify import classify
from docextract.schema.jsonschema import model_schema
from docextract.schema.load import load
from docextract.schema.marks import Aliases
from docextract.types import Words

Drawn = Callable[..., tuple[Words, ...]]
TARGETS = list(load("auto"))


def column(*texts: str) -> list[tuple[float, float, str]]:
    return [(60, 60 + 14 * row, text) for row, text in enumerate(texts)]


PAGES = {
    "invoice": column(
        "Invoice number: 4711", "Invoice date: 2024-03-05", "Bill to:", "Somebody Ltd.", "1 Long Street",
        "Subtotal: 10.00", "VAT: 2.00", "Grand total: 12.00", "Due date: 2024-04-05",
        "A line of text that is as wide as a sheet of paper and so no till's strip at all",
    ),
    "receipt": column(
        "CORNER SHOP LTD", "1 Long Street", "05/03/2024 14:22", "TEA   2.00", "TOTAL   2.00", "CASH   5.00",
        "CHANGE   3.00",
    ),
    "resume": column(
        "Jane Roe", "jane@example.com", "Experience", "Baker, Bread Co, 2019 - 2022", "Education", "BSc", "Skills",
        "Baking",
    ),
    "openapi": column(
        "Pet API reference", "GET /pets", "Query parameters", "limit  integer", "Responses", "200 OK", "POST /pets",
        "Request body schema",
    ),
    "tables": column("A report on rivers and what flows in them.", "It says nothing that anybody would ask for."),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_document_goes_to_the_schema_that_fits(drawn: Drawn, name: str) -> None:
    choice = classify(drawn(PAGES[name]), TARGETS)
    assert choice.name == name
    assert choice.why
    assert choice.confident is (name != "tables")


def test_no_words_become_tables_with_a_note() -> None:
    choice = classify([], TARGETS)
    assert (choice.name, choice.confident) == ("tables", False)


class Passport(BaseModel):
    holder: Annotated[str | None, Aliases("Surname")] = None
    passport_number: str | None = None
    nationality: str | None = None
    date_of_expiry: str | None = None


def test_an_own_schema_stands_beside_the_built_in_ones(drawn: Drawn) -> None:
    class Own:
        name = "passport"
        json_schema = model_schema(Passport)

    page = column("Surname: Roe", "Nationality: Utopian", "Passport number: C01X00T47", "Date of expiry: 01.02.2030")
    assert classify(drawn(page), [*TARGETS, Own()]).name == "passport"


def test_a_bill_of_a_users_own_is_told_from_a_receipt_by_the_word_for_it(drawn: Drawn) -> None:
    def schema(**fields: list[str]) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {name: {"type": "string", "x-aliases": labels} for name, labels in fields.items()},
        }

    @dataclass(frozen=True)
    class Named:
        name: str
        json_schema: dict[str, Any]

    bill = Named("Bill", schema(bill_number=["Rechnungsnummer"], total=["Gesamtbetrag"]))
    slip = Named("Slip", schema(total=["Gesamtbetrag"], time=["Uhrzeit"], net=["Netto"]))
    page = [
        (60, 60, "Handelsrechnung (380) Nr. 4711"),
        (60, 400, "Netto"),
        (300, 400, "100,00"),
        (60, 420, "Gesamtbetrag"),
        (300, 420, "119,00"),
    ]
    assert classify(drawn(page), [slip, bill]).name == "Bill"
    page[0] = (60, 60, "Lieferschein 4711")
    assert classify(drawn(page), [slip, bill]).name == "Slip"
