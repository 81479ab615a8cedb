"""Kinds without pages, checked when they are opened: Word by its container, text by having any."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from docextract.errors import InputError
from docextract.types import Kind

LOOKED_AT_BYTES = 1 << 20  # white space in the first MiB and nothing else: an empty text
WHITE_SPACE = b" \t\r\n\f\v\x00\xef\xbb\xbf\xff\xfe"  # with the bytes of byte order marks and of UTF-16 blanks


def describe(path: str, kind: Kind) -> dict[str, Any]:
    """One page without a size. InputError corrupt for a Word file that is no sound zip or has no document in it."""
    blank = False
    if kind == "docx":
        _check_word(path)
    else:
        with Path(path).open("rb") as file:
            blank = not file.read(LOOKED_AT_BYTES).strip(WHITE_SPACE)
    return {"page_total": 1, "indexes": [0], "sizes": [(0.0, 0.0)], "warnings": [], "blank": blank}


def _check_word(path: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, LookupError) as error:
        raise InputError(f"damaged Word file: {error}") from error
    if not any(name.replace("\\", "/").lower().startswith("word/") for name in names):
        raise InputError("damaged Word file: no document in it")
