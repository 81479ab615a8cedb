"""Bytes of a text file as text: by byte order mark, else UTF-8, else Windows-1252."""

from __future__ import annotations

import codecs
from pathlib import Path

from docextract.pages.bounds import bound, reached

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark its own begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_bytes(path: str | Path) -> bytes:
    """The file's bytes. InputError limit_reached where there are too many."""
    size = Path(path).stat().st_size
    if size > bound("text_bytes"):
        raise reached("text_bytes", f"the text has {size:,} bytes")
    return Path(path).read_bytes()


def decode(data: bytes, declared: str | None = None) -> str:
    """The text with newlines as they are in Python. `declared` is an encoding that the file names itself.

    Bytes that a declared or marked encoding cannot have become U+FFFD; Windows-1252 has a letter for
    nearly all, so text of unknown encoding is never refused.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _lines(data.decode(encoding, "replace"))
    try:
        return _lines(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    if declared is not None:
        try:
            return _lines(data.decode(declared, "replace"))
        except LookupError:
            pass
    if b"\x00" in data[:1000]:  # UTF-16 without its mark: the zero bytes tell which half comes first
        encoding = "utf-16-be" if data[:1000:2].count(0) > data[1:1000:2].count(0) else "utf-16-le"
        return _lines(data.decode(encoding, "replace"))
    return _lines("".join(_western(byte) for byte in data))


def _western(byte: int) -> str:
    return bytes([byte]).decode("cp1252", "replace") if 0x80 <= byte < 0xA0 else chr(byte)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
