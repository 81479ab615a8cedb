import enum
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel

from docextract.local.engine import extract
from docextract.local.fields import extract_fields
from docextract.schema.jsonschema import model_schema
from docextract.schema.load import load
from docextract.types import Words

Drawn = Callable[..., tuple[Words, ...]]

SUMMED: dict[str, Any] = {
    "type": "object",
    "properties": {name: {"anyOf": [{"type": "number"}, {"type": "null"}]} for name in ("subtotal", "tax", "total")},
}
GERMAN = [
    (50, 60, "Nordlicht Werkzeuge GmbH - Hafenweg 4 - 24103 Kiel"),
    (50, 80, "Hofladen Sommer OHG"),
    (50, 92, "Am Anger 17"),
    (50, 104, "99084 Erfurt"),
    (380, 130, "Rechnungsdatum:"),
    (470, 130, "14.03.2023"),
    (380, 143, "Rechnungs-Nr.:"),
    (470, 143, "NW-2023/0815"),
    (380, 156, "Bestelldatum:"),
    (470, 156, "01.03.2023"),
    (380, 169, "Zahlbar bis:"),
    (470, 169, "28.03.2023"),
    (50, 220, "*Pos"),
    (90, 220, "*Bezeichnung"),
    (300, 220, "*Menge"),
    (370, 220, "*Einzelpreis"),
    (490, 220, "*Betrag"),
    (50, 240, "1"),
    (90, 240, "Akkuschrauber 18 V"),
    (300, 240, "2 Stk"),
    (370, 240, "120,00"),
    (490, 240, "240,00"),
    (50, 258, "2"),
    (90, 258, "Bohrer 6 mm,"),
    (90, 269, "rostfrei"),
    (300, 258, "10 Stk"),
    (370, 258, "1,50"),
    (490, 258, "15,00"),
    (370, 300, "Zwischensumme"),
    (490, 300, "255,00 €"),
    (370, 313, "zzgl. 19 % MwSt."),
    (490, 313, "48,45 €"),
    (370, 326, "Gesamtbetrag"),
    (490, 326, "303,45 €"),
    (50, 780, "USt-IdNr. DE811907980"),
    (250, 780, "IBAN DE89 3704 0044 0532 0130 00"),
]
ENGLISH = [
    (50, 60, "*Quill & Anchor Ltd."),
    (50, 73, "12 Harbour Street"),
    (50, 86, "BS1 4RW Bristol"),
    (380, 60, "*INVOICE"),
    (50, 140, "Bill to:"),
    (50, 153, "Marrow Bakery LLC"),
    (50, 166, "88 Mill Lane"),
    (50, 179, "OX4 1AB Oxford"),
    (300, 140, "Ship to:"),
    (300, 153, "Marrow Warehouse"),
    (300, 166, "1 Dock Road"),
    (300, 179, "M1 2AB Manchester"),
    (50, 220, "Invoice #"),
    (180, 220, "Invoice date"),
    (310, 220, "Due date"),
    (50, 233, "QA-77"),
    (180, 233, "3 May 2024"),
    (310, 233, "2 June 2024"),
    (50, 270, "Description"),
    (300, 270, "Qty"),
    (370, 270, "Unit price"),
    (490, 270, "Amount"),
    (50, 288, "Ink, black"),
    (300, 288, "3"),
    (370, 288, "$1,250.00"),
    (490, 288, "$3,750.00"),
    (370, 330, "Subtotal"),
    (490, 330, "$3,750.00"),
    (370, 343, "Sales tax (8%)"),
    (490, 343, "$300.00"),
    (370, 356, "Total"),
    (490, 356, "$4,050.00"),
    (370, 369, "Amount paid"),
    (490, 369, "$1,000.00"),
    (370, 382, "Balance due"),
    (490, 382, "$3,050.00"),
]
RECEIPT = [
    (90, 30, "CORNER PANTRY SDN BHD"),
    (100, 43, "(512345-K)"),
    (70, 56, "NO. 8, JALAN MAWAR 3,"),
    (90, 69, "TAMAN INDAH,"),
    (85, 82, "43000 KAJANG, SELANGOR"),
    (90, 95, "TEL: 03-8733 1234"),
    (20, 130, "Date: 09/11/2018 18:42"),
    (20, 160, "RICE 5KG"),
    (20, 172, "1 x 24.90"),
    (220, 172, "24.90"),
    (20, 184, "TEA BAGS"),
    (20, 196, "2 x 6.03"),
    (220, 196, "12.06"),
    (20, 220, "TOTAL"),
    (220, 220, "36.96"),
    (20, 232, "ROUNDING ADJ"),
    (220, 232, "-0.01"),
    (20, 244, "TOTAL ROUNDED"),
    (220, 244, "36.95"),
    (20, 256, "CASH"),
    (220, 256, "50.00"),
    (20, 268, "CHANGE"),
    (220, 268, "13.05"),
]


