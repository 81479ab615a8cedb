"""Screenshots in slices, and print that is nearly as pale as what it stands on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from docextract.intake.discover import discover
from docextract.pages.loader import load
from docextract.pages.options import PagesOptions
from docextract.pages.pool import Pool
from docextract.read.faint import faint_lines, is_drawn
from docextract.read.ocr import read_pixels, reader_of
from docextract.read.options import ReadOptions
from docextract.read.pixels import Pixels, from_image
from docextract.read.reader import read
from docextract.read.seams import Crossing, crossings, has_ink, mended
from docextract.read.seen import Reader, SeenLine, SeenWord
from docextract.types import Unit, Words

ROWS = ("Boats in the harbour", "GET /boats/{number}", "Parameters and answers", "A boat with its owner")
TALL = 400


@pytest.fixture(scope="module")
def local(need_module: Callable[[str], None]) -> Reader:
    need_module("rapidocr")
    return reader_of("local")


@pytest.fixture(scope="module")
def screen() -> Image.Image:
    """A page of four lines, 700 x 400 pixels, with a rule down its left side; their letters end at 80, 180, ..."""
    image = Image.new("RGB", (700, TALL), "#f4f8ff")
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(26)
    pen.line((20, 0, 20, TALL), fill="#336699", width=2)
    for number, text in enumerate(ROWS):
        pen.text((60, 50 + 100 * number), text, fill="#203040", font=font)
    return image


def halves(image: Image.Image, row: int) -> tuple[Pixels, Pixels]:
    return (
        from_image(image.crop((0, 0, image.width, row))),
        from_image(image.crop((0, row, image.width, image.height))),
    )


@pytest.mark.parametrize(("row", "is_above"), [(164, False), (172, True)])
def test_a_line_cut_by_the_edge_is_read_on_both_and_given_to_one(
    local: Reader, screen: Image.Image, row: int, is_above: bool
) -> None:
    (crossing,) = crossings(local, *halves(screen, row))
    assert [word.text for word in crossing.line.words] == ROWS[1].split()
    assert crossing.is_above == is_above


def test_an_edge_between_lines_costs_no_reading(screen: Image.Image) -> None:
    class Never:
        name = "never"

        def lines(self, pixels: Pixels) -> list[SeenLine]:
            raise AssertionError(f"nothing is cut, yet {pixels.shape} was read")

    above, below = halves(screen, 120)
    assert not has_ink(above, below=True)
    assert not has_ink(below, below=False)
    assert crossings(Never(), above, below) == []


def test_pictures_that_do_not_go_on_are_not_joined(local: Reader, screen: Image.Image) -> None:
    above, _ = halves(screen, 168)
    _, below = halves(screen, 268)
    assert has_ink(above, below=True)
    assert has_ink(below, below=False)
    assert crossings(local, above, below) == []
    assert crossings(local, above, below[:, :600]) == []


def line(text: str, x: float, y: float, width: float, height: float) -> SeenLine:
    quad = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    return SeenLine(words=(SeenWord(text=text, quad=quad, confidence=0.9),), quad=quad, confidence=0.9)


@settings(deadline=None)
@given(top=st.integers(-40, -2), bottom=st.integers(2, 40), height=st.integers(60, 900))
def test_a_crossing_line_stands_on_just_one_page_and_within_it(top: int, bottom: int, height: int) -> None:
    crossing = Crossing(line=line("whole", 50, top, 200, bottom - top))
    upper = [line("far", 50, 5, 200, 20), line("half", 52, height + top, 190, -top)]
    lower = [line("halt", 52, 0, 190, bottom), line("away", 400, 0, 190, bottom)]
    above = mended(upper, height, ([], [crossing]))
    below = mended(lower, height, ([crossing], []))
    texts = [word.text for seen in (*above, *below) for word in seen.words]
    assert sorted(texts) == ["away", "far", "whole"]
    for seen in (*above, *below):
        assert all(0 <= y <= height for _, y in seen.quad)


def test_slices_of_one_page_are_read_as_one(need_module: Callable[[str], None], tmp_path: Path) -> None:
    need_module("rapidocr")
    image = Image.new("RGB", (700, 260), "white")
    for number, text in enumerate(ROWS[:2]):
        ImageDraw.Draw(image).text((60, 50 + 100 * number), text, fill="black", font=ImageFont.load_default(26))
    for number, (top, bottom) in enumerate([(0, 166), (166, 260)], start=1):
        image.crop((0, top, 700, bottom)).save(tmp_path / f"{number}.png")

    async def run(numbers: list[int]) -> dict[int, Words]:
        unit = Unit(name="slices", sources=tuple(discover([tmp_path / "1.png", tmp_path / "2.png"])))
        async with Pool("render", size=1) as render_pool, Pool("read", size=1) as pool:
            document = await load(render_pool, unit, PagesOptions())
            found = await read(pool, document, numbers, ReadOptions())
        return {number: words for number, words in found.items() if isinstance(words, Words)}

    pages = asyncio.run(run([1, 2]))
    assert sorted(word.text for page in pages.values() for word in page.words) == sorted(" ".join(ROWS[:2]).split())
    # A page read by itself says the same of it: windows and resumed runs agree.
    assert asyncio.run(run([2]))[2] == pages[2]


def badge(ink: str, ground: str) -> Image.Image:
    image = Image.new("RGB", (700, 120), "white")
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(22)
    pen.rounded_rectangle((30, 40, 130, 76), 4, fill=ground)
    pen.text((56, 45), "GET", fill=ink, font=font)
    pen.text((150, 45), "/boats/{number}", fill="#555555", font=font)
    return image


@pytest.mark.parametrize(("ink", "ground"), [("#ffffff", "#f0f0f0"), ("#e9e9e9", "#f6f6f6"), ("#ffffff", "#eef4f0")])
def test_pale_badges_are_read(local: Reader, ink: str, ground: str) -> None:
    pixels = from_image(badge(ink, ground))
    lines, _, _ = read_pixels(local, pixels)
    found = [word for seen in (*lines, *faint_lines(local, pixels, lines)) for word in seen.words]
    assert sorted(word.text for word in found) == ["/boats/{number}", "GET"]
    (x0, y0), (x1, y1) = next((word.quad[0], word.quad[2]) for word in found if word.text == "GET")
    assert (x0, y0, x1, y1) == pytest.approx((56, 48, 100, 66), abs=16)


def test_pale_patterns_without_letters_and_grain_of_paper_are_no_print(local: Reader) -> None:
    image = badge("#f0f0f0", "#f0f0f0")
    pixels = from_image(image)
    lines, _, _ = read_pixels(local, pixels)
    assert faint_lines(local, pixels, lines) == []
    grain = np.random.default_rng(7).integers(-6, 7, pixels.shape[:2])
    noisy = np.clip(pixels.astype(np.int16) + grain[:, :, None], 0, 255).astype(np.uint8)
    assert is_drawn(pixels[:, :, 1])
    assert not is_drawn(noisy[:, :, 1])
