"""Bars of black and white cells that carry bytes through pixels, so that a fake model can read a page.

A bar spans 90 % of the page's width: a black finder of 2 cells, a white one, 192 data cells (24 bytes a
line), a white one, a finder of 2. Lines are stacked without a gap; the finders run through all of them.
A bar holds its length (2 bytes), the payload and a CRC-32. Everything is proportional to the width, so
any scale is read as long as a cell is about two pixels wide (600 pixels across), JPEG at quality 85
included; a page cut into tiles is read as long as whole bars are in them.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MARGIN = 0.05
"""Left edge of a bar, as a fraction of the page's width. Nothing else may stand left of 0.07."""

_DATA_CELLS = 192
_CELLS = _DATA_CELLS + 6
CELL = (1 - 2 * MARGIN) / _CELLS
"""Width of a cell as a fraction of the page's width."""

LINE = 1.2 * CELL
"""Height of a line of cells, as a fraction of the page's WIDTH."""

_BYTES = _DATA_CELLS // 8


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar that was read: its payload and its top and bottom in pixels of the image."""

    payload: bytes
    top: float
    bottom: float


def lines_of(payload: bytes) -> int:
    """How many lines of cells a payload takes."""
    return -(-(len(payload) + 6) // _BYTES)


def height_of(payload: bytes) -> float:
    """Height of a payload's bar as a fraction of the page's width."""
    return lines_of(payload) * LINE


def black_runs(payload: bytes) -> Iterator[tuple[float, float, float, float]]:
    """Black rectangles of a bar: x, y, width, height as fractions of the page's width, y from the bar's top."""
    framed = struct.pack(">H", len(payload)) + payload + struct.pack(">I", zlib.crc32(payload))
    lines = lines_of(payload)
    framed = framed.ljust(lines * _BYTES, b"\0")
    for finder in (0, _CELLS - 2):
        yield MARGIN + finder * CELL, 0.0, 2 * CELL, lines * LINE
    for line in range(lines):
        bits = int.from_bytes(framed[line * _BYTES : (line + 1) * _BYTES], "big")
        cells = f"{bits:0{_DATA_CELLS}b}"
        start = 0
        for cell in range(1, _DATA_CELLS + 1):
            if cell == _DATA_CELLS or cells[cell] != cells[start]:
                if cells[start] == "1":
                    yield MARGIN + (3 + start) * CELL, line * LINE, (cell - start) * CELL, LINE
                start = cell


def read_bars(image: Image.Image) -> list[Bar]:
    """Every whole bar of a page image, from top to bottom. What fails its checksum is left out."""
    grey = image.convert("L")
    width, height = grey.size
    pixels = grey.tobytes()
    bars = []
    for top, bottom in _finders(pixels, width, height):
        payload = _read(pixels, width, top, bottom)
        if payload is not None:
            bars.append(Bar(payload, top, bottom))
    return bars


def _finders(pixels: bytes, width: int, height: int) -> Iterator[tuple[int, int]]:
    """Vertical black runs in the middle of the left finder."""
    column = pixels[int((MARGIN + CELL) * width) :: width]
    least = 0.7 * LINE * width
    start = None
    for y in range(height + 1):
        is_black = y < height and column[y] < 128
        if is_black and start is None:
            start = y
        elif not is_black and start is not None:
            if y - start >= least:
                yield start, y
            start = None


def _read(pixels: bytes, width: int, top: int, bottom: int) -> bytes | None:
    lines = max(1, round((bottom - top) / (LINE * width)))
    for shift in (0.0, 0.2, -0.2):  # rounding at small scales moves the cells by a fraction of a pixel
        framed = bytearray()
        for line in range(lines):
            row = width * int(top + (line + 0.5) * (bottom - top) / lines)
            bits = 0
            for cell in range(_DATA_CELLS):
                x = int((MARGIN + (3.5 + shift + cell) * CELL) * width)
                bits = bits << 1 | (pixels[row + x] < 128)
            framed += bits.to_bytes(_BYTES, "big")
        length = int.from_bytes(framed[:2], "big")
        payload = bytes(framed[2 : 2 + length])
        if framed[2 + length : 6 + length] == struct.pack(">I", zlib.crc32(payload)) and lines_of(payload) == lines:
            return payload
    return None
