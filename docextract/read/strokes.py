"""Straight lines in the pixels of a scan, as rulings: they hold a scanned table together."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from docextract.read.pixels import Pixels
from docextract.read.rulings import merge
from docextract.types import Ruling

THICKEST = 9
"""Pixels; thicker is a bar or a picture."""
DARKER = 24
"""Levels of grey, of 255, by which a thin line is darker than what lies on either side of it."""


def strokes(pixels: Pixels, scale: tuple[float, float]) -> list[Ruling]:
    """Horizontal and vertical lines in points; `scale` is points a pixel across and down.

    Ink is what is darker than its surroundings. Beside a shaded field that is the field's edge too, and the
    rule on it is lost in a thick bar: so what is darker than both of its sides is looked at besides.
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    found = []
    for across in (True, False):
        found += _lines(ink, across)
        kernel = (1, THICKEST + 2) if across else (THICKEST + 2, 1)
        dark = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, cv2.getStructuringElement(cv2.MORPH_RECT, kernel))
        found += _lines(cv2.threshold(dark, DARKER, 255, cv2.THRESH_BINARY)[1], across)
    in_points = [Ruling(r.x0 * scale[0], r.y0 * scale[1], r.x1 * scale[0], r.y1 * scale[1]) for r in found]
    return merge(in_points, near=1.5, join=4.0)


def _lines(ink: Any, across: bool) -> list[Ruling]:
    """Lines of one direction in a mask, in pixels.

    Morphological opening with a long thin kernel keeps lines and drops letters; lines may slant by a
    degree or two and have small gaps.
    """
    least = max(40, min(ink.shape) // 30)
    kernel = (least, 1) if across else (1, least)
    lines = cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, kernel))
    bridge = (15, 3) if across else (3, 15)
    lines = cv2.dilate(lines, cv2.getStructuringElement(cv2.MORPH_RECT, bridge))
    count, _, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    rulings = (_ruling(row, across, lines.shape) for row in stats[1 : min(count, 5000)])
    return [ruling for ruling in rulings if ruling is not None]


def _ruling(row: np.ndarray[Any, Any], across: bool, shape: tuple[int, ...]) -> Ruling | None:
    x, y, wide, tall, area = (int(value) for value in row[:5])
    length, thick = (wide, tall) if across else (tall, wide)
    # Bridging adds 2 pixels across; a slant adds its rise; the ink's own thickness is area over length.
    if length < 40 or area / length > THICKEST + 2 or thick > max(THICKEST + 2, 0.05 * length):
        return None
    if across:
        middle = y + tall / 2
        return Ruling(max(0, x + 7), middle, min(shape[1], x + wide - 7), middle)
    middle = x + wide / 2
    return Ruling(middle, max(0, y + 7), middle, min(shape[0], y + tall - 7))
