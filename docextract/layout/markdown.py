"""A page as Markdown: headings, lists, paragraphs and pipe tables, in reading order."""

from __future__ import annotations

import re

from docextract.layout.shapes import Block, PageLayout, Table

_MARK = re.compile(r"^[•●▪■◦○‣➢✓*–—-]\s+")


def markdown(layout: PageLayout) -> str:
    """The page's text as Markdown, ending in a newline; empty for a page without words."""
    pieces = [_block(block, layout.tables) for block in layout.blocks]
    return "\n\n".join(p for p in pieces if p) + ("\n" if pieces else "")


def _block(block: Block, tables: tuple[Table, ...]) -> str:
    if block.kind == "table" and block.table is not None:
        return table_markdown(tables[block.table])
    if block.kind == "heading":
        return f"{'#' * max(1, block.level)} {block.text}"
    if block.kind == "list":
        return "- " + _MARK.sub("", block.text)
    return "\n".join("   ".join(s.text for s in line.segments) for line in block.lines)


def table_markdown(table: Table) -> str:
    """A pipe table. A spanning cell stands in its first column and row; several header rows go under each other."""
    rows = [[_escape(cell.text) if cell else "" for cell in row] for row in table.rows]
    head, body = (rows[:1], rows[1:]) if table.header_rows else ([[""] * table.columns], rows)
    lines = [_row(head[0]), _row(["---"] * table.columns), *(_row(r) for r in body)]
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
