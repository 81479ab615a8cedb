"""What a person types, as the JSON value that its field wants."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from docextract.errors import ConfigError
from docextract.report.pointer import steps
from docextract.types import Json

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_YES, _NO = {"true", "yes", "1"}, {"false", "no", "0"}
_DEPTH = 30


def typed(text: str, schema: Mapping[str, Json], path: str, old: Json) -> Json:
    """`text` as the type that the schema gives the field, else the type of its old value, else as it is.

    Raises ConfigError where it cannot be read so.
    """
    kinds = _kinds(schema, path) - {"null"} or _kind_of(old)
    plain = text.strip()
    if not plain:
        raise ConfigError("there is nothing typed", hint="mark it missing (m) where the page has no such value")
    if "string" in kinds and not (isinstance(old, int | float) and kinds & {"number", "integer"}):
        return plain
    if kinds & {"number", "integer"} and _NUMBER.fullmatch(plain):
        number = float(plain)
        return int(number) if number.is_integer() and ("integer" in kinds or isinstance(old, int)) else number
    if "boolean" in kinds and plain.lower() in _YES | _NO:
        return plain.lower() in _YES
    if "string" in kinds or not kinds:
        return plain
    wanted = "a number, written as 1506.00" if kinds & {"number", "integer"} else " or ".join(sorted(kinds))
    raise ConfigError(f"{plain} is not {wanted}", hint="type it again")


def problem(value: Json, schema: Mapping[str, Json], path: str) -> str | None:
    """Why the value does not fit the schema at or below `path`, in one line; None where it fits."""
    if not schema:
        return None
    from jsonschema import Draft202012Validator

    where = steps(path)
    for error in Draft202012Validator(schema).iter_errors(value):
        place = [str(step) for step in error.absolute_path]
        if place[: len(where)] == where or where[: len(place)] == place:
            return f"saved, but it does not fit the schema: {' '.join(error.message.split())[:200]}"
    return None


def _kinds(schema: Mapping[str, Json], path: str) -> set[str]:
    nodes = [schema]
    for step in steps(path):
        found = []
        for node in (branch for each in nodes for branch in _branches(each, schema, 0)):
            properties = node.get("properties")
            if isinstance(properties, dict) and isinstance(properties.get(step), dict):
                found.append(properties[step])
            elif isinstance(node.get("items"), dict) and step.isdecimal():
                found.append(node["items"])
            elif isinstance(node.get("additionalProperties"), dict):
                found.append(node["additionalProperties"])
        nodes = found
    kinds: set[str] = set()
    for node in (branch for each in nodes for branch in _branches(each, schema, 0)):
        kind = node.get("type")
        kinds |= {kind} if isinstance(kind, str) else set(kind or ())
        kinds |= {each for value in node.get("enum") or () for each in _kind_of(value)}
    return kinds


def _branches(node: Mapping[str, Any], root: Mapping[str, Any], depth: int) -> list[Mapping[str, Any]]:
    """The node itself behind references, and every branch of its unions."""
    if depth > _DEPTH or not isinstance(node, Mapping):
        return []
    reference = node.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        target: Any = root
        for step in steps(reference[1:]):
            target = target.get(step, {}) if isinstance(target, Mapping) else {}
        return _branches(target, root, depth + 1)
    found = [node]
    for word in ("anyOf", "oneOf", "allOf"):
        for branch in node.get(word) or ():
            found += _branches(branch, root, depth + 1)
    return found


def _kind_of(value: Json) -> set[str]:
    if value is None:
        return set()
    if isinstance(value, bool):
        return {"boolean"}
    if isinstance(value, int | float):
        return {"number"}
    return {"string"} if isinstance(value, str) else {"array"} if isinstance(value, list) else {"object"}
