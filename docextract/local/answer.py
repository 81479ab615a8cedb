"""Picked values put back into the shape of the schema, with the evidence of every leaf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docextract.local.candidates import Candidate
from docextract.local.located import evidence_of
from docextract.local.rows import Row
from docextract.local.segments import Sheet
from docextract.local.wanted import Want
from docextract.types import Evidence, Json

Lists = Mapping[tuple[str, ...], Sequence[Row]]


def assemble(
    root: Want, picks: Mapping[tuple[str, ...], Candidate], lists: Lists, sheets: Mapping[int, Sheet]
) -> tuple[Json, tuple[Evidence, ...]]:
    """The answer and its evidence. A missing value is null where the schema allows it, else left out."""
    evidence: list[Evidence] = []
    value = _object(root, picks, lists, sheets, evidence)
    return value, tuple(evidence)


def _object(
    want: Want,
    picks: Mapping[tuple[str, ...], Candidate],
    lists: Lists,
    sheets: Mapping[int, Sheet],
    evidence: list[Evidence],
) -> dict[str, Json]:
    value: dict[str, Json] = {}
    for child in want.children:
        if child.kind == "rows":
            value[child.name] = _rows(child, lists.get(child.path, ()), sheets, evidence)
        elif child.kind == "list":
            value[child.name] = []
        elif child.kind == "object":
            inner = _object(child, picks, lists, sheets, evidence)
            if _filled(inner) or not _takes_null(child):
                value[child.name] = inner
            else:
                value[child.name] = None
        elif child.path in picks:
            found = picks[child.path]
            value[child.name] = found.value
            evidence.append(evidence_of(_pointer(child.path), found, sheets))
        elif _takes_null(child):
            value[child.name] = None
    return value


def _rows(want: Want, rows: Sequence[Row], sheets: Mapping[int, Sheet], evidence: list[Evidence]) -> list[Json]:
    values: list[Json] = []
    for index, row in enumerate(rows):
        item: dict[str, Json] = {}
        for child in want.children:
            if child.name in row:
                item[child.name] = row[child.name].value
                path = (*want.path, str(index), child.name)
                evidence.append(evidence_of(_pointer(path), row[child.name], sheets))
            elif child.kind in ("rows", "list"):
                item[child.name] = []
            elif _takes_null(child):
                item[child.name] = None
        values.append(item)
    return values


def _takes_null(want: Want) -> bool:
    return want.nullable


def _filled(value: Json) -> bool:
    if isinstance(value, dict):
        return any(_filled(inner) for inner in value.values())
    return value not in (None, [])


def _pointer(path: Sequence[str]) -> str:
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)
