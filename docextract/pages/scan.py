"""An image file as pages: one each, every frame of a TIFF, every distinct frame of an animation."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from typing import Any

from PIL import Image

from docextract.pages.bounds import bound, reached
from docextract.pages.image import (
    PILLOW_ERRORS,
    check_pixels,
    flat,
    opened_image,
    orientation,
    size_in_points,
    size_upright,
)
from docextract.pages.limits import MANY_PIXELS
from docextract.pages.uniform import is_uniform, thumbnail_size
from docextract.types import Kind

Row = dict[str, Any]
ANIMATED: frozenset[Kind] = frozenset({"gif", "webp"})


def describe(path: str, kind: Kind, max_pages: int) -> Row:
    """`page_total`; `indexes`, `sizes` (points as displayed), `pixels` of the first `max_pages` frames; `warnings`.

    Frame sizes come from headers; only animations are decoded, to tell which frames differ.
    """
    with opened_image(path, kind) as image:
        weight = _Weight(path)
        frames = getattr(image, "n_frames", 1) if kind in ANIMATED else 1
        if frames > 1:
            if frames > bound("image_frames"):
                raise reached("image_frames", f"it has {frames:,} frames")
            if frames * image.width * image.height > bound("animation_pixels"):
                raise reached(
                    "animation_pixels", f"its {frames:,} frames have {image.width:,} x {image.height:,} pixels"
                )
            return _distinct(image, max_pages)
        sizes: list[tuple[float, float]] = []
        pixels: list[tuple[int, int]] = []
        warnings: list[str] = []
        total = 0
        for index in _frames(image, kind, warnings):
            total += 1
            weight.add(image)
            if index < max_pages:
                sizes.append(size_in_points(image))
                pixels.append(size_upright(image))
    indexes = list(range(len(sizes)))
    return {"page_total": total, "indexes": indexes, "sizes": sizes, "pixels": pixels, "warnings": warnings}


def look(path: str, kind: Kind, indexes: Sequence[int]) -> list[Row]:
    """Rotation, digest and blankness of these frames, one row each; `fault` where a frame cannot be decoded."""
    rows: list[Row] = []
    with opened_image(path, kind) as image:
        several = kind in {"tiff", "gif", "webp"}
        for index in indexes:
            try:
                if several:
                    image.seek(index)
                rows.append(_look_at(image, kind, whole=several))
            except (*PILLOW_ERRORS, EOFError) as error:
                if not several:
                    raise
                told = " ".join(str(error).split())[:200]
                rows.append({"fault": {"code": "corrupt", "message": f"damaged frame: {told}"}})
    return rows


def _look_at(image: Image.Image, kind: Kind, *, whole: bool) -> Row:
    size = thumbnail_size(*image.size)
    if kind == "jpeg":
        image.draft("RGB", size)  # decodes at an eighth of the size, the cheapest way to see it whole
    digest = None
    if whole:
        image.load()
        digest = _pixel_digest(image)
    thumbnail = flat(image).resize((min(size[0], image.width), min(size[1], image.height)), reducing_gap=2.0)
    return {"rotation": 0, "blank": is_uniform(thumbnail), "has_text": False, "digest": digest}


class _Weight:
    """The pixels of all frames of a file, held against its bytes: frames may share what they are drawn from."""

    def __init__(self, path: str) -> None:
        self._bytes = max(1, os.stat(path).st_size)  # noqa: PTH116  a path of arbitrary bytes as it came in
        self._pixels = self._frames = 0

    def add(self, image: Image.Image) -> None:
        """Count the frame that the image stands at. InputError limit_reached."""
        check_pixels(image)
        self._frames += 1
        if self._frames > bound("image_frames"):
            raise reached("image_frames", "it has too many frames")
        self._pixels += image.width * image.height
        if self._pixels > max(MANY_PIXELS, bound("pixels_per_byte") * self._bytes):
            raise reached("pixels_per_byte", f"{self._bytes:,} bytes stand for {self._pixels:,} pixels and more")


def _frames(image: Image.Image, kind: Kind, warnings: list[str]) -> Iterator[int]:
    """Go to one frame after the other. A chain that breaks off later is a warning: what came before is good."""
    yield 0
    if kind != "tiff":  # the further frames of a JPEG or PNG are previews and animations of the same picture
        return
    most = bound("image_frames")
    for index in range(1, most + 1):
        try:
            image.seek(index)
        except EOFError:
            return
        except PILLOW_ERRORS as error:
            warnings.append(f"damaged: no frame after the {index}. can be found ({' '.join(str(error).split())[:100]})")
            return
        if index == most:
            raise reached("image_frames", "its frames do not end")
        yield index


def _distinct(image: Image.Image, max_pages: int) -> Row:
    seen: set[str] = set()
    indexes: list[int] = []
    sizes: list[tuple[float, float]] = []
    pixels: list[tuple[int, int]] = []
    warnings: list[str] = []
    for index in range(getattr(image, "n_frames", 1)):
        try:
            image.seek(index)
            image.load()
        except (*PILLOW_ERRORS, EOFError):
            if not seen:
                raise
            warnings.append(f"damaged: no frame after the {index}. can be decoded")
            break
        digest = _pixel_digest(image.convert("RGBA"))  # the first frame has a palette, later ones are composed in RGB
        if digest in seen:
            continue
        seen.add(digest)
        if len(indexes) < max_pages:
            indexes.append(index)
            sizes.append(size_in_points(image))
            pixels.append(size_upright(image))
    return {"page_total": len(seen), "indexes": indexes, "sizes": sizes, "pixels": pixels, "warnings": warnings}


def _pixel_digest(image: Image.Image) -> str:
    """SHA-256 of a decoded frame: its pixels, mode, palette and orientation."""
    sha = hashlib.sha256(f"{image.mode} {image.size} {orientation(image)}".encode())
    palette = image.getpalette() if image.mode == "P" else None
    sha.update(bytes(palette or ()) + repr(image.info.get("transparency")).encode())
    sha.update(image.tobytes())
    return sha.hexdigest()
