"""Words of a page from its pixels: turned upright, straightened and tiled where needed, boxes on the displayed page."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from docextract.read.pixels import Pixels
from docextract.read.rapid import RapidReader
from docextract.read.seen import Point, Quad, Reader, SeenLine
from docextract.read.tesseract import TesseractReader
from docextract.read.tiles import tiles, without_repeats
from docextract.types import Word

READERS: dict[str, Callable[[], Reader]] = {"local": RapidReader, "tesseract": TesseractReader}
"""Engines that read pixels in a child, by the name that `--ocr` takes."""

DOUBTFUL = 0.86
"""Mean confidence below which a page may stand on its head: upright print gives .95 and more."""
STEEP = 4.0
"""Degrees of slant from which a picture is straightened and read again; less is read as it is."""

_kept: dict[str, Reader] = {}


def reader_of(name: str) -> Reader:
    """The engine, loaded once a process. InputError missing_tool where it is not installed."""
    if name not in _kept:
        _kept[name] = READERS[name]()
    return _kept[name]


def read_pixels(reader: Reader, pixels: Pixels) -> tuple[list[SeenLine], int, float]:
    """Lines on the picture as given, the quarter turns clockwise that its text runs in, and its slant in degrees."""
    lines = _tiled(reader, pixels)
    turn = _turn(reader, pixels, lines)
    upright = np.ascontiguousarray(np.rot90(pixels, turn))  # rot90 turns against the clock
    if turn:
        lines = _tiled(reader, upright)
    slant = slant_of(lines)
    if STEEP <= abs(slant) <= 45:
        lines = _straightened(reader, upright, slant) or lines
    if turn:
        height, width = pixels.shape[:2]
        lines = [moved(line, lambda point: _turned_back(point, turn, width, height)) for line in lines]
    return lines, turn, slant


def words_of(lines: list[SeenLine], turn: int, scale: tuple[float, float]) -> list[Word]:
    """Words in points; `scale` is points a pixel across and down."""
    words = []
    for line in lines:
        size = line.height * (scale[0] if turn % 2 else scale[1]) * 0.8  # the box is taller than the letters' size
        for word in line.words:
            xs = [x * scale[0] for x, _ in word.quad]
            ys = [y * scale[1] for _, y in word.quad]
            corners = (round(min(xs), 2), round(min(ys), 2), round(max(xs), 2), round(max(ys), 2))
            words.append(Word(word.text, *corners, round(size, 2), confidence=word.confidence, turn=turn))
    return words


def _tiled(reader: Reader, pixels: Pixels) -> list[SeenLine]:
    seen = []
    for top, part in tiles(pixels):
        found = reader.lines(np.ascontiguousarray(part))
        seen.append([moved(line, lambda point, top=top: (point[0], point[1] + top)) for line in found])  # type: ignore[misc]  # a bound default
    return without_repeats(seen)


def moved(line: SeenLine, move: Callable[[Point], Point]) -> SeenLine:
    """The line with every corner moved."""

    def quad(corners: Quad) -> Quad:
        return move(corners[0]), move(corners[1]), move(corners[2]), move(corners[3])

    words = tuple(replace(word, quad=quad(word.quad)) for word in line.words)
    return replace(line, words=words, quad=quad(line.quad))


def _turn(reader: Reader, pixels: Pixels, lines: list[SeenLine]) -> int:
    """Quarter turns clockwise that the text runs in, tried on a sample where the first reading looks wrong."""
    signs = sum(line.signs for line in lines)
    if signs < 8:
        return 0
    upended = sum(line.signs for line in lines if _is_upended(line))
    mean = sum(line.confidence * line.signs for line in lines) / signs
    if upended > 0.6 * signs:
        tries = [1, 3]
    elif mean < DOUBTFUL:
        tries = [0, 2]
    else:
        return 0
    sample = _sample(pixels, lines)
    scores = {turn: _score(reader.lines(np.ascontiguousarray(np.rot90(sample, turn)))) for turn in tries}
    return max(tries, key=lambda turn: scores[turn])


def _is_upended(line: SeenLine) -> bool:
    xs = [x for x, _ in line.quad]
    ys = [y for _, y in line.quad]
    return max(ys) - min(ys) > 1.5 * (max(xs) - min(xs))


def _sample(pixels: Pixels, lines: list[SeenLine]) -> Pixels:
    """The part of the picture around its longest line, enough for some lines."""
    height, width = pixels.shape[:2]
    longest = max(lines, key=lambda line: line.signs)
    x = int(sum(x for x, _ in longest.quad) / 4)
    y = int(sum(y for _, y in longest.quad) / 4)
    reach = int(max(250, 0.6 * max(longest.width, longest.height)))
    return pixels[max(0, y - reach) : min(height, y + reach), max(0, x - reach) : min(width, x + reach)]


def _score(lines: list[SeenLine]) -> float:
    """How much was read how surely; lines that stand on end count nothing."""
    return sum(line.signs * max(0.0, line.confidence - 0.5) for line in lines if not _is_upended(line))


def slant_of(lines: list[SeenLine]) -> float:
    """Degrees clockwise that lines fall to the right: the median of the longer ones, weighted by length; 0 if few."""
    angles = []
    for line in lines:
        if line.width > 6 * line.height and line.width > 60:
            (ax, ay), (bx, by) = line.quad[0], line.quad[1]
            angles.append((math.degrees(math.atan2(by - ay, bx - ax)), line.width))
    if len(angles) < 3:
        return 0.0
    angles.sort()
    half = sum(weight for _, weight in angles) / 2
    for angle, weight in angles:
        half -= weight
        if half <= 0:
            return angle
    return 0.0


def _straightened(reader: Reader, pixels: Pixels, slant: float) -> list[SeenLine]:
    import cv2

    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), slant, 1.0)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    wide, tall = int(height * sine + width * cosine), int(height * cosine + width * sine)
    matrix[0, 2] += (wide - width) / 2
    matrix[1, 2] += (tall - height) / 2
    level = cv2.warpAffine(pixels, matrix, (wide, tall), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    back = cv2.invertAffineTransform(matrix)

    def restore(point: Point) -> Point:
        x, y = point
        return (
            float(back[0, 0] * x + back[0, 1] * y + back[0, 2]),
            float(back[1, 0] * x + back[1, 1] * y + back[1, 2]),
        )

    return [moved(line, restore) for line in _tiled(reader, np.asarray(level, dtype=np.uint8))]


def _turned_back(point: Point, turn: int, width: int, height: int) -> Point:
    """A point of the upright picture on the picture as given, `width` by `height`."""
    x, y = point
    if turn == 1:  # upright = given turned once against the clock
        return width - y, x
    if turn == 2:
        return width - x, height - y
    return y, height - x
