"""Tables whose cells are drawn: a frame of rules becomes a grid, cells without a border between them are merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from docextract.layout.rules import REACH, Frame, Rule, cluster, nearest
from docextract.types import Word


@dataclass(slots=True)
class Slot:
    """A cell being built: its grid place (half open) and its words."""

    row0: int
    row1: int
    column0: int
    column1: int
    words: list[Word] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """Positions of row and column borders (points) and the cells between them."""

    ys: list[float]
    xs: list[float]
    slots: list[Slot]


def covers(rules: Sequence[Rule], at: float, start: float, end: float, tolerance: float = REACH) -> bool:
    """Whether rules at `at` cover most of `start` to `end`."""
    covered = 0.0
    for rule in rules:
        if abs(rule.at - at) <= tolerance:
            covered += max(0.0, min(rule.end, end) - max(rule.start, start))
    return covered >= 0.6 * (end - start)


def borders(frame: Frame) -> tuple[list[float], list[float]]:
    """Row and column borders of a frame (points), with outer borders where only crossing rules reach out to them."""
    ys = cluster((h.at for h in frame.across), REACH)
    xs = cluster((v.at for v in frame.down), REACH)
    left, top, right, bottom = frame.box
    # A rule that reaches past the last crossing one says the table goes on to its end.
    if xs[0] - left > 8:
        xs.insert(0, left)
    if right - xs[-1] > 8:
        xs.append(right)
    if ys[0] - top > 5:
        ys.insert(0, top)
    if bottom - ys[-1] > 5:
        ys.append(bottom)
    return ys, xs


def grid_of(frame: Frame) -> Grid:
    """The frame's grid. Elementary cells with no rule between them are merged into rectangles."""
    ys, xs = borders(frame)
    rows, columns = len(ys) - 1, len(xs) - 1
    right = [
        [covers(frame.down, xs[c + 1], ys[r], ys[r + 1]) for c in range(columns - 1)] + [True] for r in range(rows)
    ]
    below = [
        [covers(frame.across, ys[r + 1], xs[c], xs[c + 1]) for c in range(columns)]
        if r < rows - 1
        else [True] * columns
        for r in range(rows)
    ]
    taken = [[False] * columns for _ in range(rows)]
    slots: list[Slot] = []
    for r in range(rows):
        for c in range(columns):
            if taken[r][c]:
                continue
            c1 = c + 1
            while c1 < columns and not right[r][c1 - 1] and not taken[r][c1] and below[r][c1] == below[r][c]:
                c1 += 1
            r1 = r + 1
            while r1 < rows and not any(below[r1 - 1][k] for k in range(c, c1)) and _row_fits(right, taken, r1, c, c1):
                r1 += 1
            for y in range(r, r1):
                for x in range(c, c1):
                    taken[y][x] = True
            slots.append(Slot(r, r1, c, c1))
    return Grid(ys, xs, slots)


def _row_fits(right: list[list[bool]], taken: list[list[bool]], row: int, c0: int, c1: int) -> bool:
    if any(taken[row][c] for c in range(c0, c1)) or any(right[row][c] for c in range(c0, c1 - 1)):
        return False
    # The row below must end where this cell ends, else the cell would cut another one in two.
    return right[row][c1 - 1] and (c0 == 0 or right[row][c0 - 1])


def fill(grid: Grid, words: Sequence[Word]) -> list[Word]:
    """Put every word whose middle lies in a cell into it; gives back the words that lie in none."""
    place: dict[tuple[int, int], Slot] = {}
    for slot in grid.slots:
        for r in range(slot.row0, slot.row1):
            for c in range(slot.column0, slot.column1):
                place[r, c] = slot
    outside: list[Word] = []
    for word in words:
        x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
        if not (grid.xs[0] <= x <= grid.xs[-1] and grid.ys[0] <= y <= grid.ys[-1]):
            outside.append(word)
            continue
        column = _interval(grid.xs, x)
        row = _interval(grid.ys, y)
        place[row, column].words.append(word)
    return outside


def _interval(borders_: Sequence[float], value: float) -> int:
    index = nearest(borders_, value)
    if borders_[index] > value:
        index -= 1
    return min(max(index, 0), len(borders_) - 2)
