"""A second reading of a table, from the ink alone: no drawn lines, no notion of what a value is between columns.

It exists to be compared: where white space alone gives the same cells as the first reading, they are cut right.
It is plainer than the first on purpose. What it reads otherwise is doubtful, whichever of the two is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from docextract.layout.assemble import Piece, assemble
from docextract.layout.lines import group_rows, height
from docextract.layout.shapes import Table
from docextract.layout.values import is_value, is_year
from docextract.types import Word

_Span = tuple[float, float]

_WHITE = 0.45
"""White this wide (line heights) through the body parts two columns; a space between words is about 0.25."""

_RUN = 0.45
"""Words nearer than this (line heights) run on: a heading over several columns, a label."""


def projected(page: int, words: Sequence[Word]) -> Table | None:
    """The table that these words make by their white space alone, None where they make none."""
    lines = group_rows(words)
    if len(lines) < 2:
        return None
    size = median(height(word) for word in words)
    head = _head(lines, size)
    columns = _columns(lines[head:] or lines, size)
    if len(columns) < 2:
        return None
    body = _body([_cut(line, columns, size) for line in lines[head:]])
    rows = [*_header([_cut(line, columns, size) for line in lines[:head]]), *body]
    pieces = [
        Piece(index, index + 1, first, last + 1, list(inside))
        for index, row in enumerate(rows)
        for first, last, inside in row
    ]
    return assemble(page, pieces, header_rows=len(rows) - len(body), ruled=False)


_Row = list[tuple[int, int, list[Word]]]
"""First and last column, and the words in them."""


def _head(lines: Sequence[Sequence[Word]], size: float) -> int:
    """How many lines stand over the first that has numbers in most of its pieces; none where no line has."""
    for index, line in enumerate(lines):
        runs = _runs(line, size)
        numbers = sum(all(is_value(w.text) for w in run) for run in runs[1:])
        years = sum(all(is_year(w.text) for w in run) for run in runs[1:])
        if numbers and numbers >= 0.5 * (len(runs) - 1) and years < numbers:
            return index
    return 0


def _columns(lines: Sequence[Sequence[Word]], size: float) -> list[_Span]:
    """Where ink stands across the page, in more than one line in twelve of the body: from x to x."""
    spans = [span for line in lines for run in _runs(line, size) for span in _bridged(run)]
    most = len(lines) // 12
    steps = sorted([(x0, 1) for x0, _ in spans] + [(x1, -1) for _, x1 in spans])
    found: list[_Span] = []
    depth, opened = 0, 0.0
    for x, step in steps:
        before, depth = depth, depth + step
        if before <= most < depth:
            opened = x
        elif before > most >= depth:
            if found and opened - found[-1][1] < _WHITE * size:
                found[-1] = (found[-1][0], x)
            else:
                found.append((opened, x))
    return found


def _bridged(run: Sequence[Word]) -> list[_Span]:
    """The words of a run, each reaching to the next: the space between two words is no column's white."""
    ends = [right.x0 for _, right in pairwise(run)] + [run[-1].x1]
    return [(word.x0, max(word.x1, end)) for word, end in zip(run, ends, strict=True)]


def _runs(line: Sequence[Word], size: float) -> list[list[Word]]:
    runs = [[line[0]]]
    for left, right in pairwise(line):
        if right.x0 - left.x1 > _RUN * size:
            runs.append([])
        runs[-1].append(right)
    return runs


def _cut(line: Sequence[Word], columns: Sequence[_Span], size: float) -> _Row:
    """A line's words by column; a run of words that touches several stays whole."""
    row: _Row = []
    for run in _runs(line, size):
        low, high = run[0].x0, max(word.x1 for word in run)
        touched = [i for i, (x0, x1) in enumerate(columns) if x0 < high - 0.5 and x1 > low + 0.5]
        if not touched:
            touched = [min(range(len(columns)), key=lambda i: abs(columns[i][0] + columns[i][1] - low - high))]
        if row and touched[0] <= row[-1][1]:
            first, last, words = row.pop()
            row.append((first, max(last, touched[-1]), [*words, *run]))
        else:
            row.append((touched[0], touched[-1], list(run)))
    return row


def _header(lines: Sequence[_Row]) -> list[_Row]:
    """Lines over the body as rows: each with a heading over several columns, and what stands between those joined."""
    rows: list[_Row] = []
    spans_before = True
    for line in lines:
        spans = any(first < last for first, last, _ in line)
        if spans or spans_before:
            rows.append(list(line))
        else:
            _join(rows[-1], line)
        spans_before = spans
    return rows


def _body(lines: Sequence[_Row]) -> list[_Row]:
    """Lines of the body as rows: one without a number that leaves the first column empty goes on with the last row."""
    rows: list[_Row] = []
    for line in lines:
        plain = not any(is_value(word.text) for _, _, words in line for word in words)
        if rows and plain and line[0][0] > 0:
            _join(rows[-1], line)
        else:
            rows.append(list(line))
    return rows


def _join(row: _Row, line: _Row) -> None:
    for first, last, words in line:
        for index, (mine, end, inside) in enumerate(row):
            if mine <= last and first <= end:
                row[index] = (min(mine, first), max(end, last), [*inside, *words])
                break
        else:
            row.append((first, last, words))
    row.sort(key=lambda part: part[0])
