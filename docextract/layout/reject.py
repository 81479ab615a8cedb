"""What looks like a table and is none: prose in columns, charts, contents lists, label and value forms."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docextract.layout.rows import TextRow
from docextract.layout.rules import Rule
from docextract.layout.shapes import Line
from docextract.layout.values import is_number, is_value

_LEADER = re.compile(r"\.{4,}|(?:\. ){4,}")


def is_table(lines: Sequence[Line], rows: Sequence[TextRow], columns: int, rules: Sequence[Rule]) -> bool:
    """Whether rows cut at column borders are a table; `rules` are horizontal lines over its width."""
    if columns < 2 or len(rows) < 2:
        return False
    return not (
        is_prose(rows, columns)
        or is_sparse(rows, columns)
        or is_axis(rows, columns)
        or is_contents(lines, rows, columns)
        or is_bullets(rows, columns)
    )


def is_prose(rows: Sequence[TextRow], columns: int) -> bool:
    """Running text set in columns: long pieces, few values."""
    parts = [p for r in rows for p in r.parts]
    words = sum(len(p.words) for p in parts)
    values = sum(1 for p in parts for w in p.words if is_value(w.text))
    crossing = sum(1 for r in rows if any(p.last > p.first for p in r.parts))
    if crossing > 0.5 * len(rows):
        return True
    if words / max(1, len(parts)) > 4.5 and values < 0.15 * words and columns <= 3:
        return True
    return words / max(1, len(parts)) > 7 and values < 0.25 * words


def is_sparse(rows: Sequence[TextRow], columns: int) -> bool:
    """Too few cells filled for rows and columns to mean anything (labels strewn over a drawing)."""
    filled = sum(p.last - p.first + 1 for r in rows for p in r.parts)
    return filled < 0.3 * len(rows) * columns


def is_axis(rows: Sequence[TextRow], columns: int) -> bool:
    """A chart: the numbers of its first or only full column go in constant steps and little else is filled."""
    for column in {0, columns - 1}:
        values = []
        for row in rows:
            part = row.part_at(column)
            if part is not None and len(part.words) == 1 and is_number(part.words[0].text):
                values.append(_number(part.words[0].text))
        known = [v for v in values if v is not None]
        if len(known) < 4 or len(known) < 0.7 * len(rows):
            continue
        steps = {round(b - a, 6) for a, b in zip(known, known[1:], strict=False)}
        others = sum(1 for r in rows for p in r.parts if p.first != column and any(is_value(w.text) for w in p.words))
        if len(steps) == 1 and 0 not in steps and others < 0.5 * len(rows) * (columns - 1):
            return True
    return False


def _number(text: str) -> float | None:
    digits = re.sub(r"[^\d.\-]", "", text.replace(",", "").replace("–", "-").replace("−", "-"))
    try:
        return float(digits)
    except ValueError:
        return None


def is_contents(lines: Sequence[Line], rows: Sequence[TextRow], columns: int) -> bool:
    """A list of contents: two columns, the right one page numbers that never fall."""
    if columns > 3 or len(rows) < 4:
        return False
    pages: list[int] = []
    long_labels = 0
    for row in rows:
        part = row.part_at(columns - 1)
        label = [w for p in row.parts if p is not part for w in p.words]
        if part is not None and len(part.words) == 1 and part.words[0].text.isdigit():
            pages.append(int(part.words[0].text))
            long_labels += len(label) >= 3
    if len(pages) < 0.7 * len(rows) or len(pages) < 4:
        return False
    rising = all(b >= a for a, b in zip(pages, pages[1:], strict=False))
    return rising and pages[-1] > pages[0] and long_labels >= 0.4 * len(pages)


def is_bullets(rows: Sequence[TextRow], columns: int) -> bool:
    """A list whose markers stand in a column of their own."""
    if columns != 2:
        return False
    marks = 0
    for row in rows:
        part = row.part_at(0)
        if (
            part is not None
            and len(part.words) == 1
            and re.fullmatch(r"[•●▪■◦○‣–—\-*oO§➢✓]|\(?[a-zA-Z0-9]{1,3}[.)]|\d{1,3}", part.words[0].text)
        ):
            marks += 1
    starts = sum(1 for r in rows if r.part_at(0) is not None)
    texts = [len(p.words) for r in rows for p in r.parts if p.first == 1]
    return marks >= 0.8 * max(1, starts) and bool(texts) and sum(texts) / len(texts) > 3
