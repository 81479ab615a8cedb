"""Picked values put back into the shape of the schema, with the evidence of every leaf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docextract.local.candidates import Candidate
from docextract.local.located import evidence_of
from docextract.local.row_kept import Row
from docextract.local.segments import Sheet
from docextract.local.wanted import Want
from docextract.types import Evidence, Json

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """What was found, by the field's path: scalars, rows of models, lists of scalars. `sheets` by page number."""

    values: Mapping[Path, Candidate]
    rows: Mapping[Path, Sequence[Row]]
    lists: Mapping[Path, Sequence[Candidate]]
    sheets: Mapping[int, Sheet]


def assemble(root: Want, picked: Picked) -> tuple[Json, tuple[Evidence, ...]]:
    """The answer and its evidence. A missing value is null where the schema allows it, else left out."""
    evidence: list[Evidence] = []
    return _object(root, picked, evidence), tuple(evidence)


def _object(want: Want, picked: Picked, evidence: list[Evidence]) -> dict[str, Json]:
    value: dict[str, Json] = {}
    for child in want.children:
        if child.kind == "rows":
            value[child.name] = _rows(child, picked, evidence)
        elif child.kind == "list":
            found = picked.lists.get(child.path, ())
            value[child.name] = [one.value for one in found]
            for index, one in enumerate(found):
                evidence.append(evidence_of(pointer((*child.path, str(index))), one, picked.sheets))
        elif child.kind == "object":
            inner = _object(child, picked, evidence)
            value[child.name] = inner if _filled(inner) or not child.nullable else None
        elif child.path in picked.values:
            value[child.name] = picked.values[child.path].value
            evidence.append(evidence_of(pointer(child.path), picked.values[child.path], picked.sheets))
        elif child.nullable:
            value[child.name] = None
    return value


def _rows(want: Want, picked: Picked, evidence: list[Evidence]) -> list[Json]:
    values: list[Json] = []
    for index, row in enumerate(picked.rows.get(want.path, ())):
        item: dict[str, Json] = {}
        for child in want.children:
            if child.name in row:
                item[child.name] = row[child.name].value
                path = pointer((*want.path, str(index), child.name))
                evidence.append(evidence_of(path, row[child.name], picked.sheets))
            elif child.kind in ("rows", "list"):
                item[child.name] = []
            elif child.nullable:
                item[child.name] = None
        values.append(item)
    return values


def _filled(value: Json) -> bool:
    if isinstance(value, dict):
        return any(_filled(inner) for inner in value.values())
    return value not in (None, [])


def pointer(path: Sequence[str]) -> str:
    """An RFC 6901 JSON pointer."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)
