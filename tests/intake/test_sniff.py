from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from docextract.intake.containers import is_encrypted_word
from docextract.intake.sniff import HEAD_BYTES, Sniffed, sniff


def told(tmp_path: Path, name: str, data: bytes) -> Sniffed:
    path = tmp_path / name
    path.write_bytes(data)
    return sniff(path, data[:HEAD_BYTES])


def picture(form: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(buffer, form)
    return buffer.getvalue()


def archive(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, text in members.items():
            file.writestr(name.replace("__", "/"), text)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("form", "kind"),
    [("PNG", "png"), ("JPEG", "jpeg"), ("GIF", "gif"), ("BMP", "bmp"), ("TIFF", "tiff"), ("WEBP", "webp")],
)
def test_images_are_told_whatever_their_name(tmp_path: Path, form: str, kind: str) -> None:
    assert told(tmp_path, "invoice.pdf", picture(form)).kind == kind


def test_word_is_told_by_its_members_also_behind_junk_and_when_cut(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    word = buffer.getvalue()
    assert told(tmp_path, "a.zip", word).kind == "docx"
    assert told(tmp_path, "b.docx", word[: len(word) // 2]).kind == "docx"
    assert told(tmp_path, "c.bin", word[: len(word) // 2]).kind == "docx"


@pytest.mark.parametrize(
    ("members", "kind", "says"),
    [
        ({"ppt__presentation.xml": ""}, "pptx", ""),
        ({"xl__workbook.xml": ""}, "xlsx", ""),
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, "odt", ""),
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "unsupported", "spreadsheet"),
        ({"mimetype": "application/epub+zip"}, "unsupported", "EPUB"),
        ({"readme.txt": "hello"}, "unsupported", "unpack"),
    ],
)
def test_zips_are_told_by_what_they_hold(tmp_path: Path, members: dict[str, str], kind: str, says: str) -> None:
    found = told(tmp_path, "x", archive(**members))
    assert found.kind == kind
    assert says in found.detail


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\xef\xbb\xbf\n%PDF-1.7\n", "pdf"),
        (b"junk\x00\x01" * 50 + b"%PDF-1.7\n1 0 obj\n<<>>\nendobj", "pdf"),
        (b"{\\rtf1\\ansi hello}", "rtf"),
        (b"<!-- x --> <!DOCTYPE html><html><body>hi</body></html>", "html"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "html"),
        ("gr\u00fc\u00dfe".encode("utf-16"), "text"),
        ("gr\u00fc\u00dfe aus K\u00f6ln, Stra\u00dfe 5".encode("latin-1"), "text"),
        (b"Notes on %PDF-1.7 headers\n", "text"),
        (b"[link](http://x) and words", "text"),
        (b"[1] Knuth, The Art\n", "text"),
        (b"{braces} open this letter", "text"),
    ],
)
def test_content_tells_the_kind(tmp_path: Path, data: bytes, kind: str) -> None:
    assert told(tmp_path, "x.dat", data).kind == kind


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("x.txt", b'{"a": [1, 2]}', "JSON"),
        ("x.txt", b'{"a": 1}\n{"a": 2}\n', "JSON"),
        ("x.txt", b"[1, 2, 3]", "JSON"),
        ("x", b'{"a": "' + b"x" * (HEAD_BYTES + 10) + b'"}', "JSON"),
        ("x.txt", b"<?xml version='1.0'?><!-- c --><invoice><id>1</id></invoice>", "XML"),
        ("x", b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "SVG"),
        ("x.yaml", b"openapi: 3.0.0\ninfo:\n  title: x\n", "YAML"),
        ("x.csv", b"a,b\n1,2\n", "CSV"),
        ("x.pdf", b"\x1f\x8b\x08\x00\x00", "gzip"),
        ("x.jpg", b"\x00\x00\x00\x18ftypheic\x00", "HEIC"),
    ],
)
def test_data_files_and_foreign_kinds_are_named(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    found = told(tmp_path, name, data)
    assert (found.kind, found.code) == ("unsupported", "unsupported")
    assert says in found.detail


def test_the_extension_only_parts_markdown_and_data_from_text(tmp_path: Path) -> None:
    plain = b"# Title\n\nname: value\n"
    assert told(tmp_path, "x.md", plain).kind == "markdown"
    assert told(tmp_path, "x.txt", plain).kind == "text"
    assert told(tmp_path, "x.md", b"<h1 align=center>Logo</h1>\n\nwords").kind == "markdown"
    assert told(tmp_path, "x.yaml", b"Dear Sir\n\nthis is a letter\nwith lines\nof words\n").kind == "text"


def test_garbage_with_a_known_name_is_damaged_and_an_office_file_with_a_password_is_encrypted(tmp_path: Path) -> None:
    assert told(tmp_path, "x.pdf", bytes(range(256)) * 4).code == "corrupt"
    assert told(tmp_path, "x.bin", bytes(range(256)) * 4).code == "unsupported"
    entry = "EncryptedPackage".encode("utf-16-le")
    ole = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016))
    ole[30:32], ole[48:52] = b"\x09\x00", b"\x00\x00\x00\x00"
    ole[512 : 512 + len(entry)] = entry
    ole[576:578] = (len(entry) + 2).to_bytes(2, "little")
    assert told(tmp_path, "x.docx", bytes(ole)).code == "encrypted"


@given(st.binary(max_size=600), st.sampled_from(["x", "x.pdf", "x.docx", "x.md", "x.yaml", "x.doc"]))
def test_any_bytes_are_told(data: bytes, name: str) -> None:
    found = sniff(Path("/nonexistent") / name, data)
    assert (found.kind == "unsupported") == bool(found.detail)


def test_an_old_word_file_with_a_password_is_called_encrypted() -> None:
    plain = b"\0" * 512 + b"\xec\xa5" + b"\0" * 8 + b"\xf0\x12" + b"\0" * 500
    locked = plain.replace(b"\xf0\x12", b"\xf0\x13")
    assert not is_encrypted_word(plain)
    assert is_encrypted_word(locked)
    assert not is_encrypted_word(b"")
