"""What a page break cut off the first cell of a table's last row: it stands alone above the rows of the next page."""

from __future__ import annotations

from dataclasses import replace

from docextract.layout.assemble import cell_text
from docextract.layout.lines import group_rows
from docextract.layout.shapes import Cell, Table, box_of

Row = tuple[Cell | None, ...]
_NEAR = 6.0
"""Points that the left edges of two lines of one cell may lie apart."""


def rest_over(upper: Row, table: Table) -> str | None:
    """What was taken for the title of the next page's table and is the end of the last row's first cell."""
    first = upper[0]
    if first is None or table.title is None or not table.title_words or not _goes_on(first.text, table.title):
        return None
    starts = [row[0].box[0] for row in table.rows if row[0] is not None]
    flush = bool(starts) and abs(table.title_words[0].x0 - min(starts)) < _NEAR
    return table.title if flush and len(group_rows(table.title_words)) == 1 else None


def rest_inside(upper: Row, row: Row) -> tuple[str, Row] | None:
    """The end of the last row's first cell, where it was joined with the first cell of the next; and that without it.

    The rest is the cell's first line; the other cells of the row stand beside the lines below it.
    """
    first, cell = upper[0], row[0]
    others = [one for one in row[1:] if one is not None]
    lines = group_rows(cell.words) if cell is not None else []
    if first is None or cell is None or len(lines) < 2 or not others or not _goes_on(first.text, lines[0][0].text):
        return None
    bottom = max(word.y1 for word in lines[0])
    if any((one.box[1] + one.box[3]) / 2 < bottom for one in others) or not lines[1][0].text[:1].isupper():
        return None
    text, _ = cell_text(lines[0])
    left = [word for line in lines[1:] for word in line]
    own, words = cell_text(left)
    return text, (replace(cell, text=own, words=words, box=box_of(words)), *row[1:])


def with_rest(row: Row, rest: str) -> Row:
    """A row whose first cell goes on."""
    first = row[0]
    return row if first is None else (replace(first, text=f"{first.text} {rest}"), *row[1:])


def _goes_on(before: str, after: str) -> bool:
    """Whether a text in small letters goes on with one that does not end."""
    return after[:1].islower() and not before.endswith((".", "!", "?", ":"))
