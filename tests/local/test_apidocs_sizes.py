"""Rows of a parameter table that a reader gives the height of a heading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from docextract.local.apidocs import extract
from docextract.schema.load import load
from docextract.types import Words

COLUMNS = (40, 130, 200, 270)
ROWS = [
    ("Name", "In", "Type", "Description"),
    ("author", "query", "string", "Only books by this author"),
    ("limit", "query", "integer", "The most books to give"),
]
PAGE = [
    (40, 60, "*Village Library"),
    (40, 120, "GET /books   List the books"),
    (40, 140, "Parameters"),
    *((x, 160 + 20 * row, text) for row, cells in enumerate(ROWS) for x, text in zip(COLUMNS, cells, strict=True)),
    (40, 230, "Responses"),
    (40, 250, "200"),
    (130, 250, "A page of books"),
    (40, 300, "*Loans"),
    (40, 330, "POST /loans   Lend a book"),
]


def enlarged(page: Words, *texts: str) -> Words:
    """The page with these words read half again as high as they are."""
    words = [
        replace(word, size=1.5 * word.size, y0=word.y0 - 2.0, y1=word.y1 + 2.0) if word.text in texts else word
        for word in page.words
    ]
    return replace(page, words=tuple(words))


@pytest.fixture
def read(drawn: Callable[..., tuple[Words, ...]]) -> Callable[..., Any]:
    def run(*large: str) -> Any:
        (target,) = load("openapi")
        value, _ = extract(target.json_schema, [enlarged(page, *large) for page in drawn(PAGE)])
        return value

    return run


STACKED = [
    (40, 60, "*Village Library"),
    (40, 120, "GET   /books   List the books"),
    (40, 140, "Parameters"),
    (40, 160, "Name"),
    (200, 160, "Description"),
    (40, 180, "author"),
    (200, 180, "Only books by this author"),
    (40, 193, "string"),
    (40, 206, "(query)"),
    (40, 225, "limit"),
    (200, 225, "The most books to give"),
    (40, 238, "integer"),
    (40, 251, "(query)"),
    (40, 280, "Responses"),
    (40, 300, "Code"),
    (200, 300, "Description"),
    (40, 320, "200"),
    (200, 320, "A page of books"),
]


def test_a_stacked_row_read_too_high_keeps_its_name(drawn: Callable[..., tuple[Words, ...]]) -> None:
    (target,) = load("openapi")
    value, _ = extract(target.json_schema, [enlarged(page, "limit", "author") for page in drawn(STACKED)])
    (operation,) = value["operations"]
    assert [(one["name"], one["type"]) for one in operation["parameters"]] == [
        ("author", "string"),
        ("limit", "integer"),
    ]


@pytest.mark.parametrize("large", [(), ("limit",), ("author", "limit")])
def test_a_row_read_too_high_stays_a_row(read: Callable[..., Any], large: tuple[str, ...]) -> None:
    first, second = read("Loans", *large)["operations"]
    assert [parameter["name"] for parameter in first["parameters"]] == ["author", "limit"]
    assert second["tags"] == ["Loans"]
