"""Which part of a schema decides an answer: a change of anything else is carried out on answers that are stored."""

from __future__ import annotations

from collections.abc import Mapping

from docextract.schema.jsonschema import digest
from docextract.schema.wire import Wire
from docextract.types import Json

CHECKED_HERE = frozenset({"x-audits", "x-merge", "x-artifacts", "x-auto"})
"""Words that are carried out after an answer has come, whoever gave it."""

_NAMED = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})


def asked_digest(schema: Mapping[str, Json], wire: Wire | None) -> str:
    """SHA-256, in hex, of what an endpoint is sent of a schema; without a `wire`, of what the embedded engine reads."""
    return digest(wire.schema) if wire is not None else digest(_read(schema))


def _read(schema: Json, *, named: bool = False) -> Json:
    """The schema without what is carried out later. `named`: its keys are names of fields and no words."""
    if isinstance(schema, list):
        return [_read(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _read(inner, named=not named and name in _NAMED)
        for name, inner in schema.items()
        if named or name not in CHECKED_HERE
    }
