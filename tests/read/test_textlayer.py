from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.colors import white
from reportlab.pdfgen.canvas import Canvas

from docextract.read.quality import Verdict
from docextract.types import Word, Words

ReadDrawn = Callable[..., tuple[Words, Verdict]]


def texts(words: tuple[Word, ...]) -> list[str]:
    return [word.text for word in words]


def named(words: tuple[Word, ...], text: str) -> Word:
    return next(word for word in words if word.text == text)


def test_words_have_boxes_from_the_top_left(read_drawn: ReadDrawn) -> None:
    words, verdict = read_drawn(lambda c: c.drawString(100, 250, "Total 19,00"))
    assert texts(words.words) == ["Total", "19,00"]
    assert (words.width, words.height) == (400, 300)
    first = words.words[0]
    assert first.x0 == pytest.approx(100, abs=1)
    assert first.y0 < 300 - 250 < first.y1
    assert first.size == pytest.approx(12, abs=0.1)
    assert verdict.use == "text"


def test_gaps_between_pieces_end_words_and_kerning_does_not(read_drawn: ReadDrawn) -> None:
    def draw(c: Canvas) -> None:
        c.drawString(50, 200, "12")
        c.drawString(50 + c.stringWidth("12"), 200, ".50")  # set on at once: the same number
        c.drawString(150, 200, "next")
        c.drawString(150 + c.stringWidth("next") + 4, 200, "word")

    assert texts(read_drawn(draw)[0].words) == ["12.50", "next", "word"]


@pytest.mark.parametrize(("rotation", "place"), [(90, (250, 100)), (180, (300, 250)), (270, (150, 200))])
def test_rotated_pages_are_read_as_displayed(read_drawn: ReadDrawn, rotation: int, place: tuple[int, int]) -> None:
    words, _ = read_drawn(lambda c: c.drawString(100, 250, "X"), rotation=rotation)
    assert (words.width, words.height) == (400, 300)  # reportlab turns the media box the other way
    (word,) = words.words
    assert word.turn == rotation // 90
    assert (word.x0 + word.x1) / 2 == pytest.approx(place[0], abs=8)
    assert (word.y0 + word.y1) / 2 == pytest.approx(place[1], abs=8)


def test_crop_box_moves_the_origin(read_drawn: ReadDrawn) -> None:
    words, _ = read_drawn(lambda c: c.drawString(100, 150, "here"), crop=(90, 50, 390, 250))
    assert (words.width, words.height) == (300, 200)
    assert words.words[0].x0 == pytest.approx(10, abs=1)
    assert words.words[0].y1 == pytest.approx(103, abs=3)


def test_text_turned_on_an_upright_page_says_so(read_drawn: ReadDrawn) -> None:
    def draw(c: Canvas) -> None:
        c.drawString(100, 250, "upright words here")
        c.saveState()
        c.translate(40, 60)
        c.rotate(90)
        c.drawString(0, 0, "Share in percent")
        c.restoreState()

    words, _ = read_drawn(draw)
    assert [(word.text, word.turn) for word in words.words] == [
        ("upright", 0), ("words", 0), ("here", 0), ("Share", 3), ("in", 3), ("percent", 3),
    ]  # fmt: skip
    assert words.note is None


def test_a_page_of_sideways_text_has_a_note(read_drawn: ReadDrawn) -> None:
    def draw(c: Canvas) -> None:
        c.translate(200, 20)
        c.rotate(90)
        c.drawString(0, 0, "all of it runs upwards")

    assert "sideways" in (read_drawn(draw)[0].note or "")


def test_leaders_are_left_out(read_drawn: ReadDrawn) -> None:
    def draw(c: Canvas) -> None:
        c.drawString(50, 250, "Introduction..............7")
        c.drawString(50, 220, "Methods . . . . . . . 12")
        c.drawString(50, 190, "Name: ____________")

    assert texts(read_drawn(draw)[0].words) == ["Introduction", "7", "Methods", "12", "Name:"]


def test_dots_in_the_columns_of_a_table_are_no_leader(read_drawn: ReadDrawn) -> None:
    def draw(c: Canvas) -> None:
        for x, text in ((50, "Malta"), (120, ".."), (160, ".."), (200, ".."), (240, "..")):
            c.drawString(x, 200, text)

    assert texts(read_drawn(draw)[0].words) == ["Malta", "..", "..", "..", ".."]


def test_letter_spaced_titles_are_words_and_columns_of_letters_are_not(read_drawn: ReadDrawn) -> None:
    def draw(c: Canvas) -> None:
        c.drawString(50, 250, "INVOICE", charSpace=6)
        for number, letter in enumerate("ABCDEF"):
            c.drawString(50 + 60 * number, 200, letter)

    assert texts(read_drawn(draw)[0].words) == ["INVOICE", *"ABCDEF"]