def test_a_german_invoice_is_read_with_its_window_and_lines(drawn: Drawn) -> None:
    target = load("invoice")[0]
    value, evidence = extract(target.json_schema, drawn(GERMAN))
    assert target.validate(value).ok
    assert (value["number"], value["issue_date"], value["due_date"]) == ("NW-2023/0815", "2023-03-14", "2023-03-28")
    assert value["seller"] == {
        "name": "Nordlicht Werkzeuge GmbH",
        "address": "Hafenweg 4, 24103 Kiel",
        "vat_id": "DE811907980",
    }
    assert value["buyer"] == {"name": "Hofladen Sommer OHG", "address": "Am Anger 17, 99084 Erfurt", "vat_id": None}
    assert (value["net_total"], value["tax_total"], value["grand_total"]) == (255, 48.45, 303.45)
    assert (value["currency"], value["iban"], value["amount_due"]) == ("EUR", "DE89370400440532013000", None)
    assert [(row["description"], row["quantity"], row["unit"], row["net_amount"]) for row in value["lines"]] == [
        ("Akkuschrauber 18 V", 2, "Stk", 240),
        ("Bohrer 6 mm, rostfrei", 10, "Stk", 15),
    ]
    total = next(one for one in evidence if one.path == "/grand_total")
    assert total.quote == "303,45 €"
    assert total.status == "normalised"
    assert total.box is not None
    assert 490 / 595 - 0.01 < total.box[0] < total.box[2] < 0.95
    assert 316 / 842 < total.box[1] < 326 / 842 < total.box[3]


def test_an_english_invoice_with_parties_side_by_side_and_heads_above_their_values(drawn: Drawn) -> None:
    value, _ = extract(load("invoice")[0].json_schema, drawn(ENGLISH))
    assert (value["number"], value["issue_date"], value["due_date"]) == ("QA-77", "2024-05-03", "2024-06-02")
    assert value["seller"]["name"] == "Quill & Anchor Ltd."
    assert value["buyer"]["name"] == "Marrow Bakery LLC"
    assert value["buyer"]["address"] == "88 Mill Lane, OX4 1AB Oxford"
    assert (value["grand_total"], value["amount_due"], value["currency"]) == (4050, 3050, "USD")
    assert [(row["description"], row["quantity"], row["unit_price"]) for row in value["lines"]] == [
        ("Ink, black", 3, 1250)
    ]


def test_what_was_paid_in_cash_names_the_rounded_total(drawn: Drawn) -> None:
    target = load("receipt")[0]
    value, evidence = extract(target.json_schema, drawn(RECEIPT, size=(280, 420)))
    assert target.validate(value).ok
    assert value["company"] == "CORNER PANTRY SDN BHD"
    assert value["address"] == "NO. 8, JALAN MAWAR 3, TAMAN INDAH, 43000 KAJANG, SELANGOR"
    assert (value["date"], value["time"], value["total"], value["payment_method"]) == (
        "2018-11-09",
        "18:42",
        36.95,
        "CASH",
    )
    assert [(item["description"], item["quantity"], item["amount"]) for item in value["items"]] == [
        ("RICE 5KG", 1, 24.9),
        ("TEA BAGS", 2, 12.06),
    ]
    assert next(one for one in evidence if one.path == "/total").confidence > 0.9


def test_a_total_a_few_cents_from_what_was_paid_is_not_the_last_word(drawn: Drawn) -> None:
    """The rounding is not named here; cash less change says what was paid."""
    paid = {"50.00": "36.95", "13.05": "0.00"}
    lines = [(x, y, paid.get(text, text)) for x, y, text in RECEIPT if y not in (232, 244)]
    value, _ = extract(load("receipt")[0].json_schema, drawn(lines, size=(280, 420)))
    assert value["total"] == 36.95
    far = [(x, y, "49.00" if text == "36.96" else text) for x, y, text in lines]
    value, _ = extract(load("receipt")[0].json_schema, drawn(far, size=(280, 420)))
    assert value["total"] == 49


