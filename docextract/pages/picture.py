"""One page of any file as an encoded picture, in the child: what `render` asks for."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

from docextract.errors import InputError, PageError
from docextract.pages.draw import check_size, draw_by_poppler, draw_whole, has_poppler
from docextract.pages.image import opened_image, orientation, upright
from docextract.pages.limits import MAX_RENDER_PIXELS
from docextract.pages.opened import OpenPdf, open_pdf
from docextract.pages.pdf import has_content, has_lost_image
from docextract.pages.uniform import is_uniform
from docextract.types import Kind, RenderSpec

PASSED_BYTES = 5_000_000  # an image file up to this size goes through as it is; vision endpoints refuse more
PASSED_MODES = {"jpeg": {"L", "RGB"}, "png": {"1", "L", "P", "RGB"}}
PNG_TURNED = (b"eXIf", b"Raw profile type", b"XML:com.adobe.xmp")  # where a PNG may say how it is turned

Picture = tuple[dict[str, Any], bytes]
"""`media_type`, `width`, `height`, `blank` and the file's bytes."""


def render_page(path: str, kind: Kind, index: int, spec: RenderSpec, password: str | None) -> Picture:
    """The page drawn straight at the size of `spec` and encoded, or an image file's own bytes where they fit.

    PageError where it cannot be drawn, or where the picture is not of the size asked for.
    """
    return render_sizes(path, kind, index, (spec,), password)[0]


def render_sizes(
    path: str, kind: Kind, index: int, specs: Sequence[RenderSpec], password: str | None
) -> tuple[Picture, ...]:
    """As `render_page` for the first of the specs; the others are made smaller from the same bitmap.

    Only the first is given where an image file's own bytes fit: nothing was drawn then.
    """
    spec = specs[0]
    if spec.width < 1 or spec.height < 1 or spec.width * spec.height > MAX_RENDER_PIXELS:
        raise PageError(f"{spec.width} x {spec.height} pixels are no size for a page", code="page_too_large")
    if spec.crop is not None and not (0 <= spec.crop[0] < spec.crop[2] <= 1 and 0 <= spec.crop[1] < spec.crop[3] <= 1):
        raise PageError(f"{spec.crop} is no part of a page", code="page_too_large")
    if kind == "pdf":
        return _encode_all(_draw_pdf(path, index, spec, password), specs)
    try:
        with opened_image(path, kind) as image:
            passed = _as_it_is(path, kind, image, spec)
            return (passed,) if passed else _encode_all(_draw_image(image, kind, index, spec), specs)
    except InputError as error:
        raise PageError(str(error), code=error.code, hint=error.hint) from error


def _draw_pdf(path: str, index: int, spec: RenderSpec, password: str | None) -> Image.Image:
    opened: OpenPdf | None = None
    failure = ""
    try:
        opened = open_pdf(path, () if password is None else (password,))
    except InputError as error:
        failure = str(error)
    unlocked = opened.document if opened is not None and opened.password is not None else None
    if spec.renderer == "poppler":
        return draw_by_poppler(path, index, spec, unlocked=unlocked)
    image = None
    is_suspect = True
    if opened is not None:
        try:
            image, is_suspect = _draw_by_pdfium(opened, index, spec)
        except (pypdfium2.PdfiumError, ValueError) as error:
            failure = f"pdfium: {error}"
    if not is_suspect and image is not None:
        return image
    if has_poppler():
        try:
            other = draw_by_poppler(path, index, spec, unlocked=unlocked)
        except PageError as error:
            failure = f"{failure}; {error}" if failure else str(error)
        else:
            return other
    if image is None or _has_lost_image(opened, index):
        raise PageError(failure or "pdfium cannot decode the image on this page", hint="install poppler-utils")
    return image


def _draw_by_pdfium(opened: OpenPdf, index: int, spec: RenderSpec) -> tuple[Image.Image, bool]:
    """The picture, and whether it is suspect: of one colour although the page has content."""
    with opened.page(index) as page:
        image = draw_whole(opened.document, page, (spec.width, spec.height), spec.crop)
        return image, spec.crop is None and is_uniform(image) and has_content(page)


def _has_lost_image(opened: OpenPdf | None, index: int) -> bool:
    if opened is None:
        return False
    with opened.page(index) as page:
        return has_lost_image(page)


def _as_it_is(path: str, kind: Kind, image: Image.Image, spec: RenderSpec) -> Picture | None:
    """The file's own bytes where it already is what is wanted; its decoder is never called."""
    if kind not in PASSED_MODES or spec.crop is not None or image.size != (spec.width, spec.height):
        return None
    if image.mode not in PASSED_MODES[kind] or "transparency" in image.info:
        return None
    data = Path(path).read_bytes()
    if len(data) > PASSED_BYTES:
        return None
    # Pillow decodes a PNG to look for an orientation behind its pixels, so it is asked only where one may stand.
    if (kind != "png" or any(mark in data for mark in PNG_TURNED)) and orientation(image) != 1:
        return None
    return {"media_type": f"image/{kind}", "width": spec.width, "height": spec.height, "blank": False}, data


def _draw_image(image: Image.Image, kind: Kind, index: int, spec: RenderSpec) -> Image.Image:
    if kind in {"tiff", "gif", "webp"}:
        image.seek(index)
    if kind == "jpeg" and spec.crop is None:
        # Let the decoder itself halve it while that stays above the size wanted (either way up).
        image.draft("RGB", (max(spec.width, spec.height),) * 2)
    frame = upright(image)
    x0, y0, x1, y1 = spec.crop or (0.0, 0.0, 1.0, 1.0)
    box = (x0 * frame.width, y0 * frame.height, x1 * frame.width, y1 * frame.height)
    if frame.size == (spec.width, spec.height) and spec.crop is None:
        return frame
    return frame.resize((spec.width, spec.height), Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)


def _encode_all(image: Image.Image, specs: Sequence[RenderSpec]) -> tuple[Picture, ...]:
    first = _encode(image, specs[0])
    smaller = [image.resize((spec.width, spec.height), Image.Resampling.BOX, reducing_gap=2.0) for spec in specs[1:]]
    return (first, *(_encode(each, spec) for each, spec in zip(smaller, specs[1:], strict=True)))


def _encode(image: Image.Image, spec: RenderSpec) -> Picture:
    check_size(image.size, (spec.width, spec.height), spec.renderer)
    blank = is_uniform(image)
    if image.mode != "RGB" and (image.mode != "RGBX" or spec.format == "png"):
        image = image.convert("RGB")
    buffer = io.BytesIO()
    if spec.format == "png":
        image.save(buffer, "PNG", compress_level=1)
    else:
        image.save(buffer, "JPEG", quality=spec.quality)
    head = {"media_type": f"image/{spec.format}", "width": image.width, "height": image.height, "blank": blank}
    return head, buffer.getvalue()
