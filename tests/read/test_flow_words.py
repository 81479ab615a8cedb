from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from docextract.pages.blocks import cell_of, table_block
from docextract.read.flow_words import flow_words
from docextract.types import Words


def flow_of(*blocks: dict[str, Any], texts: dict[int, list[str]] | None = None) -> Words:
    return flow_words({"blocks": list(blocks)}, texts or {}, number=1, note=None)


def block(kind: str, text: str, level: int = 0, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "text": text, "level": level, **more}


lines = st.text(alphabet="ab é漢\t\n.", max_size=40)
cells = st.builds(cell_of, lines, row_span=st.integers(1, 4), column_span=st.integers(1, 4), header=st.booleans())
tables = st.lists(st.lists(cells, max_size=4), min_size=1, max_size=5).map(table_block).filter(bool)
blocks = st.one_of(
    st.builds(block, st.sampled_from(["paragraph", "list", "heading", "code", "footer", "textbox"]), lines),
    st.builds(block, st.just("paragraph"), lines, fixed=st.just(True)),
    tables,
)


@given(st.lists(blocks, max_size=6))
def test_every_word_stands_where_its_span_says(found: list[dict[str, Any]]) -> None:
    words = flow_of(*found)
    assert words.text is not None
    end = 0
    for word in words.words:
        assert word.span is not None
        assert words.text[word.span[0] : word.span[1]] == word.text
        assert word.span[0] >= end
        end = word.span[1]
        assert 0 <= word.x0 < word.x1 <= words.width
        assert 0 <= word.y0 < word.y1 <= words.height
    assert words.text.split() == [word.text for word in words.words]


@given(tables)
def test_grids_hold_their_cells_words_in_order(table: dict[str, Any]) -> None:
    words = flow_of(block("paragraph", "before"), table)
    (grid,) = words.grids
    given_cells = [cell for row in table["rows"] for cell in row]
    assert [[word.text for word in words.words[c.words[0] : c.words[1]]] for c in grid.cells] == [
        cell["text"].split() for cell in given_cells
    ]
    taken: set[tuple[int, int]] = set()
    for cell in grid.cells:
        assert (cell.row, cell.column) not in taken
        assert cell.column + cell.column_span <= grid.columns
        taken |= {(cell.row, cell.column)}


def test_cells_under_a_span_move_to_the_right() -> None:
    rows = [[cell_of("tall", row_span=2), cell_of("wide", column_span=2)], [cell_of("b"), cell_of("c")]]
    (grid,) = flow_of({"kind": "table", "rows": rows, "text": "", "level": 0}).grids
    assert [(c.row, c.column, c.row_span, c.column_span) for c in grid.cells] == [
        (0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1),
    ]  # fmt: skip
    assert (grid.rows, grid.columns) == (2, 3)


def test_columns_of_a_table_begin_at_one_place() -> None:
    rows = [[cell_of("a long first cell"), cell_of("x")], [cell_of("b"), cell_of("y")]]
    words = flow_of({"kind": "table", "rows": rows, "text": "", "level": 0})
    assert len({word.x0 for word in words.words if word.text in {"x", "y"}}) == 1
    assert words.text == "a long first cell\tx\nb\ty\n"


def test_fixed_text_keeps_its_columns() -> None:
    words = flow_of(block("paragraph", "chair     12.00\nlong desk  9.50", fixed=True))
    assert words.text == "chair     12.00\nlong desk  9.50\n"
    assert {word.x1 for word in words.words if "." in word.text} == {50 + 15 * 5.0}


def test_headings_are_large_and_bold() -> None:
    words = flow_of(block("heading", "Title", 1), block("paragraph", "text"))
    assert [(word.size, word.bold) for word in words.words] == [(20.0, True), (10.0, False)]


def test_text_read_from_a_picture_stands_in_its_place_once() -> None:
    image = {"kind": "image", "text": "", "level": 0, "image": 0}
    words = flow_of(block("paragraph", "one"), image, block("paragraph", "two"), image, texts={0: ["seen line"]})
    assert words.text == "one\nseen line\ntwo\n"
