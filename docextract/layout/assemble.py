"""Rows of parts become a `Table`: empty rows and columns dropped, every cell with its text and box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from docextract.layout.lines import group_rows, join_text, tidy
from docextract.layout.shapes import Cell, Table, box_of, union
from docextract.layout.turn import is_sideways
from docextract.types import Word


@dataclass(slots=True)
class Piece:
    """Words in their place of a grid, before it is closed up. Row and column ends are exclusive."""

    row0: int
    row1: int
    column0: int
    column1: int
    words: list[Word]


def cell_text(words: Sequence[Word]) -> tuple[str, tuple[Word, ...]]:
    """The text of a cell, its lines joined by a space (nothing after a hyphen), and the words in that order."""
    text = ""
    ordered: list[Word] = []
    sideways = sum(is_sideways(w) for w in words) > 0.5 * len(words)
    for row in _sideways_rows(words) if sideways else group_rows(words):
        line = join_text(row)
        joint = "" if not text or (text.endswith("-") and text[-2:-1].isalpha() and line[:1].islower()) else " "
        text += joint + line
        ordered.extend(row)
    return tidy(text), tuple(ordered)


def _sideways_rows(words: Sequence[Word]) -> list[list[Word]]:
    """Lines of a heading set sideways, which runs up the page unless its words say that they run down."""
    down = sum(w.turn == 1 for w in words) > 0.5 * len(words)
    laid = [
        replace(w, x0=w.y0, y0=-w.x1, x1=w.y1, y1=-w.x0, size=w.x1 - w.x0)
        if down
        else replace(w, x0=-w.y1, y0=w.x0, x1=-w.y0, y1=w.x1, size=w.x1 - w.x0)
        for w in words
    ]
    own = {id(flat): word for flat, word in zip(laid, words, strict=True)}
    return [[own[id(flat)] for flat in row] for row in group_rows(laid)]


def close_up(used: set[int]) -> dict[int, int]:
    """Old index to new index, for indexes that are used."""
    return {old: new for new, old in enumerate(sorted(used))}


def assemble(page: int, pieces: Sequence[Piece], *, header_rows: int, ruled: bool) -> Table | None:
    """A table of these pieces, or None where nothing is left. `header_rows` counts rows of the open grid."""
    merged: dict[tuple[int, int], Piece] = {}
    for piece in pieces:
        known = merged.setdefault((piece.row0, piece.column0), piece)
        if known is not piece:
            known.words = [*known.words, *piece.words]
    texts = [(piece, *cell_text(piece.words)) for piece in merged.values() if piece.words]
    texts = [entry for entry in texts if entry[1]]
    if not texts:
        return None
    rows = close_up({piece.row0 for piece, _, _ in texts})
    columns = close_up({piece.column0 for piece, _, _ in texts})
    grid: list[list[Cell | None]] = [[None] * len(columns) for _ in rows]
    taken = {(rows[piece.row0], columns[piece.column0]) for piece, _, _ in texts}
    for piece, text, words in sorted(texts, key=lambda entry: (entry[0].row0, entry[0].column0)):
        row, column = rows[piece.row0], columns[piece.column0]
        span = (
            sum(1 for old in rows if piece.row0 <= old < piece.row1),
            sum(1 for old in columns if piece.column0 <= old < piece.column1),
        )
        row_span, column_span = _free_span(taken, row, column, span)
        grid[row][column] = Cell(
            text=text,
            words=words,
            row=row,
            column=column,
            row_span=row_span,
            column_span=column_span,
            box=box_of(words),
        )
    cells = [c for row_cells in grid for c in row_cells if c is not None]
    return Table(
        page=page,
        box=union([c.box for c in cells]),
        rows=tuple(tuple(row_cells) for row_cells in grid),
        header_rows=sum(1 for old in rows if old < header_rows),
        ruled=ruled,
    )


def _free_span(taken: set[tuple[int, int]], row: int, column: int, span: tuple[int, int]) -> tuple[int, int]:
    """The part of a span (rows, columns) that no other cell stands in; what it covers is taken from then on."""
    width = 1
    while width < span[1] and (row, column + width) not in taken:
        width += 1
    height = 1
    while height < span[0] and not any((row + height, column + k) in taken for k in range(width)):
        height += 1
    taken.update((row + i, column + k) for i in range(height) for k in range(width))
    return height, width
