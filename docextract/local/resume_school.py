"""The header of an education entry: institution, degree, area."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docextract.local.resume_entries import Entry
from docextract.local.resume_parts import Header
from docextract.local.resume_words import DEGREE, degree_and_area, is_school, place_score
from docextract.local.sections_trace import Traced

_CUT = re.compile(r",\s+|\s+(?:at|from|an der|[àa] l['’]|en la|bei)\s+(?=[A-ZÀ-Ý])")
# Finished at a school of which nothing more is said here.
_SCHOOLED = re.compile(
    r"(?:high school|secondary school|sixth form|gymnasium)(?:\s*[,(\u2013\u2014-].*)?$", re.IGNORECASE
)
_LABELLED = re.compile(
    r"(?:^|[,;|\u2013\u2014-]\s*)(?:abschluss|degree|dipl[oô]me|titulaci[oó]n|titolo|diploma|graad)\s*:\s*",
    re.IGNORECASE,
)
_ENGINEERING = re.compile(r"ing[eé]ni?er[ií]a\b|ing[eé]nierie\b", re.IGNORECASE)
_NOT_AREA = re.compile(
    r"\b(?:gpa|grade|score|note|cgpa|courses?|coursework|thesis|dissertation|advisor|honors?)\b|\d[.,]\d", re.IGNORECASE
)


def schools(headers: Sequence[Header], entries: Sequence[Entry]) -> list[dict[str, Traced | None]]:
    """Institution, degree and area of each entry, told apart by words, then by what is left."""
    return [_school(item, entry) for item, entry in zip(headers, entries, strict=True)]


def _school(item: Header, entry: Entry) -> dict[str, Traced | None]:
    parts = list(item.parts)
    # A degree set in a little below its school looks like a highlight.
    items = [piece.traced for piece in entry.of("item")]
    parts.extend(text for text in items if _is_degree(text.text) and len(text.text.split()) <= 6)
    made: dict[str, Traced | None] = {"institution": None, "degree": None, "area": None}
    rest: list[Traced] = []
    for part in parts:
        for small in _pieces(part):
            if made["institution"] is None and is_school(small.text) and not _is_degree(small.text):
                made["institution"] = small
            elif _is_degree(small.text):
                _degree(small, made)
            elif not _NOT_AREA.search(small.text):
                rest.append(small)
    rest = [part for part in rest if part is not item.place and place_score(part.text) < 2]
    if made["institution"] is None and rest:
        # No word says school: what stands first, unless the degree's own area is still missing and it is all there is.
        made["institution"] = rest.pop(0)
    if made["area"] is None and made["degree"] is not None and rest:
        made["area"] = next((part for part in rest if place_score(part.text) == 0), None)
    elif made["area"] is None and rest and made["institution"] is not None and place_score(rest[0].text) == 0:
        made["area"] = rest[0]
    return made


def _is_degree(text: str) -> bool:
    if _SCHOOLED.match(text):
        return True
    return DEGREE.match(text) is not None and not _NOT_AREA.search(text)


def _pieces(part: Traced) -> list[Traced]:
    """A part cut around the degree in it: "Computer Science, Bachelor of Science, University of X, City"."""
    lead = re.match(r"(?:at|@|bei|an der)\s+(?=[A-ZÀ-Ý])", part.text)
    part = part.cut(lead.end()) if lead else part
    label = _LABELLED.search(part.text)
    if label:  # `Chemie, Abschluss: Diplom`
        subject, degree_named = part.without(label.start(), label.end())
        return [*(_pieces(subject) if subject.text else []), degree_named]
    marks = [0, *(found.end() for found in _CUT.finditer(part.text)), len(part.text)]
    ends = [*(found.start() for found in _CUT.finditer(part.text)), len(part.text)]
    chunks = [part.cut(start, end) for start, end in zip(marks, ends, strict=False)]
    degree = next((index for index, chunk in enumerate(chunks) if DEGREE.match(chunk.text)), None)
    if degree is None or len(chunks) == 1:
        return [part]
    before = part.cut(0, ends[degree - 1]) if degree else None
    after = part.cut(marks[degree + 1]) if degree + 1 < len(chunks) else None
    return [one for one in (before, chunks[degree], after) if one is not None and one.text]


def _degree(part: Traced, made: dict[str, Traced | None]) -> None:
    spans = degree_and_area(part.text)
    if spans is None:
        made["degree"] = made["degree"] or part
        return
    (start, end), (from_, to) = spans
    area = part.cut(from_, to).strip(",;:()–—-")
    if made["degree"] is not None and made["area"] is None and _ENGINEERING.match(part.text):
        made["area"] = part  # `Grado`, then `Ingeniería Civil`: a subject, and no second degree
    if made["degree"] is None:
        made["degree"] = part.cut(start, end).strip(",;:")
    if area.text and not _NOT_AREA.search(area.text):
        made["area"] = made["area"] or area
