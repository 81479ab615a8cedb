from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from docextract.read.wire import words_from_bytes, words_from_json, words_to_bytes, words_to_json
from docextract.types import Grid, GridCell, Ruling, Word, Words

numbers = st.floats(0, 5000, allow_nan=False).map(lambda value: round(value, 2))
texts = st.text(min_size=1, max_size=12).filter(lambda text: text.isprintable())
spans = st.none() | st.tuples(st.integers(0, 9999), st.integers(0, 9999))
words = st.builds(
    Word, texts, numbers, numbers, numbers, numbers, numbers, st.booleans(), st.floats(0, 1), spans, st.integers(0, 3)
)
cells = st.builds(
    GridCell,
    row=st.integers(0, 50),
    column=st.integers(0, 50),
    row_span=st.integers(1, 5),
    column_span=st.integers(1, 5),
    header=st.booleans(),
    words=st.tuples(st.integers(0, 99), st.integers(0, 99)),
)
grids = st.builds(
    Grid,
    rows=st.integers(1, 50),
    columns=st.integers(1, 50),
    cells=st.lists(cells, max_size=4).map(tuple),
    title=st.none() | texts,
)
pages = st.builds(
    Words,
    page=st.integers(1, 9999),
    width=numbers,
    height=numbers,
    words=st.lists(words, max_size=6).map(tuple),
    source=st.sampled_from(["text", "ocr", "flow", "none"]),
    quality=st.floats(0, 1),
    rulings=st.lists(st.builds(Ruling, numbers, numbers, numbers, numbers), max_size=4).map(tuple),
    hidden=st.lists(words, max_size=2).map(tuple),
    grids=st.lists(grids, max_size=2).map(tuple),
    text=st.none() | texts,
    note=st.none() | texts,
)


@given(pages)
def test_words_come_back_equal(page: Words) -> None:
    assert words_from_json(json.loads(json.dumps(words_to_json(page)))) == page


@given(pages)
def test_words_come_back_equal_from_columns(page: Words) -> None:
    back = words_from_bytes(words_to_bytes(page))
    assert back == page
    assert all(type(word.bold) is bool for word in (*back.words, *back.hidden))


def test_a_plain_word_is_short() -> None:
    page = Words(page=1, width=10, height=10, words=(Word("a", 1, 2, 3, 4, 5),), source="text")
    assert words_to_json(page)["words"] == [["a", 1, 2, 3, 4, 5, 0]]
