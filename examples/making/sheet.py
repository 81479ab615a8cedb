"""A sheet of paper to draw on, measured in points from the top left, and its pixels."""

from __future__ import annotations

import io

import pypdfium2
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

REGULAR, BOLD, ITALIC = "Helvetica", "Helvetica-Bold", "Helvetica-Oblique"


class Sheet:
    """Pages drawn one after the other; `close` gives the bytes of the PDF, equal each time."""

    def __init__(self, title: str, size: tuple[float, float] = A4, *, encrypt: object = None) -> None:
        self.width, self.height = size
        self._file = io.BytesIO()
        self._canvas = Canvas(self._file, pagesize=size, invariant=1, encrypt=encrypt)
        self._canvas.setTitle(title)

    def text(self, x: float, y: float, words: str, *, size: float = 10, font: str = REGULAR) -> None:
        """Draw words that start at x, with their base line at y."""
        self._canvas.setFont(font, size)
        self._canvas.setFillGray(0)
        self._canvas.drawString(x, self.height - y, words)

    def pale(self, x: float, y: float, words: str, *, size: float = 10) -> None:
        """Draw grey words that start at x."""
        self._canvas.setFont(REGULAR, size)
        self._canvas.setFillGray(0.3)
        self._canvas.drawString(x, self.height - y, words)

    def right(self, x: float, y: float, words: str, *, size: float = 10, font: str = REGULAR) -> None:
        """Draw words that end at x, with their base line at y."""
        self._canvas.setFont(font, size)
        self._canvas.setFillGray(0)
        self._canvas.drawRightString(x, self.height - y, words)

    def line(self, x0: float, y0: float, x1: float, y1: float, *, width: float = 0.7) -> None:
        """Draw a straight black line."""
        self._canvas.setLineWidth(width)
        self._canvas.setStrokeGray(0)
        self._canvas.line(x0, self.height - y0, x1, self.height - y1)

    def fill(self, x0: float, y0: float, x1: float, y1: float, *, colour: str) -> None:
        """Fill a rectangle; colour is `#rrggbb`."""
        self._canvas.setFillColor(colour)
        self._canvas.rect(x0, self.height - y1, x1 - x0, y1 - y0, stroke=0, fill=1)

    def white(self, x: float, y: float, words: str, *, size: float = 10) -> None:
        """Draw bold white words, for a coloured ground."""
        self._canvas.setFont(BOLD, size)
        self._canvas.setFillGray(1)
        self._canvas.drawString(x, self.height - y, words)

    def turn(self) -> None:
        """End this page and begin the next one."""
        self._canvas.showPage()

    def close(self) -> bytes:
        """End the last page and return the file."""
        self._canvas.showPage()
        self._canvas.save()
        return self._file.getvalue()


def ruled_table(
    sheet: Sheet, corner: tuple[float, float], widths: list[float], cells: list[list[str | None]], *, size: float = 9
) -> float:
    """Draw a table with every line ruled, the first row bold; returns where it ends."""
    left, top = corner
    step = size * 2
    bottom = top + step * len(cells)
    for row, texts in enumerate(cells):
        x = left
        for width, words in zip(widths, texts, strict=True):
            base = top + row * step + step * 0.68
            sheet.text(x + 4, base, words or "", size=size, font=BOLD if row == 0 else REGULAR)
            x += width
    for row in range(len(cells) + 1):
        sheet.line(left, top + row * step, left + sum(widths), top + row * step)
    x = left
    for width in [*widths, 0]:
        sheet.line(x, top, x, bottom)
        x += width
    return bottom


def pixels(pdf: bytes, dpi: int) -> list[Image.Image]:
    """Render every page of a PDF in grey."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for page in document]
    finally:
        document.close()


def colour_pixels(pdf: bytes, scale: float) -> Image.Image:
    """Render the first page of a PDF in colour."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return document[0].render(scale=scale).to_pil().convert("RGB")
    finally:
        document.close()
