from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from docextract.read.pixels import from_image
from docextract.read.rulings import merge
from docextract.read.strokes import strokes
from docextract.types import Ruling


def rounded(rulings: Any) -> list[tuple[int, ...]]:
    return sorted((round(r.x0), round(r.y0), round(r.x1), round(r.y1)) for r in rulings)


def test_lines_rectangles_and_thin_fills(read_drawn: Callable[..., Any]) -> None:
    def draw(c: Canvas) -> None:
        c.line(20, 280, 200, 280)
        c.rect(50, 100, 100, 60, stroke=1, fill=0)
        c.rect(20, 40, 300, 0.8, stroke=0, fill=1)
        c.rect(250, 100, 80, 80, stroke=0, fill=1)  # a bar, no line
        c.line(0, 0, 100, 90)  # aslant
        c.setStrokeGray(1)
        c.line(20, 20, 200, 20)  # white

    words, _ = read_drawn(draw)
    assert rounded(words.rulings) == [
        (20, 20, 200, 20), (20, 260, 320, 260), (50, 140, 50, 200), (50, 140, 150, 140), (50, 200, 150, 200),
        (150, 140, 150, 200),
    ]  # fmt: skip


def test_lines_in_forms_follow_the_forms_matrix(read_drawn: Callable[..., Any]) -> None:
    def draw(c: Canvas) -> None:
        c.beginForm("piece")
        c.line(0, 0, 100, 0)
        c.endForm()
        c.translate(50, 200)
        c.scale(2, 2)
        c.doForm("piece")

    assert rounded(read_drawn(draw)[0].rulings) == [(50, 100, 250, 100)]


def test_rotated_pages_turn_their_lines(read_drawn: Callable[..., Any]) -> None:
    words, _ = read_drawn(lambda c: c.line(100, 50, 300, 50), rotation=90)
    assert rounded(words.rulings) == [(50, 100, 50, 300)]


def test_a_drawing_of_many_segments_has_no_rulings(read_drawn: Callable[..., Any]) -> None:
    def draw(c: Canvas) -> None:
        path = c.beginPath()
        path.moveTo(0, 100)
        for step in range(500):
            path.lineTo(step, 100 + step % 2 * 10)
        c.drawPath(path)

    assert read_drawn(draw)[0].rulings == ()


places = st.integers(0, 60).map(float)


@given(st.lists(st.tuples(places, places, places), max_size=25))
def test_merging_keeps_what_is_covered(pieces: list[tuple[float, float, float]]) -> None:
    rulings = [Ruling(min(a, b), at * 5, max(a, b) + 1, at * 5) for at, a, b in pieces]
    merged = merge(rulings)
    assert merge(merged) == merged
    for ruling in rulings:
        assert any(m.y0 == ruling.y0 and m.x0 <= ruling.x0 and m.x1 >= ruling.x1 for m in merged)
    assert len(merged) <= len(rulings)


def test_lines_of_a_scan_are_found_and_letters_are_none(letter: Image.Image) -> None:
    found = rounded(strokes(from_image(letter), (0.5, 0.5)))
    wanted = [(30, 210, 30, 320), (30, 210, 470, 210), (30, 320, 470, 320), (250, 210, 250, 320), (470, 210, 470, 320)]
    assert len(found) == len(wanted)
    assert [want for want in wanted if not any(np.allclose(got, want, atol=3) for got in found)] == []


@pytest.mark.parametrize("angle", [-1.0, 1.0])
def test_lines_of_a_slanting_scan_are_found(letter: Image.Image, angle: float) -> None:
    turned = letter.rotate(angle, fillcolor="white", resample=Image.Resampling.BICUBIC)
    found = strokes(from_image(turned), (1.0, 1.0))
    flat = [r for r in found if r.y0 == r.y1 and r.x1 - r.x0 > 800]
    tall = [r for r in found if r.x0 == r.x1 and r.y1 - r.y0 > 180]
    assert (len(flat), len(tall)) == (2, 3)


def test_rules_on_the_edge_of_a_shaded_field_are_found() -> None:
    image = Image.new("RGB", (900, 400), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((40, 60, 860, 110), fill=(250, 145, 60))
    for y in (60, 110, 150):
        pen.line((40, y, 860, y), fill=(90, 90, 90), width=2)
    found = strokes(from_image(image), (1.0, 1.0))
    flat = [round(r.y0) for r in found if r.y0 == r.y1 and r.x1 - r.x0 > 780]
    assert np.allclose(sorted(flat), [60, 110, 150], atol=2), found
