"""What a file without layout is made of: blocks in document order, as plain JSON.

    {"kind": "heading | paragraph | list | table | header | footer | footnote | textbox | image | code",
     "text": str, "level": int, "rows": [[cell]], "title": str | None, "image": blob index}

A cell is {"text", "row_span", "column_span", "header"}; cells covered by a span are left out of their
row, as in HTML. Lines of one block are separated by newlines.
"""

from __future__ import annotations

import re
from typing import Any

from docextract.pages.bounds import bound, reached

Block = dict[str, Any]
Cell = dict[str, Any]

_SPACES = re.compile(r"[^\S\n]+")
MAX_SPAN = 1000


def text_block(kind: str, text: str, level: int = 0) -> Block | None:
    """A block of text, or None where there is nothing but white space."""
    tidy = text if kind == "code" else tidied(text)
    if not tidy.strip():
        return None
    return {"kind": kind, "text": tidy, "level": level}


def table_block(rows: list[list[Cell]], title: str | None = None) -> Block | None:
    """A table, or None where all its cells are empty."""
    if not any(cell["text"].strip() for row in rows for cell in row):
        return None
    # Spans that reach below the table or to the right of all others cost as much as those that hold something.
    covered = sum(min(cell["row_span"], len(rows)) * cell["column_span"] for row in rows for cell in row)
    if covered > bound("table_cells"):
        raise reached("table_cells", f"the cells of a table cover {covered:,} places")
    return {"kind": "table", "text": "", "level": 0, "rows": rows, "title": title or None}


def cell_of(text: str, *, row_span: int = 1, column_span: int = 1, header: bool = False) -> Cell:
    """One cell of a table."""
    return {
        "text": tidied(text),
        "row_span": max(1, min(row_span, MAX_SPAN)),
        "column_span": max(1, min(column_span, MAX_SPAN)),
        "header": header,
    }


def tidied(text: str) -> str:
    """Runs of spaces as one, each line stripped, no empty lines at the ends."""
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip("\n")


def rows_as_text(rows: list[list[Cell]]) -> str:
    """A table inside a cell, as lines with tabs."""
    lines = (" \t ".join(cell["text"].replace("\n", " ") for cell in row) for row in rows)
    return "\n".join(line for line in lines if line.strip())
