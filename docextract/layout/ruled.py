"""From a frame of rules to a table: the drawn grid, then what the rules leave open is cut by the text itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from docextract.layout.assemble import Piece, assemble
from docextract.layout.cells import is_closed
from docextract.layout.header import header_like, header_lines
from docextract.layout.lattice import Grid, Slot, fill, grid_of
from docextract.layout.lines import group_rows, height
from docextract.layout.open_cells import level_headings, part_merged, shrink_values, split_columns, split_tall
from docextract.layout.rows import Part, TextRow, group, word_space
from docextract.layout.rules import Frame
from docextract.layout.shapes import Table
from docextract.layout.text_rows import rows_with_room, text_rows
from docextract.layout.values import value_text
from docextract.types import Word


def ruled_table(page: int, frame: Frame, words: Sequence[Word]) -> Table | None:
    """The table that a frame draws, or None where the frame is no grid (a box around text, a chart, a form)."""
    grid = grid_of(frame)
    if len(grid.xs) < 3 and len(grid.ys) < 3:
        return None
    fill(grid, words)
    filled = [s for s in grid.slots if s.words]
    if len({s.column0 for s in filled}) < 2 or len(filled) < 3:
        return None
    if is_apart(grid, filled):
        return None
    space = word_space([line for s in filled for line in group_rows(s.words)])
    drawn = {id(s): list(s.words) for s in filled}
    split_columns(grid, space)
    level_headings(grid, space)
    part_merged(grid, space)
    shrink_values(grid)
    split_rows(grid)
    split_tall(grid)
    pieces = [Piece(s.row0, s.row1, s.column0, s.column1, s.words) for s in grid.slots if s.words]
    if len({p.row0 for p in pieces}) < 2 or len({p.column0 for p in pieces}) < 2:
        return None
    rows, columns = len({p.row0 for p in pieces}), len({p.column0 for p in pieces})
    if columns > 3 and len(pieces) < 0.3 * rows * columns:
        # The grid of a chart: its numbers stand strewn over it.
        return None
    headers = count_headers(grid)
    table = assemble(page, pieces, header_rows=headers, ruled=True)
    as_drawn = len(pieces) == len(drawn) and all(drawn.get(id(s)) == s.words for s in grid.slots if s.words)
    return table if table is None or not as_drawn else replace(table, closed=is_closed(table))


def is_apart(grid: Grid, filled: Sequence[Slot]) -> bool:
    """Whether white rows and white columns part the filled cells: boxes joined by lines, as of an organisation."""
    line = median(height(w) for s in filled for w in s.words)
    rows = {r for s in filled for r in range(s.row0, s.row1)}
    columns = {c for s in filled for c in range(s.column0, s.column1)}

    def gaps(used: set[int], places: Sequence[float]) -> int:
        return sum(places[i + 1] - places[i] > 1.2 * line for i in range(min(used), max(used)) if i not in used)

    return gaps(rows, grid.ys) >= 2 and gaps(columns, grid.xs) >= 2


def count_headers(grid: Grid) -> int:
    """How many grid rows on top are headers."""
    rows: dict[int, TextRow] = {}
    for slot in grid.slots:
        if not slot.words:
            continue
        row = rows.setdefault(slot.row0, TextRow(grid.ys[slot.row0], grid.ys[slot.row0 + 1]))
        row.parts.append(Part(slot.column0, slot.column1 - 1, slot.words))
    order = sorted(rows)
    listed = [rows[r] for r in order]
    if len(listed) < 2:
        return 0
    columns = len(grid.xs) - 1
    count = header_lines(listed, columns, ())
    if count == 0 and all(header_like(p) for p in listed[0].parts) and len(listed) > 2:
        count = 1
    count = min(count, len(listed) - 1, 4)
    return order[count] if count else 0


def split_rows(grid: Grid) -> None:
    """Cut drawn rows into rows of text where values are stacked in them."""
    row = 0
    while row < len(grid.ys) - 1:
        end = _band_end(grid, row)
        slots = [s for s in grid.slots if row <= s.row0 and s.row1 <= end and s.words]
        groups = _stacked(slots, [grid.xs[s.column1] for s in slots])
        if len(groups) > end - row:
            _split_band(grid, (row, end), slots, groups)
            row += len(groups)
        else:
            row += 1


def _band_end(grid: Grid, row: int) -> int:
    """The row after the last that a stack of values beginning in this row reaches over (shorter stacks beside it)."""
    tall = [
        s.row1
        for s in grid.slots
        if s.row0 == row
        and s.row1 > row + 1
        and sum(map(value_text, lines := group_rows(s.words))) >= max(4, 0.7 * len(lines))
    ]
    end = max(tall, default=row + 1)
    cut_through = any(s.row0 < end < s.row1 or s.row0 < row < s.row1 for s in grid.slots)
    return row + 1 if cut_through else end


def _stacked(slots: Sequence[Slot], rights: Sequence[float]) -> list[TextRow]:
    """Rows of text in a drawn row; `rights` are the right borders of its cells."""
    if len(slots) < 2:
        return []
    lines = group_rows([w for s in slots for w in s.words])
    if len(lines) < 2:
        return []
    owner = {id(w): s for s in slots for w in s.words}
    rows: list[TextRow] = []
    for line in lines:
        parts: dict[int, Part] = {}
        for word in line:
            slot = owner[id(word)]
            parts.setdefault(slot.column0, Part(slot.column0, slot.column1 - 1, [])).words.append(word)
        rows.append(TextRow(min(w.y0 for w in line), max(w.y1 for w in line), [parts[k] for k in sorted(parts)]))
    stacks: dict[int, list[Part]] = {}
    for text_row in rows:
        for part in text_row.parts:
            stacks.setdefault(part.first, []).append(part)
    valued = [s for s in stacks.values() if len(s) >= 2 and sum(value_text(p.words) for p in s) >= max(2, 0.7 * len(s))]
    if not valued:
        ends = {s.column0: right for s, right in zip(slots, rights, strict=True)}
        return text_rows(rows, min(s.column0 for s in slots)) or rows_with_room(rows, ends)
    columns = max(s.column1 for s in slots)
    return group(rows, columns)


def _split_band(grid: Grid, band: tuple[int, int], slots: Sequence[Slot], groups: Sequence[TextRow]) -> None:
    """Give the rows of a band of the grid anew, one for each group of lines."""
    row, end = band
    extra = len(groups) - (end - row)
    inside = {id(s) for s in slots}
    for slot in grid.slots:
        if id(slot) not in inside:
            slot.row0 += extra if slot.row0 >= end else 0
            slot.row1 += extra if slot.row1 >= end else 0
    home = {id(w): k for k, g in enumerate(groups) for p in g.parts for w in p.words}
    added: list[Slot] = []
    for slot in slots:
        words: dict[int, list[Word]] = {}
        for word in slot.words:
            words.setdefault(home[id(word)], []).append(word)
        first, *rest = sorted(words)
        slot.words = words[first]
        slot.row0, slot.row1 = row + first, row + first + 1
        added.extend(Slot(row + k, row + k + 1, slot.column0, slot.column1, words[k]) for k in rest)
    grid.ys[row + 1 : end] = [(a.y1 + b.y0) / 2 for a, b in pairwise(groups)]
    grid.slots.extend(added)
    grid.slots.sort(key=lambda s: (s.row0, s.column0))
