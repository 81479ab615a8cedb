"""Who writes to whom, and amounts that several lines of a page settle."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from docextract.local.blocks import is_noise, is_town
from docextract.local.engine import extract
from docextract.local.misread import mended
from docextract.schema.load import load
from docextract.types import Words

Drawn = Callable[..., tuple[Words, ...]]
INVOICE = load("invoice")[0].json_schema


def test_in_a_letter_the_sender_stands_above_the_one_written_to(drawn: Drawn) -> None:
    page = [(60, 60, "Dr. Henriette Vogt"), (60, 72, "Kastanienweg 9"), (60, 84, "35037 Marburg")]
    page += [(60, 140, "Verlag Steinmann GmbH"), (60, 152, "Lange Straße 100"), (60, 164, "70173 Stuttgart")]
    value, _ = extract(INVOICE, drawn(page))
    assert value["seller"]["name"] == "Dr. Henriette Vogt"
    assert (value["buyer"]["name"], value["buyer"]["address"]) == (
        "Verlag Steinmann GmbH",
        "Lange Straße 100, 70173 Stuttgart",
    )


def test_a_buyer_has_a_name_above_the_person_in_attendance_and_a_number_below(drawn: Drawn) -> None:
    page = [(50, 60, "*Maple Catering LLC"), (50, 72, "318 Orchard Lane"), (50, 84, "Burlington, VT 05401")]
    page += [(50, 140, "Bill to"), (50, 154, "Green Hill Credit Union"), (50, 166, "Attn: Dana Whitfield")]
    page += [(50, 178, "50 Church Street"), (50, 190, "Burlington, VT 05401"), (50, 202, "VAT: DE811907980")]
    value, _ = extract(INVOICE, drawn(page))
    assert value["buyer"] == {
        "name": "Green Hill Credit Union",
        "address": "50 Church Street, Burlington, VT 05401",
        "vat_id": "DE811907980",
    }
    assert value["seller"]["vat_id"] is None


def test_what_stands_beside_an_address_in_its_line_is_left_out(drawn: Drawn) -> None:
    page = [
        (50, 60, "*Thistle Gardens LLP"),
        (50, 76, "5 Kirk Wynd, Stirling FK8 1PU | 01786 555 010 | VAT GB123456782"),
    ]
    value, _ = extract(INVOICE, drawn(page))
    assert value["seller"]["address"] == "5 Kirk Wynd, Stirling FK8 1PU"


@pytest.mark.parametrize(
    "text", ["1250-142 Lisboa", "00-950 Warszawa", "Newtown NSW 2042", "111 22 Stockholm", "Toronto ON M5V 2T6"]
)
def test_postcodes_of_many_countries_make_a_town_and_no_phone_number(text: str) -> None:
    assert is_town(text)
    assert not is_noise(text)


@pytest.mark.parametrize("text", ["12.50 EUR", "Tel. 040 555 770", "Order 17 of 20"])
def test_other_lines_with_numbers_are_no_towns(text: str) -> None:
    assert not is_town(text)


def test_tax_of_several_rates_is_summed_where_that_makes_the_total(drawn: Drawn) -> None:
    page = [(300, 100, "Total HT"), (480, 100, "1 664,40 €"), (300, 114, "TVA 10 %"), (480, 114, "28,80 €")]
    page += [(300, 128, "TVA 20 %"), (480, 128, "275,28 €"), (300, 142, "Total TTC"), (480, 142, "1 968,48 €")]
    value, evidence = extract(INVOICE, drawn(page))
    assert value["tax_total"] == 304.08
    assert len(next(one for one in evidence if one.path == "/tax_total").boxes) == 2


def test_taxes_that_do_not_make_the_total_are_not_summed(drawn: Drawn) -> None:
    page = [(300, 100, "Total HT"), (480, 100, "1 664,40 €"), (300, 114, "TVA 10 %"), (480, 114, "28,80 €")]
    page += [(300, 128, "TVA 20 %"), (480, 128, "275,28 €"), (300, 142, "Total TTC"), (480, 142, "1 990,00 €")]
    value, _ = extract(INVOICE, drawn(page))
    assert value["tax_total"] != 304.08


def test_the_only_sum_to_pay_is_the_total(drawn: Drawn) -> None:
    value, _ = extract(INVOICE, drawn([(300, 100, "Balance due"), (480, 100, "$50.00")]))
    assert value["grand_total"] == 50


def test_a_dollar_is_the_one_whose_code_is_printed(drawn: Drawn) -> None:
    amounts = [(300, 100, "Subtotal"), (480, 100, "$618.00"), (300, 114, "GST"), (480, 114, "$61.80")]
    assert extract(INVOICE, drawn(amounts))[0]["currency"] == "USD"
    assert extract(INVOICE, drawn([*amounts, (300, 128, "TOTAL AUD"), (480, 128, "$679.80")]))[0]["currency"] == "AUD"


def test_beside_an_american_town_the_month_stands_first(drawn: Drawn) -> None:
    date = [(300, 60, "Invoice date: 4/2/2024")]
    assert extract(INVOICE, drawn(date))[0]["issue_date"] == "2024-02-04"
    assert extract(INVOICE, drawn([*date, (50, 60, "Burlington, VT 05401")]))[0]["issue_date"] == "2024-04-02"


@pytest.mark.parametrize(
    ("read", "printed"),
    [("Taste Of The WorId", "Taste Of The World"), ("GARDEN!A", "GARDENIA"), ("Marchetti S.r.I.", "Marchetti S.r.l."),
     ("TOYS 4 U", "TOYS 4 U"), ("McIntyre III GmbH", "McIntyre III GmbH"), ("B2B 100 Ltd", "B2B 100 Ltd")],
)  # fmt: skip
def test_only_letters_that_cannot_be_right_are_mended(read: str, printed: str) -> None:
    assert mended(read) == printed


def test_names_from_a_text_layer_are_left_as_they_are(drawn: Drawn) -> None:
    page = drawn([(50, 60, "*WorId Tools Ltd."), (50, 74, "4 Quay Street"), (50, 86, "BS1 4RW Bristol")])
    assert extract(INVOICE, page)[0]["seller"]["name"] == "WorId Tools Ltd."
    seen = [replace(page[0], source="ocr", words=tuple(replace(w, confidence=0.9) for w in page[0].words))]
    assert extract(INVOICE, seen)[0]["seller"]["name"] == "World Tools Ltd."
