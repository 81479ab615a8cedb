"""A PDF page as pixels, drawn straight at the size wanted: by pdfium, or by poppler."""

from __future__ import annotations

import ctypes
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium_c
from PIL import Image

from docextract.errors import PageError
from docextract.pages.limits import MAX_RENDER_PIXELS
from docextract.types import Box, RenderSpec

TOLERANCE_PX = 2  # renderers round differently; more than this is another picture
POPPLER_S = 15  # leaves room for pdfium's attempt within a page's 20 s
WHITE = (255, 255, 255, 255)
KEPT_BYTES = 16 << 20  # 4 megapixels: what pages sent to models take; memory for larger ones is given back


class _Canvas:
    """The memory that pages are drawn in, one after the other: fresh memory costs a sixth of the drawing."""

    def __init__(self) -> None:
        self._memory: Any = (ctypes.c_ubyte * 0)()

    def of(self, size: int) -> Any:
        """At least so many bytes, which say what was drawn there last."""
        if size > KEPT_BYTES:
            return (ctypes.c_ubyte * size)()
        if len(self._memory) < size:
            self._memory = (ctypes.c_ubyte * size)()
        return self._memory


_canvas = _Canvas()


def draw_whole(document: Any, page: Any, size: tuple[int, int], crop: Box | None = None) -> Image.Image:
    """A page of an open document, or its `crop` (fractions of the page), in RGB of exactly `size` pixels, by pdfium.

    The page is stretched to the size; annotations and form fields are drawn. The picture's mode is RGBX: a
    fourth byte of each pixel says nothing, and the picture stands only until the next one is drawn. PdfiumError where
    there is no memory.
    """
    width, height = size
    x0, y0, x1, y1 = crop or (0.0, 0.0, 1.0, 1.0)
    whole_width, whole_height = round(width / (x1 - x0)), round(height / (y1 - y0))
    place = (round(-x0 * whole_width), round(-y0 * whole_height), whole_width, whole_height, 0)
    flags = pdfium_c.FPDF_ANNOT | pdfium_c.FPDF_REVERSE_BYTE_ORDER
    # Four bytes a pixel are what both pdfium and Pillow work in: nothing is copied in between.
    room = _canvas.of(width * height * 4)
    bitmap = pypdfium2.PdfBitmap.new_native(width, height, pdfium_c.FPDFBitmap_BGRx, rev_byteorder=True, buffer=room)
    try:
        bitmap.fill_rect(WHITE, 0, 0, width, height)
        pdfium_c.FPDF_RenderPageBitmap(bitmap, page, *place, flags)
        if document.formenv:
            pdfium_c.FPDF_FFLDraw(document.formenv, bitmap, page, *place, flags)
        image = Image.frombuffer("RGBX", size, bitmap.buffer, "raw", "RGBX", bitmap.stride, 1)
    finally:
        bitmap.close()
    return image


def draw_by_poppler(path: str, index: int, spec: RenderSpec, *, unlocked: Any = None) -> Image.Image:
    """The same by poppler's pdftoppm.

    `unlocked` is the open document where the file needs a password: poppler gets a copy without one, since a
    password on a command line is seen by everybody on the machine.

    PageError where poppler is missing, fails, takes too long, or gives a picture of another size: it can
    exit 0 with one white pixel.
    """
    import pdf2image
    from pdf2image.exceptions import PDFInfoNotInstalledError, PDFPageCountError, PDFPopplerTimeoutError, PDFSyntaxError

    x0, y0, x1, y1 = spec.crop or (0.0, 0.0, 1.0, 1.0)
    whole = round(spec.width / (x1 - x0)), round(spec.height / (y1 - y0))
    if whole[0] * whole[1] > MAX_RENDER_PIXELS:
        raise PageError("this part of the page is too small for poppler to cut out", code="page_too_large")
    with tempfile.TemporaryDirectory() as folder:
        if unlocked is not None:
            path = str(Path(folder) / "unlocked.pdf")
            unlocked.save(path, flags=pdfium_c.FPDF_REMOVE_SECURITY)
        asked: dict[str, Any] = {
            "first_page": index + 1,
            "last_page": index + 1,
            "timeout": POPPLER_S,
            "use_cropbox": True,
        }
        try:
            images = pdf2image.convert_from_path(path, size=whole, **asked)
            if images and images[0].size == whole[::-1] != whole:  # poppler scales first and then turns the page
                images = pdf2image.convert_from_path(path, size=whole[::-1], **asked)
        except PDFInfoNotInstalledError as error:
            raise PageError("poppler is not installed", code="missing_tool", hint="install poppler-utils") from error
        except PDFPopplerTimeoutError as error:
            raise PageError(f"poppler took longer than {POPPLER_S} s", code="render_timed_out") from error
        except (PDFPageCountError, PDFSyntaxError, OSError, ValueError) as error:
            raise PageError(f"poppler: {' '.join(str(error).split())[:200]}") from error
    check_size(images[0].size if images else (0, 0), whole, "poppler")
    image = images[0] if images[0].size == whole else images[0].resize(whole)
    if spec.crop is None:
        return image
    left, top = round(x0 * whole[0]), round(y0 * whole[1])
    return image.crop((left, top, left + spec.width, top + spec.height))


def has_poppler() -> bool:
    """Whether both of poppler's tools that are needed are installed."""
    return shutil.which("pdftoppm") is not None and shutil.which("pdfinfo") is not None


def check_size(got: tuple[int, int], wanted: tuple[int, int], who: str) -> None:
    """PageError where a picture is not of the size asked for (within TOLERANCE_PX)."""
    if abs(got[0] - wanted[0]) > TOLERANCE_PX or abs(got[1] - wanted[1]) > TOLERANCE_PX:
        raise PageError(f"{who} drew {got[0]} x {got[1]} pixels instead of {wanted[0]} x {wanted[1]}")
