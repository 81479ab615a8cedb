"""Resumes drawn from data (jsonresume, rendercv, Reactive Resume), leaf by leaf.

The truth is put into the shape of the schema and what the theme does not print is left out. Both sides
are then made comparable: dates to the month, web addresses without scheme, paragraphs by sentence,
languages without their level; unpaid positions are left out. Only fields that a family's truth
speaks of count towards precision.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from quality_fields import with_truth
from quality_reading import Answered, Reader, answer, cpu_per_page, schema
from quality_row import Row, precision, recall
from quality_visible import Visible, is_empty, sentences

from docextract.evaluate.leaves import Comparison, compare
from docextract.evaluate.score import count
from docextract.local.resume_dates import find
from docextract.types import Json
from docextract.values.text import squeeze

_DATES = ("start_date", "end_date")
_PROSE = ("highlights", "summary", "description")
_PLAIN = ("urls", "languages")


def measure_resumes(reader: Reader, corpora: Path, limit: int | None) -> list[Row]:
    """PDFs, and pictures of first pages."""
    rows = []
    for what, pattern in (("PDF", "*/*.pdf"), ("pictures", "*/*.jpg")):
        answers = [
            answer(each, schema("resume")) for each in reader.read(with_truth(corpora, "resumes", pattern, limit))
        ]
        counts = [count(compared(each)) for each in answers]
        pages, cpu_s = sum(len(each.sample.words) for each in answers), cpu_per_page(answers)
        goals = ("0.92", "0.90") if what == "PDF" else ("", "")
        part = f"resumes, {what}"
        rows.append(Row(part=part, what="leaf recall", figure=recall(counts), pages=pages, cpu_s=cpu_s, goal=goals[0]))
        rows.append(
            Row(part=part, what="leaf precision", figure=precision(counts), pages=pages, cpu_s=cpu_s, goal=goals[1])
        )
    return rows


def compared(each: Answered) -> list[Comparison]:
    """Leaf by leaf; a date that is less exact than the truth is right, since the page may print no more."""
    fields = each.sample.truth["fields"]
    whole = (
        _jsonresume(fields) if "basics" in fields else _rendercv(fields) if "sections" in fields else _reactive(fields)
    )
    spoken = set(_fields(whole, ""))
    wanted = _comparable(_seen(whole, Visible(each.sample.words)), "")
    got = _comparable(_paid(each.value or {}, fields), "")
    found = compare(wanted, got, {})
    return [_dated(leaf) for leaf in found if leaf.field in spoken]


def _paid(value: dict[str, Json], fields: dict[str, Json]) -> dict[str, Json]:
    """Without unpaid positions: whether they are experience is a matter of taste."""
    unpaid = {squeeze(str(item.get("organization"))) for item in fields.get("volunteer", [])}
    jobs = [job for job in value.get("experience", []) if squeeze(str(job.get("company"))) not in unpaid]
    return {**value, "experience": jobs}


def _dated(leaf: Comparison) -> Comparison:
    near = leaf.verdict == "wrong" and leaf.field.endswith(_DATES)
    if near and (str(leaf.wanted).startswith(str(leaf.got)) or str(leaf.got).startswith(str(leaf.wanted))):
        return Comparison(field=leaf.field, path=leaf.path, wanted=leaf.wanted, got=leaf.got, verdict="right")
    return leaf


def _fields(value: Json, name: str) -> list[str]:
    """The places of all leaves, as `compare` calls them."""
    if isinstance(value, dict):
        return [field for key, inner in value.items() for field in _fields(inner, f"{name}.{key}" if name else key)]
    if isinstance(value, list):
        return [field for inner in value for field in _fields(inner, f"{name}[]")]
    return [] if value is None else [name if not name.endswith(_PROSE) else f"{name}[]"]


def _seen(value: Json, seen: Visible, key: str = "") -> Json:
    """What is printed. Dates are printed in many ways: they count where something else of their entry is printed."""
    if isinstance(value, dict):
        kept = {name: inner if name in _DATES else _seen(inner, seen, name) for name, inner in value.items()}
        dated = {name: None if name in _DATES else inner for name, inner in kept.items()}
        return None if is_empty(dated) else kept
    if isinstance(value, list):
        return [inner for inner in (_seen(item, seen, key) for item in value) if inner is not None]
    if key in _PLAIN:
        return value if value is not None and seen.text(_bare(value)) else None
    if key in _PROSE and isinstance(value, str):
        return " ".join(part for part in sentences(value) if seen.text(part)) or None
    return seen.kept(value)


def _comparable(value: Json, key: str) -> Json:
    if isinstance(value, dict):
        return {name: _comparable(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        inner = [_comparable(item, key) for item in value]
        # Sentences lie flat in their list, whether they were one paragraph or several bullets.
        return [part for item in inner for part in (item if isinstance(item, list) else [item])]
    if value is None:
        return None
    if key in _DATES:
        return str(value)[:7]
    if key in _PROSE:
        return [squeeze(part) for part in sentences(str(value))]
    return squeeze(_bare(value) if key in _PLAIN else str(value))


def _bare(value: str) -> str:
    """A web address without scheme and `www.`; a language without its level."""
    return (
        re.sub(r"^(https?://)?(www\.)?|/$", "", value)
        if "." in value or "/" in value
        else re.split(r"[^\w ]", value)[0]
    )


def _list(items: Json, of: Callable[[dict[str, Json]], Json]) -> list[Json]:
    return [of(item) for item in items or () if isinstance(item, dict)]


def _jsonresume(truth: dict[str, Json]) -> Json:
    basics = truth["basics"]

    def job(item: dict[str, Json]) -> Json:
        text = [item.get("summary"), *item.get("highlights", [])]
        return {
            "company": item.get("name"),
            "position": item.get("position"),
            "location": item.get("location"),
            "start_date": item.get("startDate"),
            "end_date": item.get("endDate"),
            "highlights": [each for each in text if each],
        }

    return {
        "name": basics.get("name"),
        "headline": basics.get("label"),
        "email": basics.get("email"),
        "phone": basics.get("phone"),
        "summary": basics.get("summary"),
        "urls": [basics.get("url"), *(each.get("url") for each in basics.get("profiles", []))],
        "experience": _list(truth.get("work"), job),
        "education": _list(truth.get("education"), lambda item: {
            "institution": item.get("institution"), "area": item.get("area"), "degree": item.get("studyType"),
            "start_date": item.get("startDate"), "end_date": item.get("endDate"),
        }),
        "skills": [word for item in truth.get("skills", []) for word in item.get("keywords", [])],
        "languages": [item.get("language") for item in truth.get("languages", [])],
        "certifications": [item.get("name") for item in truth.get("certificates", [])],
        "projects": _list(truth.get("projects"), lambda item: {
            "name": item.get("name"), "description": item.get("description"), "url": item.get("url"),
            "highlights": item.get("highlights", []),
        }),
    }  # fmt: skip


def _rendercv(truth: dict[str, Json]) -> Json:
    parts = truth["sections"]

    def job(item: dict[str, Json]) -> Json:
        # Bullets below a bullet stand behind it in the truth, and by themselves on the page.
        bullets = [part for each in item.get("highlights", []) for part in each.split(" - ")]
        return keys("company", "position", "location", *_DATES)(item) | {"highlights": bullets}

    def keys(*names: str) -> Callable[[dict[str, Json]], dict[str, Json]]:
        return lambda item: {name: _ended(item.get(name)) for name in names}

    return {
        "name": truth["name"],
        "location": truth.get("location"),
        "email": truth.get("email"),
        "experience": _list(parts.get("experience"), job),
        "education": _list(parts.get("education"), keys("institution", "area", "degree", *_DATES)),
        "projects": _list(parts.get("projects"), lambda item: {
            "name": item.get("name"), "description": item.get("summary"), "highlights": item.get("highlights", []),
        }),
        "skills": [word for item in parts.get("skills", []) for word in item.get("details", "").split(", ")],
    }  # fmt: skip


def _ended(value: Json) -> Json:
    return None if value == "present" else value


def _reactive(truth: dict[str, Json]) -> Json:
    def dates(item: dict[str, Json]) -> dict[str, Json]:
        span = find(item.get("date") or "")
        return {"start_date": span.begin if span else None, "end_date": span.finish if span else None}

    def school(item: dict[str, Json]) -> Json:
        # The builder's own sample has the town where the area belongs, and the area in the degree.
        degree, _, area = (item.get("studyType") or "").partition(" in ")
        return {
            "institution": item.get("institution"),
            "degree": degree or None,
            "area": area or item.get("area"),
            **dates(item),
        }

    return {
        **{key: truth.get(key) for key in ("name", "headline", "email", "phone", "location", "summary")},
        "urls": [truth.get("url")],
        "experience": _list(truth.get("experience"), lambda item: {
            "company": item.get("company"), "position": item.get("position"), "location": item.get("location"),
            **dates(item), "highlights": [item.get("summary")],
        }),
        "education": _list(truth.get("education"), school),
        "skills": [word for item in truth.get("skills", []) for word in item.get("keywords", [])],
        "certifications": [item.get("name") for item in truth.get("certifications", [])],
        "projects": _list(truth.get("projects"), lambda item: {
            "name": item.get("name"), "description": item.get("summary"),
        }),
    }  # fmt: skip
