"""Items of receipts whose columns no head names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from docextract.local.engine import extract
from docextract.schema.load import load
from docextract.types import Json, Words

Drawn = Callable[..., tuple[Words, ...]]
SCHEMA = load("receipt")[0].json_schema


def _items(drawn: Drawn, *lines: tuple[str, str]) -> list[tuple[Json, Json, Json]]:
    page = [(50.0, 60.0, "*CORNER SHOP LTD"), (50.0, 74.0, "12 Mill Lane")]
    page += [
        (x, 110 + 14.0 * n, t) for n, row in enumerate(lines) for x, t in zip((50.0, 260.0), row, strict=True) if t
    ]
    value, _ = extract(SCHEMA, drawn([*page, (50.0, 110 + 14.0 * len(lines), "TOTAL   99.99")]))
    return [(item["description"], item.get("quantity"), item["amount"]) for item in value["items"]]


def test_numbers_before_most_items_are_how_many(drawn: Drawn) -> None:
    found = _items(drawn, ("2 Burger", "25.90"), ("add bacon", "3.00"), ("1 Salad", "11.50"), ("3 Tea", "9.00"))
    assert found == [("Burger", 2, 25.9), ("add bacon", None, 3), ("Salad", 1, 11.5), ("Tea", 3, 9)]


def test_a_number_before_one_item_is_its_name(drawn: Drawn) -> None:
    found = _items(drawn, ("7 Up can", "1.20"), ("Bread", "3.00"), ("Milk", "1.50"))
    assert found[0] == ("7 Up can", None, 1.2)


def test_numbers_that_count_the_items_are_no_quantities(drawn: Drawn) -> None:
    found = _items(drawn, ("1 Bread", "3.00"), ("2 Milk", "1.50"), ("3 Butter", "2.10"))
    assert found == [("Bread", None, 3), ("Milk", None, 1.5), ("Butter", None, 2.1)]


def test_rates_behind_most_items_are_a_column_and_one_is_a_name(drawn: Drawn) -> None:
    assert [one[0] for one in _items(drawn, ("Bread 7%", "3.00"), ("Soap 19%", "1.50"))] == ["Bread", "Soap"]
    assert [one[0] for one in _items(drawn, ("Milk 3.5%", "1.10"), ("Soap", "1.50"))] == ["Milk 3.5%", "Soap"]


@pytest.mark.parametrize("line", ["2 Stk x 0.89", "2 @ 0.89", "2 x 0.89 EUR"])
def test_a_line_of_how_many_at_which_price_belongs_to_the_item_that_it_comes_to(drawn: Drawn, line: str) -> None:
    before = _items(drawn, ("Bread", "3.00"), (line, ""), ("Yoghurt", "1.78"))
    after = _items(drawn, ("Yoghurt", "1.78"), (line, ""), ("Bread", "3.00"))
    assert before == [("Bread", None, 3), ("Yoghurt", 2, 1.78)]
    assert after == [("Yoghurt", 2, 1.78), ("Bread", None, 3)]


def test_what_is_weighed_has_its_weight(drawn: Drawn) -> None:
    found = _items(drawn, ("Bananas loose", ""), ("0.842 kg @ 0.95/kg", "0.80"), ("Bread", "3.00"))
    assert found[0] == ("Bananas loose", 0.842, 0.8)


def test_the_price_of_a_litre_is_not_the_amount(drawn: Drawn) -> None:
    rows = [("PRODUCTO", "LITROS", "PRECIO", "IMPORTE"), ("GASOLEO A", "38,21", "1,489", "56,89")]
    rows += [("AGUA", "2", "1,20", "2,40")]
    page = [(x, 100 + 14.0 * n, t) for n, row in enumerate(rows) for x, t in zip((50, 180, 250, 320), row, strict=True)]
    value, _ = extract(SCHEMA, drawn([(50, 60, "*GASOLINERA LA VEGA S.L."), *page, (50, 150, "TOTAL EUROS   59,29")]))
    assert [(item["quantity"], item["amount"]) for item in value["items"]] == [(38.21, 56.89), (2, 2.4)]
    assert value["currency"] == "EUR"


def test_what_was_bought_stands_above_the_line_of_how_many_and_the_amount(drawn: Drawn) -> None:
    rows = [
        ("Milk 3.8%", ""),
        ("2 Stk x 1.29", "2.58"),
        ("Bread", "3.49"),
        ("Apples", ""),
        ("0.862 kg x 2.49 EUR/kg", "2.15"),
    ]
    assert _items(drawn, *rows) == [("Milk 3.8%", 2, 2.58), ("Bread", None, 3.49), ("Apples", 0.862, 2.15)]


def test_how_many_behind_the_words_is_taken_off_where_it_comes_to_the_amount(drawn: Drawn) -> None:
    found = _items(drawn, ("Pen blue 2x1.90", "3.80"), ("Cable 3x1.50", "12.00"), ("Bolt 3/8x2", "8.28"))
    assert found[:2] == [("Pen blue", 2, 3.8), ("Cable 3x1.50", None, 12)]


def test_a_product_says_more_than_a_measure_in_the_name(drawn: Drawn) -> None:
    found = _items(drawn, ("12 @ 0.69", ""), ("Hex bolt 3/8X2 zn", "8.28"), ("Brush", "5.99"))
    assert found[0] == ("Hex bolt 3/8X2 zn", 12, 8.28)


def test_a_price_far_inside_the_column_of_amounts_is_part_of_a_name(drawn: Drawn) -> None:
    found = _items(drawn, ("Bread", "3.00"), ("Bottle 0.25", ""), ("2 x 0.25", "0.50"), ("Soap", "1.50"))
    assert found == [("Bread", None, 3), ("Bottle 0.25", 2, 0.5), ("Soap", None, 1.5)]


def test_yen_have_no_cents(drawn: Drawn) -> None:
    lines = [("SAKURA MART", ""), ("2024/07/03 22:51", "REG 02"), ("Rice ball", "320"), ("Green tea 600ML", "1,158")]
    lines += [("Subtotal", "1,478"), ("TOTAL", "¥1,478")]
    page = [(x, 60 + 14.0 * n, t) for n, row in enumerate(lines) for x, t in zip((50.0, 260.0), row, strict=True) if t]
    value, _ = extract(SCHEMA, drawn(page))
    assert [(item["description"], item["amount"]) for item in value["items"]] == [
        ("Rice ball", 320),
        ("Green tea 600ML", 1158),
    ]
    assert (value["total"], value["currency"]) == (1478, "JPY")


def test_two_taxes_of_the_same_amount_are_added_up_whatever_was_rounded(drawn: Drawn) -> None:
    lines = [("CORNER STORES", ""), ("Rice", "1,150.00"), ("Sub Total", "1,150.00"), ("CGST 2.5%", "28.75")]
    lines += [("SGST 2.5%", "28.75"), ("Round Off", "0.50"), ("Grand Total", "1,208.00")]
    page = [(x, 60 + 14.0 * n, t) for n, row in enumerate(lines) for x, t in zip((50.0, 260.0), row, strict=True) if t]
    value, _ = extract(SCHEMA, drawn(page))
    assert (value["subtotal"], value["tax"], value["total"]) == (1150, 57.5, 1208)


def test_measures_are_no_quantities(drawn: Drawn) -> None:
    found = _items(drawn, ("Tissues 10x10", "3.15"), ("Water 6X1,5L", "2.94"), ("2 x Cream Tea", "17.00"))
    assert found == [("Tissues 10x10", None, 3.15), ("Water 6X1,5L", None, 2.94), ("Cream Tea", 2, 17)]


def _page(*lines: tuple[str, ...]) -> list[tuple[float, float, str]]:
    """Lines below a shop's name: a word at each of three places across, nothing where it is empty."""
    rows = [("*CORNER SHOP LTD",), ("12 Mill Lane",), *lines]
    places = (50.0, 100.0, 260.0)
    return [(x, 60 + 14.0 * n, t) for n, row in enumerate(rows) for x, t in zip(places, row, strict=False) if t]


