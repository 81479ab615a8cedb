"""A Word file as blocks, in document order: headers, body, footers, then notes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docextract.pages.blocks import Block, Cell, cell_of, rows_as_text, table_block, text_block
from docextract.pages.pictures import Pictures
from docextract.pages.preflight import check_word
from docextract.pages.word_names import child, is_on, local, value
from docextract.pages.word_numbers import Numbers, Styles
from docextract.pages.word_package import WordPart, open_word
from docextract.pages.word_text import Piece, read_paragraph

MAX_DEPTH = 60
"""Nesting of tables, boxes and controls that is followed."""

# What wraps blocks without being one.
_WRAPPERS = frozenset({"sdtContent", "ins", "moveTo", "smartTag", "customXml", "AlternateContent", "Choice"})


def read_word(path: str | Path) -> tuple[list[Block], list[bytes]]:
    """Blocks and the pictures that they name by index. InputError where it cannot or should not be read."""
    check_word(path)
    document = open_word(path)
    pictures = Pictures()
    bodies = [element for element in document.element if local(element) == "body"]  # some programs write several
    reader = _Reader(document, pictures)
    blocks: list[Block] = []
    blocks += _margins(document, "header", reader)
    for body in bodies:
        blocks += reader.blocks(body, document)
    blocks += _margins(document, "footer", reader)
    for ending, name in (("/footnotes", "footnote"), ("/endnotes", "endnote")):
        for part in document.related(ending):
            blocks += _notes(part, name, reader)
    return blocks, pictures.blobs


class _Reader:
    """Reads block containers; holds what counts on through the whole document."""

    def __init__(self, document: WordPart, pictures: Pictures) -> None:
        styles, numbers = document.related("/styles"), document.related("/numbering")
        self.styles = Styles(styles[0].element if styles else None)
        self.numbers = Numbers(numbers[0].element if numbers else None)
        self.pictures = pictures

    def blocks(self, container: Any | None, part: WordPart, depth: int = 0) -> Iterator[Block]:
        """Paragraphs and tables of a container; `part` resolves its relationships."""
        if container is None or depth > MAX_DEPTH:
            return
        for element in container:
            name = local(element)
            if name == "p":
                yield from self._paragraph(element, part, depth)
            elif name == "tbl":
                yield from self._table(element, part, depth)
            elif name == "sdt":
                if not is_on(child(element, "sdtPr"), "showingPlcHdr"):
                    yield from self.blocks(child(element, "sdtContent"), part, depth + 1)
            elif name in _WRAPPERS:
                yield from self.blocks(element, part, depth + 1)

    def _paragraph(self, paragraph: Any, part: WordPart, depth: int) -> Iterator[Block]:
        properties = child(paragraph, "pPr")
        piece = read_paragraph(paragraph)
        block = self._text(piece, properties)
        if block is not None:
            yield block
        for box in piece.boxes:
            for inner in self.blocks(box, part, depth + 1):
                yield {**inner, "kind": "textbox"} if inner["kind"] == "paragraph" else inner
        for picture in piece.pictures:
            found = part.by_id(picture)
            index = self.pictures.add(found.blob) if found is not None else None
            if index is not None:
                yield {"kind": "image", "text": "", "level": 0, "image": index}

    def _text(self, piece: Piece, properties: Any | None) -> Block | None:
        level = self.styles.heading_level(properties)
        text = piece.string
        if not text.strip():
            return None
        listed = self.styles.numbering(properties)
        if listed is not None:
            marker = self.numbers.marker(*listed)
            text = f"{marker} {text.strip()}" if marker else text
        if level:
            return text_block("heading", text, level)
        if listed is not None:
            return text_block("list", text, listed[1])
        return text_block("paragraph", text)

    def _table(self, table: Any, part: WordPart, depth: int) -> Iterator[Block]:
        rows = [row for row in _rows(table) if child(child(row, "trPr"), "del") is None]
        cells = [list(_inside(row, "tc")) for row in rows]
        if len(rows) == 1 and len(cells[0]) == 1:  # a frame around text, no table
            yield from self.blocks(cells[0][0], part, depth + 1)
            return
        grid = _Grid(self, part, depth)
        for row, own in zip(rows, cells, strict=True):
            grid.add(row, own)
        block = table_block(grid.rows)
        if block is not None:
            yield block
        yield from grid.images

    def cell_content(self, cell: Any, part: WordPart, depth: int) -> tuple[str, list[Block]]:
        """Text of a cell, nested tables as lines with tabs, and its pictures."""
        texts: list[str] = []
        images: list[Block] = []
        for block in self.blocks(cell, part, depth + 1):
            if block["kind"] == "image":
                images.append(block)
            else:
                texts.append(rows_as_text(block["rows"]) if block["kind"] == "table" else block["text"])
        return "\n".join(texts), images


class _Grid:
    """Rows of a table with cells merged downwards counted once."""

    def __init__(self, reader: _Reader, part: WordPart, depth: int) -> None:
        self.reader, self.part, self.depth = reader, part, depth
        self.rows: list[list[Cell]] = []
        self.images: list[Block] = []
        self._open: dict[int, Cell] = {}

    def add(self, row: Any, cells: list[Any]) -> None:
        """Read the next row."""
        properties = child(row, "trPr")
        is_header = is_on(properties, "tblHeader")
        column = _number(properties, "gridBefore", 0)
        out: list[Cell] = [cell_of("", column_span=column)] if column else []
        still_open: dict[int, Cell] = {}
        for cell in cells:
            own = child(cell, "tcPr")
            span = max(1, _number(own, "gridSpan", 1))
            merge = child(own, "vMerge")
            above = self._open.get(column)
            if merge is not None and value(merge, "val") != "restart" and above is not None:
                above["row_span"] += 1
                still_open[column] = above
                column += span
                continue
            text, images = self.reader.cell_content(cell, self.part, self.depth)
            made = cell_of(text, column_span=span, header=is_header)
            out.append(made)
            self.images += images
            if merge is not None:
                still_open[column] = made
            column += span
        self._open = still_open
        self.rows.append(out)


def _rows(table: Any) -> list[Any]:
    return list(_inside(table, "tr"))


def _inside(parent: Any, name: str, depth: int = 0) -> Iterator[Any]:
    """Children of that name, also within content controls and other wrappers."""
    for element in parent:
        kind = local(element)
        if kind == name:
            yield element
        elif depth < MAX_DEPTH and (kind == "sdt" or kind in _WRAPPERS):
            yield from _inside(element, name, depth + 1)


def _margins(document: WordPart, kind: str, reader: _Reader) -> list[Block]:
    """Headers or footers of all sections, each distinct text once: first page, even pages and the others."""
    blocks: list[Block] = []
    seen: set[str] = set()
    for reference in document.element.iter("{*}" + f"{kind}Reference"):
        part = document.by_id(value(reference, "id"))
        if part is None:
            continue
        for block in reader.blocks(part.element, part):
            text = rows_as_text(block["rows"]) if block["kind"] == "table" else block["text"]
            if block["kind"] == "image":
                if not any(other.get("image") == block["image"] for other in blocks):
                    blocks.append(block)
            elif text and text not in seen:
                seen.add(text)
                made = text_block(kind, text)
                blocks += [made] if made is not None else []
    return blocks


def _notes(part: WordPart, name: str, reader: _Reader) -> Iterator[Block]:
    number = 0
    for note in part.element:
        if local(note) != name or value(note, "type") not in {"", "normal"}:
            continue
        number += 1
        texts = [block["text"] for block in reader.blocks(note, part) if block["text"]]
        made = text_block("footnote", f"{number} " + "\n".join(texts)) if texts else None
        if made is not None:
            yield made


def _number(properties: Any | None, name: str, default: int) -> int:
    element = child(properties, name)
    text = value(element, "val") if element is not None else ""
    return min(int(text), 1000) if text.isdigit() else default
