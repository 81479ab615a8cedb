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
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium_c

from docextract.read.frame import Frame
from docextract.read.native import address_of, is_generated, loose_box, object_of, tight_box, unicode_of

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


_four_floats = struct.Struct("4f").unpack_from
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
        start, step = ctypes.addressof(self._edges), ctypes.sizeof(ctypes.c_double)
        self._edge_places = tuple(start + step * at for at in range(4))
        self.frame = frame
        self.covered = covered
        self.unsound = 0
        self._styles: dict[int, Style] = {}
        self._bold_fonts: dict[int, bool] = {}

    def __iter__(self) -> Iterator[Glyph | None]:
        raw, frame, styles = self._address, self.frame, self._styles
        upright, left_edge, top_edge = frame.quarter == 0, frame.left, frame.top
        corners = bytearray(16)  # as FS_RECTF has them: left, top, right, bottom
        place = ctypes.addressof(ctypes.c_char.from_buffer(corners))
        high, last_key, style = 0, -1, None
        for index in range(min(int(pdfium_c.FPDFText_CountChars(self.raw)), MAX_GLYPHS)):
            code = unicode_of(raw, index)
            if code <= 0x20 and code not in _SOFT_HYPHENS:
                if code == 0x20 and not is_generated(raw, index):
                    yield SPACE
                if code in _BLANKS:
                    continue
                code = 0xFFFD  # a glyph without a letter to its name, often a ligature: keeps its word together
            text = chr(code)
            if code > 0x7E:
                if 0xD800 <= code < 0xDC00:  # pdfium gives UTF-16 units
                    high = code
                    continue
                if 0xDC00 <= code < 0xE000:
                    code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
                    high = 0
                text = "\u00ad" if code in _SOFT_HYPHENS else chr(code)
                if text.isspace() or code in {0x200B, 0xFEFF}:
                    yield SPACE
                    continue
                if 0x7F <= code < 0xA0 or code >= 0xF0000:
                    self.unsound += 1
                text = _plain(text, code)
            elif code == 0x02:
                text = "\u00ad"
            key = object_of(raw, index) or 0
            if key != last_key or style is None:
                style = styles.get(key)
                if style is None:
                    style = styles[key] = self._style(index, key)
                last_key = key
            loose_box(raw, index, place)
            left, top, right, bottom = _four_floats(corners)
            if upright and -_FAR < left <= right < _FAR and -_FAR < bottom <= top < _FAR:
                x0, y0, x1, y1 = left - left_edge, top_edge - top, right - left_edge, top_edge - bottom
            elif math.isfinite(left + right) and math.isfinite(bottom + top):
                x0, y0, x1, y1 = frame.box(left, bottom, right, top)
            else:  # a matrix of numbers that no page has puts it nowhere
                self.unsound += 1
                continue
            yield _new(Glyph, (text, index, x0, y0, x1, y1, style))

    def _style(self, index: int, key: int) -> Style:
        matrix = pdfium_c.FS_MATRIX()
        pdfium_c.FPDFText_GetMatrix(self.raw, index, ctypes.byref(matrix))
        size = float(pdfium_c.FPDFText_GetFontSize(self.raw, index)) * (math.hypot(matrix.c, matrix.d) or 1.0)
        angle = math.degrees(math.atan2(matrix.b, matrix.a))  # counter-clockwise in user space
        turns = (self.frame.quarter * 90 - angle) / 90.0
        if not (math.isfinite(turns) and math.isfinite(size)):  # as if the matrix did nothing
            size, turns = float(pdfium_c.FPDFText_GetFontSize(self.raw, index)), float(self.frame.quarter)
        nearest = round(turns)
        turn = nearest % 4 if abs(turns - nearest) < 0.12 else None  # within 11 degrees
        if not key:
            return Style(size=size, turn=turn, bold=False, paint="ink")
        handle = pdfium_c.FPDFText_GetTextObject(self.raw, index)
        mode = int(pdfium_c.FPDFTextObj_GetTextRenderMode(handle))
        paint = "none" if mode in _INVISIBLE_MODES else "covered" if key in self.covered else _paint(handle, mode)
        return Style(size=size, turn=turn, bold=self._is_bold(handle, mode), paint=paint)

    def _is_bold(self, handle: Any, mode: int) -> bool:
        if mode == 2:  # filled and stroked: how bold is feigned
            return True
        font = pdfium_c.FPDFTextObj_GetFont(handle)
        if not font:
            return False
        key = ctypes.addressof(font.contents)
        if key not in self._bold_fonts:
            buffer = ctypes.create_string_buffer(256)
            pdfium_c.FPDFFont_GetBaseFontName(font, buffer, 256)
            name = buffer.value.decode("latin-1").casefold()
            heavy = any(part in name for part in ("bold", "black", "heavy", "demi"))
            self._bold_fonts[key] = heavy or bool(int(pdfium_c.FPDFFont_GetFlags(font)) & _FORCE_BOLD)
        return self._bold_fonts[key]

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


def _paint(handle: Any, mode: int) -> str:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    refs = [ctypes.byref(value) for value in (red, green, blue, alpha)]
    ask = pdfium_c.FPDFPageObj_GetStrokeColor if mode == 1 else pdfium_c.FPDFPageObj_GetFillColor
    if not ask(handle, *refs):
        return "ink"
    if alpha.value < 8:
        return "none"
    return "pale" if min(red.value, green.value, blue.value) >= _WHITE else "ink"


def _plain(text: str, code: int) -> str:
    """Ligatures and Arabic presentation forms as the letters they stand for."""
    if 0xFB00 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFC:
        return unicodedata.normalize("NFKC", text)
    return text
