"""What a file is, by its content. The extension is only a hint where content cannot tell (Markdown, YAML, CSV)."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from pathlib import Path

from docextract.intake.containers import is_encrypted_word, ole_names, zip_names
from docextract.intake.signatures import FOREIGN, IMAGES, OPEN_DOCUMENT
from docextract.types import Kind

HEAD_BYTES = 1 << 16  # what `discover` reads of a file to tell its kind
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF_HEADER_BYTES = 1024  # readers accept the header anywhere in the first 1024 bytes (ISO 32000-1, annex H.3.4.1)
MARKDOWN_NAMES = {".md", ".markdown", ".mdown", ".mkd", ".mdx"}
YAML_NAMES = {".yaml", ".yml"}
CSV_NAMES = {".csv", ".tsv", ".tab"}
HTML_NAMES = {".html", ".htm", ".xhtml"}
KNOWN_NAMES = {
    ".pdf", ".docx", ".docm", ".doc", ".odt", ".rtf", ".pptx", ".xlsx",
    ".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff",
}  # fmt: skip

_OBJECT = re.compile(rb"\d+\s+\d+\s+obj\b")
_JSON_START = re.compile(r'\s*(?:\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\})|\[\s*(?:[\[{"\]]|-?\d[\d.eE+-]*\s*,))')
_HTML_START = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_HTML_TAG = re.compile(r"<(?:p|div|table|tr|td|h[1-6]|ul|ol|li|span|a|br|b|i|title|meta|style)\b[^<>]*>", re.IGNORECASE)
_XML_START = re.compile(r"\s*<(?:\?xml|!DOCTYPE|[A-Za-z_][\w.-]*(?::[\w.-]+)?(?:\s+[\w:.-]+\s*=|\s*/?>))")
_XML_PROLOG = re.compile(r"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>", re.DOTALL)
_XML_ROOT = re.compile(r"<([A-Za-z_][\w.-]*(?::[\w.-]+)?)")
_YAML_LINE = re.compile(r"^(?:[ \t]*(?:- )*[\"']?[\w$./{} -]+[\"']?:(?:\s|$)|[ \t]*- )")
_MARKDOWN_LINE = re.compile(r"^(?:#{1,6} \S|```|\|?[ \t]{0,9}:?-{3,}:?[ \t]{0,9}\|)", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # escape (1b) stands in terminal logs, the rest in no text


@dataclass(frozen=True, slots=True, kw_only=True)
class Sniffed:
    """`kind`, and where it is `unsupported` what the file is (`detail`) and the error code that fits."""

    kind: Kind
    detail: str = ""
    code: str = "unsupported"


def sniff(path: Path, head: bytes) -> Sniffed:
    """Tell the kind of a file from its first bytes (`HEAD_BYTES` of them) and, for containers, their directory."""
    suffix = path.suffix.lower()
    if _is_pdf(head, suffix):
        return Sniffed(kind="pdf")
    for offset, magic, kind in IMAGES:
        if head.startswith(magic, offset) and (kind != "webp" or head.startswith(b"RIFF")):
            return Sniffed(kind=kind)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(path, head, suffix)
    if head.startswith(OLE):
        return _ole(path, head, suffix)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return Sniffed(kind="rtf")
    text = _decode(head)
    if text is not None:
        return _text(text, suffix, whole=len(head) < HEAD_BYTES)
    if _is_bmp(head):  # after text: two letters are a weak signature
        return Sniffed(kind="bmp")
    for offset, magic, detail in FOREIGN:
        if head.startswith(magic, offset):
            return Sniffed(kind="unsupported", detail=detail)
    if suffix in KNOWN_NAMES:
        return Sniffed(
            kind="unsupported", code="corrupt", detail=f"damaged, or not what its name says: no {suffix} content in it"
        )
    return Sniffed(kind="unsupported", detail="binary data of an unknown kind")


def _is_pdf(head: bytes, suffix: str) -> bool:
    start = head[:PDF_HEADER_BYTES]
    at = start.find(b"%PDF")
    if at >= 0 and not start[:at].strip(b"\xef\xbb\xbf\x00 \t\r\n\f"):
        return True
    # Junk before the header, or no header at all: only with objects near, since a text may speak of %PDF.
    if at >= 0 or suffix == ".pdf":
        return _OBJECT.search(head) is not None and (b"endobj" in head or b"stream" in head)
    return False


def _is_bmp(head: bytes) -> bool:
    # 14 bytes of file header, then the size of the information header: one of the published ones.
    return head.startswith(b"BM") and len(head) >= 26 and head[14] in {12, 16, 40, 52, 56, 64, 108, 124}


def _zip(path: Path, head: bytes, suffix: str) -> Sniffed:
    if head[30:38] == b"mimetype":
        mimetype = head[38:120]
        if b"opendocument.text" in mimetype:
            return Sniffed(kind="odt")
        for marker, detail in OPEN_DOCUMENT:
            if marker in mimetype:
                return Sniffed(kind="unsupported", detail=detail)
    names, sound = zip_names(path, head)
    parts: tuple[tuple[str, Kind], ...] = (("word/", "docx"), ("ppt/", "pptx"), ("xl/", "xlsx"))
    for folder, kind in parts:
        if any(name.replace("\\", "/").lstrip("/").lower().startswith(folder) for name in names):
            if kind == "xlsx" and any(name.endswith(".bin") and "workbook" in name for name in names):
                return Sniffed(kind="unsupported", detail="a binary Excel workbook (.xlsb): save it as .xlsx first")
            return Sniffed(kind=kind)
    # A damaged office file goes to its loader, which says so in better words than "unsupported".
    named: dict[str, Kind] = {".docx": "docx", ".docm": "docx", ".pptx": "pptx", ".xlsx": "xlsx", ".odt": "odt"}
    if suffix in named and (not sound or "[Content_Types].xml" in names):
        return Sniffed(kind=named[suffix])
    return Sniffed(kind="unsupported", detail="a zip archive: unpack it first")


def _ole(path: Path, head: bytes, suffix: str) -> Sniffed:
    names = set(ole_names(path, head))
    if "EncryptedPackage" in names:
        return Sniffed(kind="unsupported", code="encrypted", detail="an Office file with a password")
    if "WordDocument" in names and is_encrypted_word(head):
        return Sniffed(kind="unsupported", code="encrypted", detail="a Word file with a password")
    if "WordDocument" in names:
        return Sniffed(kind="doc")
    if names & {"Workbook", "Book"}:
        return Sniffed(kind="unsupported", detail="an old Excel workbook (.xls): save it as .xlsx or PDF first")
    if "PowerPoint Document" in names:
        return Sniffed(kind="unsupported", detail="an old presentation (.ppt): save it as .pptx or PDF first")
    if any(name.startswith(("__substg1.0", "__properties")) for name in names):
        return Sniffed(kind="unsupported", detail="an Outlook message: save it as PDF or text first")
    if suffix == ".doc":
        return Sniffed(kind="doc")
    return Sniffed(kind="unsupported", detail="an old Office or Windows container of an unknown kind")


def _decode(head: bytes) -> str | None:
    """The head as text, or None where it is binary. A character cut at the end of the head is forgiven."""
    boms = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
    for bom, name in boms:
        if head.startswith(bom):
            text = _strict(head[len(bom) :], name)
            return text if text is not None and not _CONTROL.search(text) else None
    text = _strict(head, "utf-8")
    if text is None:
        # Latin-1 takes any byte: believe it only where most of the bytes are plain ASCII.
        ascii_share = sum(byte < 0x80 for byte in head) / max(1, len(head))
        text = head.decode("latin-1") if ascii_share > 0.6 else None
    return text if text is not None and not _CONTROL.search(text) else None


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(data, final=len(data) < HEAD_BYTES - 4)
    except UnicodeDecodeError:
        return None


def _text(text: str, suffix: str, *, whole: bool) -> Sniffed:
    if _is_json(text, whole=whole):
        return Sniffed(kind="unsupported", detail="a JSON data file: it is structured already")
    if text.lstrip().startswith("%YAML") or (suffix in YAML_NAMES and _is_yaml(text)):
        return Sniffed(kind="unsupported", detail="a YAML data file: it is structured already")
    if suffix in MARKDOWN_NAMES:
        return Sniffed(kind="markdown")
    if _HTML_START.match(text[:4096]) or (suffix in HTML_NAMES and _HTML_TAG.search(text)):
        return Sniffed(kind="html")
    if _XML_START.match(text):
        return _xml(text)
    if suffix in CSV_NAMES:
        return Sniffed(kind="unsupported", detail="a CSV data file: it is structured already")
    if suffix == "" and len(_MARKDOWN_LINE.findall(text)) >= 3:
        return Sniffed(kind="markdown")
    return Sniffed(kind="text")


def _is_json(text: str, *, whole: bool) -> bool:
    text = text.lstrip("\ufeff")
    if not _JSON_START.match(text):
        return False
    if not whole:
        return True
    try:
        json.loads(text)
    except RecursionError:
        return True
    except ValueError:
        # Not one value: JSON lines, or a damaged object. A Markdown link or a numbered note is neither.
        return text.lstrip().startswith("{")
    return True


def _is_yaml(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("#", "---"))]
    return not lines or sum(bool(_YAML_LINE.match(line[:200])) for line in lines) >= 0.3 * len(lines)


def _xml(text: str) -> Sniffed:
    root = _XML_ROOT.search(_XML_PROLOG.sub("", text[:4096]))
    name = root.group(1).lower() if root else ""
    if name == "html":
        return Sniffed(kind="html")
    if name.endswith("svg"):
        return Sniffed(kind="unsupported", detail="an SVG drawing: convert it to PDF or PNG first")
    if text.lstrip("\ufeff \t\r\n").startswith("<?xml") or f"</{name}" in text.lower():
        if len(_HTML_TAG.findall(text)) >= 3 and not text.lstrip().startswith("<?xml"):
            return Sniffed(kind="html")
        return Sniffed(kind="unsupported", detail="an XML data file: it is structured already")
    return Sniffed(kind="html" if _HTML_TAG.search(text) else "text")
