"""Text on the pictures inside a Word or HTML file, read by OCR."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image

from docextract.errors import InputError
from docextract.pages.image import PILLOW_ERRORS, upright

LEAST_SIDE = 150
"""Pixels a side below which a picture is an icon and not read."""
MAX_READ = 20
"""Pictures of one document that are read: each costs about a second."""


def picture_texts(pictures: Sequence[bytes], engine: str | None, why: str) -> tuple[dict[int, list[str]], str | None]:
    """Lines of each picture by its index, and a note where some were not read; `why` says so for no engine."""
    large = [index for index, data in enumerate(pictures) if _is_large(data)]
    if not large:
        return {}, None
    if engine is None:
        return {}, f"{len(large)} embedded pictures not read: {why}"
    from docextract.read.ocr import read_pixels, reader_of
    from docextract.read.pixels import from_image

    try:
        reader = reader_of(engine)
    except InputError as error:
        return {}, f"{len(large)} embedded pictures not read: {error}"
    texts: dict[int, list[str]] = {}
    broken = 0
    for index in large[:MAX_READ]:
        try:
            with Image.open(io.BytesIO(pictures[index]), formats=("PNG", "JPEG")) as image:
                pixels = from_image(upright(image))
        except PILLOW_ERRORS:
            broken += 1
            continue
        lines, _, _ = read_pixels(reader, pixels)
        texts[index] = [" ".join(word.text for word in line.words) for line in lines]
    notes = []
    if len(large) > MAX_READ:
        notes.append(f"only the first {MAX_READ} of {len(large)} embedded pictures were read")
    if broken:
        notes.append(f"{broken} embedded pictures are damaged")
    return texts, "; ".join(notes) or None


def _is_large(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            return min(image.size) >= LEAST_SIDE
    except PILLOW_ERRORS:
        return False
