"""Pictures and texts that are made to hurt: few bytes that stand for many pixels, frames, elements or words."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from docextract.testing.bombs_pdf import packed

_MEBIBYTE = 1 << 20


def png_bomb(path: Path, side: int) -> None:
    """A white picture of `side` pixels square, 8-bit grey."""
    rows = packed(b"\x00" + b"\xff" * side, side)
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b""))


def png_text(path: Path, mebibytes: int = 200) -> None:
    """A small picture with a packed comment of so much."""
    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    comment = b"Comment\x00\x00" + packed(b"x" * _MEBIBYTE, mebibytes)
    rows = zlib.compress((b"\x00" + b"\xff" * 8) * 8)
    chunks = (_chunk(b"IHDR", header), _chunk(b"zTXt", comment), _chunk(b"IDAT", rows), _chunk(b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


def tiff_bomb(path: Path, side: int = 30_000) -> None:
    """One deflated strip that stands for `side` pixels square."""
    strip = packed(bytes(side), side)
    path.write_bytes(b"II*\x00" + struct.pack("<I", 8) + _directory(side, len(strip), 8 + 2 + 9 * 12 + 4, 0) + strip)


def tiff_circle(path: Path, side: int = 16) -> None:
    """A frame that is followed by itself."""
    strip = zlib.compress(bytes(side * side))
    path.write_bytes(b"II*\x00" + struct.pack("<I", 8) + _directory(side, len(strip), 8 + 2 + 9 * 12 + 4, 8) + strip)


def tiff_frames(path: Path, frames: int = 300, side: int = 10_000) -> None:
    """As many frames of `side` pixels square that share one strip."""
    strip = packed(bytes(side), side)
    at = 8 + len(strip)
    pieces = [b"II*\x00", struct.pack("<I", at), strip]
    for number in range(frames):
        at += 2 + 9 * 12 + 4
        pieces.append(_directory(side, len(strip), 8, at if number < frames - 1 else 0))
    path.write_bytes(b"".join(pieces))


def gif_frames(path: Path, frames: int = 2_000, side: int = 4_000) -> None:
    """An animation of as many frames, each as large as the whole and of another grey, that pack to some kB each."""
    code = _gif_code(side * side)
    blocks = b"".join(bytes([len(code[at : at + 255])]) + code[at : at + 255] for at in range(0, len(code), 255))
    pieces = [b"GIF89a" + struct.pack("<HHBBB", side, side, 0x80, 0, 0) + bytes(6)]
    for number in range(frames):
        grey = bytes([number >> 8, number & 255, 99])
        pieces.append(b"\x2c" + struct.pack("<HHHHB", 0, 0, side, side, 0x80) + grey * 2 + b"\x02" + blocks + b"\x00")
    path.write_bytes(b"".join(pieces) + b";")


def _gif_code(pixels: int) -> bytes:
    """LZW of so many zeros, two bits a sign: each code stands for one pixel more than the code before it."""
    out, held, count = bytearray(), 0, 0

    def put(code: int, width: int) -> None:
        nonlocal held, count
        held |= code << count
        count += width
        while count >= 8:
            out.append(held & 255)
            held >>= 8
            count -= 8

    clear, end, left = 4, 5, pixels
    while left > 0:
        put(clear, 3 if left == pixels else 12)
        width, following, length = 3, 6, 1
        put(0, width)
        left -= 1
        while left > 0 and following < 4095:
            length += 1
            run = min(length, left)
            put(0 if run == 1 else following + run - length, width)
            left -= run
            following += 1
            width += following == 1 << width and width < 12
    put(end, 12)
    out.append(held & 255)
    return bytes(out)


def text_flood(path: Path, mebibytes: int = 60) -> None:
    """A text of so many short words."""
    block = (b"word " * 20 + b"\n") * (_MEBIBYTE // 101)
    with path.open("wb") as file:
        for _ in range(mebibytes):
            file.write(block)


def html_deep(path: Path, depth: int = 500_000) -> None:
    """Boxes in boxes in boxes."""
    path.write_bytes(b"<html><body><p>Above</p>" + b"<div>" * depth + b"<p>Below</p></body></html>")


def html_spans(path: Path, rows: int = 2_000, cells: int = 100) -> None:
    """A table whose every cell says that it spans a thousand rows and columns."""
    cell = b'<td rowspan="1000" colspan="1000">x</td>' * cells
    path.write_bytes(b"<html><body><table>" + (b"<tr>" + cell + b"</tr>") * rows + b"</table></body></html>")


def markdown_stars(path: Path, length: int = 200_000) -> None:
    """Marks that open and never close, brackets in brackets: what trips patterns that look back."""
    lines = (b"*a " * length, b"[" * length, b"<a " * length, b"_a_" * length, b"| -" * length, b"`" * length)
    path.write_bytes(b"# Marks\n\n" + b"\n\n".join(lines))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _directory(side: int, length: int, strip: int, following: int) -> bytes:
    """A frame of one deflated strip of 8-bit grey."""
    entries = (
        (256, 4, side), (257, 4, side), (258, 3, 8), (259, 3, 8), (262, 3, 1),
        (273, 4, strip), (277, 3, 1), (278, 4, side), (279, 4, length),
    )  # fmt: skip
    out = struct.pack("<H", len(entries))
    out += b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return out + struct.pack("<I", following)
