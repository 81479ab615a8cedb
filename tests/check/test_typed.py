"""A number's place in a line of words: which words, and from which character to which."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from docextract.check.index import Match, PageIndex
from docextract.check.typed import _AMBIGUOUS, _GLUED, TypedIndex
from docextract.types import Word, Words
from docextract.values.numbers import find_amounts

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


@given(lines)
def test_a_number_told_by_a_word_and_by_its_line_is_there_once(texts: list[str]) -> None:
    """Against the plain way: everything that words, the line and its pieces say, without what was said before."""
    assume(any(character.isdigit() for text in texts for character in text))
    typed = TypedIndex(indexed(texts))
    ((text, line),) = typed._texts
    every: list[tuple[Decimal, Match]] = []
    for at, word in enumerate(texts):
        for group in (None, ".", ",") if _AMBIGUOUS.search(word) else (None,):
            every += [(each.amount, Match(1, (at,), each.start, each.end)) for each in find_amounts(word, group=group)]
    every += [(each.amount, line.match(each.start, each.end)) for each in find_amounts(text)]
    for glued in _GLUED.finditer(text):
        every += [(each.amount, line.match(*glued.span())) for each in find_amounts(glued[0])]
    plain: dict[Decimal, list[Match]] = defaultdict(list)
    for number, match in every:
        places = plain[abs(number).normalize()]
        if all((match.words, match.start) != (other.words, other.start) for other in places):
            places.append(match)
    assert typed.numbers == plain
