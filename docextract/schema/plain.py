"""Schemas that say less than enforcers ask for, said in their words: a type for every value, one kind of list.

Nothing here widens what is accepted: every answer is held against the schema as it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docextract.schema.combine import loosely
from docextract.types import Json

_SCALARS: tuple[tuple[str, type | tuple[type, ...]], ...] = (
    ("boolean", bool),
    ("integer", int),
    ("number", float),
    ("string", str),
    ("null", type(None)),
)
ANYTHING: tuple[str, ...] = ("string", "number", "boolean", "null")
"""What a value may be that a schema says nothing of. Objects and lists of any shape cannot be enforced."""


def plain(schema: Json, dropped: list[str], path: str) -> dict[str, Any]:
    """One level of a schema with a type, without `allOf`, tuples and parts that only restrict other parts.

    What that leaves out is added to `dropped` as `pointer: keyword`.
    """
    if not isinstance(schema, Mapping):
        return _anything(dropped, path)
    out = loosely(schema)
    if "allOf" in schema:
        dropped.append(f"{path or '/'}: allOf")
    if "prefixItems" in out:
        kinds = [each for each in out.pop("prefixItems") if isinstance(each, dict)]
        more = out.get("items")
        every = [*kinds, *([more] if isinstance(more, dict) else [])]
        distinct = [each for at, each in enumerate(every) if each not in every[:at]]
        out["items"] = distinct[0] if len(distinct) == 1 else {"anyOf": distinct}
        dropped.append(f"{path or '/'}: prefixItems")
    properties = out.get("properties")
    if isinstance(properties, dict):
        out.setdefault("type", "object")
        out["properties"] = {name: inner for name, inner in properties.items() if inner is not False}
        for word in ("anyOf", "oneOf"):  # of the fields beside it: which of them must be given
            if word in out:
                del out[word]
                dropped.append(f"{path or '/'}: {word}")
    if "items" in out:
        out.setdefault("type", "array")
    if "array" in _kinds(out) and not isinstance(out.get("items"), dict):
        out["items"] = {}
    if {"type", "anyOf", "oneOf", "$ref"} & set(out):
        return out
    values = out.get("enum", [out["const"]] if "const" in out else None)
    return _listed(out, values, dropped, path) if values is not None else out | _anything(dropped, path)


def _listed(out: dict[str, Any], values: list[Json], dropped: list[str], path: str) -> dict[str, Any]:
    """Values that are listed without a type: those that are no objects and lists, by their type."""
    groups: dict[str, list[Json]] = {}
    for value in values:
        kind = next((name for name, own in _SCALARS if isinstance(value, own)), None)
        if kind is None:
            dropped.append(f"{path or '/'}: enum")
            return {key: value for key, value in out.items() if key not in ("enum", "const")} | _anything(dropped, path)
        groups.setdefault(kind, []).append(value)
    if len(groups) == 1:
        return out | {"type": next(iter(groups))}
    branches = [{"type": kind, "enum": own} if kind != "null" else {"type": kind} for kind, own in groups.items()]
    return {key: value for key, value in out.items() if key not in ("enum", "const")} | {"anyOf": branches}


def _anything(dropped: list[str], path: str) -> dict[str, Any]:
    dropped.append(f"{path or '/'}: values of any type")
    return {"anyOf": [{"type": kind} for kind in ANYTHING]}


def _kinds(schema: Mapping[str, Json]) -> list[Json]:
    kind = schema.get("type")
    return kind if isinstance(kind, list) else [kind]
