"""PDFs that are made to hurt: small files that would take for ever, fill the memory, or lead in circles.

Every maker writes one file; the numbers may be made smaller where a test needs only the shape of it.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

_FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 300 400]"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
_MEBIBYTE = 1 << 20


def assemble(objects: Sequence[bytes], *, trailer: bytes = b"", head: bytes = b"%PDF-1.7\n") -> bytes:
    """Objects numbered from 1 as a PDF with a sound cross-reference table; the first is the catalogue."""
    pieces = [head]
    at, places = len(head), []
    for number, body in enumerate(objects, 1):
        piece = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        places.append(at)
        at += len(piece)
        pieces.append(piece)
    pieces.append(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    pieces += [b"%010d 00000 n \n" % place for place in places]
    pieces.append(b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, at))
    return b"".join(pieces)


def stream(data: bytes, keys: bytes = b"") -> bytes:
    """A stream object of these bytes."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (keys, len(data), data)


def one_page(
    content: bytes, *, box: bytes = b"0 0 300 400", keys: bytes = b"", more: Sequence[bytes] = (), root: bytes = b""
) -> bytes:
    """A PDF of one page. `content` is an object (see `stream`), number 4; 5 is a font, /F1; `more` are 6 and on."""
    return assemble(
        [
            b"<</Type/Catalog/Pages 2 0 R%s>>" % root,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R%s>>"
            % (box, keys or b"/Resources<</Font<</F1 5 0 R>>>>"),
            content,
            _FONT,
            *more,
        ]
    )


def large_page(path: Path, side: int = 14_400) -> None:
    """A page of `side` points square (14,400 is the format's own limit), with large letters on it."""
    words = b"BT /F1 900 Tf 800 7000 Td (As large as pages get) Tj ET"
    path.write_bytes(one_page(stream(words), box=b"0 0 %d %d" % (side, side)))


def unit_page(path: Path) -> None:
    """A small page whose UserUnit makes it 50 times as large."""
    keys = b"/UserUnit 50/Resources<</Font<</F1 5 0 R>>>>"
    path.write_bytes(one_page(stream(b"BT /F1 20 Tf 30 300 Td (Fifty times as large) Tj ET"), keys=keys))


def page_without_area(path: Path) -> None:
    """Two pages, of which the first is cropped to less than nothing."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents 5 0 R/Resources<</Font<</F1 6 0 R>>>>%s>>"
    words = stream(b"BT /F1 20 Tf 30 300 Td (Cropped) Tj ET")
    tree = b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>"
    crop = b"/CropBox[0 0 -1 400]"
    path.write_bytes(assemble([b"<</Type/Catalog/Pages 2 0 R>>", tree, page % crop, page % b"", words, _FONT]))


def nested_forms(path: Path, depth: int = 12, width: int = 10) -> None:
    """`width ** depth` drawings of one small box."""
    forms = [
        stream(b"/F Do " * width, _FORM + b"/Resources<</XObject<</F %d 0 R>>>>" % (7 + level))
        for level in range(depth)
    ]
    forms.append(stream(b"0 0 10 10 re f", _FORM))
    path.write_bytes(one_page(stream(b"/F Do"), keys=b"/Resources<</XObject<</F 6 0 R>>>>", more=forms))


def form_in_itself(path: Path) -> None:
    """A form that draws itself."""
    own = stream(b"0 0 10 10 re f /F Do", _FORM + b"/Resources<</XObject<</F 6 0 R>>>>")
    path.write_bytes(one_page(stream(b"/F Do"), keys=b"/Resources<</XObject<</F 6 0 R>>>>", more=[own]))


def tree_loop(path: Path) -> None:
    """A page tree that is its own child."""
    path.write_bytes(assemble([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]))


def reference_loop(path: Path) -> None:
    """A cross-reference table that says it was preceded by itself, and a length that is a circle of references."""
    data = one_page(b"<</Length 6 0 R>>\nstream\n0 0 9 9 re f\nendstream", more=[b"7 0 R", b"6 0 R"])
    start = data.rindex(b"xref\n0 ", 0, data.rindex(b"startxref"))
    path.write_bytes(data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % start))


def many_pages(path: Path, pages: int = 100_000) -> None:
    """A flat page tree; every page has its number on it."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * index) for index in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d/MediaBox[0 0 300 400]/Resources<</Font<</F1 3 0 R>>>>>>" % (kids, pages),
        _FONT,
    ]
    for index in range(pages):
        objects.append(b"<</Type/Page/Parent 2 0 R/Contents %d 0 R>>" % (5 + 2 * index))
        objects.append(stream(b"BT /F1 20 Tf 30 300 Td (Sheet %d) Tj ET" % (index + 1)))
    path.write_bytes(assemble(objects))


