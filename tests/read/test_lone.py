"""Digits, dashes and dots that stand alone in the cells of a picture of a table."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from docextract.read.lone import lone_marks
from docextract.read.ocr import reader_of
from docextract.read.pixels import Pixels, from_image
from docextract.read.seen import Quad

ROWS = [("Finland", "10", "813"), ("Denmark", "9", "-"), ("Latvia", "12", ".."), ("Estonia", "31", "159")]
ROWS += [("Hungary", "17", "405"), ("Malta", "1", "222"), ("Poland", "20", "118")]


def table(*, ruled: bool) -> tuple[Pixels, list[Quad]]:
    """A page with these rows, and the boxes that detection is known to find: those of two letters or more."""
    image = Image.new("RGB", (700, 420), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(26)
    boxes: list[Quad] = []
    for i, row in enumerate(ROWS):
        y = 20 + 52 * i
        for text, right in zip(row, (200, 400, 600), strict=True):
            x = right - draw.textlength(text, font=font)
            draw.text((x, y), text, font=font, fill="black")
            if len(text) > 1 and text != "..":
                boxes.append(((x - 6, y - 2), (right + 6, y - 2), (right + 6, y + 36), (x - 6, y + 36)))
        if ruled:
            draw.line((60, y - 9, 620, y - 9), fill="black", width=2)
    if ruled:
        for x in (60, 220, 420, 620):
            draw.line((x, 11, x, 400), fill="black", width=2)
    return from_image(image), boxes


@pytest.mark.parametrize("ruled", [False, True])
def test_marks_that_stand_alone_in_cells_are_found(ruled: bool) -> None:
    pixels, boxes = table(ruled=ruled)
    marks = lone_marks(pixels, boxes)
    rows = [(round((mark.quad[0][1] - 18) / 52), mark.quad[0][0] > 450, mark.sign) for mark in marks]
    assert sorted(rows) == [(1, False, None), (1, True, "-"), (2, True, ".."), (5, False, None)]


def test_specks_beside_the_columns_and_ink_of_a_pattern_are_no_marks() -> None:
    pixels, boxes = table(ruled=False)
    pixels = pixels.copy()
    for x in range(430, 480, 9):
        pixels[120:135, x : x + 6] = 0  # a pattern on the height of a line
    pixels[300:316, 20:26] = 0  # dirt where no column is
    assert len(lone_marks(pixels, boxes)) == 4
    assert lone_marks(pixels, boxes[:4]) == []
    assert lone_marks(np.full_like(pixels, 255), boxes) == []


def test_single_digits_in_cells_are_read(need_module: Callable[[str], None]) -> None:
    need_module("rapidocr")

    pixels, _ = table(ruled=True)
    words = [word.text for line in reader_of("local").lines(pixels) for word in line.words]
    assert words.count("-") == 1
    assert words.count("1") == words.count("9") == 1
