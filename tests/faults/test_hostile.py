"""Small makers of hostile files, each ending as it must within the limits of a child; the whole zoo is a benchmark."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from docextract.errors import DocextractError
from docextract.intake.discover import discover
from docextract.pages.loader import load
from docextract.pages.options import PagesOptions
from docextract.pages.pool import Pool
from docextract.pages.render import render
from docextract.read.options import ReadOptions
from docextract.read.reader import read
from docextract.testing import bombs_other as other
from docextract.testing import bombs_pdf as pdf
from docextract.testing import bombs_word as word
from docextract.testing.hostile import CASES
from docextract.types import Document, Fault, PageImage, RenderSpec, Unit

Make = Callable[[Path], None]


def ended(path: Path, **limits: int) -> tuple[str, str, Document | None]:
    """How opening and reading a file ends: ok or a code, the words of it, and the document."""
    (file,) = discover([path])

    async def run() -> tuple[str, str, Document | None]:
        async with Pool("render", size=1, limits=limits) as drawing, Pool("read", size=1, limits=limits) as reading:
            options = PagesOptions(page_deadline_s=drawing.limit("page_seconds"))
            try:
                document = await load(drawing, Unit(name=file.name, sources=(file,)), options)
            except DocextractError as error:
                return error.code, str(error), None
            numbers = [page.number for page in document.pages]
            words = await read(reading, document, numbers, ReadOptions(ocr="off"))
            faults = [one for one in words.values() if isinstance(one, Fault)]
            return (faults[0].code, faults[0].message, document) if faults else ("ok", "", document)

    return asyncio.run(run())


# A maker, its file's name, how it ends, and what must be said: which limit, where it is one.
SMALL: list[tuple[Make, str, str, str]] = [
    (pdf.large_page, "large.pdf", "ok", ""),
    (pdf.unit_page, "unit.pdf", "ok", ""),
    (pdf.form_in_itself, "form.pdf", "ok", ""),
    (pdf.pattern_loop, "pattern.pdf", "ok", ""),
    (pdf.reference_loop, "reference.pdf", "ok", ""),
    (partial(pdf.flate_bomb, mebibytes=8), "flate.pdf", "ok", ""),
    (partial(pdf.path_flood, lines=10_000), "paths.pdf", "ok", ""),
    (partial(pdf.image_bomb, side=2_000), "image.pdf", "ok", ""),
    (pdf.page_without_area, "area.pdf", "corrupt", "no area"),
    (pdf.tree_loop, "tree.pdf", "corrupt", "no page"),
    (partial(pdf.many_attachments, files=300), "attached.pdf", "ok", ""),
    (partial(pdf.deep_arrays, depth=20_000), "deep.pdf", "ok", ""),
    (partial(pdf.word_flood, words=600_000), "words.pdf", "limit_reached", "page_characters"),
    (partial(word.word_text, mebibytes=20), "text.docx", "limit_reached", "archive_ratio"),
    (partial(word.word_media, mebibytes=20), "media.docx", "limit_reached", "archive_ratio"),
    (partial(word.word_paragraphs, paragraphs=600_000), "paragraphs.docx", "limit_reached", "word_blocks"),
    (partial(word.word_members, members=10_100), "members.docx", "limit_reached", "archive_members"),
    (partial(word.word_lying, mebibytes=20), "lying.docx", "corrupt", "CRC"),
    (word.word_laughs, "laughs.docx", "corrupt", "entities"),
    (word.word_entity, "entity.docx", "corrupt", "entities"),
    (word.word_dtd, "dtd.docx", "corrupt", "document type"),
    (word.word_climbing, "climbing.docx", "corrupt", "outside"),
    (word.word_relations, "relations.docx", "ok", ""),
    (partial(word.word_deep, depth=1_000), "deep.docx", "corrupt", "depth"),
    (partial(other.png_bomb, side=11_500), "large.png", "limit_reached", "image_pixels"),
    (partial(other.png_text, mebibytes=80), "text.png", "corrupt", "too large"),
    (partial(other.tiff_bomb, side=11_500), "large.tif", "limit_reached", "image_pixels"),
    (other.tiff_circle, "circle.tif", "ok", ""),
    (other.markdown_stars, "stars.md", "limit_reached", "page_words"),
    (partial(other.tiff_frames, frames=30), "frames.tif", "limit_reached", "pixels_per_byte"),
    (partial(other.html_spans, rows=20, cells=50), "spans.html", "limit_reached", "table_cells"),
    (partial(other.html_deep, depth=50_000), "deep.html", "ok", ""),
    (partial(other.text_flood, mebibytes=17), "text.txt", "limit_reached", "text_bytes"),
]


@pytest.mark.parametrize(("make", "name", "end", "said"), SMALL, ids=[name for _, name, _, _ in SMALL])
def test_a_hostile_file_ends_as_it_must(tmp_path: Path, make: Make, name: str, end: str, said: str) -> None:
    make(tmp_path / name)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    code, message, _ = ended(tmp_path / name, page_seconds=120)
    assert (code, said in message) == (end, True), message
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # kB: what harms stays in the child


def test_every_kind_of_bomb_is_in_the_zoo() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) > 30
    assert all(case.ends for case in CASES)


def test_more_pages_than_the_cap_are_counted_and_not_described(tmp_path: Path) -> None:
    pdf.many_pages(tmp_path / "many.pdf", pages=6_000)
    _, _, document = ended(tmp_path / "many.pdf", page_seconds=120)
    assert document is not None
    assert (document.page_total, len(document.pages)) == (6_000, 1_000)


def test_a_page_that_never_ends_is_told_within_its_deadlines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")  # without poppler
    pdf.nested_forms(tmp_path / "forms.pdf")
    began = time.monotonic()
    code, _, _ = ended(tmp_path / "forms.pdf", page_seconds=2)
    assert code == "render_timed_out"
    assert time.monotonic() - began < 60


def test_a_page_that_only_poppler_can_draw_is_drawn_by_it(
    tmp_path: Path, need_tool: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    need_tool("pdftoppm")
    # A stand-in for a page that ends pdfium and not poppler: looking at it takes longer than is allowed.
    pdf.nested_forms(tmp_path / "forms.pdf", depth=12)
    folder = tmp_path / "bin"
    folder.mkdir()
    Image.new("RGB", (64, 64), "black").save(tmp_path / "page.ppm")
    for tool, script in (("pdfinfo", "echo 'Pages: 1'"), ("pdftoppm", f"cat {tmp_path}/page.ppm")):
        (folder / tool).write_text(f"#!/bin/sh\n{script}\n")
        (folder / tool).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    _, said, document = ended(tmp_path / "forms.pdf", page_seconds=5)
    assert document is not None, said
    assert [(page.only_poppler, page.fault) for page in document.pages] == [(True, None)]


def test_a_title_of_half_a_character_does_not_cost_the_document(tmp_path: Path) -> None:
    whole = pdf.one_page(pdf.stream(b"BT /F1 20 Tf 30 300 Td (Sound) Tj ET"), more=[b"<</Title<FEFF0041D83D0042>>>"])
    (tmp_path / "title.pdf").write_bytes(whole.replace(b"/Root 1 0 R", b"/Root 1 0 R/Info 6 0 R"))
    code, said, document = ended(tmp_path / "title.pdf")
    assert (code, document is not None and document.about) == ("ok", (("PDF title", "A\ufffdB"),)), said


def test_a_relationship_without_a_type_does_not_cost_the_document(tmp_path: Path) -> None:
    relation = '<Relationship Id="rId7" Typ="http://lost/styles" Target="document.xml"/>'
    word.write_word(tmp_path / "typeless.docx", relations=relation)
    code, said, _ = ended(tmp_path / "typeless.docx")
    assert code == "ok", said


def test_an_animation_of_large_frames_is_weighed(tmp_path: Path) -> None:
    other.gif_frames(tmp_path / "frames.gif", frames=40, side=500)
    code, _, document = ended(tmp_path / "frames.gif", page_seconds=120)
    assert (code, document is not None and document.page_total) == ("ok", 40)
    code, message, _ = ended(tmp_path / "frames.gif", animation_pixels=9_000_000)
    assert (code, "animation_pixels" in message) == ("limit_reached", True), message


def test_a_workbook_is_looked_through_before_it_is_converted(tmp_path: Path, need_tool: Callable[[str], Any]) -> None:
    need_tool("soffice")
    word.sheet_flood(tmp_path / "sheet.xlsx", mebibytes=20)
    code, message, _ = ended(tmp_path / "sheet.xlsx", archive_ratio=50)
    assert (code, "archive_ratio" in message) == ("limit_reached", True), message


@pytest.mark.parametrize("strength", [40, 128])
def test_an_encrypted_file_with_its_password_equals_its_plain_twin(tmp_path: Path, strength: int) -> None:
    for name, lock in (("plain", None), ("locked", StandardEncryption("sesame", "owner", strength=strength))):
        canvas = Canvas(str(tmp_path / f"{name}.pdf"), pagesize=(300, 400), encrypt=lock, invariant=1)
        for page in range(3):
            canvas.drawString(40, 300, f"Sheet {page} says 12.50")
            canvas.showPage()
        canvas.save()

    async def seen(name: str, passwords: tuple[str, ...]) -> list[Any]:
        (file,) = discover([tmp_path / f"{name}.pdf"])
        async with Pool("render", size=1) as drawing, Pool("read", size=1) as reading:
            unit = Unit(name=name, sources=(file,))
            document = await load(drawing, unit, PagesOptions(), passwords=passwords)
            words = await read(reading, document, [1, 2, 3], ReadOptions(ocr="off"))
            spec = RenderSpec(width=60, height=80)
            images = [PageImage(page=number, spec=spec, tokens=1) for number in (1, 2, 3)]
            pictures = await render(drawing, document, images)
            pages = [(page.number, page.width, page.height, page.blank, page.has_text) for page in document.pages]
            return [document.page_total, pages, words, pictures]

    assert asyncio.run(seen("locked", ("wrong", "sesame"))) == asyncio.run(seen("plain", ()))
    with pytest.raises(DocextractError) as caught:
        asyncio.run(seen("locked", ("wrong",)))
    assert caught.value.code == "encrypted"