def test_a_notes_number_is_parted_from_its_word_and_a_unit_is_not(read_drawn: ReadDrawn) -> None:
    def raised(c: Canvas, x: float, base: str, sign: str, rise: float) -> None:
        c.setFont("Helvetica", 12)
        c.drawString(x, 200, base)
        x += c.stringWidth(base, "Helvetica", 12)
        c.setFont("Helvetica", 7)
        c.drawString(x, 200 + rise, sign)

    def draw(c: Canvas) -> None:
        raised(c, 30, "1,234", "1", 5)
        raised(c, 100, "85 m", "2", 5)
        raised(c, 170, "CO", "2", -3)
        raised(c, 240, "EU", "3", 5)
        raised(c, 300, "3", "rd", 5)

    assert texts(read_drawn(draw)[0].words) == ["1,234", "1", "85", "m2", "CO2", "EU", "3", "3rd"]


def test_bold_is_known_by_the_font(read_drawn: ReadDrawn) -> None:
    def draw(c: Canvas) -> None:
        c.drawString(50, 250, "plain")
        c.setFont("Helvetica-Bold", 12)
        c.drawString(120, 250, "strong")

    words = read_drawn(draw)[0].words
    assert not named(words, "plain").bold
    assert named(words, "strong").bold


def test_what_a_viewer_does_not_show_is_hidden(read_drawn: ReadDrawn) -> None:
    def draw(c: Canvas) -> None:
        c.drawString(50, 250, "shown")
        text = c.beginText(50, 220)
        text.setTextRenderMode(3)
        text.textOut("invisible")
        text.setTextRenderMode(0)
        c.drawText(text)
        c.setFillColor(white)
        c.drawString(50, 190, "pale")
        c.setFillGray(0)
        c.rect(40, 140, 120, 30, fill=1)
        c.setFillColor(white)
        c.drawString(50, 150, "reversed")
        c.setFillGray(0)
        c.setFont("Helvetica", 1)
        c.drawString(50, 100, "speck")
        c.setFont("Helvetica", 12)
        c.drawString(500, 100, "outside")

    words, _ = read_drawn(draw)
    assert texts(words.words) == ["shown", "reversed"]
    assert sorted(texts(words.hidden)) == ["invisible", "outside", "pale", "speck"]


def test_a_watermark_over_the_page_is_no_content(read_drawn: ReadDrawn) -> None:
    def draw(c: Canvas) -> None:
        c.drawString(50, 250, "content")
        c.translate(100, 50)
        c.rotate(45)
        c.setFont("Helvetica", 60)
        c.setFillGray(0.8)
        c.drawString(0, 0, "DRAFT")

    words, _ = read_drawn(draw)
    assert texts(words.words) == ["content"]
    assert "DRAFT" in texts(words.hidden)


def test_an_ocr_layer_under_a_scan_is_hidden_and_the_pixels_are_wanted(
    read_drawn: ReadDrawn, letter: Image.Image, tmp_path: Path
) -> None:
    picture = tmp_path / "scan.png"
    letter.save(picture)

    def draw(c: Canvas) -> None:
        text = c.beginText(50, 220)
        text.setTextRenderMode(3)
        text.textOut("misread wrods")
        c.drawText(text)
        c.drawImage(str(picture), 0, 0, 400, 300)

    words, verdict = read_drawn(draw)
    assert words.words == ()
    assert texts(words.hidden) == ["misread", "wrods"]
    assert verdict.use == "ocr"


def test_a_stamp_on_a_scan_is_kept_and_the_pixels_are_wanted_too(
    read_drawn: ReadDrawn, letter: Image.Image, tmp_path: Path
) -> None:
    picture = tmp_path / "scan.png"
    letter.save(picture)

    def draw(c: Canvas) -> None:
        c.drawImage(str(picture), 0, 0, 400, 300)
        c.drawString(50, 5, "Received 2024-03-01")

    words, verdict = read_drawn(draw)
    assert texts(words.words) == ["Received", "2024-03-01"]
    assert verdict.use == "both"


def test_what_is_typed_into_a_form_is_read(read_drawn: ReadDrawn) -> None:
    def draw(c: Canvas) -> None:
        c.drawString(50, 250, "Name")
        c.acroForm.textfield(name="name", value="Hartley", x=100, y=240, width=150, height=20, forceBorder=False)

    assert "Hartley" in texts(read_drawn(draw)[0].words)


def test_an_empty_page_wants_no_ocr(read_drawn: ReadDrawn) -> None:
    words, verdict = read_drawn(lambda _: None)
    assert (words.source, words.words, verdict.use) == ("none", (), "text")


def test_a_matrix_that_holds_no_numbers_loses_no_word(read_drawn: ReadDrawn, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(raw: object, index: int, matrix: object) -> int:
        del raw, index
        values = ctypes.cast(matrix, ctypes.POINTER(ctypes.c_float * 6)).contents  # type: ignore[arg-type]  # by reference
        values[:] = [math.nan] * 6
        return 1

    monkeypatch.setattr("docextract.read.glyphs.pdfium_c.FPDFText_GetMatrix", broken)
    words, _ = read_drawn(lambda c: c.drawString(100, 250, "Total 19,00"))
    assert texts(words.words) == ["Total", "19,00"]
