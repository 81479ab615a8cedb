"""Adjacency relations and TEDS against cases worked out by hand, and against the plainest way to compute them."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docextract.evaluate.adjacency import GridText, adjacency, relation_text, relations
from docextract.evaluate.counts import Counts
from docextract.evaluate.tables import cells_of, score_tables
from docextract.evaluate.teds import teds
from docextract.evaluate.text import similarity


def grid(*rows: str, header: int = 0) -> list[GridText]:
    """Rows of cells parted by `|`."""
    return [
        GridText(row=i, column=j, text=text.strip(), header=i < header)
        for i, row in enumerate(rows)
        for j, text in enumerate(row.split("|"))
    ]


def test_four_cells_have_four_relations() -> None:
    assert relations(grid("a|b", "c|d")) == Counter(
        [("a", "b", "right"), ("c", "d", "right"), ("a", "c", "below"), ("b", "d", "below")]
    )


def test_blank_cells_are_passed_over() -> None:
    assert relations(grid("x||y", "||", "z||")) == Counter([("x", "y", "right"), ("x", "z", "below")])


def test_a_spanning_cell_is_a_neighbour_of_all_below_it_once() -> None:
    cells = [GridText(row=0, column=0, column_span=2, text="H"), *(
        GridText(row=1, column=column, text=text) for column, text in enumerate("cd"))]  # fmt: skip
    assert relations(cells) == Counter([("h", "c", "below"), ("h", "d", "below"), ("c", "d", "right")])
    tall = [GridText(row=0, column=0, row_span=2, text="T"), GridText(row=0, column=1, text="u"),
            GridText(row=1, column=1, text="v")]  # fmt: skip
    assert relations(tall) == Counter([("t", "u", "right"), ("t", "v", "right"), ("u", "v", "below")])


def test_relation_texts_are_the_competitions() -> None:
    assert relation_text(" Net  (EUR) ﬁnal_sum ") == "net_eur_final_sum"


def test_adjacency_by_hand() -> None:
    # "a b" run together: of its two relations (ab above c, c beside d) one is among the four true ones.
    counts = adjacency([relations(grid("a|b", "c|d"))], [relations(grid("a b|", "c|d"))])
    assert counts == Counts(right=1, wanted=4, got=2)
    assert (counts.precision, counts.recall, counts.f1) == (1 / 2, 1 / 4, 1 / 3)


def test_tables_are_matched_one_to_one() -> None:
    one, two = relations(grid("a|b", "c|d")), relations(grid("p|q", "r|s"))
    assert adjacency([one, two], [two, one]) == Counts(right=8, wanted=8, got=8)
    assert adjacency([one], [one, two]) == Counts(right=4, wanted=4, got=8)
    assert adjacency([one, one], [one]) == Counts(right=4, wanted=8, got=4)


def test_teds_by_hand() -> None:
    whole = grid("aa|bb", "cc|dd")  # tbody, 2 tr, 4 td: 7 nodes
    assert teds(whole, whole) == 1.0
    assert teds(whole, grid("aa|bb", "cc|dx")) == 1 - 0.5 / 7
    assert teds(whole, grid("aa|bb")) == 1 - 3 / 7  # a row with two cells
    assert teds([], []) == 1.0
    assert teds(whole, []) == 0.0
    spanning = [GridText(row=0, column=0, column_span=2, text="aa"), *grid("aa|bb", "cc|dd")[2:]]
    assert teds(whole, spanning) == 1 - 2 / 7  # another span, and a cell less
    # To make one body of head and body, both go and one comes: 3 of 8 nodes.
    assert teds(grid("aa|bb", "cc|dd", header=1), whole) == 1 - 3 / 8


def test_teds_of_a_huge_pair_is_left_out() -> None:
    huge = grid(*("a|b|c|d|e|f|g|h|i" for _ in range(100)))
    assert teds(huge, grid(*("a|b|c|d|e|f|g|h|j" for _ in range(100)))) is None
    assert teds(huge, huge) == 1.0


Tree = tuple[tuple[str, str], tuple["Tree", ...]]


def tree(cells: list[GridText]) -> Tree:
    parts = []
    for tag, header in (("thead", True), ("tbody", False)):
        rows = sorted({cell.row for cell in cells if cell.header is header})
        made = tuple((("tr", ""), tuple((("td", cell.text), ()) for cell in cells if cell.row == row)) for row in rows)
        if made:
            parts.append(((tag, ""), made))
    return (("table", ""), tuple(parts))


@cache
def forest_distance(left: tuple[Tree, ...], right: tuple[Tree, ...]) -> float:
    """The definition, word for word: take the last root out, put it in, or change it."""
    if not left and not right:
        return 0.0
    if not left:
        return forest_distance((), (*right[:-1], *right[-1][1])) + 1
    if not right:
        return forest_distance((*left[:-1], *left[-1][1]), ()) + 1
    (tag, text), inner = left[-1]
    (other_tag, other_text), other = right[-1]
    change = 1.0 if tag != other_tag else 1 - similarity(text, other_text)
    return min(
        forest_distance((*left[:-1], *inner), right) + 1,
        forest_distance(left, (*right[:-1], *other)) + 1,
        forest_distance(left[:-1], right[:-1]) + forest_distance(inner, other) + change,
    )


def size(root: Tree) -> int:
    return 1 + sum(size(child) for child in root[1])


GRIDS = st.builds(
    lambda rows, header: grid(*("|".join(row) for row in rows), header=header),
    st.lists(st.lists(st.sampled_from(["a", "ab", "b"]), min_size=1, max_size=3), min_size=1, max_size=3),
    st.integers(0, 2),
)


@settings(max_examples=60, deadline=None)
@given(GRIDS, GRIDS)
def test_teds_is_the_tree_edit_distance(left: list[GridText], right: list[GridText]) -> None:
    one, other = tree(left), tree(right)
    wanted = 1 - forest_distance((one,), (other,)) / (max(size(one), size(other)) - 1)
    found = teds(left, right)
    assert found == pytest.approx(wanted, abs=1e-9)
    assert teds(right, left) == pytest.approx(found)


def test_header_spans_are_told_by_the_column_names() -> None:
    table = {
        "header": [["Year", "Sales", None, None], [None, "North", "South", None]],
        "columns": ["Year", "Sales / North", "Sales / South", ""],
        "rows": [["2023", "1", "2", None]],
    }
    cells = {cell.text: (cell.row, cell.column, cell.column_span, cell.header) for cell in cells_of(table) if cell.text}
    assert cells["Sales"] == (0, 1, 2, True)
    assert cells["Year"] == (0, 0, 1, True)
    assert cells["North"] == (1, 1, 1, True)
    assert cells["2"] == (2, 2, 1, False)
    below = {key for key in relations(cells_of(table)) if key[0] == "sales"}
    assert below == {("sales", "north", "below"), ("sales", "south", "below")}


def test_without_column_names_nothing_spans() -> None:
    table = {"header": [["Sales", None]], "rows": [["1", "2"]]}
    assert [cell.column_span for cell in cells_of(table)] == [1, 1, 1, 1]


def test_scores_of_a_document() -> None:
    table = {"header": [["a", "b"]], "columns": ["a", "b"], "rows": [["c", "d"]]}
    other = {"header": [["p", "q"]], "columns": ["p", "q"], "rows": [["r", "s"]]}
    both, one = {"tables": [table, other]}, {"tables": [table]}
    score = score_tables(both, one)
    assert score.adjacency == Counts(right=4, wanted=8, got=4)
    assert (score.teds, score.wanted, score.got, score.matched) == (1 / 2, 2, 1, 1)
    missing = score_tables(both, None)
    assert (missing.adjacency, missing.teds) == (Counts(right=0, wanted=8, got=0), 0.0)
    assert score_tables({"tables": []}, {"tables": []}).teds is None
