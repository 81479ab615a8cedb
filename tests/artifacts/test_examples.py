"""Examples become schemas of what they show and nothing more."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.artifacts.examples import parsed, schema_of_example
from docextract.artifacts.openapi import assemble
from docextract.artifacts.validate import faults

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@given(VALUES)
def test_an_example_is_valid_under_its_own_schema(value: Any) -> None:
    jsonschema.validate(value, schema_of_example(value))


def test_types_are_conservative() -> None:
    schema = schema_of_example({"id": 1, "at": "2024-01-01", "price": 1.5, "more": None, "mixed": [1, "a"]})
    assert schema["properties"] == {
        "id": {"type": "integer"},
        "at": {"type": "string"},
        "price": {"type": "number"},
        "more": {},
        "mixed": {"type": "array", "items": {}},
    }
    assert "required" not in schema


@pytest.mark.parametrize("printed", [None, "", "{", "12", '"text"', "[]", '{"a": NaN}', '{"a": ...}', "[" * 5000])
def test_what_is_no_whole_example_is_none(printed: Any) -> None:
    assert parsed(printed) == (None, False) or parsed(printed)[1] is False


def test_a_body_without_fields_takes_its_schema_from_the_example() -> None:
    body = {"content_type": "application/json", "fields": [], "example": json.dumps({"name": "Rex", "tags": ["a"]})}
    record = {
        "operations": [
            {
                "method": "POST",
                "path": "/pets",
                "request_body": body,
                "responses": [{"status": "200", "fields": [{"name": "id", "type": "integer"}], "example": '{"id": 1}'}],
            }
        ]
    }
    document = assemble(record)
    assert faults(document) == ()
    operation = document["paths"]["/pets"]["post"]
    content = operation["requestBody"]["content"]["application/json"]
    assert content["schema"]["properties"]["tags"] == {"type": "array", "items": {"type": "string"}}
    assert content["example"] == {"name": "Rex", "tags": ["a"]}
    assert any("made from the example" in note for note in operation["x-docextract"]["notes"])
    answer = operation["responses"]["200"]["content"]["application/json"]
    assert answer == {"schema": {"type": "object", "properties": {"id": {"type": "integer"}}}, "example": {"id": 1}}
