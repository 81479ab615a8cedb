"""Where the columns of a table part: stretches of white that stand through its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from docextract.layout.lines import height
from docextract.layout.values import is_currency, is_number, is_value
from docextract.types import Word

TEXT_GAP = 0.8
"""Words further apart than this many line heights are separate pieces, whatever they are."""


@dataclass(frozen=True, slots=True)
class Atom:
    """The smallest piece that no column border may cut, as far as one line can tell."""

    x0: float
    x1: float
    value: bool
    words: tuple[Word, ...]


_SIGN = frozenset({"±", "–", "-", "—", "/", "<", ">", "≤", "≥", "to"})


def value_gap(space: float) -> float:
    """How far (line heights) a value stands from its neighbour when it is a piece of its own."""
    return min(0.45, max(0.3, 1.5 * space))


def atoms(words: Sequence[Word], space: float = 0.22) -> list[Atom]:
    """A line's words (left to right) as atoms; `space` is the usual space between words, in line heights."""
    apart = value_gap(space)
    parts: list[list[Word]] = []
    right = 0.0
    for word in words:
        if parts:
            gap = word.x0 - right
            size = min(height(parts[-1][-1]), height(word))
            previous = parts[-1][-1]
            loose = apart if is_value(word.text) or is_value(previous.text) else TEXT_GAP
            if _SIGN & {word.text, previous.text}:
                loose = 0.45
            elif is_number(previous.text) and word.text.startswith("(") and word.text.endswith(")"):
                loose = 0.6
            if is_currency(previous.text) and is_value(word.text) and gap < 3 * size:
                loose = 3.0
            if gap <= loose * size:
                parts[-1].append(word)
                right = max(right, word.x1)
                continue
        parts.append([word])
        right = word.x1
    return [
        Atom(
            min(w.x0 for w in part),
            max(w.x1 for w in part),
            (any(is_number(w.text) for w in part) and sum(not is_value(w.text) for w in part) <= 1)
            or (len(part) == 1 and is_value(part[0].text)),
            tuple(part),
        )
        for part in parts
    ]


def clear_stretches(rows: Sequence[Sequence[Atom]], crossing: int) -> list[tuple[float, float]]:
    """Stretches between the outermost atoms that at most `crossing` rows put ink on."""
    events: list[tuple[float, int]] = []
    for row in rows:
        for atom in row:
            events.append((atom.x0, 1))
            events.append((atom.x1, -1))
    events.sort(key=lambda e: (e[0], -e[1]))
    stretches: list[tuple[float, float]] = []
    depth = 0
    opened: float | None = None
    for at, step in events:
        before = depth
        depth += step
        if before > crossing >= depth:
            opened = at
        elif before <= crossing < depth and opened is not None:
            stretches.append((opened, at))
            opened = None
    return stretches


def separators(rows: Sequence[Sequence[Atom]], size: float, space: float = 0.22) -> list[tuple[float, float]]:
    """The white (from x to x) between columns, from the rows that show columns best.

    A stretch of white is a border when it is clear in nearly all rows and either wide, or narrow with
    values beside it: between two words of running text it is chance.
    """
    filled = [row for row in rows if row]
    if len(filled) < 2:
        return []
    crossing = len(filled) // 10
    stretches = [s for s in clear_stretches(filled, crossing) if s[1] - s[0] >= 0.22 * size]
    kept = list(stretches)
    changed = True
    while changed and kept:
        changed = False
        for index, stretch in enumerate(kept):
            low = kept[index - 1][1] if index else float("-inf")
            high = kept[index + 1][0] if index + 1 < len(kept) else float("inf")
            if not _parts(filled, stretch, (low, high), size, value_gap(space)):
                del kept[index]
                changed = True
                break
    return kept


