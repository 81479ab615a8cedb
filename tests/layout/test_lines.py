from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from docextract.layout.lines import group_rows, make_line, make_lines
from docextract.types import Word, Words


def test_a_wide_gap_parts_a_line_into_segments(page: Callable[..., Words]) -> None:
    (line,) = make_lines(page([(50, 100, "Invoice number"), (250, 100, "2024 17")]).words)
    assert [s.text for s in line.segments] == ["Invoice number", "2024 17"]
    assert line.text == "Invoice number 2024 17"


def test_a_superscript_stays_in_its_line_and_does_not_lead_it_away() -> None:
    words = [
        Word("Norway", 50, 100, 80, 110, 10),
        Word("2", 81, 97, 84, 103, 6),
        Word("41.7", 120, 100, 145, 110, 10),
        Word("Sweden", 50, 113, 80, 123, 10),
    ]
    assert [[w.text for w in row] for row in group_rows(words)] == [["Norway", "2", "41.7"], ["Sweden"]]


def test_a_line_that_climbs_across_the_page_stays_one_line() -> None:
    lines = [
        [
            Word(f"{line}{i}", 40 + 50 * i, 100 + 14 * line - 2 * i, 80 + 50 * i, 110 + 14 * line - 2 * i, 10)
            for i in range(10)
        ]
        for line in range(4)
    ]
    rows = group_rows([w for line in lines for w in line])
    assert [[w.text for w in row] for row in rows] == [[w.text for w in line] for line in lines]


def test_a_large_word_does_not_swallow_the_small_lines_beside_it() -> None:
    words = [
        Word("TITLE", 50, 100, 150, 140, 40),
        *[Word(f"small{i}", 200, 100 + 12 * i, 240, 109 + 12 * i, 9) for i in range(3)],
    ]
    assert len(group_rows(words)) >= 3


def test_a_line_of_a_right_to_left_script_is_read_from_the_right(page: Callable[..., Words]) -> None:
    (line,) = make_lines(page([(50, 100, "עולם"), (80, 100, "שלום")]).words)
    assert line.text == "שלום עולם"


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 700), st.floats(2, 60), st.floats(4, 30)), max_size=40))
def test_every_word_stands_in_exactly_one_row(boxes: list[tuple[float, float, float, float]]) -> None:
    words = [Word(str(i), x, y, x + w, y + h, h) for i, (x, y, w, h) in enumerate(boxes)]
    rows = group_rows(words)
    assert sorted(w.text for row in rows for w in row) == sorted(w.text for w in words)
    assert all(len(make_line(row).words) == len(row) for row in rows)
