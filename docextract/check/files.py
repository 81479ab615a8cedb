"""What the files made from an answer cannot hold: an audit like any other, of every schema with artifacts."""

from __future__ import annotations

from collections.abc import Mapping

from docextract.artifacts.registry import left_out
from docextract.check.audit import Audited
from docextract.types import Json

ARTIFACT = "artifact"
"""The rule's name."""


def audit_files(value: Json, schema: Mapping[str, Json]) -> list[Audited]:
    """One failed audit for each thing that is left out of a file, at its place in the answer."""
    return [
        Audited(path=loss.path, rule=ARTIFACT, ok=False, message=loss.message, paths=(loss.path,))
        for loss in left_out(schema, value)
    ]