def _parts(
    rows: Sequence[Sequence[Atom]],
    stretch: tuple[float, float],
    bounds: tuple[float, float],
    size: float,
    apart: float,
) -> bool:
    """Whether a stretch parts the column on its left from the one on its right (`bounds` are their far sides)."""
    low, high = bounds
    middle = (stretch[0] + stretch[1]) / 2
    gaps: list[float] = []
    left_rows = right_rows = left_values = right_values = currency = percent = 0
    for row in rows:
        left = [a for a in row if low - 1 <= (a.x0 + a.x1) / 2 <= middle and a.x0 < middle]
        right = [a for a in row if middle <= (a.x0 + a.x1) / 2 <= high + 1]
        if left:
            left_rows += 1
            left_values += left[-1].value
            currency += all(is_currency(w.text) for a in left for w in a.words)
        if right:
            right_rows += 1
            right_values += right[0].value
            percent += all(is_currency(w.text) for a in right for w in a.words)
        if left and right:
            gaps.append(right[0].x0 - left[-1].x1)
    if not left_rows or not right_rows:
        return False
    if currency == left_rows or (percent == right_rows and stretch[1] - stretch[0] < 1.5 * size):
        return False
    needed = 1 if len(rows) <= 4 else 2
    if left_rows < needed or right_rows < needed:
        return False
    gap = median(gaps) if gaps else stretch[1] - stretch[0]
    if gap >= 0.85 * size and stretch[1] - stretch[0] >= 0.4 * size:
        return True
    return gap >= apart * size and right_values >= 0.6 * right_rows


def headed(
    stretches: Sequence[tuple[float, float]],
    rows: Sequence[Sequence[Atom]],
    headings: Sequence[Atom],
    size: float,
) -> list[tuple[float, float]]:
    """`stretches`, and the white between two columns that no row fills both of, where each has its heading.

    Money in and money out of an account: a column may hold a single value, and no line shows the white
    between the two. It is a border where it is clear in all rows, parts two headings, and a value of its
    own lines up with either heading.
    """
    found = list(stretches)
    for clear in clear_stretches([row for row in rows if row], 0):
        if clear[1] - clear[0] < 0.22 * size or any(clear[0] < s[1] and s[0] < clear[1] for s in found):
            continue
        for left, right in pairwise(headings):
            low, high = max(clear[0], left.x1), min(clear[1], right.x0)
            apart = high - low >= 0.22 * size and right.x0 - left.x1 >= 0.45 * size
            if apart and _is_alone(left, rows, size) and _is_alone(right, rows, size):
                found.append((low, high))
                break
    return sorted(found)


def between(stretches: Sequence[tuple[float, float]], headings: Sequence[Atom]) -> list[tuple[float, float]]:
    """The stretches narrowed to the white between headings, where there is one heading for each column in their order.

    Headings that stand left of values set right, or right of them, are else taken for those of a neighbour.
    """
    if len(headings) != len(stretches) + 1:
        return list(stretches)
    found = [
        (max(low, left.x1), min(high, right.x0))
        for (low, high), (left, right) in zip(stretches, pairwise(headings), strict=True)
    ]
    return found if all(high > low for low, high in found) else list(stretches)


def _is_alone(heading: Atom, rows: Sequence[Sequence[Atom]], size: float) -> bool:
    """Whether a value of its own lines up with a heading and neither it nor another piece there runs on."""
    near = 0.35 * size
    under = [a for row in rows for a in row if a.x0 < heading.x1 and a.x1 > heading.x0]
    return any(a.value for a in under) and all(
        a.value
        and (
            abs(a.x0 - heading.x0) < near
            or abs(a.x1 - heading.x1) < near
            or abs((a.x0 + a.x1) / 2 - (heading.x0 + heading.x1) / 2) < near
        )
        for a in under
    )


def settle(
    stretches: Sequence[tuple[float, float]], rows: Sequence[Sequence[Atom]], drawn: Sequence[tuple[float, float]] = ()
) -> list[float]:
    """Borders (x), one in each stretch of white: where the fewest atoms of all rows, headings too, are cut.

    `drawn` is what short rules cover, from x to x: they are not cut either where that can be helped.
    """
    ink = [*((a.x0, a.x1) for row in rows for a in row), *drawn]
    return [_quietest(stretch, ink) for stretch in stretches]


def _quietest(stretch: tuple[float, float], ink: Sequence[tuple[float, float]]) -> float:
    low, high = stretch
    inside = [(max(x0, low), min(x1, high)) for x0, x1 in ink if x0 < high - 0.5 and x1 > low + 0.5]
    edges = sorted({low, high, *(x for pair in inside for x in pair)})
    best = min(
        pairwise(edges),
        key=lambda gap: (sum(1 for a, b in inside if a < gap[1] and b > gap[0]), gap[0] - gap[1]),
    )
    return (best[0] + best[1]) / 2


def column_of(borders: Sequence[float], x: float) -> int:
    """Index of the column that `x` lies in."""
    index = 0
    for border in borders:
        if x < border:
            break
        index += 1
    return index