def test_the_number_of_a_plot_is_no_postcode(drawn: Drawn) -> None:
    other = {"NO. 8, JALAN MAWAR 3,": "LOT 33198, BATU 4", "TAMAN INDAH,": "JALAN MAWAR"}
    lines = [(x, y, other.get(text, text)) for x, y, text in RECEIPT]
    value, _ = extract(load("receipt")[0].json_schema, drawn(lines, size=(280, 420)))
    assert value["address"].startswith("LOT 33198, BATU 4 JALAN MAWAR 43000 KAJANG")


class Colour(enum.Enum):
    RED = "red"
    DARK_BLUE = "dark blue"


class Car(BaseModel):
    licence_plate: str | None = None
    first_registration: date | None = None
    seats: int | None = None
    colour: Colour | None = None
    accident_free: bool | None = None
    ownerEmail: str | None = None  # noqa: N815 - a camel-case name is what is tested
    mileage: float | None = None
    extras: list[str] = []
    chassis_number: str | None = None


def test_a_schema_nobody_foresaw_is_read_by_its_own_names(drawn: Drawn) -> None:
    page = [
        (50, 50, "Vehicle sheet"),
        (50, 80, "Licence plate"),
        (200, 80, "KI-AB 123"),
        (50, 95, "First registration"),
        (200, 95, "17.08.2015"),
        (50, 110, "Seats: 5"),
        (50, 125, "Colour"),
        (200, 125, "Dark blue"),
        (50, 140, "Accident free: yes"),
        (50, 155, "Mileage"),
        (200, 155, "81,400 km"),
        (50, 170, "Extras: roof rack, tow bar"),
        (50, 185, "Questions: jo@example.com"),
    ]
    value, evidence = extract(model_schema(Car), drawn(page))
    assert value == {
        "licence_plate": "KI-AB 123",
        "first_registration": "2015-08-17",
        "seats": 5,
        "colour": "dark blue",
        "accident_free": True,
        "ownerEmail": "jo@example.com",
        "mileage": 81400,
        "extras": ["roof rack", "tow bar"],
        "chassis_number": None,
    }
    assert {one.path for one in evidence} >= {"/extras/0", "/extras/1", "/seats", "/colour"}


@pytest.mark.parametrize("reading", [[], [(50, 50, "Nothing that anybody asked for stands here.")]])
def test_what_is_not_there_is_null_and_lists_are_empty(drawn: Drawn, reading: list[Any]) -> None:
    target = load("invoice")[0]
    value, evidence = extract(target.json_schema, drawn(reading))
    assert target.validate(value).ok
    assert evidence == ()
    assert value["lines"] == []
    assert value["grand_total"] is None
    assert value["seller"] is None


def test_another_date_is_not_taken_for_the_one_wanted(drawn: Drawn) -> None:
    value, _ = extract(load("invoice")[0].json_schema, drawn([(50, 50, "Delivery date: 03.02.2024")]))
    assert value["issue_date"] is None
    assert value["due_date"] is None


def test_tax_printed_by_rate_is_added_up_where_it_comes_to_the_total(drawn: Drawn) -> None:
    lines = [
        (50, 60, "Corner Bakery"),
        (50, 100, "Rye loaf"), (250, 100, "4.20"),
        (50, 114, "Large coffee"), (250, 114, "3.60"),
        (50, 128, "Two rolls"), (250, 128, "2.55"),
        (50, 150, "TOTAL"), (250, 150, "10.35"),
        (50, 180, "Rate"), (120, 180, "Net"), (180, 180, "VAT"), (250, 180, "Gross"),
        (50, 194, "A 19%"), (120, 194, "3.03"), (180, 194, "0.57"), (250, 194, "3.60"),
        (50, 208, "B 7%"), (120, 208, "6.31"), (180, 208, "0.44"), (250, 208, "6.75"),
    ]  # fmt: skip
    data: Any = extract_fields(SUMMED, drawn(lines))[0]
    assert (data["tax"], data["total"], data["subtotal"]) == (1.01, 10.35, None)


