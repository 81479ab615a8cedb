"""TEDS, the likeness of two tables as trees (Zhong, ShafieiBavani and Jimeno Yepes 2020, arXiv:1911.10683).

TEDS = 1 - edit distance / nodes of the larger tree. The tree is table > thead, tbody > tr > td; taking
a node out or putting one in costs 1, so does another tag or span; a cell's text costs its normalised
edit distance. Nodes are counted as the paper's code does: all below `table`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from docextract.evaluate.adjacency import GridText
from docextract.evaluate.text import similarity
from docextract.values.text import fold

MAX_PRODUCT = 500_000
"""Nodes of the two trees, multiplied, up to which the distance is computed: about five seconds."""

Label = tuple[str, int, int, str]
"""Tag, column span, row span, text."""


@dataclass(frozen=True, slots=True)
class _Node:
    label: Label
    children: list[_Node] = field(default_factory=list)


def teds(wanted: Sequence[GridText], got: Sequence[GridText]) -> float | None:
    """Likeness of two tables, 0 to 1; None where they are too large to compare (MAX_PRODUCT)."""
    left, right = _Flat(_tree(wanted)), _Flat(_tree(got))
    larger = max(len(left.labels), len(right.labels)) - 1
    if (left.labels, left.leftmost) == (right.labels, right.leftmost):
        return 1.0
    if len(left.labels) * len(right.labels) > MAX_PRODUCT:
        return None
    return 1.0 - _distance(left, right) / larger


def _tree(cells: Sequence[GridText]) -> _Node:
    """Rows top to bottom, cells left to right; blank cells are nodes too where they are given."""
    root = _Node(("table", 1, 1, ""))
    for tag, wanted in (("thead", True), ("tbody", False)):
        rows = sorted({cell.row for cell in cells if cell.header is wanted})
        part = _Node((tag, 1, 1, ""))
        for row in rows:
            inside = sorted((cell for cell in cells if cell.row == row), key=lambda cell: cell.column)
            texts = [_Node(("td", cell.column_span, cell.row_span, fold(cell.text))) for cell in inside]
            part.children.append(_Node(("tr", 1, 1, ""), texts))
        if part.children:
            root.children.append(part)
    return root


class _Flat:
    """A tree in postorder: labels, the leftmost leaf below each node, and the roots that have a left sibling."""

    def __init__(self, root: _Node) -> None:
        self.labels: list[Label] = []
        self.leftmost: list[int] = []
        self._walk(root)
        last = {leaf: index for index, leaf in enumerate(self.leftmost)}
        self.keyroots = sorted(last.values())

    def _walk(self, node: _Node) -> int:
        leaves = [self._walk(child) for child in node.children]
        leaf = leaves[0] if leaves else len(self.labels)
        self.labels.append(node.label)
        self.leftmost.append(leaf)
        return leaf


def _distance(left: _Flat, right: _Flat) -> float:
    """The tree edit distance of Zhang and Shasha 1989."""
    trees = [[0.0] * len(right.labels) for _ in left.labels]
    changes = _Changes(left, right)
    for i in left.keyroots:
        for j in right.keyroots:
            _forest(left, right, (i, j), trees, changes)
    return trees[-1][-1]


class _Changes:
    """What it costs to turn a node into another, worked out once for each node and each pair of texts."""

    def __init__(self, left: _Flat, right: _Flat) -> None:
        self._left, self._right = left.labels, right.labels
        self._rows: dict[int, list[float]] = {}
        self._known: dict[tuple[Label, Label], float] = {}

    def row(self, i: int) -> list[float]:
        """The cost of turning node `i` into each node of the other tree."""
        row = self._rows.get(i)
        if row is None:
            row = self._rows[i] = [self._cost(self._left[i], other) for other in self._right]
        return row

    def _cost(self, one: Label, other: Label) -> float:
        if one == other:
            return 0.0
        if one[:3] != other[:3]:
            return 1.0
        key = (one, other)
        cost = self._known.get(key)
        if cost is None:
            cost = self._known[key] = 1.0 - similarity(one[3], other[3])
        return cost


def _forest(left: _Flat, right: _Flat, roots: tuple[int, int], trees: list[list[float]], changes: _Changes) -> None:
    """Distances between the forests below two key roots; fills `trees` for the subtrees met on the way."""
    i, j = roots
    first_i, first_j = left.leftmost[i], right.leftmost[j]
    if first_i == i and first_j == j:  # two leaves, most pairs of all: to change one never costs more than to swap it
        trees[i][j] = changes.row(i)[j]
        return
    columns = range(first_j, j + 1)
    before = [float(n) for n in range(j - first_j + 2)]
    rows = [before]
    for x in range(first_i, i + 1):
        change = changes.row(x)
        is_tree_x = left.leftmost[x] == first_i
        jump = rows[left.leftmost[x] - first_i]
        line = [before[0] + 1.0]
        known = trees[x]
        for place, y in enumerate(columns):
            cheapest = min(before[place + 1], line[place]) + 1.0
            if is_tree_x and right.leftmost[y] == first_j:
                cheapest = min(cheapest, before[place] + change[y])
                known[y] = cheapest
            else:
                cheapest = min(cheapest, jump[right.leftmost[y] - first_j] + known[y])
            line.append(cheapest)
        rows.append(line)
        before = line
