"""Rows of running text: told by the white between them and by the room that their lines leave."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from docextract.layout.lines import height
from docextract.layout.rows import Part, TextRow, absorb, joined, joins_by_space, one_row


def had_room(above: Part, part: Part, end: float) -> bool:
    """Whether a part's first word would have fitted behind the part above it, with some white to the border `end`."""
    first = part.words[0]
    space = 0.3 * (first.y1 - first.y0)
    return max(w.x1 for w in above.words) + (first.x1 - first.x0) + 2 * space < end


def is_set_in_rows(rows: Sequence[TextRow], columns: int) -> bool:
    """Whether text in three columns or more is set in rows: white parts all columns at once, all begin together.

    Running text in columns seldom does so, and its lines are full where a row would end.
    """
    if columns < 3 or len(rows) < 5:
        return False
    joins = joins_by_space(rows)
    grouped = joined(rows, joins)
    if not 3 <= len(grouped) < len(rows):
        return False
    tops = [[p for p in row.parts if min(w.y0 for w in p.words) < row.y0 + 0.5 * height(p.words[0])] for row in grouped]
    names = [len(p.words) for row in grouped if (p := row.part_at(0)) is not None]
    return (
        sum(len(top) >= max(3, 0.8 * columns) for top in tops) >= 0.8 * len(grouped)
        and len(names) >= 0.8 * len(grouped)
        and median(names) <= 6
        and not any(p.last > p.first for row in grouped for p in row.parts)
        and _ends_early(rows, joins) >= 0.5
    )


def _ends_early(rows: Sequence[TextRow], joins: Sequence[bool]) -> float:
    """The share of cells whose last line had room for the next cell's first word, up to the next column."""
    ends: dict[int, float] = {}
    for row in rows:
        for part in row.parts:
            if part.first:
                ends[part.first - 1] = min(ends.get(part.first - 1, part.words[0].x0), part.words[0].x0)
    last: dict[int, Part] = {}
    early = seen = 0
    for index, row in enumerate(rows):
        if index and not joins[index - 1]:
            over = [(last[p.first], p) for p in row.parts if p.first in last and p.last in ends]
            early += sum(had_room(above, part, ends[part.last]) for above, part in over)
            seen += len(over)
        last.update((p.first, p) for p in row.parts)
    return early / seen if seen else 0.0


def rows_with_room(rows: Sequence[TextRow], ends: dict[int, float]) -> list[TextRow]:
    """Rows of text told by where lines end: what would have fitted on the line above it in its cell is not its rest.

    `ends` has the right border of each column. [] unless three columns or more begin three rows or more so.
    """
    groups: list[list[TextRow]] = []
    last: dict[int, Part] = {}
    for row in rows:
        news = [p for p in row.parts if p.first not in last or had_room(last[p.first], p, ends.get(p.last, 0.0))]
        old = [p for p in row.parts if p.first in last]
        begins = row.part_at(min(ends)) is not None and len(row.parts) >= 3 and len(news) >= 0.5 * len(row.parts)
        if not groups or (begins and old):
            groups.append([])
        groups[-1].append(row)
        last.update((p.first, p) for p in row.parts)
    if len(groups) < 3 or any(len(group[0].parts) < max(3, 0.7 * len(ends)) for group in groups):
        return []
    return [one_row(lines) for lines in groups]


def text_rows(rows: Sequence[TextRow], first: int) -> list[TextRow]:
    """Rows of text parted by clear white through all columns; [] unless every one begins in the first column."""
    gaps = [b.y0 - a.y1 for a, b in pairwise(rows)]
    height = median(r.y1 - r.y0 for r in rows)
    if len(rows) < 3 or max(gaps) - min(gaps) < 0.5 * height:
        return []
    found: list[TextRow] = []
    for index, row in enumerate(rows):
        if index and gaps[index - 1] < min(gaps) + 0.45 * height:
            absorb(found[-1], row)
        else:
            found.append(TextRow(row.y0, row.y1, [Part(p.first, p.last, list(p.words)) for p in row.parts]))
    filled = sum(1 for r in found if len(r.parts) > 1)
    if len(found) < 2 or filled < 2 or any(r.part_at(first) is None for r in found):
        return []
    return found
