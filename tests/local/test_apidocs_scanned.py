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


SCALAR: list[Mark] = [
    (340, 60, 26, "List the boats"),
    (815, 90, 18, "GET /boats"),
    (340, 120, 18, "Query Parameters"),
    (834, 120, 18, "curl https://harbour.example/boats"),
    (340, 150, 18, "flag string required"),
    (340, 180, 18, "Country of the boat"),
    (340, 210, 18, "length_min number"),
    (340, 260, 20, "Responses"),
    (340, 290, 18, "200"),
]
PHONE: list[Mark] = [
    (74, 60, 26, "List the boats"),
    (75, 110, 18, "QUERY PARAMETERS"),
    (110, 150, 18, "flag"),
    (114, 172, 18, "required"),
    (111, 196, 18, "string"),
    (115, 220, 18, "Country of the boat"),
    (77, 260, 18, "工 length_min"),
    (111, 286, 18, "number"),
    (75, 340, 22, "Responses"),
    (100, 370, 18, "— 200 Boats"),
    (130, 420, 18, "GET /boats"),
    (75, 460, 18, "Response samples"),
]
BESIDE_NOTES: list[Mark] = [
    (404, 60, 26, "List the boats"),
    (404, 100, 18, "GET /boats"),
    (404, 140, 18, "QUERY-STRING PARAMETERS"),
    (551, 170, 16, "* flag"),
    (564, 182, 16, "string Country of the boat"),
    (507, 212, 16, "length_min Default: 20"),
    (564, 224, 16, "number Most 100"),
    (404, 270, 18, "RESPONSE"),
    (404, 300, 18, "200"),
]


@pytest.mark.parametrize(("page", "size"), [(SCALAR, (1280, 1600)), (PHONE, (390, 1200)), (BESIDE_NOTES, (1280, 1600))])
def test_rows_in_one_column_are_read(page: list[Mark], size: tuple[float, float]) -> None:
    (target,) = load("openapi")
    value, _ = extract(target.json_schema, seen(page, size=size))
    (operation,) = value["operations"]
    assert (operation["method"], operation["path"]) == ("GET", "/boats")
    assert [(one["name"], one["in"], one["type"], one["required"]) for one in operation["parameters"]] == [
        ("flag", "query", "string", True),
        ("length_min", "query", "number", False),
    ]
    assert operation["parameters"][0]["description"] == "Country of the boat"


def test_cells_that_stand_close_are_parted_at_the_headers_columns() -> None:
    cells = [(55, "Name"), (120, "In"), (190, "Type"), (248, "Required")]
    row = [(55, "flag"), (120, "query"), (190, "any"), (248, "yes")]
    page: list[Mark] = [(45, 40, 22, "GET /boats"), (45, 80, 20, "Parameters")]
    page += [(x, 120, 22, text) for x, text in cells] + [(x, 160, 22, text) for x, text in row]
    (operation,) = read(page)["operations"]
    (one,) = operation["parameters"]
    assert (one["name"], one["in"], one["type"], one["required"]) == ("flag", "query", "any", True)


def test_url_parameters_stand_in_the_path() -> None:
    page: list[Mark] = [
        (24, 40, 18, "GET https://harbour.example/v2/boats/{number}"),
        (24, 80, 18, "URL Parameters"),
        (28, 120, 18, "Parameter"),
        (260, 120, 18, "Type"),
        (28, 150, 18, "number"),
        (260, 150, 18, "string"),
    ]
    value = read(page)
    assert value["servers"] == ["https://harbour.example"]
    assert value["operations"][0]["path"] == "/v2/boats/{number}"
    assert names(value["operations"][0]) == [("number", "path")]
    stated: list[Mark] = [(24, 10, 18, "Base URL: https://harbour.example/v2"), *page]
    value = read(stated)
    assert value["servers"] == ["https://harbour.example/v2"]
    assert value["operations"][0]["path"] == "/boats/{number}"


def test_curl_examples_tell_what_they_send() -> None:
    page: list[Mark] = [
        (60, 60, 18, "curl -X PoST https://harbour.example/boats?dry_run=true \\"),
        (77, 90, 18, "-H 'Idempotency-Key: 17' \\"),
        (77, 120, 18, "-H 'Content-Type: application/json' \\"),
        (77, 150, 18, "-d '{}'"),
        (60, 220, 18, "curl https://harbour.example/boats"),
        (60, 290, 18, "curl https://harbour.example/log -d 'x'"),
    ]
    value = read(page)
    assert [(one["method"], one["path"]) for one in value["operations"]] == [
        ("POST", "/boats"),
        ("GET", "/boats"),
        ("POST", "/log"),
    ]
    assert names(value["operations"][0]) == [("Idempotency-Key", "header"), ("dry_run", "query")]
    assert value["servers"] == ["https://harbour.example"]


