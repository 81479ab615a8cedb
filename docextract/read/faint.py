"""Print of so little contrast that detection passes it by: greyed-out badges and labels on screenshots.

Only on pictures that were drawn, not photographed or scanned: their areas are flat, so that a pale pattern is
print. Pale places are cut out, their contrast is stretched, and all are read together, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from docextract.read.pixels import Pixels
from docextract.read.seen import Point, Reader, SeenLine

FLAT = 0.9
"""Share of neighbouring pixels that hardly differ from which a picture counts as drawn."""
PALE = (5, 44)
"""Levels of grey between print and ground, of 255, that are looked at: more is read anyway, less is no print."""
MOST = 24
"""Places read on one picture, the largest first."""
SURE = 0.8
"""Mean confidence from which what was read counts."""
_ROWS = 40
_GAP = 24

Grey = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Place:
    """A pale place on the picture and where its enlarged copy stands on the sheet; pixels."""

    x: int
    y: int
    width: int
    height: int
    top: int
    scale: float


def faint_lines(reader: Reader, pixels: Pixels, lines: Sequence[SeenLine]) -> list[SeenLine]:
    """Lines that stand beside none of these and were too pale to be found; none on photographs and scans."""
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    if not is_drawn(grey):
        return []
    boxes = _free(_pale(grey), lines)
    if not boxes:
        return []
    sheet, places = _sheet(grey, boxes)
    return [line for seen in reader.lines(sheet) if (line := _back(seen, places)) is not None]


def is_drawn(grey: Grey) -> bool:
    """Whether a picture has the flat areas of a screen rather than the grain of paper."""
    if grey.shape[1] < 2:
        return False
    steps = np.abs(np.diff(grey[::4].astype(np.int16), axis=1))
    return bool(np.mean(steps <= 1) >= FLAT)


def _pale(grey: Grey) -> list[tuple[int, int, int, int]]:
    """Boxes (x, y, width, height) of pale patterns as high as print."""
    around = cv2.getStructuringElement(cv2.MORPH_RECT, (13, 13))
    contrast = cv2.subtract(cv2.dilate(grey, around), cv2.erode(grey, around))
    near = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3)))
    marks = ((contrast >= PALE[0]) & (contrast <= PALE[1]) & (near >= PALE[0])).astype(np.uint8)
    joined = cv2.morphologyEx(marks, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (7, 3)))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found = []
    for x, y, width, height, area in stats[1:count].tolist():
        if 7 <= height <= 48 and 1.2 * height <= width <= 24 * height and area >= 0.25 * width * height:
            found.append((x, y, width, height))
    return sorted(found, key=lambda box: -box[2] * box[3])


def _free(boxes: Sequence[tuple[int, int, int, int]], lines: Sequence[SeenLine]) -> list[tuple[int, int, int, int]]:
    """Those that no line covers, from top to bottom."""
    taken = [(line.quad[0], line.quad[2]) for line in lines]
    found = []
    for x, y, width, height in boxes:
        covered = any(
            min(x + width, bx) - max(x, ax) > 0.3 * width and min(y + height, by) - max(y, ay) > 0.3 * height
            for (ax, ay), (bx, by) in taken
        )
        if not covered:
            found.append((x, y, width, height))
    return sorted(found[:MOST], key=lambda box: (box[1], box[0]))


def _sheet(grey: Grey, boxes: Sequence[tuple[int, int, int, int]]) -> tuple[Pixels, list[_Place]]:
    """The places below each other, each as high as good print and from black to white."""
    parts, places, top = [], [], _GAP
    for x, y, width, height in boxes:
        left, upper = max(0, x - height // 2), max(0, y - height // 4)
        part = grey[upper : y + height + height // 4, left : x + width + height // 2]
        low, high = np.percentile(part, (1, 99))
        stretched = np.clip((part.astype(np.float32) - low) * (255 / max(1.0, high - low)), 0, 255).astype(np.uint8)
        scale = _ROWS / part.shape[0]
        size = (max(1, round(part.shape[1] * scale)), _ROWS)
        copy = np.asarray(cv2.resize(stretched, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
        places.append(_Place(left, upper, part.shape[1], part.shape[0], top, scale))
        parts.append(copy)
        top += _ROWS + _GAP
    sheet = np.full((top, max(part.shape[1] for part in parts) + 2 * _GAP), 255, dtype=np.uint8)
    for part, place in zip(parts, places, strict=True):
        sheet[place.top : place.top + _ROWS, _GAP : _GAP + part.shape[1]] = part
    return np.asarray(cv2.cvtColor(sheet, cv2.COLOR_GRAY2BGR), dtype=np.uint8), places


def _back(line: SeenLine, places: Sequence[_Place]) -> SeenLine | None:
    """The line where it stands on the picture; None for what is no word."""
    from docextract.read.ocr import moved

    middle = (line.quad[0][1] + line.quad[2][1]) / 2
    place = next((one for one in places if one.top <= middle < one.top + _ROWS), None)
    text = "".join(word.text for word in line.words)
    if place is None or line.confidence < SURE or sum(sign.isalnum() for sign in text) < 2:
        return None

    def back(point: Point) -> Point:
        return place.x + (point[0] - _GAP) / place.scale, place.y + (point[1] - place.top) / place.scale

    return moved(line, back)
