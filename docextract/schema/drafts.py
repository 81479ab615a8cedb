"""JSON Schemas from elsewhere in the words of Draft 2020-12: drafts 3 to 2019-09, and OpenAPI's `nullable`.

Only what an older draft writes otherwise is touched, so that a schema of today comes back as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docextract.errors import SchemaError
from docextract.types import Json

MAX_DEPTH = 64
"""Levels that a schema may be nested. Recursion by `$ref` counts as one."""

MAPS = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs", "definitions"})
LISTS = frozenset({"anyOf", "oneOf", "allOf", "prefixItems"})
SINGLE = frozenset(
    {"items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames", "additionalItems"}
    | {"unevaluatedProperties", "unevaluatedItems"}
)
"""Keywords that hold schemas: by name, in a list, or one."""

_BOUNDS = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))


def upgraded(schema: Mapping[str, Json]) -> dict[str, Json]:
    """A copy in the words of Draft 2020-12. Raises SchemaError for one nested deeper than `MAX_DEPTH`."""
    made = _node(schema, 0)
    if isinstance(made.get("$schema"), str):
        made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return made


def _node(schema: Mapping[str, Json], depth: int) -> dict[str, Any]:
    if depth > MAX_DEPTH:
        raise SchemaError(
            f"the schema is nested more than {MAX_DEPTH} levels deep",
            hint="name its parts under $defs, or make it flat",
        )
    out: dict[str, Any] = {}
    for key, value in schema.items():
        if key in MAPS and isinstance(value, dict):
            out[key] = {name: _any(inner, depth + 1) for name, inner in value.items()}
        elif key in LISTS and isinstance(value, list):
            out[key] = [_any(inner, depth + 1) for inner in value]
        elif key in SINGLE:
            out[key] = [_any(each, depth + 1) for each in value] if isinstance(value, list) else _any(value, depth + 1)
        else:
            out[key] = value
    _identified(out)
    _bounded(out)
    _tuple(out)
    _dependent(out)
    _required(out)
    return _nullable(out)


def _any(schema: Json, depth: int) -> Json:
    return _node(schema, depth) if isinstance(schema, dict) else schema


def _identified(out: dict[str, Any]) -> None:
    """Draft 4's `id` (never a field's: those stand inside `properties`), 2019's and 2020's recursion by name."""
    if isinstance(out.get("id"), str) and "$id" not in out:
        out["$id"] = out.pop("id")
    for word in ("$recursiveRef", "$dynamicRef"):
        if isinstance(out.get(word), str) and "$ref" not in out:
            out["$ref"] = out.pop(word)
    if isinstance(out.get("$dynamicAnchor"), str) and "$anchor" not in out:
        out["$anchor"] = out.pop("$dynamicAnchor")
    out.pop("$recursiveAnchor", None)


def _bounded(out: dict[str, Any]) -> None:
    """Until draft 4 an exclusive bound was a yes or no beside the bound; draft 3 divided by another word."""
    for exclusive, bound in _BOUNDS:
        if isinstance(out.get(exclusive), bool) and out.pop(exclusive) and bound in out:
            out[exclusive] = out.pop(bound)
    if "divisibleBy" in out:
        out.setdefault("multipleOf", out.pop("divisibleBy"))


def _tuple(out: dict[str, Any]) -> None:
    """Until 2019-09 `items` could be a list, and `additionalItems` said what followed it."""
    more = out.pop("additionalItems", None)
    if isinstance(out.get("items"), list):
        out["prefixItems"] = out.pop("items")
        if more is not None:
            out["items"] = more


def _dependent(out: dict[str, Any]) -> None:
    """Until draft 7 one word stood for what needs other fields and what needs another shape."""
    dependencies = out.get("dependencies")
    if not isinstance(dependencies, dict):
        return
    del out["dependencies"]
    for name, needed in dependencies.items():
        if isinstance(needed, str | list):
            names = [needed] if isinstance(needed, str) else needed
            out["dependentRequired"] = out.get("dependentRequired", {}) | {name: names}
        else:
            out["dependentSchemas"] = out.get("dependentSchemas", {}) | {name: needed}


def _required(out: dict[str, Any]) -> None:
    """Draft 3 (and many by mistake) wrote `required` as a yes or no inside the field."""
    properties = out.get("properties")
    if not isinstance(properties, dict):
        return
    marked = [name for name, inner in properties.items() if isinstance(inner, dict) and inner.get("required") is True]
    for inner in properties.values():
        if isinstance(inner, dict) and isinstance(inner.get("required"), bool):
            del inner["required"]
    if marked and isinstance(out.get("required", []), list):
        out["required"] = list(dict.fromkeys([*out.get("required", []), *marked]))


def _nullable(out: dict[str, Any]) -> dict[str, Any]:
    """OpenAPI 3.0 marks what may be null with a word of its own."""
    if out.pop("nullable", False) is not True:
        return out
    kind = out.get("type")
    if isinstance(out.get("enum"), list) and None not in out["enum"]:
        out["enum"] = [*out["enum"], None]
    if kind is None:
        return {"anyOf": [out, {"type": "null"}]}
    if kind != "null" and not (isinstance(kind, list) and "null" in kind):
        out["type"] = [*(kind if isinstance(kind, list) else [kind]), "null"]
    return out
