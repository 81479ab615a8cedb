"""Invoices as many products print them: heads that name little, keys in a column, sums and parties without a name."""

from __future__ import annotations

import pytest

from docextract.types import Json
from tests.local.conftest import Drawn, Lines, read_invoice


def _items(drawn: Drawn, head: list[tuple[float, str]], *rows: list[tuple[float, str]]) -> list[Json]:
    page: Lines = [(x, 200, f"*{text}") for x, text in head]
    page += [(x, 216 + 16 * at, text) for at, row in enumerate(rows) for x, text in row]
    return list(read_invoice(drawn, page)["lines"])


def _told(line: Json, *names: str) -> tuple[Json, ...]:
    return tuple(line[name] for name in names)


def test_columns_that_no_head_names_hold_how_many_and_the_rate(drawn: Drawn) -> None:
    head = [(90.0, "Omschrijving"), (340.0, "Tarief"), (420.0, "Bedrag")]
    rows = [
        [(45.0, "14 x"), (90.0, "Krat groente"), (340.0, "22,50"), (420.0, "315,00"), (510.0, "9% btw")],
        [(45.0, "2 x"), (90.0, "Huur koelkar"), (340.0, "60,00"), (420.0, "120,00"), (510.0, "21% btw")],
    ]
    found = [_told(one, "description", "quantity", "unit", "tax_rate") for one in _items(drawn, head, *rows)]
    assert found == [("Krat groente", 14, None, 9), ("Huur koelkar", 2, None, 21)]


def test_what_is_sold_may_stand_under_no_head_at_all(drawn: Drawn) -> None:
    head = [(320.0, "DPH"), (390.0, "Cena za MJ"), (480.0, "Celkem bez DPH")]
    rows = [
        [(50.0, "6 ks"), (95.0, "Stůl dubový"), (320.0, "21 %"), (390.0, "8450,00"), (480.0, "50700,00")],
        [(50.0, "1 ks"), (95.0, "Doprava"), (320.0, "21 %"), (390.0, "2900,00"), (480.0, "2900,00")],
    ]
    found = [_told(one, "description", "quantity", "unit", "net_amount") for one in _items(drawn, head, *rows)]
    assert [one[1:] for one in found] == [(6, "ks", 50700), (1, "ks", 2900)]
    assert found[1][0] == "Doprava"


def test_numbers_of_lines_before_the_first_head_are_no_quantities(drawn: Drawn) -> None:
    head = [(90.0, "Description"), (420.0, "Amount")]
    rows = [[(45.0, str(at)), (90.0, f"Thing {word}"), (420.0, "10.00")] for at, word in ((1, "one"), (2, "two"))]
    found = [_told(one, "description", "quantity") for one in _items(drawn, head, *rows)]
    assert found == [("Thing one", None), ("Thing two", None)]


def test_a_note_over_a_head_spans_columns_and_joins_none(drawn: Drawn) -> None:
    page: Lines = [(400, 188, "Montants exprimés en Euros")]
    page += [
        (50, 200, "Désignation"),
        (360, 200, "TVA"),
        (405, 200, "P.U. HT"),
        (460, 200, "Qté"),
        (505, 200, "Total HT"),
    ]
    page += [
        (50, 216, "Volets battants"),
        (360, 216, "10%"),
        (402, 216, "385,00"),
        (465, 216, "4"),
        (500, 216, "1540,00"),
    ]
    page += [(50, 232, "Quincaillerie"), (360, 232, "20%"), (402, 232, "128,90"), (465, 232, "1"), (505, 232, "128,90")]
    found = [_told(one, "quantity", "unit_price", "net_amount") for one in read_invoice(drawn, page)["lines"]]
    assert found == [(4, 385, 1540), (1, 128.9, 128.9)]


def test_keys_above_each_other_have_their_values_beside_them(drawn: Drawn) -> None:
    page: Lines = [(50, 60, "Bellbird Dental Group"), (50, 74, "118 Moor Street"), (50, 88, "Geelong VIC 3220")]
    page += [(340, 600, "*Customer"), (440, 600, "Bellbird Dental Group"), (340, 616, "*Invoice Number")]
    page += [(440, 616, "WE-0931"), (340, 632, "*Due Date"), (440, 632, "16 Jul 2025"), (340, 648, "*Amount")]
    buyer = read_invoice(drawn, page)["buyer"]
    assert (buyer["name"], buyer["address"]) == ("Bellbird Dental Group", "118 Moor Street, Geelong VIC 3220")


