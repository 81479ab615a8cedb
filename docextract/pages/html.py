"""An HTML file as blocks: what a browser would show, without its style sheets, scripts and network."""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path
from typing import Any

import lxml.html
from lxml import etree

from docextract.errors import InputError
from docextract.pages.blocks import Block, Cell, cell_of, rows_as_text, table_block, text_block
from docextract.pages.decode import decode, read_bytes
from docextract.pages.pictures import Pictures

_DROPPED = frozenset({
    "head", "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "canvas", "audio",
    "video", "map", "param", "datalist", "dialog",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend", "main", "nav", "p",
    "section", "summary", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "option",
})  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_UNSHOWN = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$))", re.IGNORECASE
)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_DATA = re.compile(r"data:image/[\w.+-]+;base64,(.+)", re.DOTALL | re.IGNORECASE)
_WHITE = re.compile(r"\s+")
MAX_DEPTH = 200
MAX_TABLE_CELLS = 200_000


def read_html(path: str | Path) -> tuple[list[Block], list[bytes]]:
    """Blocks of the page's body and the pictures that stand in the file itself (data: addresses)."""
    data = read_bytes(path)
    declared = _CHARSET.search(data[:4096])
    text = decode(data, declared[1].decode("ascii") if declared else None)
    # An encoding declaration in an already decoded text is refused by the parser.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    if not text.strip():
        return [], []
    parser = lxml.html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = lxml.html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"damaged HTML ({str(error)[:200]})") from error
    pictures = Pictures()
    walk = _Walk(pictures)
    walk.children(root, 0)
    walk.flush()
    return walk.blocks, pictures.blobs


