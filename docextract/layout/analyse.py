"""A page analysed: turned upright, tables found, the rest cut into columns, lines and blocks in reading order."""

from __future__ import annotations

from docextract.layout.beside import apart
from docextract.layout.blocks import make_blocks
from docextract.layout.confirm import confirmed
from docextract.layout.declared import declared_tables
from docextract.layout.gutters import regions
from docextract.layout.lines import make_lines
from docextract.layout.overhang import with_rows_below
from docextract.layout.reject import is_strewn
from docextract.layout.ruled import ruled_table
from docextract.layout.rules import frames, is_typed_rule, whole_rules
from docextract.layout.shapes import Line, PageLayout, Table
from docextract.layout.stream import stream_tables
from docextract.layout.surroundings import with_surroundings
from docextract.layout.turn import direction, is_sideways, upright
from docextract.types import Word, Words


def analyse(words: Words) -> PageLayout:
    """The layout of a page. Pure: the same words give the same layout."""
    turn = direction(words)
    page = upright(words, turn)
    tables = declared_tables(page) if page.grids else find_tables(page)
    inside = {id(w) for t in tables for c in t.cells for w in c.words}
    free = [w for w in page.words if id(w) not in inside]
    parts = regions(free, page.width)
    lines: list[Line] = []
    for part in parts:
        lines.extend(make_lines(part))
    tables = [with_surroundings(t, lines) for t in tables]
    ordered, blocks, columns = make_blocks(page, free, tables)
    return PageLayout(
        page=page.page,
        width=page.width,
        height=page.height,
        turn=turn,
        lines=tuple(ordered),
        blocks=tuple(blocks),
        tables=tuple(tables),
        columns=tuple(columns),
    )


def find_tables(page: Words) -> list[Table]:
    """Drawn tables first, then those that white space shows in what is left, top to bottom."""
    across, down = whole_rules(page.rulings, page.width, page.height)
    words = [w for w in page.words if not is_typed_rule(w)]
    tables: list[Table] = []
    free: list[Word] = [w for w in words if not is_sideways(w)]
    for frame in frames(across, down):
        x0, y0, x1, y1 = frame.box
        inside = [w for w in words if x0 - 2 <= (w.x0 + w.x1) / 2 <= x1 + 2 and y0 - 2 <= (w.y0 + w.y1) / 2 <= y1 + 2]
        table = ruled_table(page.page, frame, inside)
        if table is None:
            continue
        within = {id(w) for w in inside}
        table = with_rows_below(table, [w for w in free if id(w) not in within])
        tables.append(table)
        taken = {id(w) for c in table.cells for w in c.words}
        free = [w for w in free if id(w) not in taken]
    for part in regions(free, page.width, apart(across), across):
        lines = make_lines(part)
        clear = [
            r
            for r in across
            if not any(
                t.box[1] - 4 < r.at < t.box[3] + 4 and t.box[0] < r.end and r.start < t.box[2]
                for t in tables
                if t.ruled
            )
        ]
        tables.extend(stream_tables(page.page, lines, clear))
    found = [confirmed(table) for table in tables if not is_strewn(table)]
    return sorted(found, key=lambda t: (t.box[1], t.box[0]))
