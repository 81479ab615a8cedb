"""What looks like a table and is none: prose in columns, charts, contents lists, label and value forms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from docextract.layout.rows import TextRow, value_columns
from docextract.layout.shapes import Table
from docextract.layout.text_rows import is_set_in_rows
from docextract.layout.values import is_number, is_value, value_text
from docextract.types import Word

_MARK = re.compile(r"[•●▪■◦○‣–—\-*†‡§oO➢✓]+|\(?[a-zA-Z0-9]{1,3}[.)]|[a-z]|\d{1,3}")
_LEADER = re.compile(r"\.{4,}|(?:\. ){4,}")


def is_table(rows: Sequence[TextRow], columns: int, *, closed: bool, ruled: bool = False) -> bool:
    """Whether rows cut at column borders are a table.

    `closed` says that rules stand over and under them, `ruled` that a rule over their width stands at them.
    """
    if columns < 2 or len(rows) < 2:
        return False
    if not ruled and is_pair(rows, columns):
        return False
    if is_form(rows, columns) or is_thin(rows, closed=closed) or is_sparse(rows, columns):
        return False
    running = is_prose(rows, columns) or (not closed and is_beside_prose(rows, columns))
    if running and not is_set_in_rows(rows, columns):
        return False
    return not (is_axis(rows, columns) or is_contents(rows, columns) or is_bullets(rows) or is_index(rows))


def is_thin(rows: Sequence[TextRow], *, closed: bool) -> bool:
    """Too few rows side by side to show columns: a heading over two blocks, labels of a drawing."""
    beside = [r for r in rows if len(r.parts) >= 2]
    valued = [r for r in beside if sum(value_text(p.words) for p in r.parts) >= 1]
    if closed:
        return len(beside) < 2 or (len(beside) < 3 and not valued)
    return len(beside) < 3 and not (len(beside) == 2 and any(len(r.parts) >= 3 for r in valued))


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


def is_pair(rows: Sequence[TextRow], columns: int) -> bool:
    """Two blocks of text side by side (supplier and buyer): nothing but white parts them, and no value is aligned."""
    if columns != 2:
        return False
    parts = [p for r in rows for p in r.parts]
    bold_head = all(w.bold for p in rows[0].parts for w in p.words) and not all(w.bold for p in parts for w in p.words)
    return not bold_head and sum(value_text(p.words) for p in parts) < 0.2 * len(parts)


def is_form(rows: Sequence[TextRow], columns: int) -> bool:
    """Labels with their values: every label ends in a colon."""
    labels = [p for r in rows if columns == 2 and (p := r.part_at(0)) is not None and p.last == 0]
    return bool(labels) and sum(p.words[-1].text.endswith(":") for p in labels) >= 0.7 * len(labels)


def is_beside_prose(rows: Sequence[TextRow], columns: int) -> bool:
    """Short pieces that happen to stand beside a column of running text."""
    if columns > 3 or value_columns(rows, columns):
        return False
    for column in range(columns):
        parts = [p for r in rows for p in r.parts if p.first == p.last == column]
        words = sum(len(p.words) for p in parts)
        if len(parts) >= 4 and words >= 4 * len(parts) and len(parts) >= 0.6 * len(rows):
            starts = sum(1 for p in parts if p.words[0].text[:1].islower())
            if starts >= 0.4 * len(parts):
                return True
    return False


def is_sparse(rows: Sequence[TextRow], columns: int) -> bool:
    """Too few cells filled for rows and columns to mean anything (labels strewn over a drawing)."""
    filled = sum(p.last - p.first + 1 for r in rows for p in r.parts)
    full = sum(1 for r in rows if sum(p.last - p.first + 1 for p in r.parts) >= 0.65 * columns)
    return filled < 0.3 * len(rows) * columns or full < 0.2 * len(rows)


def is_strewn(table: Table) -> bool:
    """Whether a table's cells stand here and there as labels of a chart do: few rows named, few filled.

    Of 150 true tables (public documents, scans of them, and made ones) the emptiest has 0.59 of its cells filled,
    the least even one 0.36 of its rows and the worst named one 0.4.
    """
    rows, columns = len(table.rows), table.columns
    filled = sum(cell.row_span * cell.column_span for cell in table.cells) / (rows * columns)
    full = sum(sum(cell is not None for cell in row) >= 0.6 * columns for row in table.rows) / rows
    named = sum(row[0] is not None for row in table.rows) / rows
    if named >= 0.9:
        return not table.ruled and filled < 0.5 and full < 0.3
    if (columns == 2 and filled < 0.72) or (rows == 2 and filled < 0.78):
        return True
    return filled < 0.5 or full < 0.3


def is_axis(rows: Sequence[TextRow], columns: int) -> bool:
    """A chart: numbers in constant steps down a column (an axis), and few values in the columns that are no axis."""
    axes: set[int] = set()
    for column in range(columns):
        parts = [p for r in rows if (p := r.part_at(column)) is not None and p.first == p.last]
        marks = [p.words for p in parts if _is_mark(p.words)]
        known = [v for words in marks for w in words if is_number(w.text) and (v := _number(w.text)) is not None]
        if len(known) < 4 or len(known) < 0.4 * len(parts):
            continue
        steps = [b - a for a, b in pairwise(known)]
        usual = median(steps)
        same = sum(1 for step in steps if abs(step - usual) < 1e-6 * max(1.0, abs(known[0])))
        numbering = column == 0 and usual == 1 and known[0] in (0, 1)  # of rows; an axis falls down the page
        if usual != 0 and same >= max(3, 0.75 * len(steps)) and not numbering:
            axes.add(column)
    if not axes or len(axes) > 2 or (columns > 2 and len(axes) == columns):
        # A chart has one axis down its left side, or one on either side; a timetable has many such columns.
        return False
    anchored = sum(1 for r in rows if any(p.first in axes for p in r.parts))
    others = sum(1 for r in rows for p in r.parts if p.first not in axes and any(is_number(w.text) for w in p.words))
    # Years count up in constant steps too, but then their rows are filled.
    return others < 0.5 * anchored * max(1, columns - len(axes))


def _is_mark(words: Sequence[Word]) -> bool:
    """Whether this may be a number at an axis, with its unit; `3 May` is a day."""
    other = [w.text for w in words if not is_number(w.text)]
    return len(words) - len(other) == 1 and len(other) <= 1 and not any(len(t) > 2 and t.isalpha() for t in other)


def _number(text: str) -> float | None:
    digits = re.sub(r"[^\d.\-]", "", text.replace(",", "").replace("–", "-").replace("−", "-"))
    try:
        return float(digits)
    except ValueError:
        return None


def is_contents(rows: Sequence[TextRow], columns: int) -> bool:
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
    rising = all(b >= a for a, b in pairwise(pages))
    return rising and pages[-1] > pages[0] and long_labels >= 0.4 * len(pages)


def is_bullets(rows: Sequence[TextRow]) -> bool:
    """A list (or footnotes) whose markers stand in a column of their own."""
    starts = [p for r in rows if (p := r.part_at(0)) is not None]
    marks = sum(1 for p in starts if len(p.words) == 1 and _MARK.fullmatch(p.words[0].text))
    texts = [sum(len(p.words) for p in r.parts if p.first > 0) for r in rows]
    beside = [len([p for p in r.parts if p.first > 0]) for r in rows]
    return marks >= 0.8 * max(1, len(starts)) and sum(texts) > 4 * len(rows) and sum(beside) < 1.5 * len(rows)


def is_index(rows: Sequence[TextRow]) -> bool:
    """A book's index in columns: as many words with a page number behind their comma as there are lines, or more."""
    entries = 0
    for row in rows:
        words = [w for p in row.parts for w in p.words]
        entries += sum(
            a.text[:-1].isalpha() and a.text.endswith(",") and b.text.rstrip(",").isdigit() for a, b in pairwise(words)
        )
    return len(rows) >= 2 and entries >= max(3, 1.2 * len(rows))