def test_a_breakdown_that_does_not_come_to_the_total_says_nothing(drawn: Drawn) -> None:
    lines = [
        (50, 150, "TOTAL"), (250, 150, "11.35"),
        (50, 194, "A 19%"), (120, 194, "3.03"), (180, 194, "0.57"), (250, 194, "3.60"),
        (50, 208, "B 7%"), (120, 208, "6.31"), (180, 208, "0.44"), (250, 208, "6.75"),
    ]  # fmt: skip
    data: Any = extract_fields(SUMMED, drawn(lines))[0]
    assert data["tax"] is None


def test_shares_of_tax_named_after_the_total_are_added_up(drawn: Drawn) -> None:
    lines = [
        (50, 150, "TOTAL TTC"), (250, 150, "41,40"),
        (50, 164, "dont TVA 5,5%"), (250, 164, "1,56"),
        (50, 178, "dont TVA 20%"), (250, 178, "1,92"),
    ]  # fmt: skip
    data: Any = extract_fields(SUMMED, drawn(lines))[0]
    assert (data["tax"], data["total"]) == (3.48, 41.4)


def test_one_rates_own_total_is_not_the_documents(drawn: Drawn) -> None:
    lines = [
        (50, 100, "Gross amount:"), (250, 100, "107.00"), (50, 114, "VAT 7%"), (250, 114, "7.00"),
        (50, 200, "Grand total:"), (250, 200, "226.00"), (50, 214, "Total VAT:"), (250, 214, "26.00"),
    ]  # fmt: skip
    data: Any = extract_fields(SUMMED, drawn(lines))[0]
    assert data["tax"] == 26


def test_a_day_at_the_beginning_of_the_next_line_belongs_to_the_label_before(drawn: Drawn) -> None:
    lines = [
        (50, 80, "Invoice date: 3 February 2024"),
        (50, 100, "No tax is charged on this. Whatever was agreed before, please pay by"),
        (50, 112, "17 February 2024 to the account below."),
    ]
    assert _values(drawn, lines)["due_date"] == "2024-02-17"


def test_a_number_under_the_title_and_one_that_looks_like_a_month(drawn: Drawn) -> None:
    assert _values(drawn, [(50, 60, "FACTURE"), (50, 76, "N° F2024-117")])["number"] == "F2024-117"
    assert _values(drawn, [(50, 60, "Rechnung Nr. 2024-07")])["number"] == "2024-07"


@pytest.mark.parametrize("text", ["ABN 53 004 085 616", "GST No. 49-091-850", "Steuernummer 06/123/45678"])
def test_tax_numbers_in_short_groups(drawn: Drawn, text: str) -> None:
    lines = [(50, 60, "Lumen Analytics Ltd"), (50, 74, "3 Quay Street"), (50, 88, "Hull HU1 2AB"), (50, 102, text)]
    found = _values(drawn, lines)["seller"]["vat_id"]
    assert re.sub(r"\D", "", found) == re.sub(r"\D", "", text)


def test_an_address_ends_before_a_line_with_a_label(drawn: Drawn) -> None:
    lines = [
        (50, 60, "Welcome to"),
        (50, 74, "PRAIRIE FUEL STOP"),
        (50, 88, "Hwy 12 & County Rd 9"),
        (50, 102, "Aberdeen, SD 57401"),
        (50, 116, "Date: Jul 19, 2024 Time: 09:31"),
    ]
    seller = _values(drawn, lines)["seller"]
    assert (seller["name"], seller["address"][-18:]) == ("PRAIRIE FUEL STOP", "Aberdeen, SD 57401")


def test_the_address_behind_the_name_in_small_print(drawn: Drawn) -> None:
    lines = [
        (50, 60, "*Paperchain Office Supplies plc"),
        (50, 140, "Tax Invoice 4711"),
        (50, 800, "Paperchain Office Supplies plc, Wharf House, Canal Way, Leeds LS10 1BJ. VAT No: GB 243 6781 90"),
    ]
    assert _values(drawn, lines)["seller"]["address"] == "Wharf House, Canal Way, Leeds LS10 1BJ"


def test_a_currency_inside_a_label_is_no_part_of_it(drawn: Drawn) -> None:
    lines = [(50, 100, "TOTAL NZD incl. GST"), (300, 100, "7,165.65")]
    found = _values(drawn, lines)
    assert (found["grand_total"], found["tax_total"]) == (7165.65, None)


def _values(drawn: Drawn, lines: Sequence[tuple[float, float, str]]) -> Any:
    return extract_fields(load("invoice")[0].json_schema, drawn(lines))[0]
