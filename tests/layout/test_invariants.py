from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from docextract.layout.analyse import analyse
from docextract.layout.markdown import markdown
from docextract.types import Ruling, Word, Words

TOKENS = st.sampled_from(
    ["12", "3.5", "-", "Total", "of", "which", "2008", "(a)", "$", "years:", "•", "1,234", "Übertrag", "(4%)"]
)
# Places on a coarse grid, so that words line up as they do in tables, overlap, and repeat.
PLACES = st.tuples(st.integers(0, 9), st.integers(0, 25), TOKENS, st.sampled_from([6.0, 10.0, 18.0]))
RULES = st.tuples(st.booleans(), st.integers(0, 20), st.integers(0, 20), st.integers(1, 20))


@settings(max_examples=150, deadline=None)
@given(st.lists(PLACES, max_size=60), st.lists(RULES, max_size=14))
def test_no_page_loses_words_or_breaks_a_grid(
    places: list[tuple[int, int, str, float]], rules: list[tuple[bool, int, int, int]]
) -> None:
    words = tuple(
        Word(t, 30 + 55 * x, 40 + 13 * y, 30 + 55 * x + 0.5 * size * len(t), 40 + 13 * y + size, size)
        for x, y, t, size in places
    )
    rulings = tuple(
        Ruling(20.0 + 25 * b, 30.0 + 20 * a, 20.0 + 25 * (b + c), 30.0 + 20 * a)
        if flat
        else Ruling(20.0 + 25 * a, 30.0 + 20 * b, 20.0 + 25 * a, 30.0 + 20 * (b + c))
        for flat, a, b, c in rules
    )
    page = Words(page=1, width=600, height=400, words=words, source="text", rulings=rulings)
    layout = analyse(page)
    assert layout == analyse(page)
    assert sorted(w.text for line in layout.lines for w in line.words) == sorted(w.text for w in words)
    assert sorted(w.text for b in layout.blocks for line in b.lines for w in line.words) == sorted(
        w.text for w in words
    )
    for table in layout.tables:
        covered: set[tuple[int, int]] = set()
        for row in table.rows:
            assert len(row) == table.columns
        for cell in table.cells:
            places_of = {(cell.row + i, cell.column + k) for i in range(cell.row_span) for k in range(cell.column_span)}
            assert table.rows[cell.row][cell.column] is cell
            assert not places_of & covered
            assert max(r for r, _ in places_of) < len(table.rows)
            assert max(c for _, c in places_of) < table.columns
            assert cell.text
            covered |= places_of
        assert 0 <= table.header_rows <= len(table.rows)
    markdown(layout)
