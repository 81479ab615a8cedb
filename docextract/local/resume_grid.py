"""Cells set side by side inside a section (three skills in a row) read cell column by cell column."""

from __future__ import annotations

from collections.abc import Sequence

from docextract.local.resume_dates import is_dates
from docextract.local.sections_lines import Line, Segment


def ungrid(lines: Sequence[Line]) -> list[Line]:
    """The lines of a section, one grid column after the other where it is a grid; else as they are."""
    return [line for column in cells(lines) for line in column]


def cells(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of a section by grid column; all in one where it is none.

    A grid column is a left edge that segments of two lines or more share and that few lines cross.
    Right-aligned dates share their right edge, not their left one, and never make a column.
    """
    if len(lines) < 2:
        return [list(lines)]
    cuts = _cuts(lines)
    if not cuts:
        return [list(lines)]
    made: list[list[Line]] = []
    edges = [-1e9, *cuts, 1e9]
    for index, low in enumerate(edges[:-1]):
        high = edges[index + 1]
        column: list[Line] = []
        for line in lines:
            cell = tuple(item for item in line.segments if low <= item.x0 < high)
            if not cell:
                continue
            gap = None
            if column and column[-1].page == line.page:
                gap = min(item.y0 for item in cell) - column[-1].y1
            right = min(high, line.right) if high < 1e9 else line.right
            column.append(Line(cell, line.page, gap, right))
        made.append(column)
    return made


def _cuts(lines: Sequence[Line]) -> list[float]:
    left = min(line.x0 for line in lines)
    right = max(line.x1 for line in lines)
    later: list[Segment] = [item for line in lines for item in line.segments[1:]]
    later += [line.first for line in lines if line.x0 > left + 0.2 * (right - left)]
    found: list[float] = []
    for item in sorted(later, key=lambda one: one.x0):
        peers = [other for other in later if abs(other.x0 - item.x0) < 0.35 * item.size]
        if len(peers) < 2 or (found and item.x0 - found[-1] < 0.12 * (right - left)):
            continue
        if item.x0 - left < 0.15 * (right - left) or all(is_dates(other.traced.text) for other in peers):
            continue
        flush = max(other.x1 for other in peers) - min(other.x1 for other in peers) < 2
        cut = item.x0 - 1.5
        crossing = sum(any(seg.x0 < cut < seg.x1 - 1 for seg in line.segments) for line in lines)
        beside = sum(any(seg.x1 <= cut for seg in line.segments) for line in lines)
        if not flush and crossing <= 0.1 * len(lines) and beside >= 2 and len(peers) >= 0.3 * beside:
            found.append(cut)
    return found
