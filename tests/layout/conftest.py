"""Pages for layout tests: words typed at places, and real PDFs drawn with reportlab and read by the read room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from docextract.layout.shapes import Table
from docextract.read.pdfpage import text_layer
from docextract.types import Ruling, Word, Words

Typed = Sequence[tuple[float, float, str]]
Pieces = list[tuple[float, float, str]]


def texts(table: Table) -> list[list[str | None]]:
    """A table's cells as text, None where there is none."""
    return [[cell.text if cell else None for cell in row] for row in table.rows]


def grid(rows: Sequence[Sequence[str]], xs: Sequence[float], top: float, pitch: float = 15.0) -> Pieces:
    """Rows of cells at these places across, `pitch` points apart; empty ones are left out."""
    return [(x, top + pitch * i, t) for i, row in enumerate(rows) for x, t in zip(xs, row, strict=True) if t]


def typed(pieces: Typed, *, size: float = 10.0, bold: bool = False) -> list[Word]:
    """Words of texts whose left end and baseline top are given; a letter is half a line wide, a space a quarter."""
    words: list[Word] = []
    for x, y, text in pieces:
        at = x
        for token in text.split():
            width = 0.5 * size * len(token)
            words.append(Word(token, at, y, at + width, y + size, size, bold))
            at += width + 0.25 * size
    return words


@pytest.fixture
def page() -> Callable[..., Words]:
    """`page(pieces, rulings=...)`: a page of 600 by 800 points with texts typed at (x, y)."""

    def make(pieces: Typed, *, rulings: Sequence[tuple[float, float, float, float]] = (), number: int = 1) -> Words:
        return Words(
            page=number,
            width=600,
            height=800,
            words=tuple(typed(pieces)),
            source="text",
            rulings=tuple(Ruling(*r) for r in rulings),
        )

    return make


@pytest.fixture
def drawn(tmp_path: Path) -> Callable[[Callable[[Canvas], None]], Words]:
    """`drawn(paint)`: the words of a PDF page (A4) that `paint` drew on a reportlab canvas."""

    def make(paint: Callable[[Canvas], None]) -> Words:
        path = tmp_path / "page.pdf"
        canvas = Canvas(str(path), pagesize=(595, 842))
        paint(canvas)
        canvas.save()
        pdf = pdfium.PdfDocument(path)
        words, _ = text_layer(pdf, 0, 1)
        pdf.close()
        return words

    return make
