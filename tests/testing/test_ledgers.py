from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from docextract.testing.documents import encode, paint, write_pdf, write_picture, write_scan
from docextract.testing.ledgers import draw, make_ledger, read_ledgers, read_text, rows_per_page
from docextract.testing.prefixes import PrefixCache
from docextract.testing.strip import black_runs, height_of, read_bars
from docextract.types import CacheRule

LEDGER = make_ledger(7, 40)


@given(st.binary(max_size=120), st.integers(600, 1800))
def test_any_bytes_come_back_from_any_scale(payload: bytes, width: int) -> None:
    image = Image.new("L", (width, round(height_of(payload) * width) + 40), 255)
    pen = ImageDraw.Draw(image)
    for x, y, wide, high in black_runs(payload):
        left, top, right, bottom = (value * width for value in (x, y, x + wide, y + high))
        pen.rectangle((round(left), 10 + round(top), round(right) - 1, 10 + round(bottom) - 1), fill=0)
    assert [bar.payload for bar in read_bars(image)] == [payload]


@pytest.mark.parametrize("width", [600, 744, 1000, 1240, 1653, 2480])
def test_a_rendered_page_is_read_at_every_size_through_jpeg(tmp_path: Path, width: int) -> None:
    pages = write_pdf(tmp_path / "a.pdf", LEDGER)
    assert pages == 2
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    payloads = []
    for page in document:
        image = page.render(scale=width / 595).to_pil()
        payloads += [bar.payload for bar in read_bars(Image.open(io.BytesIO(encode(image))))]
    document.close()
    assert read_ledgers(payloads) == [LEDGER]


def test_a_damaged_bar_is_left_out_and_its_neighbours_are_read() -> None:
    image = paint(draw(LEDGER)[0], 2.0)
    bars = read_bars(image)
    top = int(bars[3].top)
    ImageDraw.Draw(image).rectangle((400, top, 700, top + 10), fill="black")
    assert len(read_bars(image)) == len(bars) - 1


def test_a_page_in_tiles_is_read_whole_from_its_tiles(tmp_path: Path) -> None:
    ledger = make_ledger(3, 150)
    write_picture(tmp_path / "tall.png", ledger, width=1280, height=14_000)
    with Image.open(tmp_path / "tall.png") as image:
        tiles = [image.crop((0, top, 1280, min(14_000, top + 2000))) for top in range(0, 14_000, 1800)]
    assert read_ledgers([bar.payload for tile in tiles for bar in read_bars(tile)]) == [ledger]


def test_the_text_layer_says_the_same(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf", LEDGER)
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    assert read_text(text) == LEDGER
    assert read_text("nothing of the kind") is None


def test_a_scan_has_pixels_only(tmp_path: Path) -> None:
    assert write_scan(tmp_path / "s.pdf", LEDGER, dpi=150) == 2
    document = pypdfium2.PdfDocument(tmp_path / "s.pdf")
    assert document[0].get_textpage().count_chars() == 0
    image = document[0].render(scale=2).to_pil()
    document.close()
    assert len(read_bars(image)) == rows_per_page() + 1


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf", make_ledger(1, 30))
    write_pdf(tmp_path / "b.pdf", make_ledger(1, 30))
    write_pdf(tmp_path / "c.pdf", make_ledger(2, 30))
    first, again, other = ((tmp_path / name).read_bytes() for name in ("a.pdf", "b.pdf", "c.pdf"))
    assert first == again != other


def test_pages_hold_as_many_rows_as_told() -> None:
    assert len(draw(LEDGER, per_page=5)) == 8
    assert len(draw(make_ledger(1, 0))) == 1


def test_prefixes_come_in_steps_after_a_minimum() -> None:
    units = [(f"w{number}", 1) for number in range(300)]
    openai = PrefixCache(CacheRule(kind="implicit", min_tokens=100, step=64))
    openai.store(units)
    assert openai.look(units) == 256
    assert openai.look(units[:150]) == 128
    assert openai.look(units[:90]) == 0
    assert openai.look([("other", 1), *units]) == 0


def test_breakpoints_are_found_only_where_they_were_set() -> None:
    units = [(f"w{number}", 1) for number in range(300)]
    cache = PrefixCache(CacheRule(kind="breakpoints", min_tokens=50, max_breakpoints=4))
    assert cache.store(units, [40, 200]) == 200
    assert cache.look(units) == 200
    assert cache.look(units[:199]) == 0
    assert PrefixCache(CacheRule(kind="none")).store(units) == 0


def test_what_only_looks_like_a_bar_is_passed_over() -> None:
    assert read_ledgers([b"", b"\x00\xff", b"17", b'["R"]', b'["R", "1", "too few"]']) == []
