"""From a frame of rules to a table: the drawn grid, then what the rules leave open is cut by the text itself."""

from __future__ import annotations

from collections.abc import Sequence

from docextract.layout.assemble import Piece, assemble
from docextract.layout.columns import atoms, separators
from docextract.layout.header import header_like, header_lines
from docextract.layout.lattice import Grid, Slot, fill, grid_of
from docextract.layout.lines import group_rows, height
from docextract.layout.rows import Part, TextRow, cut, group
from docextract.layout.rules import Frame
from docextract.layout.shapes import Table
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
    split_columns(grid)
    part_merged(grid)
    split_rows(grid)
    pieces = [Piece(s.row0, s.row1, s.column0, s.column1, s.words) for s in grid.slots if s.words]
    if len({p.row0 for p in pieces}) < 2 or len({p.column0 for p in pieces}) < 2:
        return None
    headers = count_headers(grid, frame)
    return assemble(page, pieces, header_rows=headers, ruled=True, confidence=0.9)


def count_headers(grid: Grid, frame: Frame) -> int:
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


def split_columns(grid: Grid) -> None:
    """Cut a drawn column in two where values stand side by side in most of its rows."""
    column = 0
    while column < len(grid.xs) - 1:
        single = [s for s in grid.slots if s.column0 == column and s.column1 == column + 1 and s.words]
        rows = [atoms(line) for s in single for line in group_rows(s.words)]
        wide = [r for r in rows if len(r) > 1]
        if len(wide) >= 3 and len(wide) >= 0.5 * len(rows):
            size = height(single[0].words[0])
            inner = [b for b in separators(wide, size) if _values_right(wide, b)]
            if inner:
                _insert(grid, column, inner)
                column += len(inner)
        column += 1


def _values_right(rows: Sequence[Sequence[object]], border: float) -> bool:
    right = [next((a for a in row if a.x0 >= border), None) for row in rows]  # type: ignore[attr-defined]  # atoms
    present = [a for a in right if a is not None]
    return len(present) >= 0.7 * len(rows) and sum(a.value for a in present) >= 0.7 * len(present)


def _insert(grid: Grid, column: int, inner: Sequence[float]) -> None:
    extra = len(inner)
    low = grid.xs[column]
    added: list[Slot] = []
    for slot in grid.slots:
        if slot.column0 > column:
            slot.column0 += extra
            slot.column1 += extra
        elif slot.column1 > column + 1:
            slot.column1 += extra
        elif slot.column0 == column:
            slot.column1 += extra
            added.extend(_parts_of(slot, inner, column))
    grid.xs[column + 1 : column + 1] = list(inner)
    grid.slots.extend(added)
    grid.slots.sort(key=lambda s: (s.row0, s.column0))
    del low


def _parts_of(slot: Slot, borders: Sequence[float], column: int) -> list[Slot]:
    """Cut a slot's words at borders; the slot keeps its first part, further parts are given back."""
    parts: dict[tuple[int, int], list[Word]] = {}
    for line in group_rows(slot.words):
        for part in cut(line, borders).parts:
            parts.setdefault((part.first, part.last), []).extend(part.words)
    ranges = sorted(parts)
    if any(b[0] <= a[1] for a, b in zip(ranges, ranges[1:], strict=False)) or not ranges:
        return []
    first, *rest = ranges
    row0, row1 = slot.row0, slot.row1
    slot.words = parts[first]
    slot.column0, slot.column1 = column + first[0], column + first[1] + 1
    return [Slot(row0, row1, column + a, column + b + 1, parts[a, b]) for a, b in rest]


def part_merged(grid: Grid) -> None:
    """Part a cell without inner borders whose words stand in separate columns: the rules were left out there."""
    added: list[Slot] = []
    for slot in grid.slots:
        if slot.column1 - slot.column0 < 2 or not slot.words:
            continue
        inner = grid.xs[slot.column0 + 1 : slot.column1]
        rows = [cut(line, inner) for line in group_rows(slot.words)]
        if any(p.first != p.last for r in rows for p in r.parts):
            # One line may cross (a group's name over the rows below it); most may not.
            crossing = sum(1 for r in rows if any(p.first != p.last for p in r.parts))
            if crossing > 0.34 * len(rows) or len(rows) < 3:
                continue
        if len({p.first for r in rows for p in r.parts}) < 2:
            continue
        column, column1 = slot.column0, slot.column1
        words: dict[int, list[Word]] = {}
        for row in rows:
            for part in row.parts:
                words.setdefault(part.first, []).extend(part.words)
        order = sorted(words)
        slot.words = words[order[0]]
        slot.column0, slot.column1 = column + order[0], column + order[0] + 1
        added.extend(Slot(slot.row0, slot.row1, column + k, column + k + 1, words[k]) for k in order[1:])
        del column1
    grid.slots.extend(added)
    grid.slots.sort(key=lambda s: (s.row0, s.column0))


def split_rows(grid: Grid) -> None:
    """Cut a drawn row into rows of text where values are stacked in it."""
    row = 0
    while row < len(grid.ys) - 1:
        slots = [s for s in grid.slots if s.row0 == row and s.row1 == row + 1 and s.words]
        groups = _stacked(slots)
        if len(groups) > 1:
            _split_row(grid, row, slots, groups)
            row += len(groups)
        else:
            row += 1


def _stacked(slots: Sequence[Slot]) -> list[TextRow]:
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
        return []
    columns = max(s.column1 for s in slots)
    return group(rows, columns)


def _split_row(grid: Grid, row: int, slots: Sequence[Slot], groups: Sequence[TextRow]) -> None:
    extra = len(groups) - 1
    for slot in grid.slots:
        if slot.row0 > row:
            slot.row0 += extra
            slot.row1 += extra
        elif slot.row1 > row + 1:
            slot.row1 += extra
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
    borders = [(a.y1 + b.y0) / 2 for a, b in zip(groups, groups[1:], strict=False)]
    grid.ys[row + 1 : row + 1] = borders
    grid.slots.extend(added)
    grid.slots.sort(key=lambda s: (s.row0, s.column0))
