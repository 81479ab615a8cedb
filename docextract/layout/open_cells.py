"""Cells of a drawn grid whose inner borders were left out, cut by where their words stand."""

from __future__ import annotations

from collections.abc import Sequence

from docextract.layout.columns import Atom, atoms, separators
from docextract.layout.lattice import Grid, Slot
from docextract.layout.lines import group_rows, height
from docextract.layout.rows import TextRow, cut
from docextract.layout.values import value_text
from docextract.types import Word


def split_columns(grid: Grid, space: float) -> None:
    """Cut a drawn column in two where values stand side by side in most of its rows."""
    column = 0
    while column < len(grid.xs) - 1:
        single = [s for s in grid.slots if s.column0 == column and s.column1 == column + 1 and s.words]
        rows = [atoms(line, space) for s in single for line in group_rows(s.words)]
        wide = [r for r in rows if len(r) > 1]
        if len(wide) >= 3 and len(wide) >= 0.5 * len(rows):
            size = height(single[0].words[0])
            inner = [b for a, c in separators(wide, size, space) if _values_right(wide, b := (a + c) / 2)]
            if inner:
                _insert(grid, column, inner, space)
                column += len(inner)
        column += 1


def _values_right(rows: Sequence[Sequence[Atom]], border: float) -> bool:
    present = [a for row in rows if (a := next((a for a in row if a.x0 >= border), None)) is not None]
    return len(present) >= 0.7 * len(rows) and sum(a.value for a in present) >= 0.7 * len(present)


def _insert(grid: Grid, column: int, inner: Sequence[float], space: float) -> None:
    extra = len(inner)
    grid.xs[column + 1 : column + 1] = list(inner)
    added: list[Slot] = []
    for slot in grid.slots:
        if slot.column0 > column:
            slot.column0 += extra
            slot.column1 += extra
        elif slot.column1 > column:
            alone = slot.column0 == column and slot.column1 == column + 1
            slot.column1 += extra
            if alone and slot.words:
                added.extend(_part(grid, slot, space))
    grid.slots.extend(added)
    grid.slots.sort(key=lambda s: (s.row0, s.column0))


def part_merged(grid: Grid, space: float) -> None:
    """Part cells without inner borders whose words stand in separate columns."""
    added: list[Slot] = []
    for slot in grid.slots:
        if slot.column1 - slot.column0 > 1 and slot.words:
            added.extend(_part(grid, slot, space))
    grid.slots.extend(added)
    grid.slots.sort(key=lambda s: (s.row0, s.column0))


def _part(grid: Grid, slot: Slot, space: float) -> list[Slot]:
    """Cut a slot over several columns into separate ones; it keeps the first, the others are given back."""
    column, row0, row1 = slot.column0, slot.row0, slot.row1
    rows = _lines(grid, slot, space)
    crossing = sum(1 for r in rows if any(p.first != p.last for p in r.parts))
    ranges: list[tuple[int, int]] = []
    if crossing and len(rows) >= 4 and crossing <= 0.34 * len(rows):
        # A line here and there crosses (the name of a group of rows): it belongs to its first column.
        ranges = [(k, k) for k in sorted({p.first for r in rows for p in r.parts})]
    else:
        for first, last in sorted({(p.first, p.last) for r in rows for p in r.parts}):
            if ranges and first <= ranges[-1][1]:
                ranges[-1] = (ranges[-1][0], max(ranges[-1][1], last))
            else:
                ranges.append((first, last))
    if len(ranges) < 2:
        return []
    words: list[list[Word]] = [[] for _ in ranges]
    for row in rows:
        for part in row.parts:
            words[next(i for i, r in enumerate(ranges) if r[0] <= part.first <= r[1])].extend(part.words)
    slot.words = words[0]
    slot.column0, slot.column1 = column + ranges[0][0], column + ranges[0][1] + 1
    return [Slot(row0, row1, column + a, column + b + 1, w) for (a, b), w in zip(ranges[1:], words[1:], strict=True)]