def _read(drawn: Drawn, *lines: tuple[str, ...]) -> list[tuple[Json, Json, Json]]:
    value, _ = extract(SCHEMA, drawn(_page(*lines)))
    return [(item["description"], item.get("quantity"), item["amount"]) for item in value["items"]]


def test_a_column_of_how_many_needs_no_head(drawn: Drawn) -> None:
    rows = [("2", "Sunday Roast", "39.90"), ("2", "Guinness Pint", "11.60"), ("1", "Toffee Pud", "7.50")]
    found = _read(drawn, *rows, ("TOTAL", "", "59.00"))
    assert found == [("Sunday Roast", 2, 39.9), ("Guinness Pint", 2, 11.6), ("Toffee Pud", 1, 7.5)]
    counted = [("1", "Bread", "3.00"), ("2", "Milk", "1.50"), ("3", "Soap", "2.10")]
    assert [one[1] for one in _read(drawn, *counted, ("TOTAL", "", "6.60"))] == [None, None, None]


def test_words_above_their_count_and_price_are_the_item_whatever_head_there_is(drawn: Drawn) -> None:
    head = ("QTY", "DESCRIPTION", "AMOUNT")
    rows = [("PVC pipe",), ("  2 x 6.50", "", "13.00"), ("Cement",), ("  1 x 3.50", "", "3.50"), ("Sandpaper",)]
    found = _read(drawn, head, *rows, ("  5 x 1.50", "", "7.50"), ("TOTAL", "", "24.00"))
    assert found == [("PVC pipe", 2, 13), ("Cement", 1, 3.5), ("Sandpaper", 5, 7.5)]


