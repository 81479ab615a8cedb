"""A long document is looked at a few pages at a time: what is found is what would be with all of them at hand."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docextract.check.examine import Examined, Known, examine
from docextract.check.ground import ground
from docextract.check.leaves import leaves
from docextract.check.near import near
from docextract.check.pages import FEW, MOST_HELD, Pages
from docextract.read.packed import ManyWords, packed
from docextract.types import Json, Word, Words

PageMaker = Callable[..., Words]

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "number": {"type": "string", "title": "Number"},
        "total": {"type": "number", "x-aliases": ["Total"], "x-audits": [{"rule": "sum", "of": ["/rows/*/n"]}]},
        "tax": {"type": "number", "x-aliases": ["Tax"]},
        "day": {"type": "string", "format": "date"},
        "note": {"type": "string"},
        "rows": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"id": {"type": "string"}, "day": {"type": "string"}, "n": {"type": "number"}},
            },
        },
    },
}

PRINTED = (
    "Total 12.50",
    "Tax 1.25",
    "Total 1,234.50 EUR",
    "R1 2024-03-05 12.50",
    "R2 05.03.2024 99.10",
    "R3 6 March 2024 0.19",
    "19 % of 7",
    "Number AB-1234",
    "Steel pipes for the harbour crane",
    "are mended in the second week of May",
    "call +49 30 1234567",
    "at 14:30 or 2:45 pm",
    "www.example.com",
    "€ 5.00 or (030) 123 45 67",
)
TEXTS = (
    "AB-1234",
    "AB-1243",
    "Steel pipes for the harbour crane",
    "Steel pipe for the harbor crane",
    "Steel pipes for the harbour crane are mended in the second week of May",
    "EUR",
    "2024-03-05",
    "2024-03-06",
    "2024-03-08",
    "2024-03",
    "2024",
    "14:30",
    "14:45",
    "+49 30 1234567",
    "https://www.example.com/",
    "1234.5",
    "R2",
    "...",
    "",
)
TEXT = st.sampled_from(TEXTS)
NUMBER = st.sampled_from((12.5, 12.05, 1234.5, 1243.5, 0.19, 99.1, 99.7, 7, 5, 1.25, 111.6))
ROW = st.fixed_dictionaries({}, optional={"id": st.sampled_from(("R1", "R2", "R3", "R9")), "day": TEXT, "n": NUMBER})
VALUE = st.fixed_dictionaries(
    {},
    optional={
        "number": TEXT,
        "total": NUMBER,
        "tax": NUMBER,
        "day": TEXT,
        "note": TEXT,
        "rows": st.lists(ROW, min_size=1, max_size=5),
    },
)


def page_of(number: int, lines: Sequence[str], source: str) -> Words:
    words = []
    for line, text in enumerate(lines):
        left = 20.0
        for part in text.split():
            words.append(Word(part, left, 20 + line * 12, left + 5 * len(part), 30 + line * 12, 10))
            left += 5 * len(part) + 4
    return Words(page=number, width=600, height=800, words=tuple(words), source=source)  # type: ignore[arg-type]  # one of two


@st.composite
def document(draw: st.DrawFn) -> list[Words]:
    count = draw(st.integers(2, 6))
    lines = st.lists(st.sampled_from(PRINTED), max_size=5)
    return [page_of(n, draw(lines), draw(st.sampled_from(("text", "ocr")))) for n in range(1, count + 1)]


def known_pages(draw: Callable[[Any], Any], value: Json, pages: int) -> dict[str, int]:
    """Pages of some leaves, and of whole rows."""
    paths = [leaf.path for leaf in leaves(value, SCHEMA)]
    paths += [f"/rows/{index}" for index in range(len(value.get("rows", ())))]
    numbers = st.integers(1, pages + 1)
    return {path: draw(numbers) for path in draw(st.lists(st.sampled_from(paths), unique=True))} if paths else {}


def told(found: Examined) -> tuple[Any, ...]:
    return tuple(found.evidence), found.audits, found.rows, found.labels, found.readings, found.issues


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_few_pages_at_hand_give_what_all_of_them_give(data: st.DataObject) -> None:
    pages, value = data.draw(document()), data.draw(VALUE)
    known = Known(pages=known_pages(data.draw, value, len(pages)))
    every = Pages(pages, most=len(pages))
    single = Pages(ManyWords(packed(page) for page in pages), most=1)
    assert told(examine(value, SCHEMA, single, known)) == told(examine(value, SCHEMA, every, known))
    assert single.most_held <= 1
    assert tuple(ground(value, SCHEMA, pages, (), known.pages)) == tuple(
        ground(value, SCHEMA, ManyWords(map(packed, pages)), (), known.pages)
    )


@settings(max_examples=60, deadline=None)
@given(document(), VALUE)
def test_a_gist_says_no_only_where_nothing_is_found(pages: list[Words], value: Json) -> None:
    held = Pages(pages, most=len(pages))
    for leaf in leaves(value, SCHEMA):
        for number in held:
            place, gist = held[number], held.gist(number)
            assert gist.may_say(leaf) or not place.candidates(leaf)
            found = near(place, leaf)
            assert found is None or gist.nearness(leaf) >= found.score


def ledger(make_page: PageMaker, count: int) -> tuple[list[Words], dict[str, Json], dict[str, int]]:
    """Pages of three rows; every row's page is known."""
    rows = [{"id": f"R{n:04d}", "day": f"2024-03-{1 + n % 28:02d}", "n": n + 0.25} for n in range(3 * count)]
    lines = [f"{row['id']} {row['day']} {row['n']:.2f}" for row in rows]
    pages = [make_page(*lines[3 * n : 3 * n + 3], number=n + 1) for n in range(count)]
    return pages, {"rows": rows}, {f"/rows/{n}": n // 3 + 1 for n in range(3 * count)}


def test_of_a_long_document_few_indexes_are_alive_and_none_is_made_thrice(make_page: PageMaker) -> None:
    words, value, known = ledger(make_page, 40)
    pages = Pages(ManyWords(map(packed, words)))
    found = examine(value, SCHEMA, pages, Known(pages=known))
    assert [item.status for item in found.evidence].count("verbatim") == 360
    assert pages.most_held == MOST_HELD
    assert pages.made <= 2 * 40


@pytest.mark.parametrize("count", [1, FEW])
def test_of_a_short_document_every_index_is_made_once(make_page: PageMaker, count: int) -> None:
    words, value, known = ledger(make_page, count)
    pages = Pages(words)
    examine(value, SCHEMA, pages, Known(pages=known))
    assert pages.made == count


def test_where_no_page_is_known_an_index_is_made_only_of_pages_that_may_say_the_value(make_page: PageMaker) -> None:
    words, value, _ = ledger(make_page, 40)
    pages = Pages(words)
    examine({"number": "R0000", "rows": value["rows"]}, SCHEMA, pages)
    # Once for the gist of each, once to find the rows, once to look for rows that are missing.
    assert pages.made <= 3 * 40 + MOST_HELD
