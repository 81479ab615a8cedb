from __future__ import annotations

from collections.abc import Callable

from docextract.layout.analyse import analyse
from docextract.layout.markdown import markdown
from docextract.types import Word, Words

Page = Callable[..., Words]

LEFT = [
    "One column of text goes on down the page", "until there is nothing more to be said in",
    "it and only then the reader goes on to the", "next one which stands beside it and begins",
    "again at the top of the page as is usual", "in journals and in other printed matter so",
]  # fmt: skip
RIGHT = [
    "The second column holds what comes after", "the first and must never be read across it",
    "line by line since that would mix up both", "and give nonsense that no one can make use",
    "of whether it is a person who reads it or", "a program that only looks for some numbers",
]  # fmt: skip


def test_columns_of_prose_are_read_one_after_the_other(page: Page) -> None:
    pieces = [(200.0, 60.0, "A heading over both")]
    pieces += [(40.0, 100.0 + 12 * i, t) for i, t in enumerate(LEFT)]
    pieces += [(320.0, 100.0 + 12 * i, t) for i, t in enumerate(RIGHT)]
    layout = analyse(page(pieces))
    assert [line.text for line in layout.lines] == ["A heading over both", *LEFT, *RIGHT]
    assert len(layout.columns) == 3


def test_blocks_side_by_side_are_cut_before_lines_are_read(page: Page) -> None:
    seller = ["Miller and Sons Ltd", "Harbour Street", "Bristol", "England"]
    buyer = ["Keller Maschinen GmbH", "Lange Gasse", "Augsburg", "Germany"]
    pieces = [(60.0, 100.0 + 14 * i, t) for i, t in enumerate(seller)]
    pieces += [(340.0, 100.0 + 14 * i, t) for i, t in enumerate(buyer)]
    layout = analyse(page(pieces))
    assert [line.text for line in layout.lines] == seller + buyer
    assert [block.text for block in layout.blocks] == [" ".join(seller), " ".join(buyer)]


def test_labels_keep_their_values_on_the_line(page: Page) -> None:
    rows = [("Number:", "4711"), ("Date:", "1.2.2024"), ("Contact:", "Anna Berg"), ("Terms:", "net")]
    pieces = [p for i, (a, b) in enumerate(rows) for p in ((60.0, 100.0 + 14 * i, a), (200.0, 100.0 + 14 * i, b))]
    layout = analyse(page(pieces))
    assert [[s.text for s in line.segments] for line in layout.lines] == [list(r) for r in rows]


def test_markdown_has_headings_lists_and_pipe_tables(page: Page) -> None:
    pieces = [(60.0, 100.0, "Some words come first"), (60.0, 130.0, "• apples and pears"), (60.0, 145.0, "• plums")]
    rows = [("Item", "Price"), ("Bread", "3.20"), ("Milk | fresh", "1.10"), ("Eggs", "2.95")]
    pieces += [p for i, (a, b) in enumerate(rows) for p in ((60.0, 200.0 + 15 * i, a), (250.0, 200.0 + 15 * i, b))]
    words = page(pieces)
    heading = tuple(Word(t, 60 + 60 * i, 40, 110 + 60 * i, 60, 20, bold=True) for i, t in enumerate(("Weekly", "list")))
    text = markdown(analyse(Words(page=1, width=600, height=800, words=heading + words.words, source="text")))
    assert text.startswith("# Weekly list\n")
    assert "- apples and pears\n\n- plums" in text
    assert "| Item | Price |\n| --- | --- |\n| Bread | 3.20 |\n| Milk \\| fresh | 1.10 |" in text


def test_a_page_without_words_is_empty() -> None:
    layout = analyse(Words(page=1, width=600, height=800, words=(), source="none"))
    assert (layout.lines, layout.blocks, layout.tables, markdown(layout)) == ((), (), (), "")


def test_three_columns_of_a_newspaper_are_read_one_after_the_other_and_are_no_table(page: Callable[..., Words]) -> None:
    line = ["the", "harbour", "took", "in", "far", "more", "goods", "than"]
    pieces = [
        (x, 100.0 + 11 * i, " ".join([f"{name}{i}", *line[: 5 + (i * k) % 2]]))
        for k, (x, name) in enumerate(((40.0, "a"), (220.0, "b"), (400.0, "c")), 1)
        for i in range(24)
    ]
    layout = analyse(page(pieces))
    assert layout.tables == ()
    assert [w for line in layout.lines for w in line.text.split() if w[1:].isdigit()] == [
        f"{name}{i}" for name in "abc" for i in range(24)
    ]
