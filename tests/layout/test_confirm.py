"""Two readings of a table: where they give the same cells it is accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docextract.layout.agreement import agreement, links
from docextract.layout.analyse import find_tables
from docextract.layout.confirm import ACCEPTED, confirmed, second_opinion
from docextract.layout.projection import projected
from docextract.types import Word, Words

Page = Callable[..., Words]
PLAIN = [
    *((x, 100.0, text) for x, text in ((50.0, "Country"), (200.0, "2019"), (280.0, "2020"), (360.0, "2021"))),
    *(
        (x, 114.0 + 14 * row, text)
        for row, name in enumerate(["Spain", "Malta", "Italy", "France", "Greece"])
        for x, text in ((50.0, name), (200.0, f"{row * row},20"), (280.0, f"{7**row},3"), (360.0, f"{5**row},42"))
    ),
]


def test_a_table_that_white_space_alone_shows_too_is_accepted(page: Page) -> None:
    (table,) = find_tables(page(PLAIN))
    assert table.confidence == ACCEPTED
    assert second_opinion(table) == 1.0


def test_a_drawn_grid_is_read_again_without_its_lines(page: Page) -> None:
    down = [(x, 95, x, 190) for x in (45, 190, 270, 350, 430)]
    across = [(45, y, 430, y) for y in range(97, 190, 14)]
    (table,) = find_tables(page(PLAIN, rulings=[*across, *down]))
    assert table.ruled
    assert table.confidence == ACCEPTED


def test_a_grid_that_joins_what_stands_apart_is_not_accepted(page: Page) -> None:
    (table,) = find_tables(page(PLAIN))
    joined = tuple(
        (row[0], replace(row[1], words=tuple(w for c in row[1:] if c for w in c.words)) if row[1] else None)
        for row in table.rows
    )
    assert confirmed(replace(table, rows=joined, ruled=True)).confidence < 0.8


@pytest.mark.parametrize("rows", [2, 3])
def test_a_few_lines_in_two_columns_are_never_certain(page: Page, rows: int) -> None:
    pieces = [(x, 100 + 14 * n, text) for n in range(rows + 1) for x, text in ((50.0, f"Item {n}"), (200.0, f"{n}7.5"))]
    for table in find_tables(page(pieces)):
        assert table.confidence <= 0.75


def test_wrapped_labels_that_could_be_rows_are_in_doubt(page: Page) -> None:
    pieces = [*PLAIN[:4], (50.0, 114.0, "Bosnia and"), (50.0, 125.0, "herzegovina")]
    pieces += [(200.0, 125.0, "12"), (280.0, 125.0, "13"), (360.0, 125.0, "14")]
    pieces += [(x, y + 30, text) for x, y, text in PLAIN[4:]]
    (table,) = find_tables(page(pieces))
    assert 0.5 < table.confidence < ACCEPTED


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12), st.integers(1, 6)), min_size=2, max_size=40))
def test_the_second_reading_keeps_every_word_once_and_agrees_with_itself(places: list[tuple[int, int, int]]) -> None:
    words = [Word("9" * n, 12.0 * x, 20.0 * y, 12.0 * x + 5.0 * n, 20.0 * y + 10, 10) for x, y, n in places]
    table = projected(1, words)
    if table is not None:
        assert sorted(id(w) for c in table.cells for w in c.words) == sorted(map(id, words))
        assert agreement(table, table) == (1.0 if links(table) else 0.0)


def lattice(rows: list[tuple[list[str], list[str]]]) -> tuple[list[tuple[float, float, str]], list[tuple[float, ...]]]:
    """A drawn grid of two columns, the lines of each cell as given, and its rulings."""
    pieces: list[tuple[float, float, str]] = []
    rulings: list[tuple[float, ...]] = [(50, 97, 410, 97)]
    y = 100.0
    for cells in rows:
        for x, lines in zip((55.0, 185.0), cells, strict=True):
            pieces += [(x, y + 11 * i, text) for i, text in enumerate(lines)]
        y += 11 * max(map(len, cells)) + 6
        rulings.append((50, y - 3, 410, y - 3))
    return pieces, [*rulings, *((x, 97, x, y - 3) for x in (50, 180, 410))]


WRAPPED = [
    (["Scale"], ["400"]),
    (["Line"], ["A line of fixed length with words", "at either end of it"]),
    (["Marked", "scale"], ["12 marks on a line, from the left"]),
    (["Pair of", "scales"], ["2 lines below each other"]),
    (["Words"], ["5 words to be chosen from"]),
]


def test_a_grid_whose_cells_are_all_drawn_is_accepted_though_their_text_is_wrapped(page: Page) -> None:
    pieces, rulings = lattice(WRAPPED)
    (table,) = find_tables(page(pieces, rulings=rulings))
    assert second_opinion(table) < 0.9
    assert (table.closed, table.confidence) == (True, ACCEPTED)


def test_a_grid_in_which_rows_may_have_been_left_unparted_is_not_accepted(page: Page) -> None:
    pieces, rulings = lattice([*WRAPPED[:2], (["Marks", "Words"], ["12 on a line", "5 to be chosen from"]), WRAPPED[3]])
    (table,) = find_tables(page(pieces, rulings=rulings))
    assert not table.closed
    assert table.confidence < ACCEPTED


def test_labels_strewn_over_a_drawing_are_no_table(page: Page) -> None:
    places = [
        (60, 100, "0.04"),
        (300, 100, "–"),
        (60, 130, "0.02"),
        (330, 130, "—"),
        (120, 160, "0-4"),
        (180, 160, "5-14"),
    ]
    places += [(240, 160, "15-24"), (360, 160, "25-44"), (420, 160, "45-64"), (480, 160, "65+")]
    assert find_tables(page([(float(x), float(y), text) for x, y, text in places])) == []


def test_agreement_on_words_that_ocr_doubts_is_not_enough(page: Page) -> None:
    read = page(PLAIN)
    doubted = replace(
        read, words=tuple(replace(w, confidence=0.6 if i % 9 == 0 else 1.0) for i, w in enumerate(read.words))
    )
    (table,) = find_tables(doubted)
    assert second_opinion(table) == 1.0
    assert table.confidence < ACCEPTED
