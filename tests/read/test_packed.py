from hypothesis import given
from hypothesis import strategies as st

from docextract.read.packed import ManyWords, PackedPage, many, opened_from, packed
from docextract.types import Grid, Ruling, Word, Words

NUMBER = st.floats(-1e6, 1e6, allow_nan=False) | st.integers(-5, 5)
TEXT = st.text(min_size=1, max_size=6) | st.just("\ud800a")
WORD = st.builds(
    Word,
    TEXT,
    NUMBER,
    NUMBER,
    NUMBER,
    NUMBER,
    NUMBER,
    st.booleans(),
    st.floats(0, 1),
    st.none() | st.tuples(st.integers(0, 9), st.integers(0, 9)),
    st.integers(0, 3),
)


@st.composite
def page(draw: st.DrawFn, number: int = 1) -> Words:
    return Words(
        page=number,
        width=draw(NUMBER),
        height=draw(NUMBER),
        words=tuple(draw(st.lists(WORD, max_size=4))),
        source=draw(st.sampled_from(["text", "ocr"])),
        quality=draw(st.floats(0, 1)),
        rulings=tuple(draw(st.lists(st.builds(Ruling, NUMBER, NUMBER, NUMBER, NUMBER), max_size=2))),
        hidden=tuple(draw(st.lists(WORD, max_size=2))),
        note=draw(st.none() | TEXT),
    )


@given(page())
def test_a_packed_page_is_the_page(words: Words) -> None:
    small = packed(words)
    assert isinstance(small, PackedPage)
    assert small.open() == words
    assert small.count == len(words.words)
    assert repr(small.open()) == repr(words)  # 1 and 1.0 are equal, and are written otherwise


def test_a_page_that_would_not_shrink_stays_as_it_is() -> None:
    flow = Words(page=1, width=1, height=1, words=(), source="flow", text="all of it")
    table = Words(page=1, width=1, height=1, words=(), source="text", grids=(Grid(rows=0, columns=0, cells=()),))
    assert packed(flow) is flow
    assert packed(table) is table


@given(st.data())
def test_many_pages_are_a_sequence_in_their_order_that_holds_no_page(data: st.DataObject) -> None:
    numbers = data.draw(st.permutations(range(1, 6)))
    pages = tuple(data.draw(page(number)) for number in numbers)
    small = ManyWords(packed(each) for each in pages)
    assert (len(small), tuple(small), small.numbers) == (5, pages, tuple(numbers))
    assert small[3] == pages[3]
    assert tuple(small[1:3]) == pages[1:3]
    assert small[0] is not small[0]
    wanted = set(data.draw(st.lists(st.sampled_from(numbers))))
    assert tuple(small.only(wanted)) == tuple(each for each in pages if each.page in wanted)
    assert small.wordless == {each.page for each in pages if not each.words}
    assert many(small) is small
    assert tuple(many(pages)) == pages
    assert opened_from({each.page: packed(each) for each in pages}, numbers) == pages
