"""Rows in a single column: the name, behind or below it the type, then notes (narrow pages, Scalar, RapiDoc)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docextract.local.apidocs_rows import HINT, NAME, Row, judged, without_tree
from docextract.local.sections_lines import Line
from docextract.local.sections_trace import Traced, join

_TYPE = re.compile(
    r"(?:(?:array|list) of )?(?:string|integer|number|boolean|object|array|any|file|null|float|double|int|bool|"
    r"int32|int64|uuid|date-time|date|enum|email|uri|url|binary|byte)s?\b"
    r"(?:\s?[<(\[][^>)\]\s]*[>)\]]|\[\])?(?: or null)?(?=$|[\s*·•])",
    re.IGNORECASE,
)
_REQUIRED = re.compile(r"^[*\u2217★]?\s*requ[ií]red\b[\s:·•-]*", re.IGNORECASE)
_STAR = re.compile(r"^[*\u2217★]\s*|\s*[*\u2217★]$")


def listed(lines: Sequence[Line]) -> list[Row]:
    """Rows whose name has its type right behind it, or on one of the two lines below."""
    made: list[Row] = []
    index = 0
    while index < len(lines):
        row, used = _row(lines, index)
        if row is not None:
            made.append(row)
        elif made and not HINT.match(lines[index].first.traced.text):
            made[-1].notes.append(lines[index].first.traced)
        index += used
    return made


def _row(lines: Sequence[Line], index: int) -> tuple[Row | None, int]:
    """The row that begins at a line, and how many lines its name, type and `required` take; (None, 1) else."""
    text = without_tree(lines[index].first.traced)
    star = _STAR.search(text.text)
    if star is not None:
        text = text.cut(star.end()) if star.start() == 0 else text.cut(0, star.start())
    words = text.text.split(" ", 1)
    if not NAME.match(words[0]) or _TYPE.fullmatch(words[0]) or _REQUIRED.match(words[0]):
        return None, 1
    name = text.cut(0, len(words[0]))
    behind = text.cut(len(words[0]))
    required = star is not None
    if behind.text and not HINT.match(behind.text):
        rest, told = _without_required(join([behind, *(item.traced for item in lines[index].segments[1:])]))
        return _with_type(name, rest, required=required or told), 1
    if len(lines[index].segments) > 1:
        return None, 1
    for used, line in enumerate(lines[index + 1 : index + 3], start=1):
        rest, told = _without_required(line.traced)
        required = required or told
        if rest.text:
            row = _with_type(name, rest, required=required) if _near(lines[index], line) else None
            return (row, used + 1) if row is not None else (None, 1)
    return None, 1


def _near(upper: Line, lower: Line) -> bool:
    """Whether a type may belong to the name above it: little free space between them."""
    return lower.page != upper.page or lower.y0 - upper.y1 < 2.2 * upper.size


def _with_type(name: Traced, text: Traced, *, required: bool) -> Row | None:
    found = _TYPE.match(text.text)
    if found is None or not found.group():
        return None
    notes, told = _without_required(text.cut(found.end()))
    row = Row(name=name, type=text.cut(0, found.end()), required=judged(required or told, name))
    if notes.text and not HINT.match(notes.text):
        row.notes.append(notes)
    return row


def _without_required(text: Traced) -> tuple[Traced, bool]:
    found = _REQUIRED.match(text.text)
    return (text.cut(found.end()), True) if found else (text, False)
