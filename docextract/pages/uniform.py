"""Whether a picture is of one colour, which is what an empty page looks like."""

from __future__ import annotations

from PIL import Image

from docextract.pages.limits import BLANK_SPREAD, THUMBNAIL_PIXELS

NARROW = THUMBNAIL_PIXELS // 2
MOST_PIXELS = 1_000_000


def is_uniform(image: Image.Image) -> bool:
    """Whether no channel spreads over more than BLANK_SPREAD levels of 255."""
    extremes = image.getextrema()
    pairs = extremes if isinstance(extremes[0], tuple) else (extremes,)
    return all(float(pair[1]) - float(pair[0]) <= BLANK_SPREAD for pair in pairs)


def thumbnail_size(width: float, height: float) -> tuple[int, int]:
    """Pixels of the picture on which blankness is judged, for a page of this shape.

    The long side is THUMBNAIL_PIXELS, more for very tall or wide pages, whose text would average away.
    """
    long, short = max(width, height, 1.0), max(min(width, height), 1e-6)
    scale = max(THUMBNAIL_PIXELS / long, min(NARROW / short, (MOST_PIXELS / (long * short)) ** 0.5))
    return max(1, round(width * scale)), max(1, round(height * scale))
