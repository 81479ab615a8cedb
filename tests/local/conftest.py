"""Pages as the engine gets them: drawn as a PDF, read back from its text layer."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdfium2 as pdfium
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from docextract.read.pdfpage import text_layer
from docextract.types import Words

Line = tuple[float, float, str]
Drawn = Callable[..., tuple[Words, ...]]


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