def test_what_was_paid_exactly_is_the_total_whatever_it_is_called(drawn: Drawn) -> None:
    rows = [("Dal", "", "705.00"), ("Sub Total", "", "705.00"), ("Net amount", "", "740.25"), ("CGST", "", "17.63")]
    rows += [("SGST", "", "17.62"), ("Card", "", "740.25")]
    value, _ = extract(SCHEMA, drawn(_page(*rows)))
    assert (value["subtotal"], value["tax"], value["total"]) == (705, 35.25, 740.25)


def test_how_many_may_stand_behind_the_words_or_before_them_in_the_line_above(drawn: Drawn) -> None:
    assert _items(drawn, ("Ramen x2", "19.60"), ("Gyoza x1", "4.80")) == [("Ramen", 2, 19.6), ("Gyoza", 1, 4.8)]
    assert _items(drawn, ("Rice 2 x 1.60", "3.20"), ("Tea", "1.58")) == [("Rice", 2, 3.2), ("Tea", None, 1.58)]
    found = _items(drawn, ("4 x Croissant", ""), ("  1.10", "4.40"), ("1 x Juice", "2.95"))
    assert found == [("Croissant", 4, 4.4), ("Juice", 1, 2.95)]


def test_what_was_paid_for_all_lines_is_the_total_under_a_name_nobody_knows(drawn: Drawn) -> None:
    rows = [("Beef", "", "42.55"), ("Goose fat", "", "3.50"), ("2 items total", "", "46.05"), ("CARD", "", "46.05")]
    value, _ = extract(SCHEMA, drawn(_page(*rows)))
    assert (value["total"], value["payment_method"]) == (46.05, "CARD")


def test_a_cell_that_brushes_the_head_beside_its_own_is_not_cut(drawn: Drawn) -> None:
    cells = [(50.0, "Quantity"), (120.0, "Description"), (300.0, "Price"), (380.0, "Total")]
    rows = [[(50.0, "2"), (84.0, "Barra gallega"), (300.0, "1.40"), (380.0, "2.80")]]
    rows += [[(50.0, "3"), (84.0, "Ensaimada de nata"), (300.0, "1.35"), (380.0, "4.05")]]
    lines = [[(50.0, "*CORNER SHOP LTD")], [(50.0, "12 Mill Lane")], cells, *rows, [(50.0, "TOTAL"), (380.0, "6.85")]]
    page = [(x, 60 + 14.0 * n, text) for n, line in enumerate(lines) for x, text in line]
    value, _ = extract(SCHEMA, drawn(page))
    assert [item["description"] for item in value["items"]] == ["Barra gallega", "Ensaimada de nata"]
