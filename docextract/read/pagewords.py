"""Words of one page from its pixels, with what its text layer gives beside them."""

from __future__ import annotations

from docextract.read.ocr import read_pixels, reader_of, words_of
from docextract.read.pixels import page_pixels
from docextract.read.strokes import strokes
from docextract.types import Kind, Page, Words


def ocr_page(path: str, kind: Kind, page: Page, *, password: str | None, engine: str) -> Words:
    """Read a page's pixels. PageError where there are none to read."""
    reader = reader_of(engine)
    size = (page.width, page.height)
    pixels = page_pixels(path, kind, page, password)
    lines, turn, slant = read_pixels(reader, pixels)
    scale = (size[0] / pixels.shape[1], size[1] / pixels.shape[0])
    words = words_of(lines, turn, scale)
    quality = sum(word.confidence for word in words) / len(words) if words else 0.0
    notes = []
    if turn:
        notes.append(f"the page is turned by {turn * 90} degrees")
    if abs(slant) >= 1.0:
        notes.append(f"the page slants by {slant:.0f} degrees")
    return Words(
        page=page.number,
        width=size[0],
        height=size[1],
        words=tuple(words),
        source="ocr" if words else "none",
        quality=round(quality, 3),
        rulings=tuple(strokes(pixels, scale)),
        note="; ".join(notes) or None,
    )
