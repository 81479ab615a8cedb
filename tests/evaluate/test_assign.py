"""Pairings: the best there is, by trying all."""

from __future__ import annotations

from itertools import combinations, permutations

from hypothesis import given
from hypothesis import strategies as st

from docextract.evaluate.assign import align, assign

TABLES = st.integers(0, 5).flatmap(
    lambda columns: st.lists(st.lists(st.integers(0, 6).map(float), min_size=columns, max_size=columns), max_size=5)
)


def best_of_all(weights: list[list[float]]) -> float:
    rows, columns = len(weights), len(weights[0]) if weights else 0
    small, turned = (weights, False) if rows <= columns else (list(zip(*weights, strict=True)), True)
    count = columns if not turned else rows
    ways = permutations(range(count), len(small))
    return max((sum(row[at] for row, at in zip(small, way, strict=True)) for way in ways), default=0.0)


def test_a_greedy_choice_would_be_worse() -> None:
    # Taking 9 first leaves 1: ten in all. The other way round gives 8 + 7.
    assert assign([[9, 8], [7, 1]]) == [(0, 1), (1, 0)]


def test_what_has_nothing_in_common_is_no_pair() -> None:
    assert assign([[0, 0], [0, 3], [0, 0]]) == [(1, 1)]
    assert assign([]) == []
    assert assign([[], []]) == []


@given(TABLES)
def test_no_other_pairing_weighs_more(weights: list[list[float]]) -> None:
    pairs = assign(weights)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert all(weights[i][j] > 0 for i, j in pairs)
    assert sum(weights[i][j] for i, j in pairs) == best_of_all(weights)


def best_in_order(weights: list[list[float]]) -> float:
    rows, columns = len(weights), len(weights[0]) if weights else 0
    return max(
        sum(weights[i][j] for i, j in zip(left, right, strict=True))
        for size in range(min(rows, columns) + 1)
        for left in combinations(range(rows), size)
        for right in combinations(range(columns), size)
    )


@given(TABLES)
def test_no_other_pairing_in_order_weighs_more(weights: list[list[float]]) -> None:
    columns = len(weights[0]) if weights else 0
    pairs = align(len(weights), columns, lambda i, j: weights[i][j])
    assert pairs == sorted(pairs)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert sum(weights[i][j] for i, j in pairs) == best_in_order(weights)
