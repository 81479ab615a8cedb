"""The reader of documents made of headed sections, resumes first: lines, sections, entries, fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docextract.local.resume_dates import find, is_dates
from docextract.local.resume_entries import Entry, entries
from docextract.local.resume_grid import cells
from docextract.local.resume_head import head
from docextract.local.resume_labels import labelled
from docextract.local.resume_lists import certifications, languages, skills
from docextract.local.resume_parts import Header, header, jobs
from docextract.local.resume_school import schools
from docextract.local.sections_answer import answer
from docextract.local.sections_lines import Line
from docextract.local.sections_split import Part, split
from docextract.local.sections_trace import Traced, join, join_wrapped
from docextract.types import Evidence, Json, Words

_LISTED = 8  # words of a line of skills at most


def extract(schema: Mapping[str, Json], pages: Sequence[Words]) -> tuple[Json, tuple[Evidence, ...]]:
    """The resume that stands on these pages, in the shape of the schema, and where each value was read.

    Knows name, headline, email, phone, location, urls, summary, experience, education, skills, languages,
    certifications and projects; of these only what the schema has is given. Missing is null or [].
    """
    readable = [page for page in pages if page.words]
    if not readable:
        return answer({}, schema, pages)
    parts = labelled(split(readable))
    tree: dict[str, Json] = dict(head(parts))
    tree["summary"] = _prose(_lines(parts, "summary")) or tree["summary"]
    tree["experience"] = _experience(_each(parts, "experience"))
    tree["education"] = _education(_each(parts, "education", grid=True))
    tree["projects"] = _projects(_each(parts, "projects", grid=True))
    tree["skills"] = [item for part in _skilled(parts) for item in skills(part.lines)]
    tree["languages"] = [item for part in parts if part.section == "languages" for item in languages(part.lines)]
    tree["certifications"] = [
        item for part in parts if part.section == "certifications" for item in certifications(part.lines)
    ]
    return answer(tree, schema, pages)


def _skilled(parts: Sequence[Part]) -> list[Part]:
    """The parts of skills; where no heading says so, those that an unknown one heads and that only list a few words."""
    named = [part for part in parts if part.section == "skills"]
    return named or [part for part in parts if part.section == "unnamed" and all(map(_is_listed, part.lines))]


def _is_listed(line: Line) -> bool:
    """Whether a line is neither a sentence nor dated."""
    return len(line.text.split()) <= _LISTED and not line.text.endswith(".") and find(line.text) is None


def _lines(parts: Sequence[Part], section: str) -> list[Line]:
    return [line for part in parts if part.section == section for line in part.lines]


def _each(parts: Sequence[Part], section: str, *, grid: bool = False) -> list[Entry]:
    return [
        entry
        for part in parts
        if part.section == section
        for column in (_columns(part.lines) if grid else [part.lines])
        for entry in entries(column)
    ]


def _columns(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines by grid column; together where a column holds nothing but the periods of the other."""
    found = cells(lines)
    return [list(lines)] if any(all(is_dates(line.text) for line in column) for column in found) else found


def _prose(lines: Sequence[Line]) -> Traced | None:
    """The lines of a text as one, without the bullets in front."""
    whole = join_wrapped([line.traced for line in lines])
    return whole if whole.text else None


def _experience(found: Sequence[Entry]) -> list[dict[str, Json]]:
    headers = [header(entry) for entry in found]
    made = []
    for entry, item, names in zip(found, headers, jobs(headers), strict=True):
        if not any(names.values()) and item.dates is None:
            continue
        made.append({**names, **_told(entry, item)})
    return made


def _told(entry: Entry, item: Header) -> dict[str, Json]:
    """Dates, address and the story of an entry; paragraphs are highlights where there is nothing else for them."""
    items = [piece.traced for piece in entry.of("item")]
    prose = [piece.traced for piece in entry.of("prose")]
    return {
        "start_date": item.begin(),
        "end_date": item.finish(),
        "url": item.url,
        "summary": join(prose) if prose else None,
        "description": join(prose) if prose else None,
        "highlights": [*prose, *items],
    }


def _education(found: Sequence[Entry]) -> list[dict[str, Json]]:
    headers = [header(entry) for entry in found]
    made = []
    for entry, item, names in zip(found, headers, schools(headers, found), strict=True):
        if names["institution"] is None and names["degree"] is None:
            continue
        made.append({**names, "location": item.place, **_told(entry, item)})
    return made


def _projects(found: Sequence[Entry]) -> list[dict[str, Json]]:
    made: list[dict[str, Json]] = []
    for entry in found:
        item = header(entry)
        told = _told(entry, item)
        name: Traced | None = item.parts[0] if item.parts else None
        if name is None:
            made.extend(_told_projects(entry))
            continue
        if item.parts[1:] and not told["description"]:
            told["description"] = next((part for part in item.parts[1:] if len(part.text.split()) > 3), None)
        told["highlights"] = [piece.traced for piece in entry.of("item")]
        made.append({"name": name, **told})
    return made


def _told_projects(entry: Entry) -> list[dict[str, Json]]:
    """Projects told in a paragraph each: "Name: what it is", or just the text."""
    made: list[dict[str, Json]] = []
    for piece in (*entry.of("prose"), *entry.of("item")):
        before, colon, _ = piece.traced.text.partition(":")
        if colon and len(before.split()) <= 6:
            made.append({"name": piece.traced.cut(0, len(before)), "description": piece.traced.cut(len(before) + 1)})
        else:
            made.append({"name": piece.traced})
    return made
