"""Single digits, dashes and dots in the cells of a table, which detection passes by: it was taught on words.

What is looked for stands alone, on the height of a line, and under or over other cells of its column: marks
of dirt seldom do. Which digit it is, the recognition model tells; dashes and dots are known by their shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from docextract.read.pixels import Pixels
from docextract.read.seen import Quad

FEWEST = 8
"""Lines that a picture must have before its marks are looked at."""
MOST = 120
"""Marks of one picture; of more none is taken: it is grain or a pattern."""
REACH = 14
"""Line heights up and down within which another cell of the column must stand."""
LONGEST = 2400
"""Longer side, in pixels, of the picture that is searched: larger ones are made smaller, which takes less time."""

Boxes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Field:
    """Where something stands, upright: left, top, right and bottom in pixels; `sign` is the dash or dots it is."""

    x0: float
    y0: float
    x1: float
    y1: float
    sign: str | None = None

    @property
    def width(self) -> float:
        """Pixels from left to right."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        """Half way down."""
        return (self.y0 + self.y1) / 2


@dataclass(frozen=True, slots=True)
class Mark:
    """A lone mark: a box around it as high as its line, what stands in it alone, and which dash or dots it is."""

    quad: Quad
    print: Pixels
    sign: str | None


def lone_marks(pixels: Pixels, quads: Sequence[Quad]) -> list[Mark]:
    """Marks that none of these boxes holds; none on a picture without level lines."""
    scale = min(1.0, LONGEST / max(pixels.shape[:2]))
    fields = [_field(quad, scale) for quad in quads]
    level = [abs(quad[0][1] - quad[1][1]) < 0.5 * abs(quad[3][1] - quad[0][1]) for quad in quads]
    lines = [field for field, flat in zip(fields, level, strict=True) if flat]
    if len(lines) < FEWEST:
        return []
    usual = median(line.height for line in lines)
    lines = [line for line in lines if 0.5 * usual < line.height < 2 * usual]
    found: list[Mark] = []
    for field in _alone(_pieces(pixels, quads, scale, usual), usual):
        row = _row(field, lines)
        if row is None or not _is_in_column(field, lines):
            continue
        side = 0.0 if field.sign else 0.3 * row.height
        x0, x1 = max(0.0, field.x0 - side) / scale, min(pixels.shape[1] * scale - 1.0, field.x1 + side) / scale
        top, bottom = row.y0 / scale, row.y1 / scale
        print_ = _print(pixels, field, scale, (x0, top, x1, bottom))
        found.append(Mark(((x0, top), (x1, top), (x1, bottom), (x0, bottom)), print_, field.sign))
    return found if len(found) <= MOST else []


def _field(quad: Quad, scale: float) -> Field:
    xs, ys = [x * scale for x, _ in quad], [y * scale for _, y in quad]
    return Field(min(xs), min(ys), max(xs), max(ys))


def _print(pixels: Pixels, field: Field, scale: float, around: tuple[float, float, float, float]) -> Pixels:
    """The box with nothing in it but the mark, on white: the lines of a narrow cell are left out."""
    left, top, right, bottom = (round(edge) for edge in around)
    alone = np.full((max(1, bottom - top), max(1, right - left), 3), 255, dtype=np.uint8)
    x0, y0 = max(int(field.x0 / scale) - 1, left), max(int(field.y0 / scale) - 1, top)
    x1, y1 = min(int(field.x1 / scale) + 1, right), min(int(field.y1 / scale) + 1, bottom)
    part = pixels[y0:y1, x0:x1]
    ground = max(1, int(part.max(initial=1)))
    alone[y0 - top : y1 - top, x0 - left : x1 - left] = np.minimum(part.astype(np.uint16) * 255 // ground, 255)
    return alone


def _pieces(pixels: Pixels, quads: Sequence[Quad], scale: float, usual: float) -> Boxes:
    """Boxes (left, top, right, bottom) of connected ink outside all these boxes that is no drawn line or picture."""
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    if scale < 1.0:
        grey = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    window = max(3, int(2 * usual) | 1)
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, 30)
    for quad in quads:
        cv2.fillPoly(ink, [(np.asarray(quad, np.float32) * scale).astype(np.int32)], 0)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    x, y, wide, tall, area = stats[1:].T
    small = (area >= 4) & (wide < 6 * usual) & (tall < 3 * usual)
    return np.asarray(np.stack([x, y, x + wide, y + tall], axis=1)[small], dtype=np.int64)


def _alone(pieces: Boxes, usual: float) -> list[Field]:
    """Pieces that have the size of a digit or of a dash, and two or three dots, with white on either side."""
    found = []
    for x0, y0, x1, y1 in pieces.tolist():
        field = Field(x0, y0, x1, y1)
        dash = _is_dash(field, usual)
        dot = not dash and field.width <= 0.16 * usual and field.height <= 0.16 * usual
        if not (dot or dash or _is_digit(field, usual)):
            continue
        near = pieces[
            (pieces[:, 2] > x0 - 0.8 * usual)
            & (pieces[:, 0] < x1 + 0.8 * usual)
            & (pieces[:, 3] > y0 - 0.1 * usual)
            & (pieces[:, 1] < y1 + 0.1 * usual)
        ]
        if dot:
            if 2 <= len(near) <= 3 and x0 == near[:, 0].min() and _are_dots(near, usual):
                found.append(Field(x0, y0, float(near[:, 2].max()), y1, "." * len(near)))
        elif len(near) == 1:
            found.append(Field(x0, y0, x1, y1, _dash(field, usual) if dash else None))
    return found


def _is_digit(piece: Field, usual: float) -> bool:
    return 0.35 * usual <= piece.height <= 0.9 * usual and 0.1 * usual <= piece.width <= 0.8 * piece.height


def _is_dash(piece: Field, usual: float) -> bool:
    return piece.height <= 0.2 * usual and max(4.0, 0.1 * usual, 1.7 * piece.height) <= piece.width <= 1.1 * usual


def _are_dots(pieces: Boxes, usual: float) -> bool:
    """Whether all of these are as small as one another and stand on one height."""
    sizes = pieces[:, 2:] - pieces[:, :2]
    return bool(sizes.max() <= 0.16 * usual and np.ptp(pieces[:, 3]) <= max(1.0, 0.06 * usual))


def _dash(field: Field, usual: float) -> str:
    """Hyphen, en dash or em dash, by its length beside the height of a line's box (1.4 times the letters' size)."""
    long = field.width / usual
    return "-" if long < 0.3 else "–" if long < 0.55 else "—"


def _row(mark: Field, lines: Sequence[Field]) -> Field | None:
    """The nearest line beside a mark in which it stands as it should: dots at the foot, all else in the middle."""
    low = mark.sign is not None and mark.sign[0] == "."

    def stands(line: Field) -> bool:
        if mark.y0 < line.y0 - 1 or mark.y1 > line.y1 + 1:
            return False
        place = (mark.middle - line.y0) / line.height
        return 0.6 < place < 0.9 if low else abs(place - 0.5) < 0.2

    level = [line for line in lines if stands(line)]
    return min(level, key=lambda line: max(line.x0 - mark.x1, mark.x0 - line.x1), default=None)


def _is_in_column(mark: Field, lines: Sequence[Field]) -> bool:
    """Whether a narrow line above or below ends, begins or has its middle where the mark does."""
    for line in lines:
        reach = line.height
        if line.width > 7 * reach or not 0.8 * reach < abs(line.middle - mark.middle) < REACH * reach:
            continue
        centre = abs((line.x0 + line.x1) - (mark.x0 + mark.x1)) / 2
        if min(abs(line.x1 - mark.x1), abs(line.x0 - mark.x0), centre) < 0.6 * reach:
            return True
    return False
