"""Whether a picture is of one colour, which is what an empty page looks like."""

from __future__ import annotations

from math import inf

from PIL import Image

from docextract.pages.limits import BLANK_SPREAD, THUMBNAIL_PIXELS

NARROW = THUMBNAIL_PIXELS // 2
MOST_PIXELS = 1_000_000
STRIPS = 32


def is_uniform(image: Image.Image) -> bool:
    """Whether no channel spreads over more than BLANK_SPREAD levels of 255.

    Looks at strips until they differ: all pages but empty ones are told by a few of them.
    """
    width, height = image.size
    tall = max(1, -(-height // STRIPS))
    tops = range(0, height, tall)
    low: list[float] = []
    high: list[float] = []
    # From the middle outwards: the first strips of many pages are their margin.
    for top in sorted(tops, key=lambda top: abs(top - height // 2)):
        extremes = image.crop((0, top, width, min(top + tall, height))).getextrema()
        pairs = extremes if isinstance(extremes[0], tuple) else (extremes,)
        low = [min(float(pair[0]), before) for pair, before in zip(pairs, low or [inf] * len(pairs), strict=True)]
        high = [max(float(pair[1]), before) for pair, before in zip(pairs, high or [-inf] * len(pairs), strict=True)]
        if any(most - least > BLANK_SPREAD for least, most in zip(low, high, strict=True)):
            return False
    return True


def thumbnail_size(width: float, height: float) -> tuple[int, int]:
    """Pixels of the picture on which blankness is judged, for a page of this shape.

    The long side is THUMBNAIL_PIXELS, more for very tall or wide pages, whose text would average away.
    """
    long, short = max(width, height, 1.0), max(min(width, height), 1e-6)
    scale = max(THUMBNAIL_PIXELS / long, min(NARROW / short, (MOST_PIXELS / (long * short)) ** 0.5))
    return max(1, round(width * scale)), max(1, round(height * scale))
