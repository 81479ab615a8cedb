"""The pixels of a page for OCR: about 150 dots an inch of a PDF page, an image file at its own size within bounds."""

from __future__ import annotations

import io
import math
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from docextract.errors import InputError, PageError
from docextract.pages.image import check_pixels, opened_image, upright
from docextract.pages.picture import render_page
from docextract.types import Kind, Page, RenderSpec

Pixels = npt.NDArray[np.uint8]
"""Height x width x 3, blue green red, as OpenCV has them."""

DOTS_PER_INCH = 150
"""What A4 is drawn at: its longer side is then 1754 pixels."""
LONGEST = 2400
"""Longer side of what is read at once; a larger picture is drawn or made smaller (tall ones: their width)."""
SHORTEST = 1100
"""Longer side that a small PDF page is drawn at, so that a till receipt's letters are some 20 pixels tall."""
TALL = 3.0
"""Height over width from which a picture is read in tiles at its full size."""


def page_pixels(path: str, kind: Kind, page: Page, password: str | None) -> Pixels:
    """The page as displayed; a PDF page is drawn by its size in points.

    PageError where it cannot be drawn or decoded.
    """
    if kind == "pdf":
        return _pdf_pixels(path, page, password)
    try:
        with opened_image(path, kind) as image:
            image.seek(page.index)
            check_pixels(image)
            picture = upright(image)
    except InputError as error:
        raise PageError(str(error), code=error.code, hint=error.hint) from error
    except EOFError as error:
        raise PageError(f"the image has no frame {page.index + 1}", code="corrupt") from error
    return from_image(picture)


def from_image(picture: Image.Image) -> Pixels:
    """An RGB image, made smaller where it is larger than can be read well at once."""
    width, height = picture.size
    short, long = min(width, height), max(width, height)
    scale = min(1.0, 1600 / short) if long > TALL * short else min(1.0, LONGEST / long)
    if scale < 1.0:
        shrunk = (max(1, round(width * scale)), max(1, round(height * scale)))
        picture = picture.resize(shrunk, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])


def _pdf_pixels(path: str, page: Page, password: str | None) -> Pixels:
    width, height = max(page.width, 1.0), max(page.height, 1.0)
    long = max(width, height)
    most = 8000 if long > TALL * min(width, height) else LONGEST
    pixels = min(max(long * DOTS_PER_INCH / 72, SHORTEST), most)
    scale = pixels / long
    size = (math.ceil(width * scale), math.ceil(height * scale))
    by: Literal["pdfium", "poppler"] = "poppler" if page.only_poppler else "pdfium"
    spec = RenderSpec(width=size[0], height=size[1], quality=95, renderer=by)
    _, data = render_page(path, kind="pdf", index=page.index, spec=spec, password=password)
    return np.ascontiguousarray(np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))[:, :, ::-1])