def many_attachments(path: Path, files: int = 10_000) -> None:
    """One page, and as many attached files."""
    names, more = [], []
    for index in range(files):
        number = 6 + 2 * index
        names.append(b"(f%05d.txt) %d 0 R" % (index, number))
        more.append(b"<</Type/Filespec/F(f%05d.txt)/EF<</F %d 0 R>>>>" % (index, number + 1))
        more.append(stream(b"attached %d" % index, b"/Type/EmbeddedFile"))
    root = b"/Names<</EmbeddedFiles<</Names[%s]>>>>" % b" ".join(names)
    content = stream(b"BT /F1 20 Tf 30 300 Td (Enclosed: ten thousand files) Tj ET")
    path.write_bytes(one_page(content, more=more, root=root))


def packed(block: bytes, times: int, *, level: int = 9) -> bytes:
    """A block repeated and deflated, never held whole."""
    deflate = zlib.compressobj(level)
    return b"".join(deflate.compress(block) for _ in range(times)) + deflate.flush()


def flate_bomb(path: Path, mebibytes: int = 1024) -> None:
    """A page whose content is packed twice and unpacks to white space without end."""
    inner = packed(b" " * _MEBIBYTE, mebibytes)
    path.write_bytes(one_page(stream(zlib.compress(inner, 9), b"/Filter[/FlateDecode/FlateDecode]")))


def path_flood(path: Path, lines: int = 30_000_000) -> None:
    """A page of so many strokes, each across all of it."""
    times = max(1, lines // 10_000)
    content = packed(b"0 0 m 300 400 l S\n" * 10_000, times)
    path.write_bytes(one_page(stream(content, b"/Filter/FlateDecode")))


def word_flood(path: Path, words: int = 2_000_000) -> None:
    """A page of so many words, layers of a thousand one on the other."""
    places = ((number % 40 * 7 + 10, number // 40 * 15 + 10) for number in range(1000))
    text = b"BT /F1 1 Tf " + b"".join(b"1 0 0 1 %d %d Tm (word) Tj " % place for place in places) + b"ET\n"
    path.write_bytes(one_page(stream(packed(text, max(1, words // 1000)), b"/Filter/FlateDecode")))


def image_bomb(path: Path, side: int = 30_000) -> None:
    """A page with one image of `side` pixels square, all of them black."""
    row = packed(bytes(side), 3 * side)
    keys = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8" % (side, side)
    image = stream(row, keys + b"/Filter/FlateDecode")
    path.write_bytes(
        one_page(stream(b"300 0 0 400 0 0 cm /I Do"), keys=b"/Resources<</XObject<</I 6 0 R>>>>", more=[image])
    )


def deep_arrays(path: Path, depth: int = 200_000) -> None:
    """A page with a key whose value is an array in an array in an array."""
    deep = b"/PieceInfo<</A " + b"[" * depth + b"]" * depth + b">>/Resources<</Font<</F1 5 0 R>>>>"
    path.write_bytes(one_page(stream(b"BT /F1 20 Tf 30 300 Td (Deep below) Tj ET"), keys=deep))


def pattern_loop(path: Path) -> None:
    """A tiling pattern filled with itself."""
    keys = b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 2 2]/XStep 1/YStep 1"
    own = stream(b"/Pattern cs /P scn 0 0 2 2 re f", keys + b"/Resources<</Pattern<</P 6 0 R>>>>")
    content = stream(b"/Pattern cs /P scn 0 0 300 400 re f")
    path.write_bytes(one_page(content, keys=b"/Resources<</Pattern<</P 6 0 R>>>>", more=[own]))
