from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from docextract.read.ocr import read_pixels, reader_of, slant_of, words_of
from docextract.read.pixels import Pixels, from_image
from docextract.read.seen import Reader, SeenLine, SeenWord
from docextract.read.tesseract import parse_tsv
from docextract.read.tiles import tiles, without_repeats


@pytest.fixture(scope="module")
def local(need_module: Callable[[str], None]) -> Reader:
    need_module("rapidocr")
    return reader_of("local")


def place_of(lines: list[SeenLine], text: str) -> tuple[float, float]:
    for word in words_of(lines, 0, (1.0, 1.0)):
        if text in word.text:
            return (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    raise AssertionError(f"{text} was not read: {[w.text for line in lines for w in line.words]}")


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_turned_pages_are_read_and_boxes_lie_where_they_are_shown(
    local: Reader, letter: Image.Image, amount: tuple[float, float], turn: int
) -> None:
    pixels = from_image(letter)
    lines, _, _ = read_pixels(local, pixels)
    x, y = amount
    assert np.allclose(place_of(lines, "1,284.50"), amount, atol=8)
    if not turn:
        return
    turned: Pixels = np.ascontiguousarray(np.rot90(pixels, -turn))  # as many quarters clockwise
    lines, found, _ = read_pixels(local, turned)
    assert found == turn
    height, width = pixels.shape[:2]
    wanted = {1: (height - y, x), 2: (width - x, height - y), 3: (y, width - x)}[turn]
    assert np.allclose(place_of(lines, "1,284.50"), wanted, atol=8)


def test_slanting_pages_are_straightened_and_boxes_mapped_back(
    local: Reader, letter: Image.Image, amount: tuple[float, float]
) -> None:
    slanted = letter.rotate(-8, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
    lines, turn, slant = read_pixels(local, from_image(slanted))
    assert turn == 0
    assert slant == pytest.approx(8, abs=1)
    angle = np.radians(8)
    x, y = amount[0] - 500, amount[1] - 350
    wanted = (
        slanted.width / 2 + x * np.cos(angle) - y * np.sin(angle),
        slanted.height / 2 + x * np.sin(angle) + y * np.cos(angle),
    )
    assert np.allclose(place_of(lines, "1,284.50"), wanted, atol=10)


def test_very_tall_pictures_are_read_in_tiles(local: Reader) -> None:
    image = Image.new("RGB", (500, 4000), "white")
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(20)
    for number in range(40):
        pen.text((30, 30 + 98 * number), f"Row {number:02d} costs {number}.50 EUR", fill="black", font=font)
    lines, _, _ = read_pixels(local, from_image(image))
    found = [word.text for line in lines for word in line.words if word.text.endswith(".50")]
    assert found == [f"{number}.50" for number in range(40)]


def test_the_engine_starts_and_reads_without_a_network(
    need_module: Callable[[str], None],
    seal: Callable[[], Any],
    run_python: Callable[..., subprocess.CompletedProcess[str]],
    letter: Image.Image,
    tmp_path: Path,
) -> None:
    need_module("rapidocr")
    sealed = seal()
    letter.crop((0, 0, 1000, 140)).save(tmp_path / "letter.png")
    script = (
        "from docextract.read.ocr import reader_of; from docextract.read.pixels import page_pixels;"
        "from docextract.types import Page; page = Page(number=1, source=0, index=0, width=1, height=1);"
        "lines = reader_of('local').lines(page_pixels('letter.png', 'png', page, None));"
        "print(*[word.text for line in lines for word in line.words])"
    )
    done = run_python(["-c", script], tmp_path, extra=sealed.variables)
    assert "2024-117" in done.stdout, done.stderr
    assert sealed.tried() == []


def test_lines_that_run_upwards_are_read(local: Reader) -> None:
    image = Image.new("RGB", (700, 500), "white")
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(26)
    for number in range(5):
        pen.text((120, 60 + 60 * number), f"Row {number} of the printed page", fill="black", font=font)
    axis = Image.new("RGB", (320, 40), "white")
    ImageDraw.Draw(axis).text((10, 4), "Turnover 2024 in EUR", fill="black", font=font)
    image.paste(axis.rotate(90, expand=True), (30, 60))
    lines, turn, _ = read_pixels(local, from_image(image))
    assert turn == 0
    texts = [" ".join(word.text for word in line.words) for line in lines]
    assert "Turnover 2024 in EUR" in texts, texts
    words = {word.text: word for word in words_of(lines, 0, (1.0, 1.0))}
    assert words["Turnover"].y0 > words["EUR"].y1
    assert all(words[text].x0 >= 20 and words[text].x1 <= 80 for text in ("Turnover", "2024", "EUR"))


def test_slant_is_the_long_lines_median() -> None:
    def line(rise: float, width: float = 200.0) -> SeenLine:
        quad = ((0.0, 0.0), (width, rise), (width, rise + 10), (0.0, 10.0))
        return SeenLine(words=(SeenWord(text="x", quad=quad, confidence=1.0),), quad=quad, confidence=1.0)

    assert slant_of([line(7.0), line(7.0), line(30.0)]) == pytest.approx(2.0, abs=0.1)
    assert slant_of([line(7.0), line(7.0)]) == 0.0
    assert slant_of([line(30.0, 40.0)] * 9) == 0.0


def test_tiles_cover_the_picture_and_cut_between_lines() -> None:
    pixels = np.full((4000, 400, 3), 255, np.uint8)
    for top in range(0, 4000, 50):
        pixels[top : top + 30, 20:380:7] = 0
    parts = list(tiles(pixels))
    assert len(parts) > 2
    end = 0
    for top, part in parts:
        assert top == end
        assert part.shape[0] < 1600
        end = top + part.shape[0]
        assert end == 4000 or end % 50 >= 30, "a cut goes through a line"
    assert end == 4000


def test_tiles_overlap_where_there_is_no_empty_row() -> None:
    pixels = np.zeros((4000, 400, 3), np.uint8)
    pixels[:, ::2] = 255
    parts = list(tiles(pixels))
    ends = [top + part.shape[0] for top, part in parts]
    assert all(top < end for (top, _), end in zip(parts[1:], ends, strict=False))
    assert ends[-1] == 4000


def test_lines_seen_twice_are_kept_once() -> None:
    def line(y: float, text: str) -> SeenLine:
        quad = ((0.0, y), (100.0, y), (100.0, y + 10), (0.0, y + 10))
        return SeenLine(words=(SeenWord(text=text, quad=quad, confidence=0.9),), quad=quad, confidence=0.9)

    kept = without_repeats([[line(0, "first"), line(20, "cut")], [line(21, "cut off"), line(40, "last")]])
    assert [one.words[0].text for one in kept] == ["first", "cut off", "last"]
    near = [line(0, "a line"), line(5, "leans on another")]
    assert without_repeats([near]) == near
    assert without_repeats([near, []]) == near


def test_tesseracts_table_is_read() -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
    rows = (
        "4\t1\t1\t1\t1\t0\t10\t20\t90\t12\t-1\t\n"
        '5\t1\t1\t1\t1\t1\t10\t20\t40\t12\t96.5\t"Total\n'
        "5\t1\t1\t1\t1\t2\t60\t21\t40\t11\t80\t19,00\n"
        "5\t1\t1\t1\t2\t1\t10\t50\t40\t12\t-1\t \n"
    )
    (line,) = parse_tsv(head + rows)
    assert [(word.text, word.confidence) for word in line.words] == [('"Total', 0.965), ("19,00", 0.8)]
    assert line.quad == ((10, 20), (100, 20), (100, 32), (10, 32))


def test_tesseract_reads_a_page(need_tool: Callable[[str], str], letter: Image.Image) -> None:
    need_tool("tesseract")
    lines, _, _ = read_pixels(reader_of("tesseract"), from_image(letter))
    assert "1,284.50" in [word.text for line in lines for word in line.words]
