"""Plain tables of parameters and fields: a header that names the columns, a row each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from docextract.local.apidocs_rows import NAME, REQUIRED, Row, judged, parted_at
from docextract.local.sections_answer import Cited
from docextract.local.sections_lines import Line, Segment
from docextract.local.sections_trace import Traced, join

_COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("name", "parameter", "field", "property", "attribute", "key", "param", "feld", "nom", "nombre", "header"),
    "in": ("in", "location", "located in", "parameter type", "param type", "place", "where", "ort"),
    "type": ("type", "data type", "format", "schema", "datatype", "typ", "tipo"),
    "required": (
        "required",
        "mandatory",
        "required?",
        "req",
        "optional",
        "erforderlich",
        "pflicht",
        "requis",
        "presence",
    ),
    "description": ("description", "notes", "meaning", "comment", "details", "desc", "beschreibung", "descripcion"),
    "default": ("default", "example", "value", "values", "default value", "constraints"),
}


def table_header(line: Line) -> Mapping[str, float] | None:
    """The left edge of each known column, where a line is the header of a parameter table; else None."""
    found: dict[str, float] = {}
    for segment in line.segments:
        cells = _cells(segment)
        if not cells:
            return None
        for kind, x in cells:
            found.setdefault(kind, x)
    return (
        found if "name" in found and len(found) >= 2 and (len(found) > 2 or "type" in found or "in" in found) else None
    )


def _cells(segment: Segment) -> list[tuple[str, float]]:
    """The columns that a segment names and their left edges: one, or several that stand close; [] where it is text."""
    words = [token.word.text.strip(":").lower() for token in segment.tokens]
    found: list[tuple[str, float]] = []
    at = 0
    while at < len(words):
        end = next((end for end in range(len(words), at, -1) if _kind(" ".join(words[at:end]))), None)
        if end is None:
            return []
        found.append((_kind(" ".join(words[at:end])) or "", segment.tokens[at].word.x0))
        at = end
    return found


def _kind(label: str) -> str | None:
    return next((kind for kind, words in _COLUMNS.items() if label in words), None)


def tabled(lines: Sequence[Line], header: Mapping[str, float]) -> list[Row]:
    """Rows of a plain table under its header; a line without a name goes on with the row above."""
    order = sorted(header.items(), key=lambda item: item[1])
    made: list[Row] = []
    edges = tuple(header.values())
    for line in lines:
        cells: dict[str, Traced] = {}
        for segment in parted_at(line, edges).segments:
            near = [kind for kind, x in order if segment.x0 >= x - 0.6 * segment.size]
            kind = near[-1] if near else order[0][0]
            cells[kind] = join([cells[kind], segment.traced]) if kind in cells else segment.traced
        name = cells.get("name")
        if name is not None:
            row = _tabled_row(name, cells, header)
            if row is None:
                break
            made.append(row)
        elif made and "description" in cells:
            made[-1].notes.append(cells["description"])
    return made


def _tabled_row(name: Traced, cells: Mapping[str, Traced], header: Mapping[str, float]) -> Row | None:
    required: Cited | None = None
    if found := REQUIRED.search(name.text):
        required = judged(True, name)
        name = name.cut(0, found.start())
    name = name.strip("`*{}:")
    if not NAME.match(name.text):
        return None
    told = cells.get("required")
    if told is not None:
        yes = re.match(r"^(?:yes|true|required|mandatory|y|ja|oui|s[ií]|x|✓|✔|always)\b", told.text, re.IGNORECASE)
        required = judged(bool(yes), told)
    elif "required" in header and required is None:
        required = judged(False, name)
    notes = [cells["description"]] if "description" in cells else []
    return Row(name=name, place=cells.get("in"), type=cells.get("type"), required=required, notes=notes)
