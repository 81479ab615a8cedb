"""JSON Schemas from elsewhere: of every draft, of every habit; each works on every kind of endpoint or is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from docextract.errors import SchemaError
from docextract.schema.check import check
from docextract.schema.drafts import MAX_DEPTH, upgraded
from docextract.schema.target import target_from
from docextract.schema.wire import Dialect, restore, translate

DIALECTS: tuple[Dialect, ...] = ("openai", "anthropic", "gemini", "llamacpp", "none")
_FOREIGN = json.loads((Path(__file__).parent / "foreign.json").read_text(encoding="utf-8"))
WORKS = {name: (each["schema"], each["right"], each["wrong"]) for name, each in _FOREIGN["works"].items()}
"""Each with a right and a wrong answer."""

REFUSED = {name: (each["schema"], each["why"]) for name, each in _FOREIGN["refused"].items()}
"""Each with words of the reason."""


def told(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    """The value as a model writes it that keeps to the schema it was sent; what it cannot say is None."""
    if "$ref" in schema:
        return told(value, root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], root)
    for branch in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        made = told(value, branch, root)
        if jsonschema.Draft202012Validator({**branch, "$defs": root.get("$defs", {})}).is_valid(made):
            return made
    kind = schema.get("type")
    if isinstance(value, dict) and kind == "array":
        inner = schema["items"]["properties"]["value"]
        return [{"key": key, "value": told(each, inner, root)} for key, each in value.items()]
    if isinstance(value, dict):
        properties = schema.get("properties") or {}
        given = {name: told(value.get(name), inner, root) for name, inner in properties.items() if inner is not True}
        needed = schema.get("required", ())
        given = {name: inner for name, inner in given.items() if name in value or name in needed}
        more = {} if schema.get("additionalProperties") is False else value
        return {**more, **given}
    if isinstance(value, list) and isinstance(schema.get("items"), dict) and "prefixItems" not in schema:
        return [told(item, schema["items"], root) for item in value]
    return value


@pytest.mark.parametrize("name", WORKS)
def test_it_tells_right_from_wrong(name: str) -> None:
    schema, right, wrong = WORKS[name]
    target = target_from(schema, name=name)
    assert target.validate(right).problems == ()
    assert target.validate(right).data == right
    assert target.validate(wrong).problems != ()
    assert check(target.json_schema) is not None


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", WORKS)
def test_an_answer_that_keeps_to_what_was_sent_is_right(name: str, dialect: Dialect) -> None:
    schema, right, _ = WORKS[name]
    target = target_from(schema, name=name)
    wire = translate(target.json_schema, dialect)
    jsonschema.Draft202012Validator.check_schema(wire.schema)
    assert wire.schema["type"] == "object"
    wrapped = set(wire.schema.get("properties", ())) == {"value"} and "value" not in target.json_schema.get(
        "properties", {}
    )
    said = told({"value": right} if wrapped else right, wire.schema, wire.schema)
    if not jsonschema.Draft202012Validator(wire.schema).is_valid(said):
        assert wire.dropped, said  # the endpoint could not be told all, and it is said so
        return
    assert target.validate(restore(target.json_schema, said)).ok


@pytest.mark.parametrize("name", WORKS)
def test_strict_endpoints_find_a_type_everywhere_and_nothing_open(name: str) -> None:
    wire = translate(target_from(WORKS[name][0], name=name).json_schema, "openai").schema

    def look(node: Any) -> None:
        assert {"type", "anyOf", "$ref"} & set(node), node
        assert not {"allOf", "oneOf", "prefixItems", "not", "if", "patternProperties", "nullable", "$id"} & set(node)
        if node.get("type") == "object":
            assert node["additionalProperties"] is False
            assert set(node["required"]) == set(node["properties"])
        if node.get("type") == "array":
            look(node["items"])
        for inner in (*node.get("properties", {}).values(), *node.get("anyOf", ()), *node.get("$defs", {}).values()):
            look(inner)

    look(wire)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_work_is_refused_and_says_why(name: str) -> None:
    schema, why = REFUSED[name]
    with pytest.raises(SchemaError, match=why) as caught:
        target_from(schema, name=name)
    assert caught.value.hint


def test_schemas_without_end_are_refused() -> None:
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(50 * MAX_DEPTH):
        deep = {"type": "object", "properties": {"a": deep}}
    with pytest.raises(SchemaError, match="levels deep"):
        target_from(deep, name="deep")
    definitions: dict[str, Any] = {"a0": {"type": "string"}}
    for level in range(1, 26):
        below = {"$ref": f"#/$defs/a{level - 1}"}
        definitions[f"a{level}"] = {"type": "object", "properties": {"left": below, "right": below}}
    with pytest.raises(SchemaError, match="more than"):
        target_from({"properties": {"x": {"$ref": "#/$defs/a25"}}, "$defs": definitions}, name="wide")


def test_a_schema_of_today_is_left_as_it_is() -> None:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "id": {"type": "string", "exclusiveMinimum": 3},
            "required": {"type": "array", "prefixItems": [{"type": "string"}], "items": False},
            "nullable": {"type": ["string", "null"]},
            "dependencies": {"type": "object", "additionalProperties": {"type": "string"}},
        },
        "required": ["id"],
        "dependentRequired": {"id": ["nullable"]},
    }
    assert upgraded(schema) == schema


def test_the_parts_of_a_schema_are_laid_together_only_where_that_says_the_same() -> None:
    strict = {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False}
    other = {"type": "object", "properties": {"b": {"type": "string"}}}
    apart = target_from({"allOf": [strict, other]}, name="apart")
    assert "allOf" in apart.json_schema
    assert not apart.validate({"a": "x", "b": "y"}).ok
    bounds = {"allOf": [{"properties": {"n": {"minimum": 3}}}, {"properties": {"n": {"minimum": 5, "type": "number"}}}]}
    both = target_from({"type": "object", **bounds}, name="both")
    assert not both.validate({"n": 4}).ok
    assert both.validate({"n": 6}).ok
    joined = target_from({"allOf": [{"properties": {"n": {"type": "number"}}}, {"required": ["n"]}]}, name="joined")
    assert joined.json_schema == {"properties": {"n": {"type": "number"}}, "required": ["n"], "type": "object"}
