"""A number's place in a line of words: which words, and from which character to which."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from docextract.check.index import PageIndex
from docextract.check.typed import TypedIndex
from docextract.types import Word, Words

lines = st.lists(st.text(alphabet="0123456789.,- €ax", max_size=6), min_size=1, max_size=6)


def indexed(texts: list[str]) -> PageIndex:
    """One line, ten points for each word."""
    words = tuple(Word(text, 10.0 * at, 0.0, 10.0 * at + 9.0, 10.0) for at, text in enumerate(texts))
    return PageIndex(Words(page=1, width=100.0, height=100.0, words=words, source="text"))


@given(lines, st.integers(0, 40), st.integers(1, 40))
def test_a_stretch_of_a_line_is_found_in_its_words(texts: list[str], start: int, size: int) -> None:
    """Against the plain way: word and character behind each character of the line."""
    assume(any(character.isdigit() for text in texts for character in text))
    behind: list[tuple[int, int] | None] = []
    for at, text in enumerate(texts):
        behind += [None, *((at, place) for place in range(len(text)))] if at else [(at, p) for p in range(len(text))]
    used = [each for each in behind[start : start + size] if each is not None]
    assume(used and start + size <= len(behind))
    ((text, line),) = TypedIndex(indexed(texts))._texts
    assert len(text) == len(behind)
    found = line.match(start, start + size)
    assert found.words == tuple(dict.fromkeys(at for at, _ in used))
    assert (found.start, found.end) == (used[0][1], used[-1][1] + 1)


def test_a_number_over_two_words_has_both() -> None:
    page = indexed(["1", "234,50", "€"])
    (match,) = [match for number, found in TypedIndex(page).numbers.items() for match in found if number == 1234.5]
    assert match.words == (0, 1, 2)
    assert page.quote(match) == "1 234,50 €"
