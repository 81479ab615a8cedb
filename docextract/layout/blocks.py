"""Lines become blocks in reading order: headings, paragraphs, list items, and tables in their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from docextract.layout.gutters import regions, side_by_side
from docextract.layout.lines import make_line, make_lines
from docextract.layout.shapes import Block, BlockKind, Line, Table, box_of, union
from docextract.types import Box, Word, Words

_MARKER = re.compile(r"^(?:[•●▪■◦○‣➢✓†‡–—-]|\*{1,3}|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)])\s+\S")


def make_blocks(
    page: Words, words: Sequence[Word], tables: Sequence[Table]
) -> tuple[list[Line], list[Block], list[Box]]:
    """All lines of a page in reading order (those of tables where the table stands), its blocks, its columns.

    `words` are those outside tables.
    """
    stand_ins = [(_anchor(table), index) for index, table in enumerate(tables)]
    order = {id(word): index for word, index in stand_ins}
    parts = regions([*words, *(w for w, _ in stand_ins)], page.width, side_by_side)
    lines: list[Line] = []
    blocks: list[Block] = []
    columns: list[Box] = []
    body = _body_size(words)
    for part in parts:
        columns.append(box_of(part))
        part_lines: list[Line] = []
        for line in make_lines(part):
            hits = [order[id(w)] for w in line.words if id(w) in order]
            rest = [w for w in line.words if id(w) not in order]
            if hits:
                blocks.extend(_paragraphs(part_lines, body))
                lines.extend(part_lines)
                part_lines = []
                for index in hits:
                    inside = table_lines(tables[index])
                    lines.extend(inside)
                    blocks.append(_table_block(tables[index], index, inside))
            if rest:
                part_lines.append(make_line(rest))
        blocks.extend(_paragraphs(part_lines, body))
        lines.extend(part_lines)
    return lines, blocks, columns


def _anchor(table: Table) -> Word:
    """A word without text that holds a table's place while regions and lines are made."""
    x0, y0, x1, _ = table.box
    return Word("", x0, y0, x1, y0 + 4.0, 4.0)


def table_lines(table: Table) -> list[Line]:
    """The words of a table as lines, top to bottom."""
    return make_lines([w for c in table.cells for w in c.words])


def _table_block(table: Table, index: int, lines: Sequence[Line]) -> Block:
    return Block(kind="table", lines=tuple(lines), text="\n".join(x.text for x in lines), box=table.box, table=index)


def _body_size(words: Sequence[Word]) -> float:
    sizes = [w.size for w in words if w.size > 0 for _ in range(min(len(w.text), 12))]
    return median(sizes) if sizes else 10.0


def _paragraphs(lines: Sequence[Line], body: float) -> list[Block]:
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _belongs(groups[-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_block(group, body) for group in groups]


def _belongs(group: Sequence[Line], line: Line) -> bool:
    """Whether a line goes on with the paragraph above it."""
    last = group[-1]
    gap = line.y0 - last.y1
    if gap > 0.7 * min(last.size, line.size) or abs(line.size - last.size) > 0.2 * line.size:
        return False
    if last.bold != line.bold and (last.bold or line.bold):
        return False
    if _MARKER.match(line.text):
        return False
    return min(line.x1, last.x1) - max(line.x0, last.x0) > 0 and len(line.segments) == len(last.segments) == 1


def _block(group: Sequence[Line], body: float) -> Block:
    text = " ".join(x.text for x in group)
    kind: BlockKind = "text"
    level = 0
    words = sum(len(x.words) for x in group)
    single = all(len(x.segments) == 1 for x in group)
    if single and words <= 16 and any(c.isalpha() for c in text) and not text.rstrip().endswith((".", ",", ";")):
        size = max(x.size for x in group)
        if size > 1.5 * body:
            kind, level = "heading", 1
        elif size > 1.18 * body:
            kind, level = "heading", 2
        elif all(x.bold for x in group) and len(group) <= 2 and words <= 12:
            kind, level = "heading", 3
    if kind == "text" and _MARKER.match(text):
        kind = "list"
    return Block(kind=kind, lines=tuple(group), text=text, box=union([x.box for x in group]), level=level)
