"""A JSON example as a page prints it, as the schema of what it shows and no more."""

from __future__ import annotations

import json
from collections.abc import Sequence

from docextract.types import Json

MAX_TEXT, MAX_DEPTH = 100_000, 24
"""Characters of an example that is read, and how deep."""

_NONE = object()
_EMPTY: dict[str, Json] = {}


def parsed(printed: Json) -> tuple[Json, bool]:
    """The example's value, and whether it is JSON with something in it: an object or a list."""
    if not isinstance(printed, str) or len(printed) > MAX_TEXT:
        return None, False
    try:
        value = json.loads(printed, parse_constant=lambda _: _NONE)
    except (ValueError, RecursionError):
        return None, False
    return value, isinstance(value, dict | list) and bool(value) and _is_plain(value, 0)


def _is_plain(value: Json, depth: int) -> bool:
    if depth > MAX_DEPTH or value is _NONE:
        return False
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(_is_plain(each, depth + 1) for each in inner)


def schema_of_example(value: Json) -> dict[str, Json]:
    """Names and JSON types only. Nothing is required, no format is guessed; null tells no type."""
    if isinstance(value, bool):
        return {"type": "boolean"}
    if isinstance(value, int):
        return {"type": "integer"}
    if isinstance(value, float):
        return {"type": "number"}
    if isinstance(value, str):
        return {"type": "string"}
    if isinstance(value, list):
        return {"type": "array", "items": _common([schema_of_example(item) for item in value]) if value else _EMPTY}
    if isinstance(value, dict):
        return {"type": "object", "properties": {key: schema_of_example(inner) for key, inner in value.items()}}
    return {}


def _common(schemas: Sequence[dict[str, Json]]) -> dict[str, Json]:
    """What all items of a list have in common: fields of all, types where they agree, null beside them."""
    told = [schema for schema in schemas if schema]
    kinds = {kind for schema in told for kind in _kinds(schema)}
    empty = len(told) < len(schemas) or "null" in kinds
    kinds.discard("null")
    if kinds == {"integer", "number"}:
        kinds = {"number"}
    if len(kinds) != 1:
        return {}
    (kind,) = kinds
    common: dict[str, Json] = {"type": [kind, "null"] if empty else kind}
    if kind == "object":
        names = dict.fromkeys(name for schema in told for name in schema["properties"])
        fields = {n: _common([s["properties"][n] for s in told if n in s["properties"]]) for n in names}
        common["properties"] = fields
    if kind == "array":
        # An empty list tells nothing of its items.
        items = [schema["items"] for schema in told if schema["items"] is not _EMPTY]
        common["items"] = _common(items)
    return common


def _kinds(schema: dict[str, Json]) -> list[str]:
    kind = schema["type"]
    return kind if isinstance(kind, list) else [kind]
