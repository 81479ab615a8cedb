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


def strokes(pixels: Pixels, scale: tuple[float, float]) -> list[Ruling]:
    """Horizontal and vertical lines in points; `scale` is points a pixel across and down.

    Morphological opening with a long thin kernel keeps lines and drops letters; lines may slant by a
    degree or two and have small gaps.
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    height, width = ink.shape
    least = max(40, min(height, width) // 30)
    found = []
    for across in (True, False):
        kernel = (least, 1) if across else (1, least)
        lines = cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, kernel))
        bridge = (15, 3) if across else (3, 15)
        lines = cv2.dilate(lines, cv2.getStructuringElement(cv2.MORPH_RECT, bridge))
        count, _, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
        for row in stats[1 : min(count, 5000)]:
            ruling = _ruling(row, across, lines.shape)
            if ruling is not None:
                found.append(ruling)
    in_points = [Ruling(r.x0 * scale[0], r.y0 * scale[1], r.x1 * scale[0], r.y1 * scale[1]) for r in found]
    return merge(in_points, near=1.5, join=4.0)


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
