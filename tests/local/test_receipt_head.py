"""The top of a receipt: whose it is and where the shop is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from docextract.local.engine import extract
from docextract.schema.load import load
from docextract.types import Words

Drawn = Callable[..., tuple[Words, ...]]
SCHEMA = load("receipt")[0].json_schema
ITEMS = ["CASH", "Bread 1   2.50", "TOTAL   2.50", "11/08/2017"]


def _address(drawn: Drawn, *head: str) -> str | None:
    lines = [(60.0, 60 + 13.0 * n, text) for n, text in enumerate([*head, "", *ITEMS])]
    value, _ = extract(SCHEMA, drawn(lines))
    found: str | None = value["address"]
    return found


def test_numbers_between_the_name_and_the_address_are_passed_over(drawn: Drawn) -> None:
    found = _address(drawn, "HIGH STREET BAKERS LTD", "GST NO: 004417302216", "B-8, MILL LANE 15", "47500 OLDTOWN")
    assert found == "B-8, MILL LANE 15, 47500 OLDTOWN"


@pytest.mark.parametrize("branch", ["1320-OLD MARKET", "207-Riverside"])
def test_the_branch_under_the_town_belongs_to_the_address(drawn: Drawn, branch: str) -> None:
    found = _address(drawn, "NINE MART SDN BHD", "LOT 28, JALAN ANGSA", "41150 KLANG", branch, "TEL: 03-5550 1428")
    assert found == f"LOT 28, JALAN ANGSA, 41150 KLANG, {branch}"


@pytest.mark.parametrize("line", ["SALES-COUNTER", "12-08-2019 10:33", "Open 9-18"])
def test_other_lines_under_the_town_do_not(drawn: Drawn, line: str) -> None:
    found = _address(drawn, "NINE MART SDN BHD", "LOT 28, JALAN ANGSA", "41150 KLANG", line)
    assert found == "LOT 28, JALAN ANGSA, 41150 KLANG"


def test_a_shop_in_a_mall_is_named_by_its_place(drawn: Drawn) -> None:
    found = _address(drawn, "Care Stores Sdn Bhd", "GST Reg No. 003316604472", "River Mall, Oldtown (OT)")
    assert found == "River Mall, Oldtown (OT)"


def test_a_sentence_is_no_place(drawn: Drawn) -> None:
    assert _address(drawn, "Care Stores Sdn Bhd", "Fresh bread, every single day") is None


def test_a_street_without_a_number_stands_above_its_town_and_postcode(drawn: Drawn) -> None:
    assert (
        _address(drawn, "THE OLD TEAROOM", "Station Road", "Haverby", "YO21 3QT") == "Station Road, Haverby, YO21 3QT"
    )
    found = _address(drawn, "NINE MART SDN BHD", "PLAZA ANGSA", "NO.41-2, JALAN 6C,", "50990 OLDTOWN")
    assert found == "NO.41-2, JALAN 6C, 50990 OLDTOWN", "a numbered street begins the address"


@pytest.mark.parametrize(
    ("lines", "time"),
    [
        (["Open daily 9:00 - 18:30", "19/12/2023 16:58"], "16:58"),
        (["Te1 : 05 61 99 01 20", "Printed 16:58"], "16:58"),
        (["Open daily 9:00 - 18:30"], "09:00"),
    ],
)
def test_the_time_stands_beside_the_day_and_is_no_phone(drawn: Drawn, lines: list[str], time: str) -> None:
    page = [
        (60.0, 60 + 13.0 * n, text)
        for n, text in enumerate(["CORNER SHOP LTD", *lines, "Bread 1   2.50", "TOTAL   2.50"])
    ]
    assert extract(SCHEMA, drawn(page))[0]["time"] == time


@pytest.mark.parametrize(("line", "method"), [("Pin   2.50", "Pin"), ("PIN 411005", None)])
def test_pin_is_a_payment_beside_an_amount_only(drawn: Drawn, line: str, method: str | None) -> None:
    page = [
        (60.0, 60 + 13.0 * n, text)
        for n, text in enumerate(["CORNER SHOP LTD", "Bread 1   2.50", "TOTAL   2.50", line])
    ]
    assert extract(SCHEMA, drawn(page))[0]["payment_method"] == method


@pytest.mark.parametrize(("gap", "name"), [(9.0, "QX HERON ENTERPRISE"), (60.0, "HERON ENTERPRISE")])
def test_the_first_word_of_a_name_may_be_a_piece_of_its_own_in_a_picture(drawn: Drawn, gap: float, name: str) -> None:
    head = [
        (60.0, 60.0, "QX"),
        (74.5 + gap, 60.0, "HERON ENTERPRISE"),
        (70.0, 73.0, "12 MILL LANE"),
        (70.0, 86.0, "47500 OLDTOWN"),
    ]
    page = [*head, *((60.0, 120 + 13.0 * n, text) for n, text in enumerate(ITEMS))]
    seen = [replace(words, source="ocr") for words in drawn(page)]
    assert extract(SCHEMA, seen)[0]["company"] == name


@pytest.mark.parametrize(
    ("street", "address"),
    [
        ("KM 73.5 LEBUHRAYA TIMUR", "KM 73.5 LEBUHRAYA TIMUR, 47500 OLDTOWN"),
        ("No: 28, JALAN ASTANA 1C,", "No: 28, JALAN ASTANA 1C, 47500 OLDTOWN"),
    ],
)
def test_a_house_may_have_its_number_behind_a_colon_or_by_the_kilometre(
    drawn: Drawn, street: str, address: str
) -> None:
    assert _address(drawn, "NINE MART SDN BHD", street, "47500 OLDTOWN", "TEL: 03-5550 1428") == address


def test_the_legal_form_below_a_name_belongs_to_it_with_its_number_behind(drawn: Drawn) -> None:
    head = ["*PASARAYA BORONG ANGSA", "*SDN BHD (731904-K)", "LOT 77, JALAN SUNGAI PUTIH,", "40150 OLDTOWN", *ITEMS]
    value, _ = extract(SCHEMA, drawn([(60.0, 60 + 13.0 * n, text) for n, text in enumerate(head)]))
    assert value["company"] == "PASARAYA BORONG ANGSA SDN BHD"
