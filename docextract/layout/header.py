"""Header rows: how many lines on top are headers, and which of their pieces belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from docextract.layout.columns import column_of
from docextract.layout.lines import height
from docextract.layout.rows import Part, TextRow, value_columns
from docextract.layout.rules import Rule
from docextract.layout.values import is_value, is_year, value_text


def header_like(part: Part) -> bool:
    """Whether a part could be a column's heading: text, or a year."""
    return not value_text(part.words) or all(is_year(w.text) for w in part.words)


def header_lines(rows: Sequence[TextRow], columns: int, rules: Sequence[Rule]) -> int:
    """How many of the first text lines are headers; `rules` are horizontal ones inside the table's width."""
    if len(rows) < 2:
        return 0
    left = min(w.x0 for r in rows for p in r.parts for w in p.words)
    right = max(w.x1 for r in rows for p in r.parts for w in p.words)
    values = value_columns(rows, columns) - {0}
    first_body = len(rows)
    for index, row in enumerate(rows):
        hits = [
            p for p in row.parts if p.first == p.last and p.first in values and any(is_value(w.text) for w in p.words)
        ]
        real = [p for p in hits if not header_like(p)]
        if real and (len(real) >= 0.5 * len(hits)):
            first_body = index
            break
    if not values or first_body == len(rows):
        return _by_rule_or_weight(rows, rules, left, right)
    long_rules = [r.at for r in rules if min(r.end, right) - max(r.start, left) >= 0.7 * (right - left)]
    for index in range(first_body, 0, -1):
        if any(rows[index - 1].y1 - 3 <= at <= rows[index].y0 + 3 for at in long_rules):
            return index
    while first_body > 0 and _is_section(rows[first_body - 1], columns, first=first_body == 1):
        first_body -= 1
    return first_body


def _is_section(row: TextRow, columns: int, *, first: bool) -> bool:
    """A lone label in the first column right above the values heads a group of rows, not a column.

    So does one over all columns, unless it is the first of all lines.
    """
    if columns < 2 or len(row.parts) != 1 or row.parts[0].first > 0:
        return False
    return row.parts[0].last < max(1, columns - 1) or (columns > 2 and not first)


def _by_rule_or_weight(rows: Sequence[TextRow], rules: Sequence[Rule], left: float, right: float) -> int:
    long_rules = [r.at for r in rules if min(r.end, right) - max(r.start, left) >= 0.7 * (right - left)]
    for index in range(1, min(len(rows), 5)):
        if any(rows[index - 1].y1 - 3 <= at <= rows[index].y0 + 3 for at in long_rules):
            return index
    count = 0
    for row in rows[:4]:
        if not all(w.bold for p in row.parts for w in p.words):
            break
        count += 1
    return count if count < len(rows) and count < 4 else 0


def split_headings(rows: Sequence[TextRow], body: Sequence[TextRow], borders: Sequence[float]) -> None:
    """Headings of neighbour columns that stand no further apart than words do are cut where their columns part.

    Cut where no word straddles the border and there are three pieces or more, or both pieces line up
    with what stands under them.
    """
    extents: dict[int, tuple[float, float]] = {}
    for row in body:
        for part in row.parts:
            if part.first == part.last:
                x0, x1 = part.words[0].x0, max(w.x1 for w in part.words)
                known = extents.get(part.first, (x0, x1))
                extents[part.first] = (min(known[0], x0), max(known[1], x1))
    for row in rows:
        parts: list[Part] = []
        for part in row.parts:
            pieces = _pieces(part, borders)
            if len(pieces) >= 3 or (len(pieces) == 2 and all(_lines_up(p, extents) for p in pieces)):
                parts.extend(pieces)
            else:
                parts.append(part)
        row.parts[:] = parts


def _pieces(part: Part, borders: Sequence[float]) -> list[Part]:
    """The part cut at every border that falls between two of its words."""
    pieces: list[Part] = []
    for word in part.words:
        first = column_of(borders, word.x0 + 0.1 * (word.x1 - word.x0))
        last = column_of(borders, word.x1 - 0.1 * (word.x1 - word.x0))
        if pieces and first <= pieces[-1].last:
            pieces[-1].words.append(word)
            pieces[-1].last = max(last, pieces[-1].last)
        else:
            pieces.append(Part(first, last, [word]))
    return pieces


def _lines_up(part: Part, extents: dict[int, tuple[float, float]]) -> bool:
    """Whether a piece shares its left edge, middle or right edge with the column under it."""
    extent = extents.get(part.first)
    if extent is None or part.last != part.first:
        return False
    x0, x1 = min(w.x0 for w in part.words), max(w.x1 for w in part.words)
    near = 0.35 * height(part.words[0])
    return (
        abs(x0 - extent[0]) < near
        or abs(x1 - extent[1]) < near
        or abs((x0 + x1) / 2 - (extent[0] + extent[1]) / 2) < near
    )


