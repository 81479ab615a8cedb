"""Tables of items in shapes that a head and its columns alone do not explain."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pydantic import BaseModel

from docextract.local.engine import extract
from docextract.schema.jsonschema import model_schema
from docextract.schema.load import load
from docextract.types import Json, Ruling, Words

Drawn = Callable[..., tuple[Words, ...]]
INVOICE = load("invoice")[0].json_schema
HEAD: list[tuple[float, float, str]] = [
    (50, 100, "Description"),
    (300, 100, "Qty"),
    (380, 100, "Unit price"),
    (480, 100, "Amount"),
]


def row(y: float, *texts: str) -> list[tuple[float, float, str]]:
    return list(zip((50, 300, 380, 480), [y] * 4, texts, strict=False))


def lines(value: Json) -> list[tuple[Any, ...]]:
    return [(line["description"], line["quantity"], line["unit_price"], line["net_amount"]) for line in value["lines"]]


def test_drawn_lines_part_rows_whose_numbers_stand_amid_their_text(drawn: Drawn) -> None:
    page: list[tuple[float, float, str]] = [*HEAD]
    page += [
        (50.0, 120.0, "Oak shelf, oiled,"),
        *row(132, "with brackets and", "2", "45.00", "90.00"),
        (50, 144, "screws"),
    ]
    page += [(50, 160, "Delivery to the"), *row(172, "third floor", "1", "30.00", "30.00")]
    (words,) = drawn(page)
    rules = tuple(Ruling(45, y, 550, y) for y in (85, 106, 149, 178))
    value, _ = extract(INVOICE, [replace(words, rulings=rules)])
    assert lines(value) == [
        ("Oak shelf, oiled, with brackets and screws", 2, 45, 90),
        ("Delivery to the third floor", 1, 30, 30),
    ]


def test_white_space_parts_rows_whose_numbers_stand_on_their_last_line(drawn: Drawn) -> None:
    page = [*HEAD, (50, 120, "Brake pads, front"), *row(132, "and rear axle", "2", "45.00", "90.00")]
    page += [
        *row(152, "Labour", "3", "60.00", "180.00"),
        (50, 172, "Oil, 5 litres,"),
        *row(184, "synthetic", "4", "8.00", "32.00"),
    ]
    value, _ = extract(INVOICE, drawn(page))
    assert [line[0] for line in lines(value)] == [
        "Brake pads, front and rear axle",
        "Labour",
        "Oil, 5 litres, synthetic",
    ]


def test_columns_with_misleading_heads_are_told_by_what_multiplies(drawn: Drawn) -> None:
    page = [(50, 100, "#"), (80, 100, "Item"), (300, 100, "Amount"), (380, 100, "Price"), (480, 100, "Total")]
    for y, texts in (
        (120, ("1", "Leaflet, folded", "2500", "0.12", "300.00")),
        (136, ("2", "Banner", "6", "48.00", "288.00")),
    ):
        page += list(zip((50, 80, 300, 380, 480), [y] * 5, texts, strict=True))
    value, _ = extract(INVOICE, drawn(page))
    assert lines(value) == [("Leaflet, folded", 2500, 0.12, 300), ("Banner", 6, 48, 288)]


def test_an_article_number_does_not_become_the_description(drawn: Drawn) -> None:
    page = [(50, 100, "Item"), (120, 100, "Description"), (380, 100, "Qty"), (480, 100, "Amount")]
    for y, texts in ((120, ("K-310", "Eyepiece", "8", "440.00")), (136, ("K-977", "Finder scope", "2", "299.00"))):
        page += list(zip((50, 120, 380, 480), [y] * 4, texts, strict=True))
    value, _ = extract(INVOICE, drawn(page))
    assert [line[0] for line in lines(value)] == ["Eyepiece", "Finder scope"]


def test_a_column_of_words_under_an_unknown_head_describes_the_items(drawn: Drawn) -> None:
    page = [(50, 100, "Work carried out"), *HEAD[1:], *row(120, "Site survey", "6.5", "85.00", "552.50")]
    page += [(56, 131, "\u2022 levels and trees"), *row(150, "Client meeting", "2", "95.00", "190.00")]
    value, _ = extract(INVOICE, drawn(page))
    assert lines(value) == [("Site survey", 6.5, 85, 552.5), ("Client meeting", 2, 95, 190)]


def test_headings_and_sums_of_groups_are_no_rows(drawn: Drawn) -> None:
    page = [*HEAD, (50, 120, "Section 1: Stairs"), *row(136, "Sanding", "120", "3.20", "384.00")]
    page += [(330, 150, "Sum of section 1"), (480, 150, "384.00"), (50, 172, "Section 2: Cellar")]
    page += [*row(188, "Cleaning", "45", "1.90", "85.50"), (330, 202, "Sum of section 2"), (480, 202, "85.50")]
    value, _ = extract(INVOICE, drawn(page))
    assert lines(value) == [("Sanding", 120, 3.2, 384), ("Cleaning", 45, 1.9, 85.5)]


def test_a_table_goes_on_over_the_page_without_its_head(drawn: Drawn) -> None:
    first = [
        (50, 40, "Rowan Audio Ltd."),
        *HEAD,
        *row(120, "Cable", "2", "7.00", "14.00"),
        *row(136, "Stand", "3", "9.00", "27.00"),
    ]
    second = [(50, 40, "Rowan Audio Ltd."), (480, 40, "Page 2"), *row(100, "Mixer", "1", "80.00", "80.00")]
    second += [(380, 130, "Total"), (480, 130, "121.00")]
    value, evidence = extract(INVOICE, drawn(first, second))
    assert [line[0] for line in lines(value)] == ["Cable", "Stand", "Mixer"]
    assert next(one.page for one in evidence if one.path == "/lines/2/net_amount") == 2


def test_another_table_on_the_next_page_is_not_taken_for_more_rows(drawn: Drawn) -> None:
    first = [*HEAD, *row(120, "Cable", "2", "7.00", "14.00"), *row(136, "Stand", "3", "9.00", "27.00")]
    second = [
        (50, 60, "Kind"),
        (300, 60, "Base"),
        (480, 60, "Tax"),
        (50, 80, "Standard rate"),
        (300, 80, "41.00"),
        (480, 80, "8.20"),
    ]
    value, _ = extract(INVOICE, drawn(first, second))
    assert [line[0] for line in lines(value)] == ["Cable", "Stand"]


def test_the_same_head_once_more_begins_more_rows(drawn: Drawn) -> None:
    page = [
        (50, 80, "*Power"),
        *HEAD,
        *row(116, "Energy", "2400", "0.31", "744.00"),
        *row(130, "Meter", "12", "9.50", "114.00"),
    ]
    page += [(50, 160, "*Water")] + [(x, 180, text) for x, _, text in HEAD] + row(196, "Use", "96", "1.85", "177.60")
    value, _ = extract(INVOICE, drawn(page))
    assert [line[0] for line in lines(value)] == ["Energy", "Meter", "Use"]


class Shelf(BaseModel):
    book: str | None = None
    shelf: str | None = None


class Library(BaseModel):
    loans: list[Shelf] = []


@pytest.mark.parametrize("count", [1, 3])
def test_a_table_without_numbers_has_a_row_a_line(drawn: Drawn, count: int) -> None:
    page = [(50, 100, "Book"), (250, 100, "Shelf")]
    for index in range(count):
        page += [(50, 120 + 16 * index, f"Tales, volume {'ABC'[index]}"), (250, 120 + 16 * index, "North wing")]
    value, _ = extract(model_schema(Library), drawn(page))
    assert [loan["book"] for loan in value["loans"]] == [f"Tales, volume {'ABC'[index]}" for index in range(count)]