@pytest.mark.parametrize("heading", ["*Sent with care to", "*Adressé à :", "*Facturer à"])
def test_a_heading_set_apart_is_no_part_of_a_companys_name(drawn: Drawn, heading: str) -> None:
    page: Lines = [(50, 60, "*Nuagique SAS"), (50, 74, "12 rue des Martyrs"), (50, 88, "75009 Paris")]
    page += [(300, 60, heading), (300, 74, "Atelier Brume SARL"), (300, 88, "4 quai Neuf"), (300, 102, "44000 Nantes")]
    assert read_invoice(drawn, page)["buyer"]["name"] == "Atelier Brume SARL"


def test_the_values_of_a_table_beside_an_address_are_no_lines_of_it(drawn: Drawn) -> None:
    page: Lines = [
        (50, 60, "Bill To"),
        (50, 76, "*Braemar Outfitters"),
        (50, 90, "7 Burn Road"),
        (480, 97, "18 Oct 2025"),
    ]
    page += [(50, 104, "Ballater AB35 5YH"), (480, 110, "SO-00771")]
    assert read_invoice(drawn, page)["buyer"]["address"] == "7 Burn Road, Ballater AB35 5YH"


def test_the_foot_names_the_house_that_the_head_shortens(drawn: Drawn) -> None:
    page: Lines = [
        (50, 60, "*Embertide"),
        (50, 120, "Mr D Pritchard"),
        (50, 134, "6 Rowan Terrace"),
        (50, 148, "York YO1 6FZ"),
    ]
    page += [
        (50, 800, "Embertide Energy Ltd. Registered office: Quay House, 9 Mill Lane, Leeds LS1 4AQ. No. 05511982.")
    ]
    seller = read_invoice(drawn, page)["seller"]
    assert (seller["name"], seller["address"]) == ("Embertide Energy Ltd", "Quay House, 9 Mill Lane, Leeds LS1 4AQ")


def test_days_that_would_be_due_before_they_were_issued_have_their_month_first(drawn: Drawn) -> None:
    page: Lines = [(50, 60, "Invoice date: 08/11/2025"), (50, 80, "Due date: 09/10/2025")]
    value = read_invoice(drawn, page)
    assert (value["issue_date"], value["due_date"]) == ("2025-08-11", "2025-09-10")
    other: Lines = [(50, 60, "Invoice date: 08/09/2025"), (50, 80, "Due date: 08/10/2025")]
    value = read_invoice(drawn, other)
    assert (value["issue_date"], value["due_date"]) == ("2025-09-08", "2025-10-08")


def test_one_day_may_have_two_labels(drawn: Drawn) -> None:
    assert read_invoice(drawn, [(50, 60, "Rechnungsdatum/Lieferdatum 23. Juni 2025")])["issue_date"] == "2025-06-23"


def test_a_number_may_count_within_its_month(drawn: Drawn) -> None:
    assert read_invoice(drawn, [(50, 60, "*Faktura numer FV 14/06/2025")])["number"] == "FV 14/06/2025"


def test_an_account_is_no_tax_number_and_a_wrong_one_is_given_as_printed(drawn: Drawn) -> None:
    page: Lines = [
        (50, 60, "*Sprzedawca"),
        (50, 74, "Drukarnia Sp. z o.o."),
        (50, 88, "ul. Garbary 52"),
        (50, 102, "61-869 Poznań"),
    ]
    page += [(50, 116, "NIP: 7831742208"), (50, 130, "PL61 1090 1014 0000 0712 1981 2874")]
    assert read_invoice(drawn, page)["seller"]["vat_id"] == "7831742208"
    page = [(50, 60, "IBAN: FR76 1380 7008 0230 4219 6530 146")]
    assert read_invoice(drawn, page)["iban"] == "FR7613807008023042196530146"


