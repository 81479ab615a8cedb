"""Characters of a PDF page with their boxes, as pdfium gives them, on the displayed page.

The loose box (font ascent, descent and advance) is taken for every character: gaps measured between
tight boxes split "19,0". Tight boxes are asked for later, for the ends of words only, since every
call over the native border costs about half a microsecond.
"""

from __future__ import annotations

import ctypes
import math
import struct
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium_c

from docextract.read.frame import Frame
from docextract.read.native import (
    address_of,
    fill_color,
    font_flags,
    font_name,
    font_of,
    font_size,
    is_generated,
    loose_box,
    matrix_of,
    object_of,
    places_in,
    render_mode,
    stroke_color,
    tight_box,
    unicode_of,
    units_of,
)

MAX_GLYPHS = 200_000
"""Characters read of one page: a full broadsheet has 40,000; more is an attack or a mistake."""

_INVISIBLE_MODES = frozenset({3, 7})  # neither filled nor stroked; added to the clip path only
_FAR = 1e7  # points; what lies beyond is looked at again
_SOFT_HYPHENS = frozenset({0xFFFE, 0x00AD, 0x0002})  # pdfium writes 0xFFFE (older ones 2) for a hyphen at a line's end
_BLANKS = frozenset({0x20, 0x0D, 0x0A, 0x09})
_FORCE_BOLD = 1 << 18  # PDF 32000-1, table 123
_WHITE = 245  # each channel, of 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What all characters of one text object share.

    `size` is the font size in points as shown. `turn` is the direction of the text on the displayed
    page in quarter turns clockwise (0 runs right, 1 down, 3 up), or None where it runs aslant.
    `paint` is "ink", "none" (invisible by render mode or alpha), "pale" (white, so that what lies
    behind decides) or "covered" (an opaque image lies on top).
    """

    size: float
    turn: int | None
    bold: bool
    paint: str


class Glyph(NamedTuple):
    """One character: code point (or letters of a ligature), place in the text page, box on the displayed page."""

    text: str
    place: int
    x0: float
    y0: float
    x1: float
    y1: float
    style: Style


_new = tuple.__new__  # a third of what the class's own constructor costs
SPACE = None
"""Stands between glyphs where the file has white space of its own, not where pdfium guessed some."""


class Glyphs:
    """The characters of one text page; iterate once. `unsound` counts those that mean nothing."""

    def __init__(self, text_page: Any, frame: Frame, covered: frozenset[int] = frozenset()) -> None:
        self._page = text_page  # pdfium closes it when Python forgets it
        self.raw = text_page.raw
        self._address = address_of(text_page.raw)
        self._edges = (ctypes.c_double * 4)()
        self._edge_places = places_in(self._edges)
        self._color = (ctypes.c_uint * 4)()
        self._color_places = places_in(self._color)
        self.frame = frame
        self.covered = covered
        self.unsound = 0
        self._styles: dict[int, Style] = {}
        self._bold_fonts: dict[int, bool] = {}

    def __iter__(self) -> Iterator[Glyph | None]:
        frame, styles = self.frame, self._styles
        upright, left_edge, top_edge = frame.quarter == 0, frame.left, frame.top
        high, last_key, style = 0, -1, None
        for index, (unit, address, (left, top, right, bottom)) in enumerate(self._told()):
            code, key = unit, address or 0
            if 0x20 < code <= 0x7E:
                text = chr(code)
            else:
                if code <= 0x20 and code not in _SOFT_HYPHENS:
                    if code == 0x20 and not is_generated(self._address, index):
                        yield SPACE
                    if code in _BLANKS:
                        continue
                    code = 0xFFFD  # a glyph without a letter to its name, often a ligature: keeps its word together
                elif 0xD800 <= code < 0xDC00:  # pdfium gives UTF-16 units
                    high = code
                    continue
                elif 0xDC00 <= code < 0xE000:
                    code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
                    high = 0
                text = "\u00ad" if code in _SOFT_HYPHENS else chr(code)
                if text.isspace() or code in {0x200B, 0xFEFF}:
                    yield SPACE
                    continue
                if 0x7F <= code < 0xA0 or code >= 0xF0000:
                    self.unsound += 1
                text = _plain(text, code)
            if key != last_key or style is None:
                style = styles.get(key)
                if style is None:
                    style = styles[key] = self._style(index, key)
                last_key = key
            if upright and -_FAR < left <= right < _FAR and -_FAR < bottom <= top < _FAR:
                x0, y0, x1, y1 = left - left_edge, top_edge - top, right - left_edge, top_edge - bottom
            elif math.isfinite(left + right) and math.isfinite(bottom + top):
                x0, y0, x1, y1 = frame.box(left, bottom, right, top)
            else:  # a matrix of numbers that no page has puts it nowhere
                self.unsound += 1
                continue
            yield _new(Glyph, (text, index, x0, y0, x1, y1, style))

    def _told(self) -> Iterator[tuple[int, int | None, tuple[float, float, float, float]]]:
        """Code, text object and loose box (left, top, right, bottom) of every character.

        One question after the other for all of them: the loop over the native border then runs outside of Python.
        """
        count = min(int(pdfium_c.FPDFText_CountChars(self.raw)), MAX_GLYPHS)
        every, page = range(count), repeat(self._address)
        boxes = (ctypes.c_float * (4 * count))()  # as FS_RECTF has them
        first, size = ctypes.addressof(boxes), 4 * ctypes.sizeof(ctypes.c_float)
        deque(map(loose_box, page, every, range(first, first + size * count, size)), maxlen=0)
        return zip(self._codes(count), map(object_of, page, every), struct.iter_unpack("4f", boxes), strict=True)

    def _codes(self, count: int) -> Iterable[int]:
        """UTF-16 units of all characters. All at once in a tenth of the time, where none is left out of that answer."""
        units = (ctypes.c_ushort * (count + 1))()
        if units_of(self._address, 0, count, ctypes.addressof(units)) == count + 1:
            return units[:count]
        return map(unicode_of, repeat(self._address), range(count))

    def _style(self, index: int, key: int) -> Style:
        matrix = (ctypes.c_float * 6)()
        matrix_of(self._address, index, ctypes.addressof(matrix))
        a, b, c, d, _, _ = matrix
        em = font_size(self._address, index)
        size = em * (math.hypot(c, d) or 1.0)
        angle = math.degrees(math.atan2(b, a))  # counter-clockwise in user space
        turns = (self.frame.quarter * 90 - angle) / 90.0
        if not (math.isfinite(turns) and math.isfinite(size)):  # as if the matrix did nothing
            size, turns = em, float(self.frame.quarter)
        nearest = round(turns)
        turn = nearest % 4 if abs(turns - nearest) < 0.12 else None  # within 11 degrees
        if not key:
            return Style(size=size, turn=turn, bold=False, paint="ink")
        mode = render_mode(key)
        paint = "none" if mode in _INVISIBLE_MODES else "covered" if key in self.covered else self._paint(key, mode)
        return Style(size=size, turn=turn, bold=self._is_bold(key, mode), paint=paint)

    def _is_bold(self, key: int, mode: int) -> bool:
        if mode == 2:  # filled and stroked: how bold is feigned
            return True
        font = font_of(key)
        if not font:
            return False
        if font not in self._bold_fonts:
            buffer = ctypes.create_string_buffer(256)
            font_name(font, ctypes.addressof(buffer), 256)
            name = buffer.value.decode("latin-1").casefold()
            heavy = any(part in name for part in ("bold", "black", "heavy", "demi"))
            self._bold_fonts[font] = heavy or bool(font_flags(font) & _FORCE_BOLD)
        return self._bold_fonts[font]

    def _paint(self, key: int, mode: int) -> str:
        if not (stroke_color if mode == 1 else fill_color)(key, *self._color_places):
            return "ink"
        *channels, alpha = self._color
        if alpha < 8:
            return "none"
        return "pale" if min(channels) >= _WHITE else "ink"

    def ends(self, first: int, last: int) -> tuple[float, float] | None:
        """Where the ink of upright text begins and ends, from one character to another; None if that is not plain."""
        if self.frame.quarter or not tight_box(self._address, first, *self._edge_places):
            return None
        left, right, bottom, top = self._edges
        if right <= left or top <= bottom:
            return None
        if first == last:
            return left - self.frame.left, right - self.frame.left
        if not tight_box(self._address, last, *self._edge_places):
            return None
        before, (start, end, bottom, top) = left, self._edges
        if end <= start or top <= bottom or end < before or start < before:
            return None
        return before - self.frame.left, max(end, right) - self.frame.left

    def tight(self, index: int) -> tuple[float, float, float, float] | None:
        """The ink's box of one character on the displayed page, or None where it has no ink."""
        if not tight_box(self._address, index, *self._edge_places):
            return None
        left, right, bottom, top = self._edges
        if right <= left or top <= bottom:
            return None
        frame = self.frame
        if frame.quarter == 0:
            return left - frame.left, frame.top - top, right - frame.left, frame.top - bottom
        return frame.box(left, bottom, right, top)


def _plain(text: str, code: int) -> str:
    """Ligatures and Arabic presentation forms as the letters they stand for."""
    if 0xFB00 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFC:
        return unicodedata.normalize("NFKC", text)
    return text
