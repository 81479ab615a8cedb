"""pdfium's calls for single characters, bound without the conversions that cost as much as the call itself.

A page asks these some ten thousand times. Handles and addresses go as plain integers, results come
back as such: 0.2 instead of 0.5 microseconds. The lock of the interpreter is kept, for a call is shorter
than giving it up and taking it again.
"""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as pdfium_c


def _bound(name: str, result: Any, *arguments: Any) -> Any:
    return ctypes.PYFUNCTYPE(result, *arguments)(address_of(getattr(pdfium_c, name)))


def address_of(handle: Any) -> int:
    """A handle of pypdfium2 as an integer."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def places_in(array: Any) -> tuple[int, ...]:
    """The address of each item of a ctypes array."""
    first, size = ctypes.addressof(array), ctypes.sizeof(array) // len(array)
    return tuple(range(first, first + size * len(array), size))


_POINTER, _INT = ctypes.c_void_p, ctypes.c_int

unicode_of = _bound("FPDFText_GetUnicode", ctypes.c_uint, _POINTER, _INT)
"""(text page, index) -> UTF-16 unit."""
units_of = _bound("FPDFText_GetText", _INT, _POINTER, _INT, _INT, _POINTER)
"""(text page, first, count, address of count + 1 UTF-16 units) -> how many were set, an ending 0 among them."""
is_generated = _bound("FPDFText_IsGenerated", _INT, _POINTER, _INT)
"""(text page, index) -> 1 for what pdfium guessed."""
object_of = _bound("FPDFText_GetTextObject", _POINTER, _POINTER, _INT)
"""(text page, index) -> address of the text object, None for none."""
loose_box = _bound("FPDFText_GetLooseCharBox", _INT, _POINTER, _INT, _POINTER)
"""(text page, index, address of four floats) -> whether they were set: left, top, right, bottom."""
tight_box = _bound("FPDFText_GetCharBox", _INT, _POINTER, _INT, _POINTER, _POINTER, _POINTER, _POINTER)
"""(text page, index, addresses of four doubles) -> whether they were set: left, right, bottom, top."""
matrix_of = _bound("FPDFText_GetMatrix", _INT, _POINTER, _INT, _POINTER)
"""(text page, index, address of six floats) -> whether they were set: a to f."""
font_size = _bound("FPDFText_GetFontSize", ctypes.c_double, _POINTER, _INT)
render_mode = _bound("FPDFTextObj_GetTextRenderMode", _INT, _POINTER)
font_of = _bound("FPDFTextObj_GetFont", _POINTER, _POINTER)
"""text object -> address of its font, None for none."""
font_name = _bound("FPDFFont_GetBaseFontName", ctypes.c_size_t, _POINTER, _POINTER, ctypes.c_size_t)
font_flags = _bound("FPDFFont_GetFlags", _INT, _POINTER)
fill_color = _bound("FPDFPageObj_GetFillColor", _INT, _POINTER, _POINTER, _POINTER, _POINTER, _POINTER)
"""(object, addresses of four unsigned integers) -> whether they were set: red, green, blue, alpha."""
stroke_color = _bound("FPDFPageObj_GetStrokeColor", _INT, _POINTER, _POINTER, _POINTER, _POINTER, _POINTER)

page_object = _bound("FPDFPage_GetObject", _POINTER, _POINTER, _INT)
form_object = _bound("FPDFFormObj_GetObject", _POINTER, _POINTER, ctypes.c_ulong)
form_objects = _bound("FPDFFormObj_CountObjects", _INT, _POINTER)
object_kind = _bound("FPDFPageObj_GetType", _INT, _POINTER)
object_matrix = _bound("FPDFPageObj_GetMatrix", _INT, _POINTER, _POINTER)
"""(object, address of six floats) -> whether they were set: a to f."""
may_shine_through = _bound("FPDFPageObj_HasTransparency", _INT, _POINTER)
segments_of = _bound("FPDFPath_CountSegments", _INT, _POINTER)
draw_mode = _bound("FPDFPath_GetDrawMode", _INT, _POINTER, _POINTER, _POINTER)
"""(path object, addresses of two integers) -> whether they were set: how it is filled, whether it is stroked."""

segment_of = _bound("FPDFPath_GetPathSegment", _POINTER, _POINTER, _INT)
"""(path object, index) -> address of the segment."""
segment_kind = _bound("FPDFPathSegment_GetType", _INT, _POINTER)
segment_closes = _bound("FPDFPathSegment_GetClose", _INT, _POINTER)
segment_point = _bound("FPDFPathSegment_GetPoint", _INT, _POINTER, _POINTER, _POINTER)
"""(segment, addresses of two floats) -> whether they were set: x, y."""
