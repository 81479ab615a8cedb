"""The quick check says yes only where the validator finds nothing, and says it of every plain answer."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docextract.schema.load import load
from docextract.schema.quick import quick_check
from docextract.schema.target import target_from
from docextract.testing.ledgers import LEDGER_SCHEMA, make_ledger

scalars: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([0.0, 1.0, 1.5])
    | st.sampled_from(["", "a", "b", "2024-02-30", "2024-03-01"])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
KINDS = ["string", "number", "integer", "boolean", "null", "object", "array"]
leaf_schemas: st.SearchStrategy[Any] = (
    st.sampled_from([True, {}, {"$ref": "#/$defs/tree"}, {"x-aliases": ["A"], "title": "t"}])
    | st.builds(
        dict, type=st.sampled_from(KINDS) | st.lists(st.sampled_from(KINDS), min_size=1, max_size=3, unique=True)
    )
    | st.builds(dict, enum=st.lists(scalars, min_size=1, max_size=3))
    | st.builds(dict, const=scalars)
    | st.sampled_from([{"type": "string", "format": "date"}, {"type": "string", "pattern": "^a"}, {"pattern": "b$"}])
)
schemas = st.recursive(
    leaf_schemas,
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
            "additionalProperties": st.booleans() | inner,
            "required": st.lists(st.sampled_from("abc"), unique=True, max_size=2),
            "items": inner,
            "anyOf": st.lists(inner, min_size=1, max_size=3),
            "type": st.sampled_from(KINDS),
        },
    ),
    max_leaves=6,
)
TREE = {"type": ["object", "null"], "properties": {"a": {"$ref": "#/$defs/tree"}, "b": {"type": "integer"}}}


@settings(max_examples=400)
@given(schemas, values)
def test_a_yes_is_the_validators_own(schema: Any, value: Any) -> None:
    whole = {"allOf": [schema]} if not isinstance(schema, dict) else schema
    whole = {**whole, "$defs": {"tree": TREE}}
    check = quick_check(whole)
    validator = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    if check is not None and check(value):
        assert validator.is_valid(value)


@pytest.mark.parametrize(
    ("schema", "value", "holds"),
    [
        ({"type": "integer"}, 3, True),
        ({"type": "integer"}, True, False),
        ({"type": ["string", "null"]}, None, True),
        ({"properties": {"a": {"type": "number"}}, "additionalProperties": False}, {"a": 1.5}, True),
        ({"properties": {"a": {}}, "additionalProperties": False}, {"b": 1}, False),
        ({"additionalProperties": {"type": "string"}}, {"b": 1}, False),
        ({"required": ["a"]}, {}, False),
        ({"required": ["a"]}, {"a": None}, True),
        ({"items": {"type": "string"}}, ["a", 1], False),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, None, True),
        ({"anyOf": [{"type": "string"}, {"type": "null"}, {"const": "x"}]}, 1, False),
        ({"enum": ["a", None]}, "b", False),
        ({"type": "string", "format": "date"}, "2024-02-30", False),
        ({"type": "string", "pattern": "^a"}, "ab", True),
        ({"$ref": "#/$defs/tree", "$defs": {"tree": TREE}}, {"a": {"a": None, "b": 3}}, True),
        ({"$ref": "#/$defs/tree", "$defs": {"tree": TREE}}, {"a": {"a": None, "b": "3"}}, False),
    ],
)
def test_plain_words_are_told(schema: dict[str, Any], value: Any, holds: bool) -> None:
    check = quick_check(schema)
    assert check is not None
    assert check(value) is holds
    assert (
        jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER).is_valid(
            value
        )
        is holds
    )


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "prefixItems": [{}], "items": {}},
        {"patternProperties": {"a": {}}},
        {"properties": {"a": {"minimum": 3}}},
        {"items": False},
        {"$ref": "https://example.com/a.json"},
        {"type": "string", "pattern": "("},
    ],
)
def test_words_that_are_not_known_are_left_to_the_validator(schema: dict[str, Any]) -> None:
    assert quick_check(schema) is None


def test_a_sound_answer_never_meets_the_validator(monkeypatch: pytest.MonkeyPatch) -> None:
    target = target_from(LEDGER_SCHEMA, name="ledger")
    ledger = make_ledger(1, 20)

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("validated in full")

    monkeypatch.setattr(jsonschema, "Draft202012Validator", refuse)
    value = ledger.data
    assert target.partial(value).ok
    assert target.validate(value).ok


def test_most_built_in_schemas_have_a_quick_check() -> None:
    names = ("invoice", "receipt", "resume", "tables", "openapi")
    assert all(quick_check(load(name)[0].json_schema) is not None for name in names)
