"""A schema in the words that an endpoint takes, and the answer back in the schema's own.

Each enforcer takes a subset of JSON Schema. What a dialect cannot say is left out here and named in
`dropped`; it is still checked locally, since every answer is validated against the whole schema.
Subsets as of 2026-11: OpenAI strict from pydantic-ai `profiles/openai.py` and openai `lib/_pydantic.py`,
Anthropic from anthropic `lib/_parse/_transform.py`, Gemini from pydantic-ai `profiles/google.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from docextract.schema.plain import plain
from docextract.types import Json

Dialect = Literal["openai", "anthropic", "gemini", "llamacpp", "none"]

WRAPPED = "value"
"""The property that holds the answer where the schema's root is no object."""

_MOST_LABELS = 3  # a model needs an idea of the words, not every language; each costs tokens in every call
_RECURSION = 3  # levels kept of a recursive model for enforcers that refuse recursion


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """`schema` is what is sent; `dropped` names what it no longer says, as `pointer: keyword`."""

    schema: dict[str, Json]
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rules:
    drop: frozenset[str]
    formats: frozenset[str] | None = None
    closed: bool = False
    all_required: bool = False
    recursion: bool = True
    maps: bool = True
    any_of_only: bool = False


_ALWAYS = frozenset({"$schema", "$id", "default", "examples", "deprecated", "readOnly", "writeOnly", "discriminator"})
_LATER = frozenset(
    {"unevaluatedProperties", "unevaluatedItems", "minContains", "maxContains", "dependentRequired", "dependentSchemas"}
)
_KNOWN = frozenset(
    {"type", "enum", "const", "properties", "required", "items", "prefixItems", "anyOf", "oneOf", "allOf", "format"}
    | {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern"}
    | {"minItems", "maxItems", "uniqueItems", "contains", "not", "if", "then", "else", "propertyNames", "title"}
    | {"minProperties", "maxProperties", "patternProperties", "additionalProperties", "unevaluatedProperties"}
    | {"unevaluatedItems", "minContains", "maxContains", "dependentRequired", "dependentSchemas", "description"}
)
"""Words that say something about values. Others (`x-aliases`, `example`, `$comment`) are nobody's business."""
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_BEGINS = frozenset("-0123456789")
"""What a text begins with that one of these two fits."""
_UNIONS = frozenset({"anyOf", "oneOf", "allOf"})
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}")
_RULES: dict[str, _Rules] = {
    "openai": _Rules(
        drop=_ALWAYS
        | {"title", "minLength", "maxLength", "uniqueItems", "contains", "not", "if", "then", "else", "propertyNames"}
        | {"minProperties", "maxProperties", "patternProperties"}
        | _LATER,
        formats=frozenset({"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}),
        closed=True,
        all_required=True,
        maps=False,
        any_of_only=True,
    ),
    "anthropic": _Rules(
        drop=_ALWAYS
        | {"minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
        | {"multipleOf", "maxItems", "uniqueItems", "contains", "not", "if", "then", "else", "propertyNames"}
        | {"minProperties", "maxProperties", "patternProperties"}
        | _LATER,
        formats=frozenset(
            {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid", "uri"}
        ),
        closed=True,
        recursion=False,
        maps=False,
        any_of_only=True,
    ),
    "gemini": _Rules(
        drop=_ALWAYS
        | {"title", "additionalProperties", "exclusiveMinimum", "exclusiveMaximum", "pattern", "minLength", "maxLength"}
        | {"uniqueItems", "contains", "not", "if", "then", "else", "propertyNames", "patternProperties"}
        | _LATER,
        formats=frozenset({"date-time", "date", "time"}),
        recursion=False,
        maps=False,
        any_of_only=True,
    ),
    "llamacpp": _Rules(drop=_ALWAYS | {"title", "pattern"}, closed=True, all_required=True),
    "none": _Rules(drop=_ALWAYS),
}


@dataclass(slots=True)
class _Work:
    rules: _Rules
    definitions: Mapping[str, Json]
    dropped: list[str] = field(default_factory=list)
    depth: dict[str, int] = field(default_factory=dict)


def translate(schema: Mapping[str, Json], dialect: Dialect) -> Wire:
    """The schema for an endpoint of this dialect. Keys keep their order; equal schemas give equal bytes."""
    rules = _RULES[dialect]
    work = _Work(rules, schema.get("$defs", {}))
    root = _node({key: value for key, value in schema.items() if key != "$defs"}, work, "")
    if root.get("type") != "object":
        root = {"type": "object", "properties": {WRAPPED: root}, "required": [WRAPPED], "additionalProperties": False}
    if rules.recursion and work.definitions and _has_reference(root):
        root["$defs"] = {name: _node(inner, work, f"/$defs/{name}") for name, inner in work.definitions.items()}
    return Wire(schema=root, dropped=tuple(work.dropped))


def restore(schema: Mapping[str, Json], value: Json) -> Json:
    """The answer in the schema's own shape, where that needs no guess.

    Maps that went as lists of pairs are maps again, the wrapper is gone. What endpoints that do not enforce a
    schema get wrong in form alone is put right: a number written as text, null for an empty list, and names
    that the schema does not know beside ones that it does.
    """
    wraps = schema.get("type") != "object" and "properties" not in schema and "$ref" not in schema
    if isinstance(value, dict) and set(value) == {WRAPPED} and (wraps or (_is_map(schema) and _is_pairs(value))):
        value = value[WRAPPED]
    return _restored(schema, value, schema.get("$defs", {}))


def _is_pairs(value: Mapping[str, Json]) -> bool:
    """Whether what is wrapped is a map that went as a list of pairs."""
    inner = value[WRAPPED]
    return isinstance(inner, list) and all(isinstance(item, dict) and set(item) == {"key", "value"} for item in inner)


def _node(schema: Json, work: _Work, path: str) -> dict[str, Any]:
    if (work.rules.closed or work.rules.any_of_only) and not (isinstance(schema, Mapping) and "$ref" in schema):
        schema = plain(schema, work.dropped, path)
    if not isinstance(schema, Mapping):
        return {}
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return _reference(reference, schema, work, path)
    out: dict[str, Any] = {}
    for key, value in schema.items():
        if key not in _KNOWN:
            continue
        if key in work.rules.drop:
            if key not in _ALWAYS and key != "title":
                work.dropped.append(f"{path or '/'}: {key}")
            continue
        _keyword(out, key, value, work, path)
    _describe(out, schema)
    return _object(out, schema, work, path)


def _keyword(out: dict[str, Any], key: str, value: Json, work: _Work, path: str) -> None:
    if key == "properties":
        out[key] = {name: _node(inner, work, f"{path}/{name}") for name, inner in value.items()}
    elif key in {"items", "additionalProperties"} and isinstance(value, Mapping):
        out[key] = _node(value, work, f"{path}/{key}")
    elif key in {"anyOf", "oneOf"}:
        name = "anyOf" if work.rules.any_of_only else key
        out[name] = [_node(inner, work, path) for inner in value]
    elif key == "allOf":
        if len(value) == 1:
            out.update(_node(value[0], work, path))
        else:
            out[key] = [_node(inner, work, path) for inner in value]
    elif key == "format" and work.rules.formats is not None and value not in work.rules.formats:
        work.dropped.append(f"{path or '/'}: format {value}")
    elif key == "pattern" and isinstance(value, str) and "(?" in value:
        work.dropped.append(f"{path or '/'}: pattern")
    elif key == "const" and work.rules.any_of_only:
        out["enum"] = [value]
    elif key == "minItems" and not work.rules.recursion and value not in {0, 1}:
        work.dropped.append(f"{path or '/'}: minItems")
    else:
        out[key] = value


def _describe(out: dict[str, Any], schema: Mapping[str, Json]) -> None:
    """Labels under which a field stands on pages are worth telling a model."""
    aliases = schema.get("x-aliases")
    if aliases:
        said = out.get("description", "").rstrip(". ")
        labels = "labelled " + ", ".join(str(alias) for alias in aliases[:_MOST_LABELS])
        out["description"] = f"{said}; {labels}" if said else labels


def _object(out: dict[str, Any], schema: Mapping[str, Json], work: _Work, path: str) -> dict[str, Any]:
    if out.get("type") != "object" and "properties" not in out:
        return out
    inner = _values(schema)
    if not out.get("properties") and inner is not False and not work.rules.maps:
        return _pairs(out, inner, work, path)
    if work.rules.closed and "properties" in out:
        out["additionalProperties"] = False
    if work.rules.all_required and "properties" in out:
        required = set(schema.get("required", ()))
        for name, below in out["properties"].items():
            if name not in required and not _takes_null(below):
                out["properties"][name] = {"anyOf": [below, {"type": "null"}]}
        out["required"] = list(out["properties"])
    return out


def _values(schema: Mapping[str, Json]) -> Json:
    """What a map's values are: of any name, or of names that fit a pattern."""
    patterns = schema.get("patternProperties")
    named = list(patterns.values()) if isinstance(patterns, Mapping) else []
    if not named:
        return schema.get("additionalProperties")
    return named[0] if len(named) == 1 else {"anyOf": named}


def _pairs(out: dict[str, Any], inner: Json, work: _Work, path: str) -> dict[str, Any]:
    """A map for enforcers that know none: a list of its keys and values."""
    if not isinstance(inner, Mapping):
        work.dropped.append(f"{path or '/'}: values of any type")
        inner = {"type": "string"}
    value = _node(inner, work, path)
    item = {
        "type": "object",
        "properties": {"key": {"type": "string"}, "value": value or {"type": "string"}},
        "required": ["key", "value"],
        "additionalProperties": False,
    }
    if not work.rules.closed:
        item.pop("additionalProperties")
    listed: dict[str, Any] = {"type": "array", "items": item}
    return listed | ({"description": out["description"]} if "description" in out else {})


def _reference(reference: str, schema: Mapping[str, Json], work: _Work, path: str) -> dict[str, Any]:
    name = reference.rsplit("/", 1)[-1]
    if work.rules.recursion:
        return {"$ref": reference}  # no siblings: OpenAI refuses them
    depth = work.depth.get(name, 0)
    if depth >= _RECURSION:
        work.dropped.append(f"{path}: recursion below {_RECURSION} levels")
        return {"type": "null"}
    work.depth[name] = depth + 1
    expanded = _node(work.definitions.get(name, {}), work, path)
    work.depth[name] = depth
    if "description" in schema:
        expanded["description"] = schema["description"]
    return expanded


def _takes_null(schema: Mapping[str, Json]) -> bool:
    kind = schema.get("type")
    if kind == "null" or (isinstance(kind, list) and "null" in kind) or None in schema.get("enum", ()):
        return True
    return any(isinstance(branch, Mapping) and _takes_null(branch) for branch in schema.get("anyOf", ()))


def _may_be_null(schema: Json) -> bool:
    """Whether null is a value of its own here; a schema without a type takes anything."""
    if not isinstance(schema, Mapping):
        return schema is not False
    says = {"type", "anyOf", "oneOf", "allOf", "enum", "const", "$ref", "properties", "items"}
    return _takes_null(schema) or not says & set(schema)


def _has_reference(schema: Json) -> bool:
    if isinstance(schema, Mapping):
        return "$ref" in schema or any(_has_reference(inner) for inner in schema.values())
    return isinstance(schema, list) and any(_has_reference(inner) for inner in schema)


def _restored(schema: Json, value: Json, definitions: Mapping[str, Json]) -> Json:
    # Nearly every leaf: nothing can be wrong with its form, whatever its schema says.
    if isinstance(value, str):
        if value[:1] not in _BEGINS:
            return value
    elif value is not None and not isinstance(value, dict | list):
        return value
    schema = _opened(schema, definitions, value)
    if isinstance(value, list) and _is_map(schema):
        pairs = all(isinstance(item, dict) and set(item) == {"key", "value"} for item in value)
        keys = [item["key"] for item in value] if pairs else []
        if pairs and all(isinstance(key, str) for key in keys) and len(set(keys)) == len(keys):
            value = {item["key"]: item["value"] for item in value}
    if isinstance(value, dict):
        properties, extra = schema.get("properties", {}), schema.get("additionalProperties")
        # Strict enforcers ask for every property, so null may stand for what the schema allows to be absent.
        required = schema.get("required", ())
        foreign = _foreign(schema, value)
        return {
            key: _restored(properties.get(key, extra), inner, definitions)
            for key, inner in value.items()
            if key not in foreign
            and (inner is not None or key in required or key not in properties or _may_be_null(properties[key]))
        }
    if isinstance(value, list):
        return [_restored(schema.get("items"), inner, definitions) for inner in value]
    if value is None and schema.get("type") == "array":
        return []
    return _number(schema, value) if isinstance(value, str) else value


def _foreign(schema: Mapping[str, Json], value: Mapping[str, Json]) -> set[str]:
    """Names that were not asked for. Where there are only such names the answer is of another shape: they are kept."""
    properties = schema.get("properties")
    says = {"additionalProperties", "patternProperties", "unevaluatedProperties", "allOf", "anyOf", "oneOf", "if"}
    if not isinstance(properties, Mapping) or says & set(schema) or not set(properties) & set(value):
        return set()
    return set(value) - set(properties)


def _number(schema: Mapping[str, Json], text: str) -> Json:
    """The number that a text is, where only a number may stand and the text is one as JSON writes it."""
    kind = schema.get("type")
    kinds = {kind} if isinstance(kind, str) else set(kind or ())
    whole = bool(_WHOLE.fullmatch(text))
    if not kinds or not kinds <= {"number", "integer", "null"} or not (whole or _NUMBER.fullmatch(text)):
        return text
    return int(text) if whole else float(text)


def _opened(schema: Json, definitions: Mapping[str, Json], value: Json) -> Mapping[str, Json]:
    """The schema behind references, and of a union the branch that could hold this value."""
    for _ in range(8):  # a chain of references longer than this is a loop
        if not isinstance(schema, Mapping):
            return {}
        reference = schema.get("$ref")
        if isinstance(reference, str):
            schema = definitions.get(reference.rsplit("/", 1)[-1], {})
            continue
        if _UNIONS.isdisjoint(schema):
            return schema
        branches = [b for key in ("anyOf", "oneOf", "allOf") for b in schema.get(key, ()) if isinstance(b, Mapping)]
        if not branches or "properties" in schema:
            return schema
        schema = next((branch for branch in branches if _could_hold(branch, value, definitions)), branches[0])
    return {}


def _could_hold(schema: Mapping[str, Json], value: Json, definitions: Mapping[str, Json]) -> bool:
    reference = schema.get("$ref")
    if isinstance(reference, str):
        schema = definitions.get(reference.rsplit("/", 1)[-1], {})
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        return schema.get("type") == "object" and (not properties or set(value) <= set(properties))
    if isinstance(value, list):
        pairs = bool(value) and all(isinstance(item, dict) and set(item) == {"key", "value"} for item in value)
        return schema.get("type") == "array" or (pairs and _is_map(schema))
    return schema.get("type") not in {"object", "array"}


def _is_map(schema: Mapping[str, Json]) -> bool:
    return schema.get("type") == "object" and not schema.get("properties")
