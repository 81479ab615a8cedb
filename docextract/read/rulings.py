"""What is drawn on a PDF page besides text: straight lines, and how much of it images cover.

Thin filled rectangles are lines (most producers draw rules so), stroked rectangles give their four
sides, fills give none. Objects inside forms are walked with the form's matrix.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, repeat
from typing import Any

import pypdfium2.raw as pdfium_c

from docextract.read.frame import Frame
from docextract.read.native import (
    address_of,
    draw_mode,
    fill_color,
    form_object,
    form_objects,
    may_shine_through,
    object_kind,
    object_matrix,
    page_object,
    places_in,
    segment_closes,
    segment_kind,
    segment_of,
    segment_point,
    segments_of,
    stroke_color,
)
from docextract.types import Box, Ruling

MAX_SEGMENTS = 400
"""Segments of one path object beyond which it is a drawing and no rule (a map, a chart, a logo)."""
MAX_OBJECTS = 30_000
MAX_DEPTH = 12
THIN = 3.0  # points: a filled rectangle or an image no thicker than this is a line
SHORTEST = 4.0  # points
COVERING = 0.8  # share of the page from which an image counts as the page itself

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class Drawn:
    """`images` are boxes in displayed points; `covered` the addresses of text objects under an opaque page image."""

    rulings: list[Ruling] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
    covered: frozenset[int] = frozenset()
    paths: int = 0

    def image_share(self, frame: Frame) -> float:
        """Share of the page that images cover, 0 to 1 (overlaps counted twice, then capped)."""
        area = sum(
            max(0.0, min(x1, frame.width) - max(x0, 0.0)) * max(0.0, min(y1, frame.height) - max(y0, 0.0))
            for x0, y0, x1, y1 in self.images
        )
        return min(1.0, area / max(1.0, frame.width * frame.height))


def drawn(page: Any, frame: Frame) -> Drawn:
    """Walk the objects of an open pypdfium2 page."""
    walk = _Walk(frame)
    count = min(int(pdfium_c.FPDFPage_CountObjects(page)), MAX_OBJECTS)
    walk.objects(map(page_object, repeat(address_of(page.raw)), range(count)), _IDENTITY, 0)
    walk.found.rulings = merge(walk.found.rulings)
    return walk.found


class _Walk:
    """Objects are told by their addresses; what pdfium answers is written to places that are kept."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.found = Drawn()
        self.texts: list[int] = []
        self.left = MAX_OBJECTS
        self._numbers = (ctypes.c_float * 6)()
        self._places = places_in(self._numbers)
        self._modes = (ctypes.c_int * 2)()
        self._mode_places = places_in(self._modes)
        self._color = (ctypes.c_uint * 4)()
        self._color_places = places_in(self._color)

    def objects(self, handles: Iterable[int | None], matrix: Matrix, depth: int) -> None:
        for handle in handles:
            self.left -= 1
            if self.left < 0 or not handle:
                return
            kind = object_kind(handle)
            if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
                self.texts.append(handle)
            elif kind == pdfium_c.FPDF_PAGEOBJ_PATH:
                self.found.paths += 1
                self._path(handle, matrix)
            elif kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
                self._image(handle, matrix)
            elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
                count = min(int(form_objects(handle)), MAX_OBJECTS)
                inner = map(form_object, repeat(handle), range(count))
                self.objects(inner, _times(self._matrix(handle), matrix), depth + 1)

    def _matrix(self, handle: int) -> Matrix:
        if not object_matrix(handle, self._places[0]):
            return _IDENTITY
        a, b, c, d, e, f = self._numbers
        return a, b, c, d, e, f

    def _is_white(self, handle: int, *, stroke: bool) -> bool:
        if not (stroke_color if stroke else fill_color)(handle, *self._color_places):
            return False
        red, green, blue, alpha = self._color
        return alpha < 8 or min(red, green, blue) >= 250

    def _image(self, handle: int, matrix: Matrix) -> None:
        full = _times(self._matrix(handle), matrix)
        corners = [self._shown(full, x, y) for x, y in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))]
        box = _around(corners)
        x0, y0, x1, y1 = box
        if min(x1 - x0, y1 - y0) <= THIN:
            self._line_of(box)
            return
        self.found.images.append(box)
        area = max(0.0, min(x1, self.frame.width) - max(x0, 0.0)) * max(0.0, min(y1, self.frame.height) - max(y0, 0.0))
        opaque = not may_shine_through(handle)
        if opaque and area > COVERING * self.frame.width * self.frame.height and self.texts:
            self.found.covered |= frozenset(self.texts)

    def _path(self, handle: int, matrix: Matrix) -> None:
        count = segments_of(handle)
        if not 2 <= count <= MAX_SEGMENTS:
            return
        if not draw_mode(handle, *self._mode_places):
            return
        mode, stroke = self._modes
        if not stroke and not mode:
            return  # a clip or nothing at all
        full = _times(self._matrix(handle), matrix)
        lined = bool(stroke) and not self._is_white(handle, stroke=True)
        filled = bool(mode) and not lined and not self._is_white(handle, stroke=False)
        if not lined and not filled:
            return
        for points, closed, straight in self._pieces(handle, count, full):
            if lined:
                ring = [*points, points[0]] if closed else points
                for start, end in pairwise(ring):
                    if straight:
                        self._segment(start, end)
            elif straight and len(points) >= 3:
                box = _around(points)
                if min(box[2] - box[0], box[3] - box[1]) <= THIN:
                    self._line_of(box)

    def _pieces(self, path: int, count: int, matrix: Matrix) -> Iterable[tuple[list[tuple[float, float]], bool, bool]]:
        """Sub-paths as displayed points, whether closed, whether without curves."""
        points: list[tuple[float, float]] = []
        closed, straight = False, True
        x_place, y_place = self._places[:2]
        numbers = self._numbers
        for index in range(count):
            segment = segment_of(path, index)
            kind = segment_kind(segment)
            segment_point(segment, x_place, y_place)
            if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
                if len(points) > 1:
                    yield points, closed, straight
                points, closed, straight = [], False, True
            straight = straight and kind != pdfium_c.FPDF_SEGMENT_BEZIERTO
            points.append(self._shown(matrix, numbers[0], numbers[1]))
            closed = closed or bool(segment_closes(segment))
        if len(points) > 1:
            yield points, closed, straight

    def _shown(self, matrix: Matrix, x: float, y: float) -> tuple[float, float]:
        a, b, c, d, e, f = matrix
        return self.frame.point(a * x + c * y + e, b * x + d * y + f)

    def _segment(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        across, down = abs(start[0] - end[0]), abs(start[1] - end[1])
        if min(across, down) <= 1.0:
            self._line_of(_around([start, end]))

    def _line_of(self, box: Box) -> None:
        x0, y0, x1, y1 = box
        x0, x1 = max(x0, -1.0), min(x1, self.frame.width + 1.0)
        y0, y1 = max(y0, -1.0), min(y1, self.frame.height + 1.0)
        across, down = x1 - x0, y1 - y0
        if across < 0 or down < 0 or max(across, down) < SHORTEST:
            return
        if across >= down:
            middle = (y0 + y1) / 2
            self.found.rulings.append(Ruling(x0, middle, x1, middle))
        else:
            middle = (x0 + x1) / 2
            self.found.rulings.append(Ruling(middle, y0, middle, y1))


def merge(rulings: Sequence[Ruling], *, near: float = 1.2, join: float = 2.0) -> list[Ruling]:
    """One ruling for all that lie on one line (within `near` points) and touch (within `join`), rounded to 0.01."""
    flat = [(r.y0, r.x0, r.x1) for r in rulings if r.y0 == r.y1]
    tall = [(r.x0, r.y0, r.y1) for r in rulings if r.y0 != r.y1]
    lines = [Ruling(start, at, end, at) for at, start, end in _merged(flat, near, join)]
    return lines + [Ruling(at, start, at, end) for at, start, end in _merged(tall, near, join)]


def _merged(pieces: list[tuple[float, float, float]], near: float, join: float) -> list[tuple[float, float, float]]:
    done: list[tuple[float, float, float]] = []
    group: list[tuple[float, float, float]] = []
    for piece in sorted(pieces):
        if group and piece[0] - group[0][0] > near:
            done.extend(_joined(group, join))
            group = []
        group.append(piece)
    done.extend(_joined(group, join))
    return done


def _joined(group: list[tuple[float, float, float]], join: float) -> list[tuple[float, float, float]]:
    if not group:
        return []
    at = round(sum(piece[0] for piece in group) / len(group), 2)
    spans: list[list[float]] = []
    for _, start, end in sorted(group, key=lambda piece: piece[1]):
        if spans and start <= spans[-1][1] + join:
            spans[-1][1] = max(spans[-1][1], end)
        else:
            spans.append([start, end])
    return [(at, round(start, 2), round(end, 2)) for start, end in spans]


def _times(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that applies `first`, then `then` (PDF 32000-1, 8.3.4: row vectors)."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _around(points: Sequence[tuple[float, float]]) -> Box:
    xs = [x for x, _ in points]
    ys = [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)
