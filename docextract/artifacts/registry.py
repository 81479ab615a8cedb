"""Files made from a record, by the schema's own `x-artifacts`: a name, or a name with its options.

`"x-artifacts": ["csv", {"openapi": {"notes": false}}]`. What a schema asks for and nobody makes is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from docextract.artifacts.files import code_files
from docextract.artifacts.losses import Loss, losses, valid
from docextract.artifacts.markdown import markdown_file
from docextract.artifacts.openapi import without_notes
from docextract.artifacts.tables import csv_files, xlsx_file
from docextract.output.json_yaml import dump_yaml
from docextract.types import Json

Artifact = tuple[str, bytes]
"""What stands behind the document's name (`openapi.yaml`), and the content."""

Maker = Callable[[Mapping[str, Json], Mapping[str, Json]], list[Artifact]]
"""From data and options to files."""


def _openapi(data: Mapping[str, Json], options: Mapping[str, Json]) -> list[Artifact]:
    document = valid(data)
    return [("openapi.yaml", dump_yaml(document if options.get("notes", True) else without_notes(document)))]


MAKERS: dict[str, Maker] = {
    "openapi": _openapi,
    "csv": csv_files,
    "xlsx": xlsx_file,
    "files": code_files,
    "markdown": markdown_file,
}
"""By the name that stands in `x-artifacts`."""

CHECKS: dict[str, Callable[[Mapping[str, Json]], Sequence[Loss]]] = {"openapi": losses}
"""What an artifact cannot hold of a record, for those that cannot hold everything."""


def left_out(schema: Mapping[str, Json], data: Json) -> list[Loss]:
    """What of the data its artifacts cannot hold, each with its place in the data: worth a second look, or a word."""
    if not isinstance(data, dict):
        return []
    return [loss for name, _ in _wanted(schema) if name in CHECKS for loss in CHECKS[name](data)]


def artifacts(schema: Mapping[str, Json], data: Json, stem: str = "") -> list[Artifact]:
    """Each artifact that the schema asks for. `stem` is where they will stand."""
    del stem  # the makers of today do not name their place in their content
    if not isinstance(data, dict):
        return []
    return [made for name, options in _wanted(schema) if name in MAKERS for made in MAKERS[name](data, options)]


def _wanted(schema: Mapping[str, Json]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    wanted = schema.get("x-artifacts")
    for item in wanted if isinstance(wanted, list) else ():
        if isinstance(item, str):
            yield item, {}
        elif isinstance(item, dict):
            for name, options in item.items():
                yield name, options if isinstance(options, dict) else {}
