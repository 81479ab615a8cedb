from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.read.pixels import Pixels
from docextract.read.rapid import RapidReader
from docextract.read.recognise import DOUBTFUL, Reading, Sign
from docextract.read.seen import Quad
from docextract.read.settle import settled


def line(text: str, **doubts: tuple[str, float, float]) -> Reading:
    """A line read with certainty but for `doubts`: under `at3` what its fourth sign may be too, and both odds."""
    signs = []
    for place, sign in enumerate(text):
        other, first, second = doubts.get(f"at{place}", ("", 0.99, 0.0))
        others = ((other, second),) if other else ()
        signs.append(Sign(sign, first, (place + 0.5) / len(text), others))
    return Reading(tuple(signs))


def told(*lines: Reading) -> list[str]:
    return [reading.text for reading in settled(lines)]


def test_a_letter_between_digits_is_the_digit_it_may_be_and_the_other_way_round() -> None:
    assert told(line("519S37", at3=("5", 0.6, 0.38))) == ["519537"]
    assert told(line("RESERVATI0N", at9=("O", 0.6, 0.3))) == ["RESERVATION"]
    assert told(line("4750O TOWN", at4=("0", 0.54, 0.34))) == ["47500 TOWN"]


def test_what_is_all_but_certain_stays_whatever_its_neighbours_are() -> None:
    assert told(line("519S37", at3=("5", 0.96, 0.002))) == ["519S37"]
    assert told(line("519S37")) == ["519S37"]
    assert told(line("B0498", at0=("8", 0.8, 0.01))) == ["B0498"]


@pytest.mark.parametrize("text", ["240G", "15/4B,", "1.5L"])
def test_a_unit_or_letter_behind_a_number_is_no_digit(text: str) -> None:
    place = max(at for at, sign in enumerate(text) if sign.isalpha())
    assert told(line(text, **{f"at{place}": ("6", 0.7, 0.25)})) == [text]


def test_an_ounce_is_no_twenty() -> None:
    assert told(line("CHEESE 8OZ", at8=("0", 0.6, 0.38))) == ["CHEESE 8OZ"]
    assert told(line("BOX 8O4", at5=("0", 0.6, 0.38))) == ["BOX 804"]


def test_short_codes_may_be_a_letter_and_a_digit() -> None:
    assert told(line("Q1", at1=("I", 0.6, 0.35))) == ["Q1"]
    assert told(line("a team of 1o", at11=("0", 0.8, 0.15))) == ["a team of 10"]
    assert told(line("3x4", at1=("8", 0.6, 0.35))) == ["3x4"]


def test_a_bracket_at_the_end_of_a_word_is_a_letter_unless_its_pair_is_there() -> None:
    assert told(line("MONTA[", at5=("I", 0.56, 0.39))) == ["MONTAI"]
    assert told(line("pets[id]", at4=("I", 0.56, 0.39))) == ["pets[id]"]
    assert told(line("GARDEN!A", at6=("I", 0.56, 0.39))) == ["GARDENIA"]
    assert told(line("Thanks!", at6=("l", 0.56, 0.39))) == ["Thanks!"]


def test_no_word_begins_with_a_nought() -> None:
    assert told(line("0ATU 4", at0=("B", 0.95, 0.017))) == ["BATU 4"]
    assert told(line("07 0ct 2023", at3=("O", 0.7, 0.2))) == ["07 Oct 2023"]
    assert told(line("0.5L", at0=("O", 0.9, 0.09))) == ["0.5L"]


def test_accents_and_other_scripts_need_a_page_that_has_them() -> None:
    doubted = line("Totäl", at3=("a", 0.76, 0.08))
    assert told(doubted) == ["Total"]
    assert told(doubted, line("Äpfel")) == ["Totäl", "Äpfel"]
    foreign = line("岩 6.20", at0=("R", 0.5, 0.1))
    assert told(foreign) == ["R 6.20"]
    assert told(foreign, line("谢谢惠顾请再来"))[0] == "岩 6.20"


def test_of_two_words_nearly_as_likely_the_one_that_stands_elsewhere_is_right() -> None:
    doubted = line("TAMAN MALURT", at11=("I", 0.6, 0.35))
    assert told(doubted) == ["TAMAN MALURT"]
    assert told(doubted, line("JALAN MALURI")) == ["TAMAN MALURI", "JALAN MALURI"]
    assert told(doubted, line("JALAN MALURI", at11=("T", 0.7, 0.2)))[0] == "TAMAN MALURT", "the other is as doubtful"
    short = line("ND.54", at1=("O", 0.6, 0.2))
    assert told(short, line("BILL NO"))[0] == "ND.54", "two letters prove little"


def test_a_place_stays_as_uncertain_as_it_was() -> None:
    before = line("519S37", at3=("5", 0.6, 0.38))
    (after,) = settled([before])
    assert [sign.confidence for sign in after.signs] == [sign.confidence for sign in before.signs]
    assert [sign.place for sign in after.signs] == [sign.place for sign in before.signs]
    assert after.signs[3].others == (("S", 0.6),)


SIGNS = st.sampled_from("aBO05S[!.é岩 ")


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    signs = []
    for _ in range(draw(st.integers(0, 8))):
        text, confidence = draw(SIGNS), draw(st.floats(0.05, 1.0))
        others = draw(st.lists(st.tuples(SIGNS.filter(str.strip), st.floats(0.002, 0.5)), max_size=3))
        signs.append(Sign(text, confidence, 0.5, tuple(others) if confidence < DOUBTFUL and text != " " else ()))
    return Reading(tuple(signs))


@given(st.lists(readings(), max_size=4))
def test_only_what_the_model_held_possible_is_ever_put_anywhere(lines: list[Reading]) -> None:
    after = settled(lines)
    assert [len(reading.signs) for reading in after] == [len(reading.signs) for reading in lines]
    for old, new in zip(lines, after, strict=True):
        for one, two in zip(old.signs, new.signs, strict=True):
            assert two.text in {one.text, *(text for text, _ in one.others)}
            assert two.confidence == one.confidence


class OneLine:
    """A detector that finds one line, and a recogniser that reads it so."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def boxes(self, pixels: Pixels) -> list[Quad]:
        height, width = pixels.shape[:2]
        return [((0.0, 0.0), (width - 1.0, 0.0), (width - 1.0, height - 1.0), (0.0, height - 1.0))]

    def read(self, _line: Pixels) -> Reading:
        return self._reading


def test_the_reader_of_pictures_settles_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = OneLine(line("519S37", at3=("5", 0.6, 0.38)))
    monkeypatch.setattr(RapidReader, "__init__", lambda _self: None)
    reader = RapidReader()
    monkeypatch.setattr(reader, "_detector", seen, raising=False)
    monkeypatch.setattr(reader, "_recogniser", seen, raising=False)
    (found,) = reader.lines(np.full((30, 200, 3), 255, np.uint8))
    assert [word.text for word in found.words] == ["519537"]