class _Walk:
    """Gathers inline text until a block begins or ends."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures = pictures
        self.blocks: list[Block] = []
        self.inline: list[str] = []
        self.kind, self.level = "paragraph", 0
        self.marker = ""

    def flush(self) -> None:
        """End the paragraph."""
        text = "".join(self.inline)
        self.inline = []
        if text.strip():
            block = text_block(self.kind, f"{self.marker} {text.strip()}" if self.marker else text, self.level)
            self.blocks += [block] if block is not None else []
            self.marker = ""

    def children(self, element: Any, depth: int) -> None:
        """Text and elements inside."""
        self._text(element.text)
        for inner in element:
            if isinstance(inner.tag, str) and depth < MAX_DEPTH and not _is_hidden(inner):
                self._element(inner, inner.tag.lower(), depth + 1)
            self._text(inner.tail)

    def _text(self, text: str | None) -> None:
        if text:
            self.inline.append(_WHITE.sub(" ", text))

    def _element(self, element: Any, tag: str, depth: int) -> None:
        if tag in _DROPPED:
            return
        if tag == "br":
            self.inline.append("\n")
        elif tag in _HEADINGS:
            self._as(element, "heading", _HEADINGS[tag], depth)
        elif tag in {"ul", "ol", "menu"}:
            self._list(element, tag, depth)
        elif tag == "table":
            self._table(element, depth)
        elif tag in {"pre", "listing", "xmp"}:
            self._code(element)
        elif tag == "img":
            self._image(element.get("src") or "")
        elif tag in {"input", "textarea", "select"}:
            self._text(f" {_field(element, tag)} ")
        elif tag in _BLOCKS:
            self.flush()
            self.children(element, depth)
            self.flush()
        else:
            self.children(element, depth)

    def _as(self, element: Any, kind: str, level: int, depth: int) -> None:
        self.flush()
        before = self.kind, self.level
        self.kind, self.level = kind, level
        self.children(element, depth)
        self.flush()
        self.kind, self.level = before

    def _list(self, element: Any, tag: str, depth: int) -> None:
        self.flush()
        level = sum(1 for above in element.iterancestors("ul", "ol", "menu"))
        count = _whole(element.get("start"), 1)
        for item in element:
            if not isinstance(item.tag, str) or _is_hidden(item):
                continue
            if item.tag.lower() != "li":
                self._element(item, item.tag.lower(), depth + 1)
                continue
            count = _whole(item.get("value"), count)
            self.marker = f"{count}." if tag == "ol" else "•"
            count += 1
            self._as(item, "list", level, depth + 1)
            self.marker = ""

    def _code(self, element: Any) -> None:
        self.flush()
        block = text_block("code", (element.text_content() or "").strip("\n"))
        self.blocks += [block] if block is not None else []

    def _image(self, source: str) -> None:
        match = _DATA.match(source.strip())
        if match is None or len(source) > 60_000_000:
            return
        try:
            index = self.pictures.add(base64.b64decode(_WHITE.sub("", match[1])))
        except (binascii.Error, ValueError):
            return
        if index is not None:
            self.flush()
            self.blocks.append({"kind": "image", "text": "", "level": 0, "image": index})

    def _table(self, table: Any, depth: int) -> None:
        self.flush()
        if table.get("role") in {"presentation", "none"} or _is_frame(table):
            self.children(table, depth)
            self.flush()
            return
        title = next((self._inside(c, depth) for c in table if str(c.tag).lower() == "caption"), None)
        rows = [self._row(row, depth) for row in _rows(table)]
        block = table_block([row for row in rows if row], title)
        self.blocks += [block] if block is not None else []

    def _row(self, row: Any, depth: int) -> list[Cell]:
        cells: list[Cell] = []
        in_head = any(str(above.tag).lower() == "thead" for above in row.iterancestors("thead", "table"))
        for cell in row:
            tag = str(cell.tag).lower()
            if tag not in {"td", "th"} or _is_hidden(cell) or len(cells) > MAX_TABLE_CELLS:
                continue
            down, across = _whole(cell.get("rowspan"), 1), _whole(cell.get("colspan"), 1)
            text = self._inside(cell, depth)
            cells.append(cell_of(text, row_span=down or 1, column_span=across, header=tag == "th" or in_head))
        if cells and not in_head and not all(cell["header"] for cell in cells):
            for cell in cells:  # a lone th names its row, it heads no column
                cell["header"] = False
        return cells

    def _inside(self, element: Any, depth: int) -> str:
        """The text of a cell, its blocks as lines."""
        inner = _Walk(self.pictures)
        inner.children(element, depth + 1)
        inner.flush()
        self.blocks += [block for block in inner.blocks if block["kind"] == "image"]
        texts = (rows_as_text(b["rows"]) if b["kind"] == "table" else b["text"] for b in inner.blocks)
        return "\n".join(text for text in texts if text)


def _rows(table: Any) -> list[Any]:
    rows = []
    for element in table:
        tag = str(element.tag).lower()
        if tag == "tr" and not _is_hidden(element):
            rows.append(element)
        elif tag in {"thead", "tbody", "tfoot"} and not _is_hidden(element):
            rows += [row for row in element if str(row.tag).lower() == "tr" and not _is_hidden(row)]
    return rows


def _is_frame(table: Any) -> bool:
    """Whether the table only lays out the page: tables or headings inside, or a single cell."""
    if next(table.iterdescendants("table", "h1", "h2", "h3"), None) is not None:
        return True
    rows = _rows(table)
    return len(rows) == 1 and sum(str(cell.tag).lower() in {"td", "th"} for cell in rows[0]) == 1


def _is_hidden(element: Any) -> bool:
    if element.get("hidden") is not None or str(element.get("type")).lower() == "hidden":
        return True
    style = element.get("style")
    return bool(style and _UNSHOWN.search(style))


def _field(element: Any, tag: str) -> str:
    """What a form field shows."""
    if tag == "textarea":
        return str(element.text_content())
    if tag == "select":
        options = [option for option in element.iter("option") if option.get("selected") is not None]
        options = options or list(element.iter("option"))[:1]
        return " ".join(str(option.text_content()) for option in options)
    kind = (element.get("type") or "text").lower()
    if kind in {"checkbox", "radio"}:
        return "☒" if element.get("checked") is not None else "☐"
    return "" if kind in {"password", "file", "image", "submit", "button", "reset"} else (element.get("value") or "")


def _whole(text: str | None, default: int) -> int:
    stripped = (text or "").strip()
    return int(stripped) if stripped.isdigit() and len(stripped) < 7 else default
