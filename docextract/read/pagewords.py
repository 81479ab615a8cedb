"""Words of one page from its pixels, with what its text layer gives beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from docextract.errors import PageError
from docextract.read.faint import faint_lines
from docextract.read.ocr import read_pixels, reader_of, words_of
from docextract.read.pixels import Pixels, page_pixels
from docextract.read.seams import Crossing, crossings, has_ink, mended
from docextract.read.seen import Reader
from docextract.read.strokes import strokes
from docextract.types import Kind, Page, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page of an image file."""

    path: str
    kind: Kind
    page: Page


def ocr_page(
    path: str,
    kind: Kind,
    page: Page,
    *,
    password: str | None,
    engine: str,
    above: Picture | None = None,
    below: Picture | None = None,
) -> Words:
    """Read a page's pixels. PageError where there are none to read.

    `above` and `below` are the document's pictures before and after it: a line that an edge between two of
    them cuts through is read on both together, and belongs to the page that shows more of it.
    """
    reader = reader_of(engine)
    size = (page.width, page.height)
    pixels = page_pixels(path, kind, page, password)
    lines, turn, slant = read_pixels(reader, pixels)
    if not turn and kind != "pdf":
        lines += faint_lines(reader, pixels, lines)
        seams = (_seam(reader, page, pixels, above, below=False), _seam(reader, page, pixels, below, below=True))
        lines = mended(lines, pixels.shape[0], seams) if seams[0] or seams[1] else lines
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


def _seam(reader: Reader, page: Page, pixels: Pixels, other: Picture | None, *, below: bool) -> list[Crossing]:
    """Lines over the edge to the picture before or `below` a page's; none where that cannot be drawn."""
    if other is None or not has_ink(pixels, below=below):
        return []
    try:
        beside = _as_wide(page_pixels(other.path, other.kind, other.page, None), other.page, pixels, page)
    except PageError:
        return []  # it is reported where that page is read
    return crossings(reader, *((pixels, beside) if below else (beside, pixels)))


def _as_wide(beside: Pixels, other: Page, pixels: Pixels, page: Page) -> Pixels:
    """A picture of the same width as the page's, at the page's scale: the last slice is shorter, and shrunk less."""
    width = pixels.shape[1]
    if beside.shape[1] == width or abs(other.width - page.width) > 0.5:
        return beside
    import cv2

    height = max(1, round(beside.shape[0] * width / beside.shape[1]))
    return np.asarray(cv2.resize(beside, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
