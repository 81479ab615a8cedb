"""Very tall pictures (screenshots, long till receipts) cut into tiles, so that small text stays legible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from docextract.read.pixels import TALL, Pixels
from docextract.read.seen import SeenLine

OVERLAP = 0.08
"""Share of a tile's height that it repeats of the one before, where no empty row was found to cut at."""


def tiles(pixels: Pixels) -> Iterator[tuple[int, Pixels]]:
    """(top row, part) from top to bottom: the picture itself unless it is very tall.

    Cuts lie in empty rows where there are some near the end of a tile; else tiles overlap.
    """
    height, width = pixels.shape[:2]
    if height <= TALL * width or height < 1800:
        yield 0, pixels
        return
    step = max(int(width * 1.4), 1200)
    busy = _row_spread(pixels)
    top = 0
    while top < height:
        bottom = min(height, top + step)
        if height - bottom < step // 4:
            bottom = height
        if bottom == height:
            yield top, pixels[top:]
            return
        cut = _empty_row(busy, bottom - step // 4, bottom)
        yield top, pixels[top : cut or bottom]
        top = cut or bottom - int(step * OVERLAP)


def _row_spread(pixels: Pixels) -> np.ndarray[tuple[int], np.dtype[np.int_]]:
    grey = pixels[:, :, 1].astype(np.int_)
    return np.asarray(grey.max(axis=1) - grey.min(axis=1))


def _empty_row(busy: np.ndarray[tuple[int], np.dtype[np.int_]], start: int, end: int) -> int | None:
    """The middle of the lowest run of at least four even rows in [start, end), else None."""
    quiet = busy[start:end] < 24
    run = 0
    for row in range(len(quiet) - 1, -1, -1):
        run = run + 1 if quiet[row] else 0
        if run >= 8:
            return start + row + 4
    return None


def without_repeats(tiles_seen: Sequence[Sequence[SeenLine]]) -> list[SeenLine]:
    """Lines of tiles from top to bottom; what two neighbours both saw stands once: the more certain one.

    Lines of one tile are never repeats, however near they stand.
    """
    kept: list[SeenLine] = []
    before: range = range(0)
    for tile in tiles_seen:
        start = len(kept)
        for line in tile:
            twin = next((place for place in before if _same(line, kept[place])), None)
            if twin is None:
                kept.append(line)
            elif (line.signs, line.confidence) > (kept[twin].signs, kept[twin].confidence):
                kept[twin] = line
        before = range(start, len(kept))
    return kept


def _same(one: SeenLine, two: SeenLine) -> bool:
    (ax, ay), (bx, by) = one.quad[0], one.quad[2]
    (cx, cy), (dx, dy) = two.quad[0], two.quad[2]
    across = min(bx, dx) - max(ax, cx)
    down = min(by, dy) - max(ay, cy)
    return across > 0.5 * min(bx - ax, dx - cx) and down > 0.4 * min(by - ay, dy - cy)
