"""Tables that stand side by side: each has its own labels, and its own rules or its own lines."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from docextract.layout.gutters import Judge, prose_columns
from docextract.layout.rules import Rule
from docextract.layout.shapes import Segment
from docextract.layout.values import is_value

_Rows = list[list[Segment]]


def apart(rules: Sequence[Rule]) -> Judge:
    """What parts a page before its tables are looked for: columns of prose, and tables beside each other."""

    def judge(left: Sequence[Segment], right: Sequence[Segment]) -> bool:
        return prose_columns(left, right) or tables_beside(left, right, rules)

    return judge


def tables_beside(left: Sequence[Segment], right: Sequence[Segment], rules: Sequence[Rule]) -> bool:
    """Whether both sides are tables of their own: labels and columns on either, and not one row over both.

    Rules drawn over each side alone show it, or lines of the two sides that do not stand on one height.
    """
    first, second = _rows(left), _rows(right)
    if not (_is_tabular(first) and _is_tabular(second)):
        return False
    white = max(s.x1 for s in left), min(s.x0 for s in right)
    if _own_rules(left, [r for r in rules if r.end < white[1]]) and _own_rules(
        right, [r for r in rules if r.start > white[0]]
    ):
        return True
    size = median(s.size for s in left)
    levels = [row[0].y1 for row in first]
    fewer, more = levels, [row[0].y1 for row in second]
    if len(fewer) > len(more):
        fewer, more = more, fewer
    level = sum(1 for y in fewer if min(abs(y - other) for other in more) < 0.15 * size)
    return level < 0.5 * len(fewer)


def _rows(side: Sequence[Segment]) -> _Rows:
    """Segments by line, each left to right."""
    rows: _Rows = []
    for segment in sorted(side, key=lambda s: s.y1):
        if rows and segment.y1 - rows[-1][0].y1 < 0.4 * segment.size:
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [sorted(row, key=lambda s: s.x0) for row in rows]


def _is_tabular(rows: _Rows) -> bool:
    """Whether most lines have a label and at least one more piece, the labels with one left edge."""
    if len(rows) < 3 or sum(len(row) >= 2 for row in rows) < 0.6 * len(rows):
        return False
    labels = [row[0] for row in rows]
    edge = min(s.x0 for s in labels)
    named = sum(any(c.isalpha() for c in s.text) and not is_value(s.words[0].text) for s in labels)
    flush = sum(s.x0 - edge < 1.5 * s.size for s in labels)
    return named >= 0.7 * len(rows) and flush >= 0.7 * len(rows)


def _own_rules(side: Sequence[Segment], rules: Sequence[Rule]) -> bool:
    """Whether two rules or more lie over a side's whole width."""
    x0, x1 = min(s.x0 for s in side), max(s.x1 for s in side)
    top, bottom = min(s.y0 for s in side), max(s.y1 for s in side)
    size = median(s.size for s in side)
    over = [r for r in rules if top - 1.5 * size < r.at < bottom + 1.5 * size]
    return sum(min(r.end, x1) - max(r.start, x0) > 0.8 * (x1 - x0) for r in over) >= 2