def test_a_badge_between_a_paths_lines_is_its_method() -> None:
    page: list[Mark] = [
        (227, 50, 26, "/boats"),
        (99, 66, 24, "GET"),
        (227, 82, 26, "All boats"),
        (227, 200, 26, "/harbours/reports/by-"),
        (99, 216, 24, "GET"),
        (227, 216, 24, "length"),
        (227, 236, 26, "Reports"),
    ]
    operations = read(page)["operations"]
    assert [(one["method"], one["path"]) for one in operations] == [
        ("GET", "/boats"),
        ("GET", "/harbours/reports/by-length"),
    ]


@pytest.mark.parametrize(("method", "read_as"), [("POST", "PoST"), ("POST", "POsT"), ("DELETE", "DELeTE")])
def test_methods_with_a_letter_read_small(method: str, read_as: str) -> None:
    (operation,) = read([(60, 60, 18, f"{read_as} /boats")])["operations"]
    assert operation["method"] == method
    assert read([(60, 60, 18, f"{read_as.capitalize()} /boats")])["operations"] == []


def test_a_struck_out_path_with_lost_dashes_is_not_given() -> None:
    (operation,) = read([*THREE_COLUMNS, (930, 60, 18, "GET /harbours/by length - and-")])["operations"]
    assert operation["path"] is None


def test_a_path_that_lacks_its_own_parameter_at_its_end_is_cut() -> None:
    page = [*THREE_COLUMNS, (930.0, 60.0, 18.0, "GET /harbours/")]
    (operation,) = read(page)["operations"]
    assert operation["path"] == "/harbours/"
    page[1] = (300, 110, 18, "PATH PARAMETERS")
    (operation,) = read(page)["operations"]
    assert operation["path"] is None
    assert names(operation) == [("harbour", "path"), ("berth", "path")]


def test_a_struck_out_slash_read_as_a_letter() -> None:
    page: list[Mark] = [
        (60, 60, 18, "GET /boats/{number} Show one"),
        (60, 160, 18, "DELETE Aboats/{number} Remove one"),
    ]
    assert [(one["method"], one["path"]) for one in read(page)["operations"]] == [
        ("GET", "/boats/{number}"),
        ("DELETE", "/boats/{number}"),
    ]
    page[1] = (60, 160, 18, "DELETE Ashoes/{number} Remove one")
    assert len(read(page)["operations"]) == 1


def test_a_name_counted_by_its_path_ends_in_id() -> None:
    (operation,) = read([(60, 60, 18, "GET /photos/{photold}/threshold")])["operations"]
    assert operation["path"] == "/photos/{photoId}/threshold"
    assert names(operation) == [("photoId", "path")]


def test_an_overlap_of_screenshots_is_read_once() -> None:
    page: list[Mark] = [
        (34, 60, 18, "GET /boats List the boats"),
        (34, 140, 18, "Parameters"),
        (34, 180, 18, "Name"),
        (167, 180, 18, "Description"),
    ]
    for at, name in enumerate(["flag", "owner", "length", "harbour", "colour", "sails"]):
        page += [
            (34, 230 + 120 * at, 18, name),
            (167, 230 + 120 * at, 18, f"What {name} it has"),
            (34, 260 + 120 * at, 18, "string"),
            (34, 290 + 120 * at, 18, "(query)"),
        ]
    first = [mark for mark in page if mark[1] < 700]
    second = [(x, y - 300, size, text) for x, y, size, text in page if y >= 310]
    value, _ = extract(load("openapi")[0].json_schema, seen(first, second, size=(1280, 700)))
    (operation,) = value["operations"]
    assert [name for name, _ in names(operation)] == ["flag", "owner", "length", "harbour", "colour", "sails"]


def test_pages_of_one_make_are_no_overlap() -> None:
    def page(name: str, path: str) -> list[Mark]:
        return [
            (34, 100, 18, f"GET {path} List"),
            (34, 140, 18, "Parameters"),
            (34, 180, 18, "Name"),
            (167, 180, 18, "Description"),
            (34, 230, 18, name),
            (34, 260, 18, "string"),
            (34, 290, 18, "(query)"),
            (34, 340, 18, "Responses"),
            (34, 380, 18, "200"),
            (167, 380, 18, "successful operation"),
        ]

    first = [*page("flag", "/boats"), *((x, y + 350, size, text) for x, y, size, text in page("owner", "/berths"))]
    second = [*page("price", "/fees"), *((x, y + 350, size, text) for x, y, size, text in page("day", "/tides"))]
    value, _ = extract(load("openapi")[0].json_schema, seen(first, second, size=(1280, 800)))
    assert [one["path"] for one in value["operations"]] == ["/boats", "/berths", "/fees", "/tides"]
    assert [names(one) for one in value["operations"]] == [
        [(name, "query")] for name in ("flag", "owner", "price", "day")
    ]
