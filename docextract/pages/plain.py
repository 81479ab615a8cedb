"""Kinds without pages, checked when they are opened: Word by unpacking it, text by having any."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docextract.pages.preflight import check_word
from docextract.types import Kind

LOOKED_AT_BYTES = 1 << 20  # white space in the first MiB and nothing else: an empty text
WHITE_SPACE = b" \t\r\n\f\v\x00\xef\xbb\xbf\xff\xfe"  # with the bytes of byte order marks and of UTF-16 blanks


def describe(path: str, kind: Kind) -> dict[str, Any]:
    """One page without a size. InputError for a Word file that is damaged, encrypted or over a limit."""
    blank = False
    if kind == "docx":
        check_word(path)
    else:
        with Path(path).open("rb") as file:
            blank = not file.read(LOOKED_AT_BYTES).strip(WHITE_SPACE)
    return {"page_total": 1, "indexes": [0], "sizes": [(0.0, 0.0)], "warnings": [], "blank": blank}
