"""What the root of a schema must be: an object with something to ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docextract.errors import SchemaError
from docextract.types import Json

_HINT = 'start it with {"type": "object", "properties": {"name": {"type": "string"}}}, or give the model fields'


def as_object(schema: Mapping[str, Json]) -> dict[str, Any]:
    """The inlined schema with `type: object` at its root. Raises SchemaError where its data would be none.

    A document's data is one object. A root that says no type but names fields means one; one that may
    be null too is never null here.
    """
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    branches = [each for word in ("anyOf", "oneOf") for each in schema.get(word) or () if isinstance(each, dict)]
    if not branches and "object" not in kinds and kind is not None:
        first = "an array" if "array" in kinds else f"a {kinds[0]}"
        wrapped = '{"type": "object", "properties": {"items": ...}} around it'
        raise SchemaError(f"the schema's root is {first}, and a document's data is an object", hint=f"put {wrapped}")
    if not asks(schema):
        raise SchemaError(
            "the schema names no field: an example of the data, or another kind of file, is no JSON Schema", hint=_HINT
        )
    return dict(schema) if branches and kind is None else {**schema, "type": "object"}


def asks(schema: Json) -> bool:
    """Whether anything is asked for: named fields, fields of a pattern or of any name, here or in a branch."""
    if not isinstance(schema, dict):
        return False
    here = schema.get("properties") or schema.get("patternProperties") or schema.get("$ref")
    if here or isinstance(schema.get("additionalProperties"), dict):
        return True
    return any(asks(branch) for word in ("anyOf", "oneOf", "allOf") for branch in schema.get(word) or ())
