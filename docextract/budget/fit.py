"""The pixel size at which a page is rendered: as sharp as its token budget and the provider allow, never more."""

from __future__ import annotations

from collections.abc import Sequence
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


def tiles(
    full: tuple[float, float],
    facts: ImageFacts,
    most_tokens: int,
    bands: Sequence[tuple[float, float]] = (),
) -> tuple[tuple[float, float], ...]:
    """Top and bottom (fractions of the height) of tiles that fit unscaled and overlap a little, top first.

    Cuts lie in `bands` (empty rows, as fractions of the height) where there is one in the last third
    of a tile, and tiles then overlap by what stands between two bands; else by a few lines.
    """
    width, height = full
    tile = min(height, _TALLEST * width)
    while tile > width and image_tokens(facts, round(width), round(tile)) > most_tokens:
        tile *= 0.95
    cuts: list[tuple[float, float]] = []
    top, size, overlap = 0.0, tile / height, _TILE_OVERLAP / height
    while top + size < 1.0:
        bottom = _band_in(bands, top + size * 2 / 3, top + size) or top + size
        cuts.append((top, bottom))
        # The next tile begins in a band above the cut, so that what the cut may have parted stands whole in it.
        top = _band_in(bands, bottom - 3 * overlap, bottom - overlap) or bottom - overlap
    return (*cuts, (top, 1.0))


def _band_in(bands: Sequence[tuple[float, float]], start: float, end: float) -> float | None:
    """The middle of the last band whose middle lies in [start, end]."""
    middles = [(top + bottom) / 2 for top, bottom in bands]
    return max((middle for middle in middles if start <= middle <= end), default=None)


def _fits(facts: ImageFacts, full: tuple[float, float], scale: float, most_tokens: int) -> bool:
    width, height = _scaled(full, scale)
    return image_tokens(facts, width, height) <= most_tokens and not is_shrunk(facts, width, height)


def _scaled(full: tuple[float, float], scale: float) -> tuple[int, int]:
    return max(28, round(full[0] * scale)), max(28, round(full[1] * scale))
