"""Screenshots of API pages as OCR gives them: cut paths, lines of trees read as letters, cells joined."""

from __future__ import annotations

from typing import Any

import pytest

from docextract.local.apidocs import extract
from docextract.schema.load import load
from docextract.types import Json, Word, Words

Mark = tuple[float, float, float, str]
"""x, y of the middle, size, text."""


def seen(*sheets: list[Mark], size: tuple[float, float] = (1280, 1600)) -> list[Words]:
    """Pages whose words are half as wide as high a letter, with a blank of that width between them."""
    pages = []
    for number, marks in enumerate(sheets, start=1):
        words = []
        for x, y, height, text in marks:
            at = x
            for word in text.split(" "):
                end = at + 0.5 * height * len(word)
                words.append(Word(word, at, y - 0.6 * height, end, y + 0.6 * height, height, confidence=0.97))
                at = end + 0.4 * height
        pages.append(Words(page=number, width=size[0], height=size[1], words=tuple(words), source="ocr", quality=0.97))
    return pages


def read(*sheets: list[Mark]) -> Any:
    (target,) = load("openapi")
    value, _ = extract(target.json_schema, seen(*sheets))
    return value


def names(operation: Json) -> list[tuple[str, str]]:
    return [(one["name"], one["in"]) for one in operation["parameters"]]


THREE_COLUMNS: list[Mark] = [
    (300, 60, 26, "List the boats"),
    (300, 110, 18, "QUERY PARAMETERS"),
    (300, 140, 18, "—I harbour"),
    (450, 140, 18, "string"),
    (300, 170, 18, "I berth"),
    (450, 170, 18, "integer"),
    (300, 220, 22, "Responses"),
    (310, 250, 18, "200 OK"),
    (930, 100, 18, "Response samples"),
]


@pytest.mark.parametrize("end", [".", "..", "...", "\u2026", "\u2026.", ".\u2026"])
def test_a_path_that_ends_with_dots_is_cut_short(end: str) -> None:
    (operation,) = read([*THREE_COLUMNS, (930, 60, 18, f"GET /harbours/boats/by-n{end}")])["operations"]
    assert (operation["method"], operation["path"]) == ("GET", None)
    assert operation["summary"] == "List the boats"


def test_lines_of_a_tree_are_no_part_of_names() -> None:
    (operation,) = read([*THREE_COLUMNS, (930, 60, 18, "GET /boats")])["operations"]
    assert operation["path"] == "/boats"
    assert names(operation) == [("harbour", "query"), ("berth", "query")]


def test_a_long_name_keeps_its_type_a_word_space_behind_it() -> None:
    page: list[Mark] = [
        (300, 60, 26, "List the boats"),
        (300, 110, 18, "QUERY PARAMETERS"),
        (300, 140, 18, "—harbourAndAnchorage string"),
        (490, 165, 18, "Where they lie"),
        (300, 220, 22, "Responses"),
        (310, 250, 18, "200 OK"),
        (930, 100, 18, "Response samples"),
        (930, 60, 18, "GET /boats"),
    ]
    (operation,) = read(page)["operations"]
    assert names(operation) == [("harbourAndAnchorage", "query")]
    assert operation["parameters"][0]["type"] == "string"


def test_a_name_read_in_one_with_its_description_is_a_row() -> None:
    page: list[Mark] = [
        (40, 60, 18, "GET /harbours/{harbourId} Show a harbour"),
        (34, 110, 18, "Name"),
        (167, 110, 18, "Description"),
        (34, 150, 24, "harbourId *"),
        (160, 150, 24, "Number of the harbour"),
        (34, 175, 18, "integer($int64)"),
        (34, 200, 18, "(path)"),
        (34, 260, 18, "Responses"),
    ]
    (operation,) = read(page)["operations"]
    assert [(one["name"], one["type"], one["required"]) for one in operation["parameters"]] == [
        ("harbourId", "integer($int64)", True)
    ]
