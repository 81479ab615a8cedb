"""API pages drawn by the tests: the layouts of swagger-ui, ReDoc, tables, lists and curl examples."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen import canvas

from docextract.local.apidocs import extract
from docextract.local.apidocs_bars import route
from docextract.local.apidocs_names import folded, mended
from docextract.read.pdfpage import text_layer
from docextract.types import Evidence, Json, Word, Words

TEXT: dict[str, Json] = {"anyOf": [{"type": "string"}, {"type": "null"}]}
FLAG: dict[str, Json] = {"anyOf": [{"type": "boolean"}, {"type": "null"}], "x-evidence": "inferred"}


def _list(items: dict[str, Json]) -> dict[str, Json]:
    return {"type": "array", "items": items}


def _record(**parts: Json) -> dict[str, Json]:
    return {"type": "object", "properties": parts}


FIELD = _record(name=TEXT, type=TEXT, required=FLAG, description=TEXT)
PARAMETER = _record(name=TEXT, **{"in": TEXT}, required=FLAG, type=TEXT, description=TEXT)
OPERATION = _record(
    method=TEXT,
    path=TEXT,
    summary=TEXT,
    tags=_list({"type": "string"}),
    parameters=_list(PARAMETER),
    request_body={"anyOf": [_record(content_type=TEXT, fields=_list(FIELD)), {"type": "null"}]},
    responses=_list(_record(status=TEXT, description=TEXT, fields=_list(FIELD))),
    deprecated=FLAG,
)
SCHEMA = _record(
    title=TEXT,
    version=TEXT,
    description=TEXT,
    servers=_list({"type": "string"}),
    security=_list(_record(name=TEXT)),
    operations=_list(OPERATION),
    models=_list(_record(name=TEXT, fields=_list(FIELD))),
)

Mark = tuple[float, float, float, bool, str]
"""x, y from the top, size, bold, text."""


def drawn(*sheets: Sequence[Mark], size: tuple[float, float] = (600, 800)) -> tuple[Words, ...]:
    file = io.BytesIO()
    paper = canvas.Canvas(file, pagesize=size)
    for sheet in sheets:
        for x, y, points, bold, text in sheet:
            paper.setFont("Helvetica-Bold" if bold else "Helvetica", points)
            paper.drawString(x, size[1] - y, text)
        paper.showPage()
    paper.save()
    pdf = pdfium.PdfDocument(file.getvalue())
    try:
        return tuple(text_layer(pdf, index, index + 1)[0] for index in range(len(pdf)))
    finally:
        pdf.close()


def read(*sheets: Sequence[Mark], size: tuple[float, float] = (600, 800)) -> tuple[Any, tuple[Evidence, ...]]:
    return extract(SCHEMA, drawn(*sheets, size=size))


def outline(value: Any) -> list[tuple[str, str | None, list[tuple[str, str]], list[str]]]:
    return [
        (
            item["method"],
            item["path"],
            [(one["name"], one["in"]) for one in item["parameters"]],
            [one["status"] for one in item["responses"]],
        )
        for item in value["operations"]
    ]


SWAGGER: list[Mark] = [
    (12, 40, 20, True, "Boat Hire"),
    (120, 32, 7, True, "2.1.0"),
    (150, 32, 7, True, "OAS 3.0"),
    (12, 60, 9, False, "Hire a boat by the hour"),
    (12, 90, 8, True, "Servers"),
    (18, 104, 9, True, "https://boats.example.com/v2"),
    (16, 135, 14, True, "boats"),
    (70, 135, 9, False, "Everything that floats"),
    (27, 165, 9, True, "GET"),
    (61, 165, 9, True, "/boats/{boatId}"),
    (160, 165, 9, False, "Show one boat"),
    (22, 195, 9, True, "Parameters"),
    (22, 215, 8, True, "Name"),
    (120, 215, 8, True, "Description"),
    (22, 235, 10, False, "boatId * required"),
    (120, 235, 9, False, "Its number"),
    (22, 247, 8, True, "integer($int64)"),
    (22, 258, 8, True, "(path)"),
    (22, 275, 10, False, "verbose"),
    (120, 275, 9, False, "Whether to tell all"),
    (22, 287, 8, True, "boolean"),
    (22, 298, 8, True, "(query)"),
    (22, 330, 9, True, "Responses"),
    (22, 350, 8, True, "Code"),
    (66, 350, 8, True, "Description"),
    (22, 368, 9, False, "200"),
    (66, 368, 9, False, "The boat"),
    (66, 384, 7, False, "Media type"),
    (72, 396, 9, True, "application/json"),
    (22, 420, 9, False, "404"),
    (66, 420, 9, False, "No such boat"),
    (27, 460, 9, True, "DELETE"),
    (75, 460, 9, True, "/boats/{boatId}"),
    (160, 460, 9, False, "Sink a boat"),
    (22, 490, 9, True, "Parameters"),
    (22, 505, 9, False, "No parameters"),
    (22, 525, 9, True, "Responses"),
    (22, 540, 9, False, "204"),
    (66, 540, 9, False, "Gone"),
]


def test_swagger_ui() -> None:
    value, _ = read(SWAGGER)
    assert (value["title"], value["version"]) == ("Boat Hire", "2.1.0")
    assert value["description"] == "Hire a boat by the hour"
    assert value["servers"] == ["https://boats.example.com/v2"]
    assert outline(value) == [
        ("GET", "/boats/{boatId}", [("boatId", "path"), ("verbose", "query")], ["200", "404"]),
        ("DELETE", "/boats/{boatId}", [("boatId", "path")], ["204"]),
    ]
    first = value["operations"][0]
    assert (first["summary"], first["tags"]) == ("Show one boat", ["boats"])
    assert first["parameters"][0] == {
        "name": "boatId",
        "in": "path",
        "required": True,
        "type": "integer($int64)",
        "description": "Its number",
    }
    assert first["parameters"][1]["required"] is False
    assert [one["description"] for one in first["responses"]] == ["The boat", "No such boat"]


REDOC: list[Mark] = [
    (22, 40, 16, False, "Boat Hire (2.1.0)"),
    (22, 60, 9, False, "Hire a boat by the hour"),
    (22, 100, 13, False, "boats"),
    (22, 130, 13, False, "Change a boat"),
    (22, 160, 8, False, "PATH PARAMETERS"),
    (33, 180, 8, False, "boatId"),
    (160, 180, 8, False, "integer <int64>"),
    (33, 190, 7, False, "required"),
    (160, 192, 9, False, "Its number"),
    (22, 220, 8, False, "REQUEST BODY SCHEMA:"),
    (130, 220, 8, False, "application/json"),
    (33, 240, 8, False, "name"),
    (160, 240, 8, False, "string"),
    (33, 250, 7, False, "required"),
    (33, 275, 8, False, "length"),
    (160, 275, 8, False, "number"),
    (22, 310, 11, False, "Responses"),
    (37, 335, 8, True, "200"),
    (57, 335, 8, False, "Changed"),
    (37, 360, 8, True, "422"),
    (57, 360, 8, False, "Not a boat"),
    (38, 400, 8, False, "PUT"),
    (61, 400, 8, False, "/boats/{boatId}"),
    (22, 430, 10, True, "Response samples"),
    (38, 450, 8, False, "{"),
    (47, 462, 8, False, '"name": "Anna"'),
    (38, 474, 8, False, "}"),
    (22, 520, 13, False, "List boats"),
    (22, 550, 8, False, "QUERY PARAMETERS"),
    (33, 570, 8, False, "limit"),
    (160, 570, 8, False, "integer"),
    (22, 600, 11, False, "Responses"),
    (37, 625, 8, True, "200"),
    (57, 625, 8, False, "A page of boats"),
    (38, 660, 8, False, "GET"),
    (61, 660, 8, False, "/boats"),
]


def test_narrow_redoc_has_its_bar_below() -> None:
    value, _ = read(REDOC)
    assert (value["title"], value["version"]) == ("Boat Hire", "2.1.0")
    assert outline(value) == [
        ("PUT", "/boats/{boatId}", [("boatId", "path")], ["200", "422"]),
        ("GET", "/boats", [("limit", "query")], ["200"]),
    ]
    change, listing = value["operations"]
    assert (change["summary"], listing["summary"]) == ("Change a boat", "List boats")
    assert change["tags"] == ["boats"]
    assert change["request_body"]["content_type"] == "application/json"
    fields = [(one["name"], one["type"], one["required"]) for one in change["request_body"]["fields"]]
    assert fields == [("name", "string", True), ("length", "number", False)]


def test_three_columns_have_the_bar_beside_the_title() -> None:
    left = [mark for mark in REDOC if mark[4] not in {"PUT", "GET", "/boats/{boatId}", "/boats"}]
    content: list[Mark] = [
        (x + 180, y, size, bold, text) for x, y, size, bold, text in left if not 420 < y < 500 and text != "}"
    ]
    panel: list[Mark] = [
        (800, 130, 8, False, "PUT"),
        (825, 130, 8, False, "/boats/{boatId}"),
        (790, 160, 10, True, "Response samples"),
        (800, 520, 8, False, "GET"),
        (825, 520, 8, False, "/boats"),
    ]
    menu: list[Mark] = [
        (10, 60, 8, False, "PUT"),
        (40, 60, 8, False, "Change a boat"),
        (10, 80, 8, False, "List boats"),
    ]
    value, _ = read([*menu, *content, *panel], size=(1100, 800))
    assert outline(value) == [
        ("PUT", "/boats/{boatId}", [("boatId", "path")], ["200", "422"]),
        ("GET", "/boats", [("limit", "query")], ["200"]),
    ]
    assert [item["summary"] for item in value["operations"]] == ["Change a boat", "List boats"]


def test_a_plain_table_of_parameters() -> None:
    value, _ = read(
        [
            (40, 50, 24, True, "Tide API"),
            (40, 75, 10, False, "Version 3.2"),
            (40, 95, 10, False, "Base URL: https://tides.example.org"),
            (40, 130, 12, True, "POST /stations/:stationId/readings"),
            (40, 150, 10, False, "Parameters"),
            (40, 170, 10, True, "Parameter"),
            (140, 170, 10, True, "In"),
            (220, 170, 10, True, "Type"),
            (300, 170, 10, True, "Required"),
            (380, 170, 10, True, "Description"),
            (40, 186, 10, False, "stationId"),
            (140, 186, 10, False, "path"),
            (220, 186, 10, False, "string"),
            (300, 186, 10, False, "yes"),
            (380, 186, 10, False, "Where it is"),
            (40, 202, 10, False, "X-Trace"),
            (140, 202, 10, False, "header"),
            (220, 202, 10, False, "string"),
            (300, 202, 10, False, "no"),
            (380, 202, 10, False, "For the logs of"),
            (380, 214, 10, False, "the harbour"),
        ]
    )
    assert (value["title"], value["version"]) == ("Tide API", "3.2")
    assert value["servers"] == ["https://tides.example.org"]
    operation = value["operations"][0]
    assert operation["path"] == "/stations/{stationId}/readings"
    first, second = operation["parameters"]
    assert (first["name"], first["in"], first["required"], first["type"]) == ("stationId", "path", True, "string")
    assert (second["required"], second["description"]) == (False, "For the logs of the harbour")


def test_a_list_on_a_board_and_a_table_of_endpoints() -> None:
    value, _ = read(
        [
            (40, 60, 16, False, "GET /users/{id}"),
            (40, 90, 16, False, "- POST /users"),
            (40, 120, 16, False, "/orders"),
            (200, 120, 16, False, "PATCH"),
            (300, 120, 16, False, "Change an order"),
        ]
    )
    assert outline(value) == [
        ("GET", "/users/{id}", [("id", "path")], []),
        ("POST", "/users", [], []),
        ("PATCH", "/orders", [], []),
    ]


def test_curl_examples_alone() -> None:
    value, _ = read(
        [
            (40, 60, 10, False, 'curl -X DELETE "https://api.example.com/v1/keys/all" \\'),
            (60, 74, 10, False, '-H "Accept: application/json"'),
        ]
    )
    assert outline(value) == [("DELETE", "/v1/keys/all", [], [])]


@pytest.mark.parametrize("end", ["...", "…", "{custo..."])
def test_a_path_that_the_page_cuts_is_never_given(end: str) -> None:
    pages = drawn([(27, 60, 9, True, "GET"), (61, 60, 9, True, "/customers/accounts/")])
    first = pages[0]
    words = tuple(replace(word, text=word.text + end) if word.text.startswith("/") else word for word in first.words)
    value, evidence = extract(SCHEMA, [replace(first, words=words)])
    assert value["operations"][0]["path"] is None
    assert value["operations"][0]["method"] == "GET"
    assert all("/path" not in item.path for item in evidence)


def test_a_summary_that_ocr_glued_to_a_template_is_cut_off() -> None:
    value, _ = read([(27, 60, 9, True, "GET"), (61, 60, 9, True, "/orders/{orderId}Find a purchase order")])
    assert outline(value) == [("GET", "/orders/{orderId}", [("orderId", "path")], [])]


def test_the_same_operation_twice_is_one_with_the_fuller_account() -> None:
    bare: list[Mark] = [
        (27, 60, 9, True, "GET"),
        (61, 60, 9, True, "/boats/{boatId}"),
        (160, 60, 9, False, "Show one boat"),
    ]
    value, _ = read(bare, SWAGGER)
    assert len(value["operations"]) == 2
    assert [one["status"] for one in value["operations"][0]["responses"]] == ["200", "404"]


def test_every_leaf_has_its_place_once() -> None:
    value, evidence = read(SWAGGER)

    def leaves(node: Json, path: str) -> list[str]:
        if isinstance(node, dict):
            return [leaf for key, item in node.items() for leaf in leaves(item, f"{path}/{key}")]
        if isinstance(node, list):
            return [leaf for index, item in enumerate(node) for leaf in leaves(item, f"{path}/{index}")]
        return [] if node is None else [path]

    assert sorted(item.path for item in evidence) == sorted(leaves(value, ""))
    status = {item.path: item.status for item in evidence}
    assert status["/operations/0/parameters/0/required"] == "inferred"
    assert status["/operations/0/path"] == "verbatim"


def test_names_that_ocr_confuses_get_one_spelling() -> None:
    def word(text: str, x: float, y: float) -> Word:
        return Word(text, x, y, x + 6.0 * len(text), y + 10, 10)

    words = (
        word("GET", 20, 20), word("/pets/{petld}", 60, 20),
        word("Parameters", 20, 60), word("Name", 20, 80), word("Description", 120, 80),
        word("petId", 20, 100), word("integer", 20, 114), word("(path)", 20, 128),
    )  # fmt: skip
    value, _ = extract(SCHEMA, [Words(page=1, width=600, height=800, words=words, source="ocr")])
    assert outline(value) == [("GET", "/pets/{petId}", [("petId", "path")], [])]


def test_words_that_only_look_confused_stay() -> None:
    assert mended("petld") == "petId"
    assert mended("deep0bject") == "deepObject"
    assert [mended(name) for name in ("field", "child", "threshold", "v10", "id")] == [
        "field",
        "child",
        "threshold",
        "v10",
        "id",
    ]
    assert folded("userId") == folded("userld")


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ("/a/:id/b", "/a/{id}/b"),
        ("/a/<int:id>", "/a/{id}"),
        ("https://x.example/a/b?c=1", "/a/b"),
        ("/a/{id}", "/a/{id}"),
        ("/a\u200b/b.", "/a/b"),
    ],
)
def test_paths_are_written_as_openapi_does(printed: str, wanted: str) -> None:
    assert route(printed) == wanted


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 780), st.text(min_size=1, max_size=14)), max_size=25))
def test_any_scatter_of_words_is_survived(items: list[tuple[int, int, str]]) -> None:
    marks = [*items, (10, 10, "GET"), (50, 10, "/x")]
    words = tuple(Word(text, x, y, x + 6.0 * len(text), y + 10, 10) for x, y, text in marks if text.strip())
    _, evidence = extract(SCHEMA, [Words(page=1, width=600, height=800, words=words, source="ocr")])
    assert len({item.path for item in evidence}) == len(evidence)
