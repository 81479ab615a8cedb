"""A page that is open to be drawn is read too: parsed once, with the words that a reading child gives."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from docextract.errors import InputError
from docextract.intake.discover import discover
from docextract.pages.layers import Layers
from docextract.pages.loader import load
from docextract.pages.options import PagesOptions
from docextract.pages.pool import Pool
from docextract.pages.render import render
from docextract.read import pdfpage, visit
from docextract.read.options import ReadOptions
from docextract.read.reader import read
from docextract.read.wire import words_from_bytes
from docextract.testing.documents import write_pdf
from docextract.testing.ledgers import make_ledger
from docextract.types import Document, PageImage, RenderedPage, RenderSpec, Unit, Words

SPEC = RenderSpec(width=300, height=420)


def asked(path: Path, pages: int, *, layer: bool = True) -> dict[str, Any]:
    rows = [
        {
            "index": index,
            "spec": asdict(SPEC),
            "small": None,
            "layer": {"number": index + 1, "width": 595.0, "height": 842.0} if layer else None,
        }
        for index in range(pages)
    ]
    return {"path": str(path), "kind": "pdf", "password": None, "pages": rows}


def test_a_page_is_parsed_once_to_be_drawn_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []
    real = pypdfium2.PdfDocument.get_page

    def counted(self: pypdfium2.PdfDocument, index: int) -> Any:
        parsed.append(index)
        return real(self, index)

    monkeypatch.setattr(pypdfium2.PdfDocument, "get_page", counted)
    monkeypatch.setattr(pypdfium2.PdfDocument, "__getitem__", counted)
    pages = write_pdf(tmp_path / "a.pdf", make_ledger(1, 60))
    answer, blobs = visit.handle("render", asked(tmp_path / "a.pdf", pages), [])
    assert parsed == list(range(pages))
    assert [head["layer"]["use"] for head in answer["pages"]] == ["text"] * pages
    assert [blob[:2] == b"\xff\xd8" for blob in blobs] == [True, False] * pages
    assert [words_from_bytes(blob).page for blob in blobs[1::2]] == list(range(1, pages + 1))


async def loaded(path: Path, pool: Pool) -> Document:
    (source,) = discover([path])
    return await load(pool, Unit(name=source.name, sources=(source,)), PagesOptions())


def test_the_words_are_those_of_a_reading_child(tmp_path: Path) -> None:
    pages = write_pdf(tmp_path / "a.pdf", make_ledger(3, 60))

    async def both() -> None:
        async with Pool("render", size=1) as drawing, Pool("read", size=1) as reading:
            document = await loaded(tmp_path / "a.pdf", drawing)
            numbers = [page.number for page in document.pages]
            known: dict[int, Words] = {}
            layers = Layers(known)
            images = [PageImage(page=number, spec=SPEC, tokens=1) for number in numbers]
            drawn = await render(drawing, document, images, layers=layers)
            assert len(layers.found) == pages == len(drawn)
            assert drawn == await render(drawing, document, images)
            plain = await read(reading, document, numbers, ReadOptions(ocr="off"))
            async with Pool("docextract.nothing", size=1) as none:  # no child of it can be started
                near = await read(none, document, numbers, ReadOptions(ocr="off"), layers=layers.found)
            assert near == plain
            known.update({number: words for number, words in near.items() if isinstance(words, Words)})
            assert [layers.asked(document, page, images[0]) for page in document.pages] == [None] * pages

    asyncio.run(both())


def test_what_cannot_be_read_is_drawn_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pdf(tmp_path / "a.pdf", make_ledger(1, 10))

    def refuse(*_: object) -> None:
        raise InputError("too many words", code="limit_reached")

    monkeypatch.setattr(pdfpage, "layer_of", refuse)
    answer, blobs = visit.handle("render", asked(tmp_path / "a.pdf", 1), [])
    assert "layer" not in answer["pages"][0]
    assert len(blobs) == 1


def test_a_form_is_left_to_the_reading_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pdf(tmp_path / "a.pdf", make_ledger(1, 10))
    monkeypatch.setattr(pdfpage, "has_filled_fields", lambda _: True)
    assert "layer" not in visit.handle("render", asked(tmp_path / "a.pdf", 1), [])[0]["pages"][0]


def test_a_page_whose_text_ends_its_child_is_drawn_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child for which reading is the end, told apart by what it is asked."""
    write_pdf(tmp_path / "a.pdf", make_ledger(1, 10))
    calls: list[bool] = []
    real = Pool.call

    async def call(self: Pool, op: str, args: dict[str, Any], *rest: Any, **options: Any) -> Any:
        if op == "render":
            calls.append(any(page["layer"] for page in args["pages"]))
            if calls[-1]:
                raise InputError("the child process was ended by SIGSEGV", code="corrupt")
        return await real(self, op, args, *rest, **options)

    async def drawn() -> None:
        async with Pool("render", size=1) as pool:
            document = await loaded(tmp_path / "a.pdf", pool)
            monkeypatch.setattr(Pool, "call", call)
            layers = Layers(())
            images = [PageImage(page=1, spec=SPEC, tokens=1)]
            (picture,) = await render(pool, document, images, layers=layers)
            assert isinstance(picture, RenderedPage)
            assert not layers.found
            (again,) = await render(pool, document, images, layers=layers)
            assert again == picture

    asyncio.run(drawn())
    assert calls == [True, False, False]
