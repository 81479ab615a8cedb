"""Fields as API pages list them (`owner.name`, `items[].id`), as a nested object schema."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from docextract.artifacts.types_printed import schema_of
from docextract.artifacts.validate import inert
from docextract.types import Json

MAX_DEPTH = 12


def component_names(models: Sequence[Mapping[str, Json]]) -> dict[str, str]:
    """From model names as printed to names that OpenAPI allows, each once."""
    names: dict[str, str] = {}
    for model in models:
        printed = model.get("name")
        if not isinstance(printed, str) or printed.strip() in names:
            continue
        plain = re.sub(r"[^A-Za-z0-9._-]+", "_", printed.strip()).strip("_")
        if plain and plain not in names.values():
            names[printed.strip()] = plain
    return names


def object_schema(fields: Sequence[Mapping[str, Json]], models: Mapping[str, str], notes: list[str]) -> dict[str, Json]:
    """An object with these fields; an empty object schema where there are none."""
    root: dict[str, Json] = {"type": "object"}
    for field in fields:
        name = field.get("name")
        if not isinstance(name, str) or not name.strip():
            continue
        printed = field.get("type") if isinstance(field.get("type"), str) else None
        schema, known = schema_of(models.get(printed or "", printed), models.values())
        if not known:
            notes.append(f"field {name.strip()}: type {printed!r} not understood")
        description = field.get("description")
        if isinstance(description, str) and description.strip():
            schema["description"] = inert(description.strip())
        _put(root, _steps(name.strip()), schema, needed=field.get("required") is True)
    return root


def _steps(name: str) -> list[str]:
    """`items[].id` is items, [], id. A name that is no dotted path is one step."""
    if not re.fullmatch(r"[\w$@-]+(?:\[\])*(?:\.[\w$@-]+(?:\[\])*)*", name):
        return [name]
    steps = []
    for part in name.split("."):
        bare = part.rstrip("[]")
        steps.append(bare)
        steps += ["[]"] * ((len(part) - len(bare)) // 2)
    return steps[:MAX_DEPTH]


def _put(node: dict[str, Json], steps: Sequence[str], schema: dict[str, Json], *, needed: bool) -> None:
    for index, step in enumerate(steps):
        last = index == len(steps) - 1
        if step == "[]":
            node.pop("$ref", None)
            node["type"] = "array"
            inner = node.get("items")
            below = inner if isinstance(inner, dict) else {}
            node["items"] = below
        else:
            node.pop("$ref", None)
            if node.get("type") == "array" and isinstance(node.get("items"), dict):
                node = node["items"]
                node.pop("$ref", None)
            node["type"] = "object"
            below = node.setdefault("properties", {}).setdefault(step, {})
            if last and needed and step not in node.setdefault("required", []):
                node["required"].append(step)
            if not node.get("required", True):
                del node["required"]
        node = below
    for key, value in schema.items():
        node.setdefault(key, value)
