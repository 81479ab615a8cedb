"""Lines below a table's head grouped into rows: by drawn lines, by white space, or by the numbers that begin a row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from docextract.local.segments import Segment, Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLine:
    """A line of a table's body: its cells as (column, segment), and the columns of numbers that it fills."""

    cells: tuple[tuple[int, Segment], ...]
    values: frozenset[int]
    worded: bool
    is_note: bool

    @property
    def top(self) -> float:
        """Upper edge in points."""
        return min(segment.y0 for _, segment in self.cells)

    @property
    def bottom(self) -> float:
        """Lower edge in points."""
        return max(segment.y1 for _, segment in self.cells)

    @property
    def middle(self) -> float:
        """Vertical middle in points."""
        return (self.top + self.bottom) / 2


@dataclass(slots=True, kw_only=True)
class OpenRow:
    """A row while it is read: its cells by column index, each a list of segments from top to bottom."""

    cells: dict[int, list[Segment]] = field(default_factory=dict)

    def add(self, cells: Sequence[tuple[int, Segment]]) -> None:
        """Put cells of another line below those that are there."""
        for column, segment in cells:
            self.cells.setdefault(column, []).append(segment)


def note_marks(text: str) -> int:
    """How many `name: value` stand in a text."""
    return len(re.findall(r"\w\s*:(?:\s|$)", text))


def group_rows(lines: Sequence[BodyLine], sheet: Sheet, span: tuple[float, float], *, numeric: bool) -> list[OpenRow]:
    """Rows of a body. `span` is the table's extent across; `numeric` whether any of its columns holds numbers."""
    for groups in (_by_rules(lines, sheet, span), _by_gaps(lines)):
        if numeric and groups is not None:
            return [_joined(group) for group in groups]
    return _by_numbers(lines, numeric=numeric)


def _joined(group: Sequence[BodyLine]) -> OpenRow:
    row = OpenRow()
    for line in group:
        row.add(line.cells)
    return row


def _by_rules(lines: Sequence[BodyLine], sheet: Sheet, span: tuple[float, float]) -> list[list[BodyLine]] | None:
    """Lines between two drawn ones are a row, where nearly every row is so drawn."""
    x0, x1 = span
    if not lines:
        return None
    top, bottom = lines[0].top, lines[-1].bottom
    edges = [
        rule.y0
        for rule in sheet.across
        if min(rule.x1, x1) - max(rule.x0, x0) > 0.6 * (x1 - x0) and top - 20 < rule.y0 < bottom + 20
    ]
    bands: dict[int, list[BodyLine]] = {}
    for line in lines:
        bands.setdefault(sum(edge < line.middle for edge in edges), []).append(line)
    groups = [group for _, group in sorted(bands.items())]
    return groups if len(groups) > 1 and _each_is_one(groups, lines) else None


def _by_gaps(lines: Sequence[BodyLine]) -> list[list[BodyLine]] | None:
    """Lines set closer than others are a row, where that gives every row its numbers once."""
    if len(lines) < 3 or all(line.values for line in lines):
        return None
    steps = [below.middle - above.middle for above, below in pairwise(lines)]
    usual = sorted(steps)[len(steps) // 4]
    groups: list[list[BodyLine]] = [[lines[0]]]
    for step, line in zip(steps, lines[1:], strict=True):
        if step > 1.2 * usual + 0.5:
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups if len(groups) > 1 and _each_is_one(groups, lines) else None


def _each_is_one(groups: Sequence[Sequence[BodyLine]], lines: Sequence[BodyLine]) -> bool:
    """Whether no group fills a column of numbers twice, and the groups with numbers are most of them."""
    for group in groups:
        seen: set[int] = set()
        for line in group:
            if line.values & seen:
                return False
            seen |= line.values
    filled = [group for group in groups if any(line.values for line in group)]
    # A cell in the middle of its row, or a number set lower than its neighbours, makes no row more.
    counts = Counter(column for line in lines for column in line.values)
    numbered = max(counts.values(), default=0)
    return len(filled) >= 0.6 * len(groups) and len(filled) >= 0.75 * numbered


def _by_numbers(lines: Sequence[BodyLine], *, numeric: bool) -> list[OpenRow]:
    """A row begins where a column of numbers would be filled a second time."""
    rows: list[OpenRow] = []
    pending: list[tuple[int, Segment]] = []
    text_first = False
    steps = sorted(below.middle - above.middle for above, below in pairwise(lines))
    usual = steps[(len(steps) - 1) // 2] if steps else 0.0
    for number, line in enumerate(lines):
        apart = number > 0 and line.middle - lines[number - 1].middle > 1.6 * usual
        current = rows[-1] if rows else None
        clash = current is not None and bool(line.values & set(current.cells))
        if numeric and not line.values:
            if current is not None and not text_first and apart:
                pending = []  # words set apart below the last row belong to no row
            elif current is None or text_first:
                pending += line.cells
            else:
                current.add(line.cells)
        elif current is not None and clash and line.is_note:
            current.add([cell for cell in line.cells if cell[0] not in line.values])
        elif current is None or clash or not numeric:
            text_first = text_first or (bool(pending) and not line.worded)
            rows.append(OpenRow())
            # Text above a row that has its own text is the heading of a group of rows.
            rows[-1].add([*(() if line.worded else pending), *line.cells])
            pending = []
        else:
            current.add(line.cells)
    return rows


def cells_by_text(lines: Sequence[BodyLine]) -> list[Mapping[int, str]]:
    """The text of each line's cells by column."""
    texts: list[Mapping[int, str]] = []
    for line in lines:
        by_column: dict[int, list[str]] = {}
        for column, segment in line.cells:
            by_column.setdefault(column, []).append(segment.text)
        texts.append({column: " ".join(parts) for column, parts in by_column.items()})
    return texts
