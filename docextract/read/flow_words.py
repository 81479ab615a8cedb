"""A flow set on a virtual page: words with places as a typewriter would give them, and with their spans in the text.

So that layout, tables and fields are found in a Word or text file by the same rules as on a page. A
character is half its size wide; blocks stand below one another; a table's cells stand in columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from docextract.pages.bounds import bound, reached
from docextract.types import Grid, GridCell, Word, Words

MARGIN = 50.0
WIDTH = 612.0
"""Points: US Letter; wider where a table or a line of fixed text is."""
SIZE = 10.0
"""Font size of body text."""
LEADING = 1.2
"""Height of a line in font sizes."""
GAP = 0.5
"""Space below a block in font sizes."""
LONGEST_FIXED = 240
"""Characters of a line of fixed text that are not wrapped."""
WIDEST_CELL = 40
"""Characters of a cell before it is wrapped."""
MAX_CELLS = 500_000

_HEADING_SIZES = {1: 20.0, 2: 17.0, 3: 14.0}
_SMALL = 8.0


@dataclass(slots=True)
class Sheet:
    """The page as it grows. `y` is where the next line begins; `text` the document's text in pieces."""

    words: list[Word] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    y: float = MARGIN
    right: float = WIDTH - MARGIN
    most: int = field(default_factory=lambda: bound("page_words"))

    def write(self, text: str) -> None:
        """Add to the text without a word."""
        self.pieces.append(text)
        self.length += len(text)

    def word(self, text: str, x: float, y: float, *, size: float = SIZE, bold: bool = False) -> None:
        """Set a word and add it to the text."""
        if len(self.words) >= self.most:
            raise reached("page_words", "the text has too many words")
        x1 = x + len(text) * size / 2
        start = self.length
        self.write(text)
        self.words.append(
            Word(
                text, round(x, 2), round(y, 2), round(x1, 2), round(y + size, 2), size, bold, 1.0, (start, self.length)
            )
        )
        self.right = max(self.right, x1)


def flow_words(structure: dict[str, Any], texts: dict[int, list[str]], *, number: int, note: str | None) -> Words:
    """`structure` is what `pages.flow` gives, `texts` the lines read from its pictures by their index."""
    sheet = Sheet()
    shown: set[int] = set()
    for block in structure["blocks"]:
        kind = block["kind"]
        if kind == "table":
            _table(sheet, block)
        elif kind == "image":
            if block["image"] not in shown:  # a logo on every page is read once
                for line in texts.get(block["image"], []):
                    _paragraph(sheet, line, SIZE)
            shown.add(block["image"])
        elif block.get("fixed") or kind == "code":
            _fixed(sheet, block["text"])
        elif kind == "heading":
            _paragraph(sheet, block["text"], _HEADING_SIZES.get(block["level"], 12.0), bold=True)
        elif kind == "list":
            _paragraph(sheet, block["text"], SIZE, indent=15.0 * (min(block["level"], 9) + 1))
        else:
            _paragraph(sheet, block["text"], _SMALL if kind in {"header", "footer", "footnote"} else SIZE)
    return Words(
        page=number,
        width=round(sheet.right + MARGIN, 2),
        height=round(sheet.y + MARGIN, 2),
        words=tuple(sheet.words),
        source="flow",
        grids=tuple(sheet.grids),
        text="".join(sheet.pieces),
        note=note,
    )


def _paragraph(sheet: Sheet, text: str, size: float, *, bold: bool = False, indent: float = 0.0) -> None:
    """Set a paragraph: its lines wrapped at the right margin, an empty space below."""
    advance = size / 2
    for line in text.split("\n"):
        x = MARGIN + indent
        start = len(sheet.words)
        for part in line.replace("\t", "    ").split(" "):
            if not part:
                x += advance
                continue
            if x + len(part) * advance > WIDTH - MARGIN and len(sheet.words) > start:
                sheet.y += size * LEADING
                x = MARGIN + indent
            if len(sheet.words) > start:
                sheet.write(" ")
            sheet.word(part, x, sheet.y, size=size, bold=bold)
            x += (len(part) + 1) * advance
        if len(sheet.words) > start:
            sheet.write("\n")
        sheet.y += size * LEADING
    sheet.y += size * GAP


