"""A resume made with Word: its jobs and its skills stand in tables."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import docx
from docx.document import Document

from making.facts import Facts
from making.papers import month

EPOCH = (2024, 1, 1, 0, 0, 0)


def resume(facts: Facts) -> bytes:
    """Headings, a table of jobs with their dates in the first column, a table of skills and languages."""
    paper = docx.Document()
    paper.add_heading(facts["name"], level=0)
    paper.add_paragraph(facts["headline"])
    paper.add_paragraph(f"{facts['email']} | {facts['phone']} | {facts['location']} | {facts['urls'][0]}")
    paper.add_heading("Profile", level=1)
    paper.add_paragraph(facts["summary"])
    paper.add_heading("Experience", level=1)
    jobs = paper.add_table(rows=0, cols=2, style="Table Grid")
    for job in facts["experience"]:
        dates, work = jobs.add_row().cells
        dates.text = f"{month(job['start_date'])} - {month(job['end_date'])}"
        work.text = job["position"]
        work.paragraphs[0].runs[0].bold = True
        work.add_paragraph(f"{job['company']}, {job['location']}")
        for highlight in job["highlights"]:
            work.add_paragraph(highlight, style="List Bullet")
    paper.add_heading("Education", level=1)
    schools = paper.add_table(rows=0, cols=2, style="Table Grid")
    for school in facts["education"]:
        dates, study = schools.add_row().cells
        dates.text = f"{school['start_date']} - {school['end_date']}"
        study.text = f"{school['degree']} {school['area']}"
        study.add_paragraph(school["institution"])
    paper.add_heading("Skills and languages", level=1)
    lists = paper.add_table(rows=0, cols=2, style="Table Grid")
    for label in ("skills", "languages", "certifications"):
        name, words = lists.add_row().cells
        name.text = label.capitalize()
        words.text = ", ".join(facts[label])
    return _bytes(paper)


def _bytes(paper: Document) -> bytes:
    """Save with fixed times, so that the same facts give the same bytes."""
    stamp = datetime(*EPOCH, tzinfo=UTC)
    paper.core_properties.created = paper.core_properties.modified = stamp
    raw = io.BytesIO()
    paper.save(raw)
    fixed = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name))
    return fixed.getvalue()
