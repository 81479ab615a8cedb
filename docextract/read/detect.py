"""Where text stands on a picture: boxes around lines, by the detection model (differentiable binarisation).

The model gives each pixel's probability of being the core of a line of text. Cores are outlined, each by
its smallest rectangle, and widened by area * 1.6 / circumference, by which the model was taught to
shrink them (Liao et al., "Real-time Scene Text Detection with Differentiable Binarization", 2020).
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from docextract.read.pixels import Pixels
from docextract.read.seen import Point, Quad

LONGEST = 1280
"""Longer side that a picture is made smaller to: twice the pixels cost twice the time and find no more words."""
CORE = 0.3
"""Probability from which a pixel belongs to the core of a line."""
SURE = 0.5
"""Mean probability in its rectangle from which a core is a line."""
WIDEN = 1.6
THINNEST_CORE, THINNEST_LINE = 3.0, 5.0
"""Pixels of the smaller picture: thinner ones are specks."""
MOST = 3000
"""Lines of one picture; no page that people read has more."""
SAME_ROW = 10
"""Pixels between the tops of lines, from one to the next below, under which they are sorted from left to right."""
FLAT, LOWEST = 8, 30
"""Width over height from which, and height up to which, a picture gets margins, so that its line has some ground."""

Map = npt.NDArray[np.float32]


class Detector:
    """Finds lines with one ONNX session, which takes 1 x 3 x height x width, multiples of 32, values -1 to 1."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name

    def boxes(self, pixels: Pixels) -> list[Quad]:
        """Corners of lines in pixels, clockwise from top left, rows from top to bottom, each from left to right."""
        height, width = pixels.shape[:2]
        margin = _margin(width, height)
        if margin:
            pixels = np.asarray(
                cv2.copyMakeBorder(pixels, margin, margin, 0, 0, cv2.BORDER_CONSTANT, value=(255, 255, 255)),
                dtype=np.uint8,
            )
        found = quads(self._map(pixels), (pixels.shape[1], pixels.shape[0]))
        if margin:
            found = [_lifted(quad, margin, height) for quad in found]
        return in_rows(found)

    def _map(self, pixels: Pixels) -> Map:
        height, width = pixels.shape[:2]
        scale = min(1.0, LONGEST / max(height, width))
        size = max(32, round(int(width * scale) / 32) * 32), max(32, round(int(height * scale) / 32) * 32)
        values = cv2.resize(pixels, size).astype(np.float32)
        values *= 1 / 127.5
        values -= 1.0
        answer = self._session.run(None, {self._input: np.ascontiguousarray(values.transpose(2, 0, 1))[None]})
        return np.asarray(answer[0][0, 0], dtype=np.float32)


def _margin(width: int, height: int) -> int:
    """Rows to add above and below a strip of one line."""
    if width <= FLAT * height and height > LOWEST:
        return 0
    return max(0, math.ceil(max(width / FLAT, LOWEST) - height / 2))


def quads(probability: Map, size: tuple[int, int]) -> list[Quad]:
    """Boxes of lines on a picture of `size` (width, height), of which `probability` is a smaller map."""
    tall, wide = probability.shape
    # Two cores that touch at a corner are one.
    mask = cv2.dilate((probability > CORE).astype(np.uint8), np.ones((2, 2), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for outline in outlines[:MOST]:
        (x, y), (across, down), angle = cv2.minAreaRect(outline)
        if min(across, down) < THINNEST_CORE or _mean(probability, ((x, y), (across, down), angle)) < SURE:
            continue
        more = across * down * WIDEN / (across + down)
        if min(across, down) + more < THINNEST_LINE:
            continue
        corners = _corners(((x, y), (across + more, down + more), angle))
        scaled = [(round(a / wide * size[0]), round(b / tall * size[1])) for a, b in corners]
        one, two, three, four = (
            (float(min(max(a, 0), size[0] - 1)), float(min(max(b, 0), size[1] - 1))) for a, b in scaled
        )
        if math.dist(one, two) > 3 and math.dist(one, four) > 3:
            found.append((one, two, three, four))
    return found


def in_rows(boxes: list[Quad]) -> list[Quad]:
    """The boxes by rows of nearly equal tops, from left to right in each."""
    ordered = sorted(boxes, key=lambda quad: quad[0][1])
    rows: list[list[Quad]] = [[ordered[0]]] if ordered else []
    for above, quad in pairwise(ordered):
        if quad[0][1] - above[0][1] >= SAME_ROW:
            rows.append([])
        rows[-1].append(quad)
    return [quad for row in rows for quad in sorted(row, key=lambda quad: quad[0][0])]


def _corners(rectangle: Any) -> list[Point]:
    """Top left, top right, bottom right, bottom left of a turned rectangle, told apart by x first."""
    one, two, three, four = sorted(((float(x), float(y)) for x, y in cv2.boxPoints(rectangle)), key=lambda at: at[0])
    left = (one, two) if two[1] > one[1] else (two, one)
    right = (three, four) if four[1] > three[1] else (four, three)
    return [left[0], right[0], right[1], left[1]]


def _mean(probability: Map, rectangle: Any) -> float:
    """Mean probability inside a turned rectangle."""
    tall, wide = probability.shape
    corners = np.asarray(_corners(rectangle))
    x0, y0 = np.clip(np.floor(corners.min(axis=0)), 0, (wide - 1, tall - 1)).astype(int)
    x1, y1 = np.clip(np.ceil(corners.max(axis=0)), 0, (wide - 1, tall - 1)).astype(int)
    inside = np.zeros((y1 - y0 + 1, x1 - x0 + 1), np.uint8)
    cv2.fillPoly(inside, [(corners - (x0, y0)).astype(np.int32)], 1)
    return float(cv2.mean(probability[y0 : y1 + 1, x0 : x1 + 1], inside)[0])


def _lifted(quad: Quad, margin: int, height: int) -> Quad:
    """A box found below a margin, on the picture without it."""
    one, two, three, four = ((x, min(max(y - margin, 0.0), height - 1.0)) for x, y in quad)
    return one, two, three, four
