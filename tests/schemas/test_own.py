"""Schemas that users write: every kind loads, can be told to every endpoint, and is held against its answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import jsonschema
import pytest

from docextract.schema.load import load
from docextract.schema.target import Target
from docextract.schema.wire import Dialect, restore, translate

DIALECTS: tuple[Dialect, ...] = ("openai", "anthropic", "gemini", "llamacpp", "none")

OWN = Path(__file__).parent / "own"

PYTHON: dict[str, tuple[Any, Any]] = {
    "nested": (
        {"rows": [{"a": {"x": 1}}, {"a": None}]},
        {"rows": [{"a": {"x": "many"}}]},
    ),
    "union": (
        {"by": {"kind": "cash", "given": 2.5}},
        {"by": {"kind": "cash", "number": "1"}},
    ),
    "enums": (
        {"colour": "blue", "level": 2},
        {"colour": "green", "level": 2},
    ),
    "map": (
        {"by_name": {"apple": {"amount": 1.5}}, "notes": {}},
        {"by_name": {"apple": {"amount": "cheap"}}, "notes": {}},
    ),
    "annotated": (
        {"codes": ["EUR"], "fit": 3},
        {"codes": ["euro"], "fit": 3},
    ),
    "validators": (
        {"low": 2, "high": 4},
        {"low": 4, "high": 2},
    ),
    "aliases": (
        {"class": "A", "Grand Total": 2.5},
        {"class": "A", "Grand Total": "much"},
    ),
    "computed": (
        {"a": 1, "b": 2},
        {"a": 1, "b": "x"},
    ),
    "recursive": (
        {"name": "a", "parts": [{"name": "b", "parts": []}]},
        {"name": "a", "parts": [{"name": None, "parts": []}]},
    ),
    "mutually_recursive": (
        {"root": {"name": "a", "inside": [{"folder": None, "size": 3}]}},
        {"root": {"name": "a", "inside": [{"folder": None, "size": "big"}]}},
    ),
    "generic": (
        {"number": {"item": 1}, "text": {"item": "a"}},
        {"number": {"item": "a"}, "text": {"item": "a"}},
    ),
    "dates": (
        {"day": "2024-05-02", "at": "2024-05-02T10:00:00", "took": "PT5M", "pair": [1, "a"], "bag": ["x"]},
        {"day": "May", "at": None, "took": None, "pair": None, "bag": []},
    ),
    "everything": (
        {
            "root": {
                "kind": "knot",
                "value": "a",
                "marks": {"w": 1.5},
                "below": [{"kind": "leaf", "value": 3, "marks": {}, "below": []}],
            }
        },
        {"root": {"kind": "knot", "value": 100, "marks": {}, "below": []}},
    ),
}
"""A right and a wrong answer to each schema of the folder `own`."""

FOREIGN: dict[str, tuple[Any, Any, Any]] = {
    "draft07": (
        {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "$id": "https://example.org/order",
            "type": "object",
            "definitions": {"money": {"type": ["number", "null"], "minimum": 0}},
            "properties": {"Order No": {"type": "string"}, "total": {"$ref": "#/definitions/money"}},
            "required": ["Order No"],
        },
        {"Order No": "7", "total": 2.5},
        {"Order No": "7", "total": -1},
    ),
    "tree": (
        {
            "type": "object",
            "properties": {"name": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#"}}},
        },
        {"name": "a", "children": [{"name": "b"}]},
        {"name": "a", "children": [{"name": 3}]},
    ),
    "all_of": (
        {
            "type": "object",
            "properties": {
                "who": {
                    "allOf": [
                        {"type": "object", "properties": {"name": {"type": "string"}}},
                        {"type": "object", "properties": {"age": {"type": "integer"}}},
                    ]
                },
                "state": {"const": "open"},
                "any": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
            },
        },
        {"who": {"name": "a", "age": 3}, "state": "open", "any": 1},
        {"who": {"name": "a", "age": "old"}, "state": "open", "any": 1},
    ),
}


@pytest.fixture(params=[*PYTHON, *FOREIGN])
def own(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Target, Any, Any]:
    """A loaded schema, a right answer, a wrong one."""
    name = request.param
    if name in PYTHON:
        right, wrong = PYTHON[name]
        (target,) = load(f"{name}.py", base=OWN)
    else:
        schema, right, wrong = FOREIGN[name]
        (tmp_path / f"{name}.json").write_text(json.dumps(schema))
        (target,) = load(f"{name}.json", base=tmp_path)
    return target, right, wrong


def test_it_loads_and_tells_right_from_wrong(own: tuple[Target, Any, Any]) -> None:
    target, right, wrong = own
    assert target.validate(right).problems == ()
    assert target.validate(wrong).problems != ()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_endpoint_can_be_told(own: tuple[Target, Any, Any], dialect: Dialect) -> None:
    target, right, _ = own
    wire = translate(target.json_schema, dialect)
    jsonschema.Draft202012Validator.check_schema(wire.schema)
    assert wire.schema["type"] == "object"
    text = json.dumps(wire.schema)
    assert "x-" not in {key[:2] for key in json.loads(text)}
    assert target.validate(restore(target.json_schema, right)).ok


@pytest.mark.parametrize("dialect", ["openai", "anthropic", "gemini"])
def test_a_map_goes_out_as_pairs_and_comes_back_as_a_map(dialect: Dialect) -> None:
    (target,) = load("map.py", base=OWN)
    wire = translate(target.json_schema, dialect)
    sent = {"by_name": [{"key": "apple", "value": {"amount": 1.5}}], "notes": []}
    jsonschema.validate(sent, wire.schema)
    assert target.validate(restore(target.json_schema, sent)).data == PYTHON["map"][0]


def test_computed_fields_are_written_and_never_asked_for() -> None:
    (target,) = load("computed.py", base=OWN)
    assert "total" not in json.dumps(translate(target.json_schema, "none").schema["properties"])
    assert target.validate({"a": 1, "b": 2}).data == {"a": 1, "b": 2, "total": 3}


def test_every_schema_of_the_folder_is_tried() -> None:
    assert {file.stem for file in OWN.glob("*.py")} == set(PYTHON)


def test_check_says_what_each_endpoint_is_not_told(run_python: Callable[..., CompletedProcess[str]]) -> None:
    done = run_python(["-m", "docextract", "schema", "check", "annotated.py"], OWN)
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if "is not told" in line]
    assert {line.split(": ")[1].split()[0] for line in lines} == {"anthropic", "gemini", "llamacpp"}
    assert all("pattern at /codes/items" in line for line in lines)
    done = run_python(["-m", "docextract", "schema", "check", "recursive.py"], OWN)
    assert "anthropic is not told" in done.stdout
    assert "recursion below" in done.stdout
    assert "openai is not told" not in done.stdout
