from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.read.line_words import words_of
from docextract.read.rapid import is_sideways, mirrored
from docextract.read.recognise import SPACE, Probabilities, Reading, Sign, cut, decoded
from docextract.read.seen import Quad

CHARACTERS = ["", "a", "b", "1", " "]
QUAD: Quad = ((0.0, 0.0), (100.0, 0.0), (100.0, 10.0), (0.0, 10.0))


def answer(columns: str, **doubts: float) -> Probabilities:
    """Columns as their likeliest character, `_` for nothing; `space` the share that a `?` gives to a space."""
    rows = np.zeros((len(columns), len(CHARACTERS)), np.float32)
    for row, sign in zip(rows, columns, strict=True):
        if sign == "?":
            row[0], row[-1] = 1 - doubts["space"], doubts["space"]
        else:
            row["_ab1 ".index(sign)] = 0.9
    return rows


def reading(text: str, *, sure: float = 0.9) -> Reading:
    signs = enumerate(text)
    return Reading(tuple(Sign(sign, sure, (place + 0.5) / len(text)) for place, sign in signs))


def test_repeats_are_one_character_unless_nothing_stands_between() -> None:
    assert decoded(answer("aaab_b1"), CHARACTERS, 7).text == "abb1"
    assert decoded(answer("____"), CHARACTERS, 4).text == ""


def test_a_space_that_is_nearly_there_parts_words() -> None:
    assert decoded(answer("a?b", space=SPACE + 0.02), CHARACTERS, 3).text == "a b"
    assert decoded(answer("a?b", space=SPACE - 0.02), CHARACTERS, 3).text == "ab"
    assert decoded(answer("a? b", space=0.4), CHARACTERS, 4).text == "a b"


def test_places_are_shares_of_the_line_without_its_padding() -> None:
    signs = decoded(answer("a_b___"), CHARACTERS, 3).signs
    assert [round(sign.place, 3) for sign in signs] == [0.167, 0.833]


def test_what_a_reading_is_worth() -> None:
    mixed = Reading((Sign("a", 0.8, 0.1), Sign(" ", 0.1, 0.4), Sign("-", 0.4, 0.6), Sign("1", 0.6, 0.9)))
    assert mixed.confidence == pytest.approx(0.6)
    assert mixed.least == 0.6, "a doubtful dash or space is no doubtful letter"
    assert mixed.rank == pytest.approx(0.64)
    assert (Reading(()).confidence, Reading(()).least, Reading(()).rank) == (0.0, 1.0, 0.0)


def test_lines_are_parted_at_their_spaces() -> None:
    first, second = words_of(reading("ab 1"), QUAD)
    assert (first.text, second.text) == ("ab", "1")
    assert (first.quad[0][0], second.quad[1][0]) == (0, 100)
    assert first.quad[1][0] == pytest.approx(50)
    assert second.quad[0][0] == pytest.approx(75)
    assert first.confidence == pytest.approx(0.9)
    assert words_of(reading("  "), QUAD) == ()


def test_words_of_a_line_on_end_lie_one_below_the_other() -> None:
    upended: Quad = ((0.0, 0.0), (10.0, 0.0), (10.0, 100.0), (0.0, 100.0))
    first, second = words_of(reading("ab 1"), upended)
    assert (first.quad[0], second.quad[2]) == ((0, 0), (10, 100))
    assert first.quad[2][1] < second.quad[0][1]
    first, second = words_of(mirrored(reading("ab 1")), upended)  # upwards
    assert (first.text, second.text) == ("ab", "1")
    assert first.quad[0][1] > second.quad[2][1]


def test_words_end_where_the_picture_is_white() -> None:
    line = np.full((48, 480, 3), 230, np.uint8)  # a grey ground
    for start, end in ((0, 190), (290, 480)):
        line[10:40, start:end:4] = 40
        line[10:40, start + 1 : end : 4] = 40
        line[10:40, start + 2 : end : 4] = 90  # never white for long inside a word
    line[:5] = 0  # the line above reaches in
    first, second = words_of(reading("ab ab"), QUAD, line)
    assert first.quad[1][0] == pytest.approx(40, abs=1.5)
    assert second.quad[0][0] == pytest.approx(60, abs=1.5)
    margins = line.copy()
    margins[:, :20] = margins[:, 460:] = 230
    first, second = words_of(reading("ab ab"), QUAD, margins)
    assert first.quad[0][0] == pytest.approx(20 / 4.8, abs=1.5)
    assert second.quad[1][0] == pytest.approx(460 / 4.8, abs=1.5)
    without = words_of(reading("ab ab"), QUAD)
    underlined = line.copy()
    underlined[38:41] = 40
    assert words_of(reading("ab ab"), QUAD, underlined) == without


@given(st.text("ab1 ", max_size=30), st.booleans())
def test_words_share_their_line_without_overlap(text: str, upwards: bool) -> None:
    line = mirrored(reading(text)) if upwards else reading(text)
    words = words_of(line, QUAD)
    assert [word.text for word in words] == text.split()
    spans = sorted((word.quad[0][0], word.quad[1][0]) for word in words)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    if words:
        assert (edges[0], edges[-1]) == (0, 100)


def test_lines_are_cut_upright_and_as_tall_as_the_model_wants() -> None:
    pixels = np.full((200, 300, 3), 255, np.uint8)
    pixels[50:54, 100:110] = (0, 0, 255)  # at the left end of the box, along its top
    line = cut(pixels, ((100, 50), (200, 50), (200, 74), (100, 74)))
    assert line.shape == (48, 200, 3)
    assert line[4, 8].tolist() == [0, 0, 255]
    tighter = cut(pixels, ((100, 50), (200, 50), (200, 74), (100, 74)), tighter=0.06)
    assert tighter.shape[0] == 48
    assert tighter.shape[1] > line.shape[1]
    assert (tighter[:, :, 1] < 128).mean(axis=0)[8] < (line[:, :, 1] < 128).mean(axis=0)[8]


def test_a_line_on_end_is_laid_so_that_it_runs_downwards() -> None:
    pixels = np.full((200, 300, 3), 255, np.uint8)
    pixels[50:60, 114:124] = (0, 0, 255)  # the top right of the box: where a line that runs downwards begins
    line = cut(pixels, ((100, 50), (124, 50), (124, 150), (100, 150)))
    assert line.shape == (48, 200, 3)
    assert line[8, 8].tolist() == [0, 0, 255]


def test_a_page_is_sideways_where_most_of_its_text_stands_on_end() -> None:
    upended: Quad = ((0.0, 0.0), (10.0, 0.0), (10.0, 100.0), (0.0, 100.0))
    assert is_sideways([upended] * 7 + [QUAD] * 3)
    assert not is_sideways([upended] * 5 + [QUAD] * 5)
    assert not is_sideways([upended] * 7), "a few lines tell nothing"


def test_what_else_a_doubtful_character_may_be_is_kept() -> None:
    rows = np.zeros((3, len(CHARACTERS)), np.float32)
    rows[0, :4] = 0.1, 0.5, 0.3, 0.1
    rows[1, 0] = 1.0
    rows[2, 2] = 0.99
    first, second = decoded(rows, CHARACTERS, 3).signs
    assert [(text, round(probability, 2)) for text, probability in first.others] == [("b", 0.3), ("1", 0.1)]
    assert (second.text, second.others) == ("b", ())
