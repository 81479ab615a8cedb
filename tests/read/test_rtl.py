"""Arabic words of a text layer: one word each, its letters in the order they are read in."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from docextract.read.glyphs import Glyph, Style
from docextract.read.rtl import beside, read_order
from docextract.read.textlayer import _continues

STYLE = Style(size=10, turn=0, bold=False, paint="ink")


def spread(letters: str) -> list[Glyph]:
    """Letters at even places from the right to the left."""
    return [Glyph(sign, i, 90.0 - 6 * i, 0.0, 95.0 - 6 * i, 10.0, STYLE) for i, sign in enumerate(letters)]


@given(st.permutations(range(7)))
def test_letters_are_read_from_the_right_in_whatever_order_the_file_has_them(order: list[int]) -> None:
    word = spread("القاهرة")
    assert "".join(letter.text for letter in read_order([word[i] for i in order])) == "القاهرة"


def test_digits_in_a_word_keep_their_own_order_and_latin_words_are_left() -> None:
    numbers = [Glyph(sign, i, 10.0 + 6 * i, 0.0, 15.0 + 6 * i, 10.0, STYLE) for i, sign in enumerate("١٬٥٨٠")]
    assert "".join(letter.text for letter in read_order(numbers)) == "١٬٥٨٠"
    year = [Glyph(sign, i, 10.0 + 6 * i, 0.0, 15.0 + 6 * i, 10.0, STYLE) for i, sign in enumerate("١٩")]
    assert "".join(letter.text for letter in read_order([*spread("عام"), *year])) == "عام١٩"
    digits = [Glyph(sign, i, 10.0 + 6 * i, 0.0, 15.0 + 6 * i, 10.0, STYLE) for i, sign in enumerate("42")]
    assert "".join(letter.text for letter in read_order([*spread("شارع"), *digits])) == "شارع42"
    latin = [Glyph(sign, i, 10.0 + 6 * i, 0.0, 15.0 + 6 * i, 10.0, STYLE) for i, sign in enumerate("word")]
    assert read_order(latin) == latin


def test_letters_of_a_ligature_keep_the_order_of_their_word() -> None:
    lam, alif, seen = "لاس"
    box = (80.0, 0.0, 86.0, 10.0, STYLE)
    there = [Glyph(lam, 0, *box), Glyph(alif, 1, *box), Glyph(seen, 2, 70.0, 0.0, 78.0, 10.0, STYLE)]
    assert "".join(letter.text for letter in read_order(there)) == "لاس"
    assert "".join(letter.text for letter in read_order(there[::-1])) == "لاس"


def test_white_is_measured_to_the_nearer_end_of_a_word() -> None:
    word = spread("القا")
    assert [beside(word, one) for one in (word[1], Glyph("ه", 9, 60.0, 0.0, 70.0, 10.0, STYLE))] == [0.0, 2.0]
    assert all(beside([a], b) == 1.0 for a, b in pairwise(word))


def test_a_ligature_on_a_turned_page_stays_in_its_word() -> None:
    down = Style(size=10, turn=1, bold=False, paint="ink")
    first, second = Glyph("f", 0, 100.0, 50.0, 105.0, 55.0, down), Glyph("l", 1, 95.0, 50.0, 100.0, 55.0, down)
    assert _continues([first], second)
    assert not _continues([first], second._replace(text="7"))