@dataclass(slots=True)
class _Stack:
    part: Part
    line: int


def group_headers(rows: Sequence[TextRow], borders: Sequence[float], rules: Sequence[Rule]) -> list[TextRow]:
    """Header lines grouped into header rows: the lines of one heading joined, headings that span kept above theirs."""
    if not rows:
        return []
    widen(rows, borders, rules)
    for row, below in pairwise(rows):
        spread(row, below)
    breaks = _breaks(rows, borders, rules)
    levels = sorted({line for line, _, _ in breaks})
    stacks: list[_Stack] = []
    for index, row in enumerate(rows):
        for part in row.parts:
            home = None
            for stack in stacks:
                mine = stack.part
                if mine.first <= part.last and part.first <= mine.last:
                    cutting = any(
                        stack.line <= line < index and first <= part.last and part.first <= last
                        for line, first, last in breaks
                    )
                    if not cutting:
                        home = stack
            if home is None:
                stacks.append(_Stack(Part(part.first, part.last, list(part.words)), index))
            else:
                home.part.words.extend(part.words)
                home.part.first, home.part.last = min(home.part.first, part.first), max(home.part.last, part.last)
                home.line = index
    made = [TextRow(0.0, 0.0) for _ in range(len(levels) + 1)]
    for stack in stacks:
        made[sum(1 for line in levels if line < stack.line)].parts.append(stack.part)
    result = [row for row in made if row.parts]
    for row in result:
        row.parts.sort(key=lambda p: p.first)
        row.y0 = min(w.y0 for p in row.parts for w in p.words)
        row.y1 = max(w.y1 for p in row.parts for w in p.words)
    return result


def widen(rows: Sequence[TextRow], borders: Sequence[float], rules: Sequence[Rule]) -> None:
    """A heading with a short rule right under it spans the columns that the rule covers."""
    for index, row in enumerate(rows):
        floor = rows[index + 1].y0 + 3 if index + 1 < len(rows) else row.y1 + 6
        for part in row.parts:
            x0, x1 = min(w.x0 for w in part.words), max(w.x1 for w in part.words)
            for rule in rules:
                if not (row.y1 - 4 <= rule.at <= floor) or rule.start > x0 + 2 or rule.end < x1 - 2:
                    continue
                first, last = column_of(borders, rule.start + 4), column_of(borders, rule.end - 4)
                alone = all(
                    other is part
                    or max(w.x1 for w in other.words) <= rule.start + 2
                    or min(w.x0 for w in other.words) >= rule.end - 2
                    for other in row.parts
                )
                whole = first == 0 and last == len(borders)
                if alone and not whole and first <= part.first and last >= part.last and last > first:
                    part.first, part.last = first, last


def spread(row: TextRow, below: TextRow) -> None:
    """Headings over headings that repeat span a group each: `Visits`, `Costs` over `2021 2022 2021 2022`."""
    count = len({" ".join(w.text for w in part.words).casefold() for part in row.parts})
    if count < len(row.parts):  # the first lines of headings that go on below
        return
    for start in range(len(below.parts) if count >= 2 else 0):
        tail = below.parts[start:]
        size, rest = divmod(len(tail), count)
        if rest or size < 2 or any(p.first != p.last for p in tail):
            continue
        labels = [" ".join(w.text for w in part.words).casefold() for part in tail]
        if labels != labels[:size] * count or len(set(labels[:size])) < size:
            continue
        groups = [tail[at : at + size] for at in range(0, len(tail), size)]
        if all(
            group[0].words[0].x0 <= (part.words[0].x0 + part.words[-1].x1) / 2 <= group[-1].words[-1].x1
            for part, group in zip(row.parts, groups, strict=True)
        ):
            for part, group in zip(row.parts, groups, strict=True):
                part.first, part.last = group[0].first, group[-1].last
            return


def _breaks(rows: Sequence[TextRow], borders: Sequence[float], rules: Sequence[Rule]) -> list[tuple[int, int, int]]:
    """(line, first column, last column): between this line and the next a heading ends and others begin."""
    found: list[tuple[int, int, int]] = []
    for index in range(len(rows) - 1):
        row, below = rows[index], rows[index + 1]
        for part in row.parts:
            under = [p for p in below.parts if part.first <= p.last and p.first <= part.last]
            if part.last > part.first and (len(under) > 1 or (len(under) == 1 and under[0].first == under[0].last)):
                found.append((index, part.first, part.last))
        found.extend(
            (index, column_of(borders, rule.start + 4), column_of(borders, rule.end - 4))
            for rule in rules
            if row.y1 - 4 <= rule.at <= below.y0 + 4
        )
    return found
