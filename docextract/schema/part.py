"""A part of a schema: only the fields that are asked about again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docextract.types import Json


def part(schema: Mapping[str, Json], paths: Sequence[str]) -> dict[str, Json]:
    """The schema with only the fields that these JSON pointers lead to; a list is kept whole.

    Indexes in a pointer end it: what is in a list is asked for by the whole list. Pointers that name
    nothing are left out.
    """
    wanted: dict[str, Json] = {}
    for path in paths:
        node = wanted
        for step in path.split("/")[1:]:
            if step.isdigit():
                break
            node = node.setdefault(step.replace("~1", "/").replace("~0", "~"), {})
    return _cut(schema, wanted, schema.get("$defs", {}))


def _cut(schema: Mapping[str, Json], wanted: Mapping[str, Json], definitions: Mapping[str, Json]) -> dict[str, Json]:
    if not wanted:
        return dict(schema)
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return _cut(definitions.get(reference.rsplit("/", 1)[-1], {}), wanted, definitions)
    for word in ("anyOf", "oneOf"):
        if isinstance(schema.get(word), list):
            inner = [_cut(each, wanted, definitions) for each in schema[word] if isinstance(each, dict)]
            return {**schema, word: inner}
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return dict(schema)
    kept = {name: _cut(below, wanted[name], definitions) for name, below in properties.items() if name in wanted}
    out = {key: value for key, value in schema.items() if key not in ("properties", "required")}
    required = [name for name in schema.get("required", ()) if name in kept]
    return out | {"properties": kept} | ({"required": required} if required else {})
