"""`allOf` laid together: fields that stand in several parts of a schema as fields of one, where that says the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docextract.types import Json

# What only describes, and may be told by the first that says it.
_WORDS = frozenset({"title", "description", "examples", "default", "$comment", "deprecated", "readOnly", "writeOnly"})
# What looks at the fields of its own part alone, and would say something else of all of them.
_OWN = frozenset({"additionalProperties", "unevaluatedProperties", "propertyNames", "minProperties", "maxProperties"})


def combined(schema: Mapping[str, Json]) -> dict[str, Any]:
    """The schema with its `allOf` laid into it, or as it is where the parts say things that cannot be joined.

    Its parts must have been treated before. The result takes exactly the values that the schema takes.
    """
    parts = schema.get("allOf")
    if not isinstance(parts, list) or not parts:
        return dict(schema)
    merged: dict[str, Any] = {key: value for key, value in schema.items() if key != "allOf"}
    for part in parts:
        joined = _joined(merged, part)
        if joined is None:
            return dict(schema)
        merged = joined
    return merged


def loosely(schema: Mapping[str, Json]) -> dict[str, Any]:
    """As `combined`, for those who cannot be told all: where parts cannot be joined, the first is kept."""
    whole = combined(schema)
    parts = whole.pop("allOf", None)
    for part in parts if isinstance(parts, list) else ():
        if not isinstance(part, dict):
            continue
        part = loosely(part)  # noqa: PLW2901 - the same part, laid together
        properties = part.pop("properties", {})
        required = part.pop("required", [])
        whole = {**part, **whole}
        if properties:
            whole["properties"] = {**properties, **whole.get("properties", {})}
        if required:
            whole["required"] = list(dict.fromkeys([*whole.get("required", []), *required]))
    return whole


def _joined(one: Mapping[str, Any], other: Json) -> dict[str, Any] | None:
    if other is True:
        return dict(one)
    if not isinstance(other, dict) or _closed(one, other) or _closed(other, one):
        return None
    out = dict(one)
    for key, value in other.items():
        if key not in out:
            out[key] = value
        elif key == "properties":
            fields = _fields(out[key], value)
            if fields is None:
                return None
            out[key] = fields
        elif key == "required":
            out[key] = list(dict.fromkeys([*out[key], *value]))
        elif key == "type":
            kinds = _types(out[key], value)
            if not kinds:
                return None
            out[key] = kinds[0] if len(kinds) == 1 else kinds
        elif out[key] != value and key not in _WORDS and not key.startswith("x-"):
            return None
    return out


def _closed(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether a part looks at its own fields only while the other brings some too."""
    return bool(_OWN & set(one)) and "properties" in other


def _fields(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any] | None:
    out = dict(one)
    for name, schema in other.items():
        if name not in out or out[name] is True:
            out[name] = schema
        elif out[name] != schema and schema is not True:
            joined = _joined(out[name], schema) if isinstance(out[name], dict) else None
            if joined is None:
                return None
            out[name] = joined
    return out


def _types(one: Json, other: Json) -> list[str]:
    """Types that both allow; an integer is a number."""
    first, second = (each if isinstance(each, list) else [each] for each in (one, other))
    shared = [kind for kind in first if kind in second or (kind == "integer" and "number" in second)]
    return shared + [kind for kind in second if kind == "integer" and "number" in first and kind not in shared]
