"""Schemas in each endpoint's words, and answers back in their own."""

from enum import Enum
from typing import Any

import jsonschema
import pytest
from pydantic import BaseModel, Field

from docextract.schema.target import target_from, target_of
from docextract.schema.wire import Dialect, restore, translate

DIALECTS: tuple[Dialect, ...] = ("openai", "anthropic", "gemini", "llamacpp", "none")


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Card(BaseModel):
    number: str = Field(min_length=4, pattern=r"^\d+$")


class Cash(BaseModel):
    amount: float = Field(gt=0)


class Node(BaseModel):
    name: str
    children: list["Node"] = []


class Everything(BaseModel):
    heading: str | None = Field(default=None, json_schema_extra={"x-aliases": ["Title", "Titel"]})
    colour: Colour = Colour.RED
    payment: Card | Cash | None = None
    prices: dict[str, float] = {}
    tree: Node | None = None
    tags: list[str] = Field(default=[], max_length=9)


TARGET = target_of(Everything)
VALUE: dict[str, Any] = {
    "heading": "A",
    "colour": "blue",
    "payment": {"number": "1234"},
    "prices": {"apple": 1.5, "pear": 2.0},
    "tree": {"name": "root", "children": [{"name": "leaf", "children": []}]},
    "tags": ["x"],
}


def nodes(schema: object) -> list[dict[str, Any]]:
    if isinstance(schema, dict):
        return [schema, *(node for value in schema.values() for node in nodes(value))]
    if isinstance(schema, list):
        return [node for value in schema for node in nodes(value)]
    return []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_takes_a_schema_with_everything(dialect: Dialect) -> None:
    wire = translate(TARGET.json_schema, dialect)
    jsonschema.Draft202012Validator.check_schema(wire.schema)
    assert wire.schema["type"] == "object"
    assert not any(key.startswith("x-") for node in nodes(wire.schema) for key in node)
    assert "Titel" in str(wire.schema)


def test_openai_strict_closes_objects_and_requires_every_property() -> None:
    wire = translate(TARGET.json_schema, "openai")
    for node in nodes(wire.schema):
        if node.get("type") == "object":
            assert node["additionalProperties"] is False
            assert set(node["required"]) == set(node["properties"])
        assert not {"default", "title", "minLength", "oneOf", "$schema", "discriminator"} & set(node)
        if "$ref" in node:
            assert set(node) == {"$ref"}
    assert any("minLength" in told for told in wire.dropped)


@pytest.mark.parametrize("dialect", ["anthropic", "gemini"])
def test_no_recursion_where_it_is_refused(dialect: Dialect) -> None:
    wire = translate(TARGET.json_schema, dialect)
    assert not any("$ref" in node for node in nodes(wire.schema))
    assert any("recursion" in told for told in wire.dropped)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_map_comes_back_as_a_map(dialect: Dialect) -> None:
    wire = translate(TARGET.json_schema, dialect)
    answer = dict(VALUE)
    if wire.schema["properties"]["prices"].get("type") == "array" or "array" in str(
        wire.schema["properties"]["prices"]
    ):
        answer["prices"] = [{"key": "apple", "value": 1.5}, {"key": "pear", "value": 2.0}]
    jsonschema.validate(answer, wire.schema)
    assert restore(TARGET.json_schema, answer) == VALUE
    assert TARGET.validate(restore(TARGET.json_schema, answer)).ok


def test_a_list_at_the_root_is_wrapped_and_unwrapped() -> None:
    schema = {"type": "array", "items": {"type": "string"}}
    wire = translate(schema, "openai")
    jsonschema.validate({"value": ["a"]}, wire.schema)
    assert restore(schema, {"value": ["a"]}) == ["a"]


def test_equal_schemas_give_equal_bytes() -> None:
    assert translate(TARGET.json_schema, "openai") == translate(target_of(Everything).json_schema, "openai")


def test_null_for_what_may_be_absent_but_not_null_is_absent() -> None:
    answer = VALUE | {"tags": None, "heading": None, "prices": None}
    restored = restore(TARGET.json_schema, answer)
    assert "tags" not in restored
    assert "prices" not in restored
    assert restored["heading"] is None
    assert TARGET.validate(restored).ok


BILL = {
    "type": "object",
    "properties": {
        "total": {"type": ["number", "null"]},
        "count": {"type": "integer"},
        "code": {"type": "string"},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"amount": {"type": "number"}}}},
    },
    "required": ["lines"],
}


def test_an_answer_that_is_wrong_only_in_form_is_put_right() -> None:
    said = {"total": "118.50", "count": "3", "code": "007", "lines": None, "note": "not asked for"}
    assert restore(BILL, said) == {"total": 118.5, "count": 3, "code": "007", "lines": []}
    assert restore(BILL, {"lines": [{"amount": "1.5", "x": 1}]}) == {"lines": [{"amount": 1.5}]}


@pytest.mark.parametrize("text", ["1,234.50", "118.50 EUR", "1e5", "0x10", "007", "", " 5", "1" * 40, "NaN", "½"])
def test_a_text_that_is_no_plain_number_stays_a_text(text: str) -> None:
    assert restore(BILL, {"total": text}) == {"total": text}


def test_names_that_a_schema_leaves_open_are_kept() -> None:
    opened = BILL | {"additionalProperties": True}
    assert restore(opened, {"count": 1, "note": "x"}) == {"count": 1, "note": "x"}


def test_an_answer_of_another_shape_is_a_problem_and_an_empty_one_is_not() -> None:
    target = target_from(BILL, name="bill")
    wrapped = target.partial(restore(target.json_schema, {"bill": {"total": 1.0}}))
    assert "'bill'" in wrapped.problems[0].message
    assert target.partial({}).ok
    assert target.partial({"total": None}).ok
