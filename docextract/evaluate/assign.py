"""Who belongs to whom: the best one-to-one pairing of two lists, and the best pairing that keeps their order."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

Weight = tuple[float, ...]
"""Compared from the left: the first number decides, later ones break ties. All pairs have the same length."""


def assign(weights: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Pairs (row, column) whose weights sum to the most, each row and column at most once, sorted.

    `weights` is rows by columns, none negative; pairs of weight zero are left out. The Hungarian method
    with potentials (Kuhn 1955, in the O(rows^2 columns) form of Jonker and Volgenant's shortest paths).
    """
    if not weights or not weights[0]:
        return []
    if len(weights) > len(weights[0]):
        turned = [[row[column] for row in weights] for column in range(len(weights[0]))]
        return sorted((row, column) for column, row in assign(turned))
    rows, columns = len(weights), len(weights[0])
    row_price, column_price = [0.0] * (rows + 1), [0.0] * (columns + 1)
    owner = [0] * (columns + 1)  # the row (1-based) that a column has; 0 for none, column 0 is the one to place
    for row in range(1, rows + 1):
        owner[0] = row
        _place(weights, row_price, column_price, owner)
    pairs = [(owner[column] - 1, column - 1) for column in range(1, columns + 1) if owner[column]]
    return sorted((row, column) for row, column in pairs if weights[row][column] > 0)


def _place(
    weights: Sequence[Sequence[float]], row_price: list[float], column_price: list[float], owner: list[int]
) -> None:
    """Find a column for the row in `owner[0]`, moving others along the cheapest alternating path."""
    columns = len(column_price) - 1
    slack, came_from, seen = [math.inf] * (columns + 1), [0] * (columns + 1), [False] * (columns + 1)
    here = 0
    while True:
        seen[here] = True
        row = owner[here]
        step, following = math.inf, 0
        line = weights[row - 1]
        for column in range(1, columns + 1):
            if seen[column]:
                continue
            cost = -line[column - 1] - row_price[row] - column_price[column]
            if cost < slack[column]:
                slack[column], came_from[column] = cost, here
            if slack[column] < step:
                step, following = slack[column], column
        for column in range(columns + 1):
            if seen[column]:
                row_price[owner[column]] += step
                column_price[column] -= step
            else:
                slack[column] -= step
        here = following
        if owner[here] == 0:
            break
    while here:
        owner[here] = owner[came_from[here]]
        here = came_from[here]


def align(left: int, right: int, weight: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """Pairs (index in left, index in right), both growing, whose weights sum to the most.

    The longest common subsequence with weights (Needleman and Wunsch 1970 without gap costs); pairs
    of weight zero are left out.
    """
    best = [[0.0] * (right + 1) for _ in range(left + 1)]
    gain = [[weight(i, j) for j in range(right)] for i in range(left)]
    for i in range(left):
        for j in range(right):
            best[i + 1][j + 1] = max(best[i][j] + gain[i][j], best[i][j + 1], best[i + 1][j])
    pairs: list[tuple[int, int]] = []
    i, j = left, right
    while i and j:
        if gain[i - 1][j - 1] > 0 and best[i][j] == best[i - 1][j - 1] + gain[i - 1][j - 1]:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]
