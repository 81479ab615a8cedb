"""Operations whose method and path stand apart, as request builders, word processors and references print them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from docextract.local.engine import extract
from docextract.schema.load import load
from docextract.types import Json, Words

Drawn = Callable[..., tuple[Words, ...]]
Lines = list[tuple[float, float, str]]
SCHEMA = load("openapi")[0].json_schema


def _operations(drawn: Drawn, lines: Lines) -> list[Json]:
    value, _ = extract(SCHEMA, drawn(lines))
    return list(value["operations"])


@pytest.mark.parametrize(("method", "path"), [("Method", "URL"), ("HTTP method", "Endpoint"), ("Methode", "Pfad")])
def test_a_table_of_two_columns_tells_method_and_path(drawn: Drawn, method: str, path: str) -> None:
    lines: Lines = [(50, 60, "*1. Cancel a parcel"), (50, 80, method), (200, 80, "DELETE"), (50, 96, path)]
    lines += [(200, 96, "/v2/parcels/{parcelId}"), (50, 112, "Description"), (200, 112, "Cancels a parcel.")]
    found = _operations(drawn, lines)
    assert [(one["method"], one["path"]) for one in found] == [("DELETE", "/v2/parcels/{parcelId}")]


def test_a_row_called_method_without_an_address_near_is_no_operation(drawn: Drawn) -> None:
    lines: Lines = [(50, 60, "*How to pay"), (50, 80, "Method"), (200, 80, "POST"), (50, 96, "Fee"), (200, 96, "none")]
    assert _operations(drawn, lines) == []


def test_an_address_under_a_titled_method_has_its_query_told(drawn: Drawn) -> None:
    lines: Lines = [(50, 60, "*GET List parcels"), (50, 80, "https://api.example.com/v2/parcels?limit=&cursor=")]
    lines += [(50, 100, "*PARAMS"), (50, 116, "limit"), (200, 116, "How many to return")]
    lines += [(50, 132, "cursor"), (200, 132, "Where to go on"), (50, 170, "*DELETE Cancel a parcel")]
    lines += [(50, 190, "https://api.example.com/v2/parcels/:parcelId"), (50, 210, "Cancels a parcel.")]
    found = _operations(drawn, lines)
    assert [(one["method"], one["path"]) for one in found] == [
        ("GET", "/v2/parcels"),
        ("DELETE", "/v2/parcels/{parcelId}"),
    ]
    assert [(one["name"], one["in"]) for one in found[0]["parameters"]] == [("limit", "query"), ("cursor", "query")]


def test_a_method_in_small_letters_is_one_only_before_a_path(drawn: Drawn) -> None:
    lines: Lines = [
        (50, 60, "*List parcels"),
        (50, 80, "get"),
        (80, 80, "/v2/parcels"),
        (50, 100, "get /of course, if needed"),
    ]
    found = _operations(drawn, lines)
    assert [(one["method"], one["path"]) for one in found] == [("GET", "/v2/parcels")]
