"""The pixel size at which a page is rendered: as sharp as its token budget and the provider allow, never more."""

from __future__ import annotations

from dataclasses import dataclass

from docextract.budget.images import image_tokens, is_shrunk
from docextract.types import ImageFacts

MOST_DPI = 200  # above this a page's text gains nothing for a vision model, and bytes double
_TALLEST = 3.0  # height to width; taller pages (scrolled screenshots) are cut into tiles
_TILE_OVERLAP = 120  # pixels of the tile that the next one repeats, two or three lines of a screenshot


@dataclass(frozen=True, slots=True)
class Size:
    """Pixels, and the tokens that they cost."""

    width: int
    height: int
    tokens: int


def fit(facts: ImageFacts, full: tuple[float, float], most_tokens: int) -> Size:
    """The largest size of `full`'s shape, at most `full` (pixels), within the tokens and the provider's limits.

    Never smaller than 28 pixels a side. Rendering straight to this size needs no second scaling.
    """
    low, high = 0.0, 1.0
    if _fits(facts, full, 1.0, most_tokens):
        low = 1.0
    else:
        for _ in range(24):  # 2**-24 of a page is less than a pixel
            middle = (low + high) / 2
            if _fits(facts, full, middle, most_tokens):
                low = middle
            else:
                high = middle
    width, height = _scaled(full, low)
    return Size(width, height, image_tokens(facts, width, height))


def is_tall(full: tuple[float, float]) -> bool:
    """Whether a page is so much taller than wide that fitting it would squeeze its text."""
    return full[1] > _TALLEST * full[0]


def tiles(full: tuple[float, float], facts: ImageFacts, most_tokens: int) -> tuple[tuple[float, float], ...]:
    """Top and bottom (fractions of the height) of tiles that fit unscaled and overlap a little, top first."""
    width, height = full
    tile = min(height, _TALLEST * width)
    while tile > width and image_tokens(facts, round(width), round(tile)) > most_tokens:
        tile *= 0.95
    if tile >= height:
        return ((0.0, 1.0),)
    step = max(tile - _TILE_OVERLAP, tile / 2)
    count = int(-((tile - height) // step)) + 1
    stride = (height - tile) / (count - 1)
    return tuple((index * stride / height, min(1.0, (index * stride + tile) / height)) for index in range(count))


def _fits(facts: ImageFacts, full: tuple[float, float], scale: float, most_tokens: int) -> bool:
    width, height = _scaled(full, scale)
    return image_tokens(facts, width, height) <= most_tokens and not is_shrunk(facts, width, height)


def _scaled(full: tuple[float, float], scale: float) -> tuple[int, int]:
    return max(28, round(full[0] * scale)), max(28, round(full[1] * scale))