def _fixed(sheet: Sheet, text: str) -> None:
    """Set lines as they stand, every character in its column; over-long ones are wrapped."""
    advance = SIZE / 2
    for line in text.expandtabs(8).split("\n"):
        if len(line) > LONGEST_FIXED:
            _paragraph(sheet, line, SIZE)
            continue
        column = 0
        written = 0
        for part in line.split(" "):
            if part:
                if written:
                    sheet.write(" " * (column - written))
                sheet.word(part, MARGIN + column * advance, sheet.y)
                written = column + len(part)
            column += len(part) + 1
        if written:
            sheet.write("\n")
        sheet.y += SIZE * LEADING
    sheet.y += SIZE * GAP


@dataclass(slots=True)
class _Placed:
    """A cell with its place in the grid."""

    row: int
    column: int
    cell: dict[str, Any]
    lines: list[list[str]] = field(default_factory=list)


def _table(sheet: Sheet, block: dict[str, Any]) -> None:
    placed, columns = _occupied(block["rows"])
    if block.get("title"):
        _paragraph(sheet, block["title"], SIZE)
    widths = _widths(placed, columns)
    lefts = [MARGIN + sum(widths[:column]) for column in range(columns + 1)]
    cells: list[GridCell] = []
    row_count = len(block["rows"])
    for row in range(row_count):
        tallest = 1
        wrote = False
        for one in placed.get(row, ()):
            across = min(one.cell["column_span"], columns - one.column)
            room = max(4, int((lefts[one.column + across] - lefts[one.column]) / (SIZE / 2)) - 3)
            if wrote:
                sheet.write("\t")
            start = len(sheet.words)
            height = _set_cell(sheet, one.cell["text"], lefts[one.column], room)
            wrote = True
            # A cell that spans rows may hang over the next ones: only its share stretches this row.
            tallest = max(tallest, -(-height // max(1, one.cell["row_span"])))
            cells.append(
                GridCell(
                    row=row,
                    column=one.column,
                    row_span=min(one.cell["row_span"], row_count - row),
                    column_span=across,
                    header=one.cell["header"],
                    words=(start, len(sheet.words)),
                )
            )
        sheet.write("\n")
        sheet.y += (tallest * LEADING + 0.4) * SIZE
    sheet.grids.append(Grid(rows=row_count, columns=columns, cells=tuple(cells), title=block.get("title")))
    sheet.y += SIZE


def _occupied(rows: Sequence[Sequence[dict[str, Any]]]) -> tuple[dict[int, list[_Placed]], int]:
    """Where each cell stands, as in HTML: to the right of what spans into its row. Rows, and the number of columns."""
    taken: dict[int, set[int]] = {}
    placed: dict[int, list[_Placed]] = {}
    columns = 1
    count = 0
    for number, row in enumerate(rows):
        column = 0
        used = taken.pop(number, set())
        for cell in row:
            count += 1
            while column in used:
                column += 1
            placed.setdefault(number, []).append(_Placed(number, column, cell))
            covered = range(column, column + cell["column_span"])
            used.update(covered)
            if count < MAX_CELLS:
                for below in range(number + 1, min(number + cell["row_span"], len(rows))):
                    taken.setdefault(below, set()).update(covered)
            column += cell["column_span"]
            columns = max(columns, column)
    return placed, columns


def _widths(placed: dict[int, list[_Placed]], columns: int) -> list[float]:
    """Points for each column: what its widest cell needs, up to WIDEST_CELL characters, and a gap of three."""
    longest = [1] * columns
    for row in placed.values():
        for one in row:
            if one.cell["column_span"] == 1:
                need = max((len(line) for line in one.cell["text"].split("\n")), default=1)
                word = max((len(word) for word in one.cell["text"].split()), default=1)
                longest[one.column] = max(longest[one.column], min(need, max(WIDEST_CELL, word)))
    return [(length + 3) * SIZE / 2 for length in longest]


def _set_cell(sheet: Sheet, text: str, left: float, room: int) -> int:
    """Set a cell's words from `left`, wrapped after `room` characters. How many lines it took."""
    y, column, lines = sheet.y, 0, 1
    is_first = True
    for number, line in enumerate(text.split("\n")):
        if number:
            y += SIZE * LEADING
            column = 0
            lines += 1
        for word in line.split():
            if column and column + len(word) > room:
                y += SIZE * LEADING
                column = 0
                lines += 1
            if not is_first:
                sheet.write(" ")
            sheet.word(word, left + column * SIZE / 2, y)
            is_first = False
            column += len(word) + 1
    return lines
