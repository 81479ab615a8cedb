"""Pages as the engine gets them: drawn as a PDF, read back from its text layer."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdfium2 as pdfium
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from docextract.local.engine import extract
from docextract.read.pdfpage import text_layer
from docextract.schema.load import load
from docextract.types import Json, Words

Line = tuple[float, float, str]
Lines = list[Line]
Drawn = Callable[..., tuple[Words, ...]]
INVOICE = load("invoice")[0].json_schema


def read_invoice(drawn: Drawn, lines: Lines) -> Json:
    """What the embedded engine makes of a page with these lines as an invoice."""
    value, _ = extract(INVOICE, drawn(lines))
    return value


@pytest.fixture
def drawn() -> Drawn:
    """`drawn([(x, y, text), ...], ...)`: one list a page, points from the top left; * begins bold text."""

    def draw(*pages: list[Line], size: tuple[float, float] = A4) -> tuple[Words, ...]:
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=size)
        for page in pages:
            for x, y, text in page:
                canvas.setFont("Helvetica-Bold" if text.startswith("*") else "Helvetica", 10)
                canvas.drawString(x, size[1] - y, text.lstrip("*"))
            canvas.showPage()
        canvas.save()
        with pdfium.PdfDocument(out.getvalue()) as pdf:
            return tuple(text_layer(pdf, index, index + 1)[0] for index in range(len(pdf)))

    return draw
