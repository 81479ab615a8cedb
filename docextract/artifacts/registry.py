"""Files made from a record, by the schema's own `x-artifacts`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from docextract.artifacts.openapi import assemble
from docextract.output.json_yaml import dump_yaml
from docextract.types import Json

Maker = Callable[[Mapping[str, Json]], bytes]


def _openapi(data: Mapping[str, Json]) -> bytes:
    return dump_yaml(assemble(data))


MAKERS: dict[str, tuple[str, Maker]] = {"openapi": ("openapi.yaml", _openapi)}
"""Suffix and maker by the name that stands in `x-artifacts`."""


def artifacts(schema: Mapping[str, Json], data: Json, stem: str = "") -> list[tuple[str, bytes]]:
    """Suffix and content of each artifact that the schema asks for. `stem` is where they will stand."""
    del stem  # the makers of today do not name their place in their content
    wanted = schema.get("x-artifacts")
    if not isinstance(wanted, list) or not isinstance(data, dict):
        return []
    return [(suffix, make(data)) for name in wanted if name in MAKERS for suffix, make in [MAKERS[name]]]
