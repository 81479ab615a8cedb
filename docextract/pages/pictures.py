"""Pictures inside a document, as PNG or JPEG bytes; the same picture once."""

from __future__ import annotations

import hashlib
import io
import warnings

from PIL import Image

from docextract.pages.image import PILLOW_ERRORS, to_rgb

MAX_PICTURES = 500
MAX_PIXELS = 40_000_000
_AS_IT_IS = {"PNG", "JPEG"}
_READ = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")


class Pictures:
    """Collects them; `blobs` are the bytes in the order of their indexes."""

    def __init__(self) -> None:
        self.blobs: list[bytes] = []
        self._indexes: dict[str, int | None] = {}

    def add(self, data: bytes) -> int | None:
        """The picture's index, or None where it cannot be read here (vector drawings, broken or huge files)."""
        key = hashlib.sha256(data).hexdigest()
        if key not in self._indexes:
            made = _usable(data) if len(self.blobs) < MAX_PICTURES else None
            self._indexes[key] = None if made is None else len(self.blobs)
            if made is not None:
                self.blobs.append(made)
        return self._indexes[key]


def _usable(data: bytes) -> bytes | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=_READ) as image:
                if image.width * image.height > MAX_PIXELS:
                    return None
                if image.format in _AS_IT_IS:
                    return data
                out = io.BytesIO()
                to_rgb(image).save(out, "PNG")
                return out.getvalue()
    except (*PILLOW_ERRORS, Image.DecompressionBombError):
        return None