def test_a_row_of_net_and_tax_counts_where_their_sum_is_the_total(drawn: Drawn) -> None:
    page: Lines = [(300, 60, "Invoice total"), (480, 60, "78.98"), (300, 90, "VAT rate"), (400, 90, "Item subtotal")]
    page += [(480, 90, "VAT subtotal"), (300, 104, "20%"), (400, 104, "65.81"), (480, 104, "13.17")]
    page += [(300, 118, "Total"), (400, 118, "65.81"), (480, 118, "13.17")]
    value = read_invoice(drawn, page)
    assert (value["net_total"], value["tax_total"], value["grand_total"]) == (65.81, 13.17, 78.98)


def test_a_total_without_a_name_is_what_net_and_tax_come_to(drawn: Drawn) -> None:
    page: Lines = [(400, 60, "Celkem bez DPH"), (500, 60, "53600,00"), (400, 76, "DPH"), (500, 76, "11256,00")]
    assert read_invoice(drawn, page)["grand_total"] is None
    assert read_invoice(drawn, [*page, (480, 100, "*64856,00 Kč")])["grand_total"] == 64856


@pytest.mark.parametrize(("title", "below"), [("*FACTURE", "FAC-00412"), ("*Fattura", "Nr. 41/2025 del 30/04/2025")])
def test_a_number_stands_below_what_the_document_calls_itself(drawn: Drawn, title: str, below: str) -> None:
    page: Lines = [(400, 60, title), (50, 62, "24 rue de la Paix"), (400, 74, below), (50, 76, "35000 Rennes")]
    assert read_invoice(drawn, page)["number"] in below.split()


def test_a_number_that_looks_like_a_day_is_one_behind_its_mark(drawn: Drawn) -> None:
    page: Lines = [(50, 60, "*FAKTURA"), (400, 70, "Nr: 2025/08/17"), (400, 84, "Data wystawienia: 29.08.2025")]
    value = read_invoice(drawn, page)
    assert (value["number"], value["issue_date"]) == ("2025/08/17", "2025-08-29")


def test_a_postcode_beside_a_title_is_no_number(drawn: Drawn) -> None:
    assert read_invoice(drawn, [(50, 60, "*CREDITFACTUUR"), (400, 60, "1014 AA Amsterdam")])["number"] is None


def test_the_small_print_names_the_seller_where_the_head_has_only_the_one_written_to(drawn: Drawn) -> None:
    page: Lines = [
        (260, 50, "*KRAMER"),
        (50, 120, "Wohnbau Hunte eG"),
        (50, 132, "Stau 15"),
        (50, 144, "26122 Oldenburg"),
    ]
    page += [(50, 780, "Kramer Gartenbau OHG"), (50, 792, "Lange Straße 40"), (50, 804, "26125 Oldenburg")]
    page += [(300, 780, "Amtsgericht Oldenburg HRA 2219"), (300, 792, "USt-ID DE811907733")]
    value = read_invoice(drawn, page)
    assert (value["seller"]["name"], value["buyer"]["name"]) == ("Kramer Gartenbau OHG", "Wohnbau Hunte eG")


def test_a_number_set_close_before_its_words_is_how_many(drawn: Drawn) -> None:
    head = [(45.0, "Quantity"), (100.0, "Details"), (340.0, "Unit Price"), (440.0, "Net Amount")]
    rows = [[(74.0, "14.00"), (103.0, "Oak boards (damaged)"), (350.0, "32.40"), (450.0, "453.60")]]
    rows += [[(79.0, "1.00"), (103.0, "Delivery refund"), (350.0, "25.00"), (450.0, "25.00")]]
    found = [_told(one, "description", "quantity") for one in _items(drawn, head, *rows)]
    assert found == [("Oak boards (damaged)", 14), ("Delivery refund", 1)]


def test_a_number_stands_beside_its_bare_mark_over_the_day_of_issue(drawn: Drawn) -> None:
    page: Lines = [(50, 60, "*Rechnungskorrektur"), (350, 80, "Nummer:"), (450, 80, "RK-2025-0031")]
    page += [(350, 94, "Datum:"), (450, 94, "11.09.2025"), (350, 108, "zu Rechnung:"), (450, 108, "RE-2025-2210")]
    assert read_invoice(drawn, page)["number"] == "RK-2025-0031"
