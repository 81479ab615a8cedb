"""What a page looks like once analysed: lines, blocks, tables. All frozen; all coordinates in the reading frame.

The reading frame is the page turned so that most of its text runs left to right; on all but sideways
pages it is the displayed page itself. `PageLayout.place` turns a box of the reading frame into
fractions of the displayed page, which is what `Evidence` holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from docextract.types import Box, Word

Turn = Literal[0, 1, 3]
"""Quarter turns clockwise that the text of the page has been turned by: 0 upright, 1 runs down, 3 runs up."""

BlockKind = Literal["heading", "text", "list", "table"]


def union(boxes: list[Box] | tuple[Box, ...]) -> Box:
    """The smallest box around all of `boxes` (at least one)."""
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )


def box_of(words: list[Word] | tuple[Word, ...]) -> Box:
    """The smallest box around all of `words` (at least one)."""
    return (
        min(w.x0 for w in words),
        min(w.y0 for w in words),
        max(w.x1 for w in words),
        max(w.y1 for w in words),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A piece of a line with no wide gap inside: a cell, a label, a value. Points; `size` is the line height."""

    words: tuple[Word, ...]
    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool = False

    @property
    def box(self) -> Box:
        """x0, y0, x1, y1."""
        return (self.x0, self.y0, self.x1, self.y1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Words on one baseline of one column, left to right; `segments` are its pieces split at wide gaps."""

    words: tuple[Word, ...]
    segments: tuple[Segment, ...]
    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool = False

    @property
    def box(self) -> Box:
        """x0, y0, x1, y1."""
        return (self.x0, self.y0, self.x1, self.y1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table; one that spans stands once, in its first row and column. `text` is never empty."""

    text: str
    words: tuple[Word, ...]
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of one page. `rows` is rectangular; None where a cell is empty or covered by a spanning one.

    The first `header_rows` rows are headers. `title` and `notes` stand outside the grid; their words
    are in `title_words` and `note_words`. `ruled` says that drawn lines gave the columns, `closed` that
    they part all cells and that no cell's text looks like several. `confidence` (0 to 1) is how far a second
    reading gives the same cells (`layout.confirm`). `declared` is the
    index in `Words.grids` of a table that the file itself declares.
    """

    page: int
    box: Box
    rows: tuple[tuple[Cell | None, ...], ...]
    header_rows: int = 0
    title: str | None = None
    notes: tuple[str, ...] = ()
    ruled: bool = False
    closed: bool = False
    confidence: float = 0.5
    title_words: tuple[Word, ...] = ()
    note_words: tuple[tuple[Word, ...], ...] = ()
    declared: int | None = None

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell that is not empty, row by row."""
        return tuple(cell for row in self.rows for cell in row if cell is not None)

    @property
    def columns(self) -> int:
        """How many columns the grid has."""
        return len(self.rows[0]) if self.rows else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines that belong together: a heading (`level` 1 to 3), a paragraph, a list item, or a table.

    `table` is the index in `PageLayout.tables`; `lines` is then what stands inside the table.
    """

    kind: BlockKind
    lines: tuple[Line, ...]
    text: str
    box: Box
    level: int = 0
    table: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLayout:
    """One page, analysed. `lines` and `blocks` are in reading order; `width` and `height` are of the reading frame.

    `columns` are the boxes of the regions that are read one after the other (one for a plain page).
    Words inside `lines` and cells are in the reading frame: use `place` for evidence.
    """

    page: int
    width: float
    height: float
    turn: Turn = 0
    lines: tuple[Line, ...] = ()
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    columns: tuple[Box, ...] = ()

    def place(self, box: Box) -> Box:
        """A box of the reading frame as fractions (0 to 1) of the displayed page."""
        if self.width <= 0 or self.height <= 0:
            return (0.0, 0.0, 0.0, 0.0)
        x0, y0, x1, y1 = box[0] / self.width, box[1] / self.height, box[2] / self.width, box[3] / self.height
        if self.turn == 1:
            x0, y0, x1, y1 = 1 - y1, x0, 1 - y0, x1
        elif self.turn == 3:
            x0, y0, x1, y1 = y0, 1 - x1, y1, 1 - x0
        return tuple(round(min(1.0, max(0.0, v)), 5) for v in (x0, y0, x1, y1))  # type: ignore[return-value]  # four in, four out
