"""Labels in two lines, rows that add up columns, charges without a quantity, letters behind amounts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from docextract.local.engine import extract
from docextract.schema.load import load
from docextract.types import Json, Words
from docextract.values.ids import find_vat_ids
from docextract.values.numbers import find_amounts

Drawn = Callable[..., tuple[Words, ...]]
SCHEMA = load("invoice")[0].json_schema
XS = (50.0, 260.0, 330.0, 420.0)


def _read(drawn: Drawn, *rows: tuple[str, ...], below: list[tuple[float, float, str]] | None = None) -> Json:
    lines = [(x, 200 + 16.0 * n, text) for n, row in enumerate(rows) for x, text in zip(XS, row, strict=False) if text]
    value, _ = extract(SCHEMA, drawn([(50, 60, "*Somebody Ltd"), (50, 76, "1 Mill Lane"), *lines, *(below or [])]))
    return value


HEAD = ("Description", "Qty", "Price", "Amount")


def test_a_charge_without_a_quantity_is_an_item_where_the_sum_counts_it(drawn: Drawn) -> None:
    value = _read(
        drawn, HEAD, ("Paper", "4", "5.00", "20.00"), ("Pens", "2", "3.00", "6.00"), ("Delivery", "", "", "9.50"),
        ("Net total", "", "", "35.50"),
    )  # fmt: skip
    assert [line["description"] for line in value["lines"]] == ["Paper", "Pens", "Delivery"]


def test_a_price_in_a_note_is_none_where_the_sum_does_not_count_it(drawn: Drawn) -> None:
    value = _read(
        drawn, HEAD, ("Paper", "4", "5.00", "20.00"), ("Pens", "2", "3.00", "6.00"), ("you saved", "", "", "1.50"),
        ("Net total", "", "", "26.00"),
    )  # fmt: skip
    assert [line["description"] for line in value["lines"]] == ["Paper", "Pens"]


def test_headings_of_totals_in_two_lines_stand_over_their_values(drawn: Drawn) -> None:
    below = [(x, 270.0, text) for x, text in zip(XS, ("Base", "%", "Cuota", "Total"), strict=True)]
    below += [(x, 281.0, text) for x, text in zip(XS, ("imponible", "IVA", "IVA", "factura"), strict=True)]
    below += [(x, 296.0, text) for x, text in zip(XS, ("120,00", "21", "25,20", "145,20"), strict=True)]
    value = _read(
        drawn, ("Concepto", "Cantidad", "Precio", "Importe"), ("Papel", "4", "15,00", "60,00"),
        ("Tinta", "3", "20,00", "60,00"), below=below,
    )  # fmt: skip
    assert (value["net_total"], value["tax_total"], value["grand_total"]) == (120, 25.2, 145.2)
    assert [line["description"] for line in value["lines"]] == ["Papel", "Tinta"]


def test_the_row_that_adds_up_the_columns_is_net_tax_and_gross(drawn: Drawn) -> None:
    value = _read(
        drawn, ("Nazwa towaru", "Wartość netto", "VAT", "Wartość brutto"), ("Papier", "100,00", "23,00", "123,00"),
        ("Karton", "50,00", "11,50", "61,50"), ("Razem", "150,00", "34,50", "184,50"),
    )  # fmt: skip
    assert (value["net_total"], value["tax_total"], value["grand_total"]) == (150, 34.5, 184.5)


def test_a_word_that_goes_on_behind_a_hyphen_is_no_label(drawn: Drawn) -> None:
    value = _read(drawn, HEAD, ("An- und Abfahrt", "1", "35.00", "35.00"), ("Montage", "2", "50.00", "100.00"))
    assert value["buyer"] is None or value["buyer"]["name"] is None


@pytest.mark.parametrize(
    ("text", "amounts"),
    [("740.00T", ["740.00"]), ("1,250.00 T", ["1250.00"]), ("3.00kg", []), ("12.5A", []), ("2.00SR", [])],
)
def test_the_letter_of_a_tax_rate_may_stand_right_behind_an_amount(text: str, amounts: list[str]) -> None:
    assert [str(one.amount) for one in find_amounts(text)] == amounts


def test_an_indian_tax_number_is_known_by_its_shape() -> None:
    assert [one.value for one in find_vat_ids("GSTIN: 27ABCPD1234E1ZV State Code: 27")] == ["27ABCPD1234E1ZV"]
    assert find_vat_ids("27ABCPD1234E1XV") == []


def test_an_iban_that_two_lines_of_text_share_is_found_with_both_places(drawn: Drawn) -> None:
    below = [(50.0, 400.0, "Bitte zahlen Sie auf unser Konto IBAN DE02 1203 0000"), (50.0, 412.0, "0000 2020 51.")]
    pages = drawn([(50, 60, "*Somebody GmbH"), *below])
    value, evidence = extract(SCHEMA, pages)
    assert value["iban"] == "DE02120300000000202051"
    assert len(next(one for one in evidence if one.path == "/iban").boxes) == 2


def test_a_tax_is_less_than_what_it_is_taken_from(drawn: Drawn) -> None:
    value = _read(
        drawn, HEAD, ("Lamp", "2", "29.50", "59.00"),
        below=[
            (420, 300, "Invoice total"), (500, 300, "59.00"), (50, 330, "VAT rate"), (260, 330, "Subtotal (excl. VAT)"),
            (420, 330, "VAT subtotal"), (50, 344, "20%"), (260, 344, "49.16"), (420, 344, "9.84"),
        ],
    )  # fmt: skip
    assert (value["net_total"], value["tax_total"], value["grand_total"]) == (49.16, 9.84, 59)


def test_what_is_paid_after_tax_was_withheld_is_no_total(drawn: Drawn) -> None:
    rows = [("Base imponible", "820,00"), ("IVA 21%", "172,20"), ("Retención IRPF 15%", "-123,00")]
    below = [(x, 300 + 14.0 * n, t) for n, row in enumerate([*rows, ("Total a pagar", "869,20")])
             for x, t in zip((330.0, 500.0), row, strict=True)]  # fmt: skip
    value = _read(drawn, HEAD, ("Papel", "4", "205,00", "820,00"), below=below)
    assert (value["net_total"], value["grand_total"], value["amount_due"]) == (820, None, 869.2)


def test_a_price_is_no_unit(drawn: Drawn) -> None:
    value = _read(
        drawn, ("Description", "Qty", "Unit", "Unit (incl. VAT)"), ("Lamp", "2", "25.00", "50.00"),
        ("Cable", "1", "6.00", "6.00"),
    )  # fmt: skip
    assert all(not str(line.get("unit") or "").startswith(("2", "6")) for line in value["lines"])


def test_a_sign_of_currency_may_stand_above_its_amount(drawn: Drawn) -> None:
    below = [(260.0, 300.0, "Grand total"), (520.0, 300.0, "€"), (490.0, 312.0, "490.00")]
    assert _read(drawn, HEAD, ("Lamp", "2", "245.00", "490.00"), below=below)["grand_total"] == 490


def test_the_letters_that_begin_a_number_are_no_label(drawn: Drawn) -> None:
    assert _read(drawn, below=[(50.0, 150.0, "Order No. PO-99812")])["purchase_order"] == "PO-99812"


def test_a_number_beside_the_days_is_the_documents(drawn: Drawn) -> None:
    below = [
        (400.0, 150.0, "No. 0042"),
        (400.0, 163.0, "Issued: 12 January 2024"),
        (400.0, 176.0, "Due: 11 February 2024"),
    ]
    assert _read(drawn, below=below)["number"] == "0042"


def test_what_is_free_of_tax_belongs_to_the_breakdown_too(drawn: Drawn) -> None:
    rows = [("10", "507.27", "50.73", "558.00"), ("20", "60.00", "12.00", "72.00"), ("0", "12.90", "0.00", "12.90")]
    below = [(x, 320 + 14.0 * n, t) for n, row in enumerate(rows) for x, t in zip(XS, row, strict=True)]
    value = _read(drawn, HEAD, ("Room", "3", "214.30", "642.90"), below=[(330.0, 290.0, "Total 642.90"), *below])
    assert (value["tax_total"], value["grand_total"]) == (62.73, 642.9)


def test_words_that_begin_under_the_head_before_theirs_are_their_own_columns(drawn: Drawn) -> None:
    page = [(50, 60, "*Somebody Ltd"), (50, 76, "1 Mill Lane")]
    page += [(50, 200, "Article no"), (190, 200, "Description"), (330, 200, "Qty"), (400, 200, "Price")]
    page += [(480, 200, "Amount")]
    rows = [("1", "Blue paint for walls", "4", "5.00", "20.00"), ("2", "Fine sand paper", "2", "3.50", "7.00")]
    page += [
        (x, 220 + 16 * n, t) for n, row in enumerate(rows) for x, t in zip((55, 85, 335, 405, 485), row, strict=True)
    ]
    value, _ = extract(SCHEMA, drawn(page))
    assert [line["description"] for line in value["lines"]] == ["Blue paint for walls", "Fine sand paper"]