def _lines(grid: Grid, slot: Slot, space: float) -> list[TextRow]:
    inner = grid.xs[slot.column0 + 1 : slot.column1]
    return [cut(line, inner, space) for line in group_rows(slot.words)]


def level_headings(grid: Grid, space: float) -> None:
    """Cut a row in two where a heading over several columns stands over theirs with no rule between."""
    row = 0
    while row < len(grid.ys) - 1:
        band = [s for s in grid.slots if s.row0 == row and s.row1 == row + 1 and s.words]
        cuts = {
            id(s): y for s in band if s.column1 - s.column0 > 1 and (y := _level(_lines(grid, s, space))) is not None
        }
        if cuts:
            _cut_band(grid, row, cuts, space)
        row += 1


def _level(rows: Sequence[TextRow]) -> float | None:
    """Y between lines that cross the columns and lines below that stand in them."""
    over = 0
    while over < len(rows) and len(rows[over].parts) == 1 and rows[over].parts[0].last > rows[over].parts[0].first:
        over += 1
    if not 0 < over < len(rows) or any(len(r.parts) < 2 for r in rows[over:]):
        return None
    return (rows[over - 1].y1 + rows[over].y0) / 2


def _cut_band(grid: Grid, row: int, cuts: dict[int, float], space: float) -> None:
    grid.ys.insert(row + 1, sum(cuts.values()) / len(cuts))
    added: list[Slot] = []
    for slot in grid.slots:
        if slot.row0 > row:
            slot.row0 += 1
            slot.row1 += 1
        elif slot.row1 > row:
            slot.row1 += 1
            y = cuts.get(id(slot))
            if y is not None:
                low = [w for w in slot.words if (w.y0 + w.y1) / 2 > y]
                below = Slot(row + 1, row + 2, slot.column0, slot.column1, low)
                slot.words = [w for w in slot.words if (w.y0 + w.y1) / 2 <= y]
                slot.row1 = row + 1
                added.extend([*_part(grid, below, space), below])
    grid.slots.extend(added)
    grid.slots.sort(key=lambda s: (s.row0, s.column0))


def split_tall(grid: Grid) -> None:
    """Cut a cell over several rows whose lines stand one in each of them: the rules were left out in its column."""
    added: list[Slot] = []
    for slot in grid.slots:
        if slot.row1 - slot.row0 < 2 or not slot.words:
            continue
        lines = group_rows(slot.words)
        values = sum(value_text(line) for line in lines)
        if len(lines) < 4 and not (len(lines) >= 2 and values == len(lines)):
            continue
        homes = [_row_at(grid, sum(w.y0 + w.y1 for w in line) / (2 * len(line))) for line in lines]
        if len(set(homes)) < len(homes) or len(homes) < 0.6 * (slot.row1 - slot.row0):
            continue
        slot.words = lines[0]
        slot.row0, slot.row1 = homes[0], homes[0] + 1
        added.extend(
            Slot(home, home + 1, slot.column0, slot.column1, line)
            for home, line in zip(homes[1:], lines[1:], strict=True)
        )
    grid.slots.extend(added)
    grid.slots.sort(key=lambda s: (s.row0, s.column0))


def _row_at(grid: Grid, y: float) -> int:
    row = 0
    while row < len(grid.ys) - 2 and y > grid.ys[row + 1]:
        row += 1
    return row


def shrink_values(grid: Grid) -> None:
    """A lone value in a cell over several columns belongs to the column it stands in."""
    for slot in grid.slots:
        if slot.column1 - slot.column0 < 2 or slot.column0 == 0 or not value_text(slot.words):
            continue
        x0, x1 = min(w.x0 for w in slot.words), max(w.x1 for w in slot.words)
        for column in range(slot.column0, slot.column1):
            if grid.xs[column] - 2 <= x0 and x1 <= grid.xs[column + 1] + 2:
                slot.column0, slot.column1 = column, column + 1
                break
