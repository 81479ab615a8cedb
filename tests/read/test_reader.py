"""The whole way: a document loaded and read in real children."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import docx
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from docextract.errors import ReplyError
from docextract.intake.discover import discover
from docextract.pages.loader import load
from docextract.pages.options import PagesOptions
from docextract.pages.pool import Pool
from docextract.read.options import ReadOptions
from docextract.read.reader import read
from docextract.types import Fault, Page, Unit, Word, Words

LOCAL = ReadOptions()
OFF = ReadOptions(ocr="off")


@pytest.fixture
def local_ocr(need_module: Callable[[str], None]) -> None:
    need_module("rapidocr")


def read_file(
    path: Path,
    options: ReadOptions,
    numbers: Sequence[int] | None = None,
    *,
    remote: Callable[[Page], Awaitable[Words]] | None = None,
) -> dict[int, Words | Fault]:
    async def run() -> dict[int, Words | Fault]:
        unit = Unit(name=path.name, sources=tuple(discover([path])))
        async with Pool("render", size=1) as render_pool, Pool("read", size=1) as pool:
            document = await load(render_pool, unit, PagesOptions())
            wanted = [page.number for page in document.pages] if numbers is None else numbers
            return await read(pool, document, wanted, options, remote=remote)

    return asyncio.run(run())


def words_of(result: Words | Fault) -> Words:
    assert isinstance(result, Words), result
    return result


def texts(result: Words | Fault) -> list[str]:
    return [word.text for word in words_of(result).words]


def test_text_layers_of_more_pages_than_a_call_holds(draw_pdf: Callable[..., Path]) -> None:
    def page(number: int) -> Callable[[Canvas], None]:
        return lambda c: c.drawString(50, 200, f"page {number}")

    results = read_file(draw_pdf(*(page(number) for number in range(1, 7))), OFF)
    assert list(results) == [1, 2, 3, 4, 5, 6]
    assert [texts(results[number]) for number in results] == [["page", str(number)] for number in range(1, 7)]
    assert {words_of(result).source for result in results.values()} == {"text"}


def test_pages_are_given_in_the_order_asked_for_and_unknown_ones_are_faults(draw_pdf: Callable[..., Path]) -> None:
    path = draw_pdf(lambda c: c.drawString(50, 200, "one"), lambda c: c.drawString(50, 200, "two"))
    results = read_file(path, OFF, [2, 9, 1])
    assert list(results) == [2, 9, 1]
    assert texts(results[2]) == ["two"]
    assert isinstance(results[9], Fault)
    assert results[9].code == "limit_reached"


def test_a_scan_among_text_pages_is_read_by_ocr(
    draw_pdf: Callable[..., Path], local_ocr: None, letter: Image.Image, amount: tuple[float, float], tmp_path: Path
) -> None:
    picture = tmp_path / "scan.png"
    letter.save(picture)
    path = draw_pdf(
        lambda c: c.drawString(50, 200, "born digital"),
        lambda c: c.drawImage(str(picture), 0, 10, 400, 280),
        lambda _: None,
    )
    results = read_file(path, LOCAL)
    scan = words_of(results[2])
    assert texts(results[1]) == ["born", "digital"]
    assert (scan.source, scan.note) == ("ocr", "no text layer, read by OCR")
    assert scan.quality > 0.9
    word = next(word for word in scan.words if word.text == "1,284.50")
    assert (word.x0 + word.x1) / 2 == pytest.approx(amount[0] * 0.4, abs=4)
    assert (word.y0 + word.y1) / 2 == pytest.approx(10 + amount[1] * 0.4, abs=4)
    assert len(scan.rulings) >= 4
    assert words_of(results[3]).source == "none"


def test_without_ocr_a_scan_says_why_it_has_no_words(letter: Image.Image, tmp_path: Path) -> None:
    path = tmp_path / "scan.jpg"
    letter.save(path)
    (result,) = read_file(path, OFF).values()
    assert (words_of(result).source, words_of(result).note) == ("none", "OCR is off")


def test_verify_ocr_reads_pixels_though_there_is_text(draw_pdf: Callable[..., Path], local_ocr: None) -> None:
    path = draw_pdf(lambda c: c.drawString(50, 200, "Printed Words 2024"))
    (result,) = read_file(path, ReadOptions(verify="ocr")).values()
    assert words_of(result).source == "ocr"
    assert "2024" in texts(result)


def test_a_word_file_is_set_on_one_page_with_its_picture_read(
    letter: Image.Image, tmp_path: Path, local_ocr: None
) -> None:
    letter.crop((0, 130, 1000, 290)).save(tmp_path / "inner.png")
    document = docx.Document()
    document.add_heading("Order", 1)
    document.add_picture(str(tmp_path / "inner.png"))
    table = document.add_table(2, 2)
    for number, text in enumerate(["Item", "Price", "Chair", "12.00"]):
        table.cell(number // 2, number % 2).text = text
    document.save(str(tmp_path / "order.docx"))
    (result,) = read_file(tmp_path / "order.docx", LOCAL).values()
    words = words_of(result)
    assert (words.source, words.note) == ("flow", None)
    assert "1,284.50" in texts(result)
    assert words.text is not None
    assert words.text.endswith("Item\tPrice\nChair\t12.00\n")
    (off,) = read_file(tmp_path / "order.docx", OFF).values()
    assert words_of(off).note == "1 embedded pictures not read: OCR is off"


def test_a_page_that_ends_its_child_costs_only_itself(
    draw_pdf: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = draw_pdf(*(lambda c, n=n: c.drawString(50, 200, f"page {n}") for n in range(1, 5)))

    async def run() -> dict[int, Words | Fault]:
        unit = Unit(name=path.name, sources=tuple(discover([path])))
        async with Pool("render", size=1) as render_pool, Pool("read", size=1) as pool:
            document = await load(render_pool, unit, PagesOptions())
            real = pool.call

            async def call(op: str, args: dict[str, Any], *rest: Any, deadline_s: float) -> Any:
                if any(page["number"] == 3 for page in args.get("pages", [])):
                    deadline_s = 0.0  # its child is killed, as by a page that hangs
                return await real(op, args, *rest, deadline_s=deadline_s)

            monkeypatch.setattr(pool, "call", call)
            return await read(pool, document, [1, 2, 3, 4], OFF)

    results = asyncio.run(run())
    assert [texts(results[number]) for number in (1, 2, 4)] == [["page", "1"], ["page", "2"], ["page", "4"]]
    fault = results[3]
    assert isinstance(fault, Fault)
    assert (fault.code, fault.scope) == ("render_timed_out", "page")


SENTENCE = "The quick brown fox jumps over the lazy dog near the river bank every other morning in the spring."
SHIFTED = SENTENCE.translate({code: chr((code - 97 + 13) % 26 + 97) for code in range(97, 123)})
"""As a font gives it whose letters are coded otherwise than its map says."""


def write_bad_layers(path: Path, picture: Image.Image) -> None:
    """Five pages: sound, garbled, hidden under a picture, a stamp on a picture, and no text layer at all."""
    sheet = Canvas(str(path), pagesize=(595, 842), invariant=True)
    for text, mode, is_scan in ((SENTENCE, 0, False), (SHIFTED, 0, False), (SENTENCE, 3, True), ("Copy", 0, True)):
        if is_scan:
            sheet.drawInlineImage(picture, 0, 0, 595, 842)
        for line in range(8 if len(text) > 10 else 1):
            writer = sheet.beginText(50, 780 - 20 * line)
            writer.setTextRenderMode(mode)
            writer.textLine(text)
            sheet.drawText(writer)
        sheet.showPage()
    sheet.drawInlineImage(picture, 0, 0, 595, 842)
    sheet.showPage()
    sheet.save()


def test_bad_text_layers_are_named_and_their_pages_read_from_pixels(letter: Image.Image, tmp_path: Path) -> None:
    asked: list[int] = []

    async def remote(page: Page) -> Words:
        asked.append(page.number)
        words = (Word("Seen", 300, 400, 330, 412, 10),)
        return Words(page=page.number, width=page.width, height=page.height, words=words, source="ocr")

    write_bad_layers(tmp_path / "bad.pdf", letter)
    results = read_file(tmp_path / "bad.pdf", ReadOptions(ocr="glm-ocr"), remote=remote)
    pages = [words_of(result) for result in results.values()]
    assert sorted(asked) == [2, 3, 4, 5]
    assert [page.source for page in pages] == ["text", "ocr", "ocr", "ocr", "ocr"]
    assert pages[0].note is None
    assert [(page.note or "").removesuffix(", read by OCR") for page in pages[1:]] == [
        "text layer garbled",
        "no text layer",
        "text layer covers only part of the page",
        "no text layer",
    ]
    assert [[word.text for word in page.words] for page in pages[1:]] == [
        ["Seen"],
        ["Seen"],
        ["Copy", "Seen"],
        ["Seen"],
    ]
    # What the layer said is kept apart, and is never evidence.
    assert len(pages[1].hidden) == len(pages[2].hidden) == 8 * len(SENTENCE.split())


def test_a_picture_goes_to_the_service_and_its_errors_are_the_pages(letter: Image.Image, tmp_path: Path) -> None:
    async def remote(page: Page) -> Words:
        raise ReplyError(f"page {page.number} is refused", code="refused")

    letter.save(tmp_path / "scan.png")
    (fault,) = read_file(tmp_path / "scan.png", ReadOptions(ocr="glm-ocr"), remote=remote).values()
    assert isinstance(fault, Fault)
    assert (fault.code, fault.scope) == ("refused", "page")
