"""Which column of a table each cell of a line stands in; a run of words over several columns is cut where they part."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docextract.local.columns import Column, Head
from docextract.local.roles import NUMERIC, number_of
from docextract.local.segments import Segment, segment_of
from docextract.local.typed import read
from docextract.local.view import View

# Share of the narrower of a cell and a head that may lie over each other by chance: heads are set centred, too.
_BRUSH = 0.1
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def numeric_of(head: Head) -> frozenset[int]:
    """The columns that hold numbers of the item."""
    return frozenset(i for i, c in enumerate(head.columns) if c.want and c.want.kind in NUMERIC)


def place(line: Sequence[Segment], head: Head, view: View) -> list[tuple[int, Segment]]:
    """The line's segments with their columns; one that runs over several columns is cut where its words say so."""
    cells: list[tuple[int, Segment]] = []
    for segment in line:
        over = [i for i, column in enumerate(head.columns) if _reaches(segment, column)]
        if len(over) > 1:
            pieces = _cut(segment, head)
            counted = len(pieces) > 1 and pieces[0][0] in numeric_of(head) and _NUMBER.fullmatch(pieces[0][1].text)
            if all(_fits(head.columns[column], piece, view) for column, piece in pieces[1:]) or (
                counted and len(pieces) == 2
            ):
                cells += pieces
                continue
        cells.append((_column_of(segment.x0, segment.x1, head), segment))
    return _moved_on(cells, head, view)


def _moved_on(cells: list[tuple[int, Segment]], head: Head, view: View) -> list[tuple[int, Segment]]:
    """Two cells under one head, and none under the next: the second is the next column's, whose head stands far in."""
    columns = head.columns
    moved = list(cells)
    for at in range(1, len(moved)):
        column, segment = moved[at]
        if moved[at - 1][0] == column and _is_before(moved, at, head, view):
            moved[at - 1] = (column - 1, moved[at - 1][1])
            continue
        if moved[at - 1][0] != column or column + 1 >= len(columns) or any(one == column + 1 for one, _ in moved):
            continue
        end = columns[column + 2].x0 if column + 2 < len(columns) else segment.x1
        worded = any(map(str.isalpha, segment.text))
        want = columns[column + 1].want
        fits = worded if want is None or want.kind not in NUMERIC else bool(read(want, segment.text, view.habits))
        if fits and segment.x1 <= end and segment.x1 > columns[column].x1:
            moved[at] = (column + 1, segment)
    return moved


def _is_before(cells: Sequence[tuple[int, Segment]], at: int, head: Head, view: View) -> bool:
    """Whether of two numbers under one head the first is the column's before, which has none and ends there."""
    column, first = cells[at - 1]
    free = column > 0 and all(one != column - 1 for one, _ in cells)
    if not free or not {column - 1, column} <= numeric_of(head) or cells[at][1].x1 < head.columns[column].x0:
        return False
    return all(number_of(one.text, view.habits) is not None for one in (first, cells[at][1]))


def _fits(column: Column, piece: Segment, view: View) -> bool:
    """Whether a piece of a cut segment can be a cell of its own: a number in a column of numbers, mostly."""
    digits = sum(c.isdigit() for c in piece.text)
    if column.want is None or column.want.kind not in NUMERIC:
        begins_it = abs(piece.x0 - column.x0) < 2
        return begins_it or digits >= 0.5 * len(piece.text.replace(" ", "")) or len(piece.words) <= 1
    return bool(read(column.want, piece.text, view.habits)) and len(piece.words) <= 3


def _cut(segment: Segment, head: Head) -> list[tuple[int, Segment]]:
    groups: list[tuple[int, list[int]]] = []
    for position, word in enumerate(segment.words):
        column = _column_of(word.x0, word.x1, head)
        if groups and groups[-1][0] >= column:
            groups[-1][1].append(position)
        else:
            groups.append((column, [position]))
    return [
        (column, segment_of([segment.words[p] for p in positions], segment.page, segment.line))
        for column, positions in groups
    ]


def _column_of(x0: float, x1: float, head: Head) -> int:
    """The column whose head the extent overlaps most, else the nearest by its edges."""

    def distance(index: int) -> tuple[float, float]:
        column = head.columns[index]
        overlap = min(x1, column.x1) - max(x0, column.x0)
        edges = min(abs(x0 - column.x0), abs(x1 - column.x1))
        return (-overlap if overlap > 0 else 0.0, edges if overlap > 0 else max(0.0, -overlap) + 0.1 * edges)

    return min(range(len(head.columns)), key=distance)


def _reaches(segment: Segment, column: Column) -> bool:
    """Whether a cell stands under a column's head by more than a brush."""
    overlap = min(segment.x1, column.x1) - max(segment.x0, column.x0)
    return overlap > _BRUSH * min(segment.x1 - segment.x0, column.x1 - column.x0)
