"""Pages drawn by reportlab, and what the text layer says of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

from docextract.read.pdfpage import text_layer
from docextract.read.quality import Verdict
from docextract.types import Words

Draw = Callable[[Canvas], None]
ReadDrawn = Callable[..., tuple[Words, Verdict]]

SENTENCES = (
    "Invoice number 2024-117 of Morgan Hartley Ltd",
    "The delivery of twelve chairs was confirmed",
    "Amount due 1,284.50 EUR within thirty days",
    "Thank you for your order and your trust",
)


@pytest.fixture
def draw_pdf(tmp_path: Path) -> Callable[..., Path]:
    """Write a PDF with a page for each function that draws on a canvas."""

    def make(*draws: Draw, size: tuple[float, float] = (400, 300), rotation: int = 0, crop: object = None) -> Path:
        path = tmp_path / "drawn.pdf"
        canvas = Canvas(str(path), pagesize=size, cropBox=crop)
        for draw in draws:
            canvas.setPageRotation(rotation)
            canvas.setFont("Helvetica", 12)
            draw(canvas)
            canvas.showPage()
        canvas.save()
        return path

    return make


@pytest.fixture
def read_drawn(draw_pdf: Callable[..., Path]) -> ReadDrawn:
    """Draw one page and read its text layer."""

    def read(draw: Draw, **options: object) -> tuple[Words, Verdict]:
        document = pypdfium2.PdfDocument(draw_pdf(draw, **options))
        try:
            return text_layer(document, 0, 1)
        finally:
            document.close()

    return read


@pytest.fixture(scope="session")
def amount() -> tuple[float, float]:
    """Where "1,284.50" stands in `letter`: the middle of its letters, in pixels."""
    font = ImageFont.load_default(34)
    start = 60 + font.getlength("Amount due ")
    return start + font.getlength("1,284.50") / 2, 60 + 80 * 2 + 21


@pytest.fixture(scope="session")
def letter() -> Image.Image:
    """A page of print as a picture, 1000 x 700 pixels, with a ruled frame of two columns."""
    image = Image.new("RGB", (1000, 700), "white")
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(34)
    for number, sentence in enumerate(SENTENCES):
        pen.text((60, 60 + 80 * number), sentence, fill="black", font=font)
    pen.rectangle((60, 420, 940, 640), outline="black", width=3)
    pen.line((500, 420, 500, 640), fill="black", width=3)
    return image
