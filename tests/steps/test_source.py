"""The words of a long document: read some at a time, held packed; a page's fault is told when it is asked for."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from docextract.pages.loader import load
from docextract.pages.options import PagesOptions
from docextract.pages.pool import Pool
from docextract.read import reader
from docextract.read.options import ReadOptions
from docextract.read.packed import PackedPage
from docextract.steps import source as module
from docextract.steps.source import DocumentPages
from docextract.testing.documents import write_pdf
from docextract.testing.ledgers import make_ledger, rows_per_page
from docextract.types import Fault, SourceFile, Unit, Words

PAGES = 70


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


pytestmark = pytest.mark.anyio


def unit(folder: Path, pages: int) -> Unit:
    path = folder / "long.pdf"
    write_pdf(path, make_ledger(1, pages * rows_per_page() - 3))
    file = SourceFile(path=path, name=path.name, kind="pdf", bytes=path.stat().st_size)
    return Unit(name=path.name, sources=(file,))


async def test_a_long_document_is_read_some_pages_at_a_time_and_held_packed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Sequence[int]] = []
    really = reader.read

    async def spied(pool: Pool, document: Any, numbers: Sequence[int], *more: Any, **named: Any) -> Any:
        asked.append(numbers)
        return await really(pool, document, numbers, *more, **named)

    monkeypatch.setattr(module, "read", spied)
    options = ReadOptions(ocr="off")
    async with Pool("render", size=1) as drawing, Pool("read", size=1) as reading:
        document = await load(drawing, unit(tmp_path, PAGES), PagesOptions())
        numbers = [page.number for page in document.pages]
        assert len(numbers) == PAGES
        pages = DocumentPages(document, drawing, reading, options)
        many = await pages.many_words(numbers)
        assert [len(each) for each in asked] == [64, PAGES - 64]
        assert all(isinstance(page, PackedPage) for page in pages._words.values())
        alone = await really(reading, document, numbers[:3], options)
        assert list(many[:3]) == [alone[number] for number in numbers[:3]] == list(await pages.words(numbers[:3]))
        assert len(asked) == 2  # nothing is read again


async def test_what_is_wrong_with_a_page_read_ahead_is_told_when_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = Fault(code="render_crashed", message="page 2", hint="", scope="page")

    async def read(pool: Pool, document: Any, numbers: Sequence[int], *more: Any, **named: Any) -> Any:
        page = Words(page=1, width=1, height=1, words=(), source="text")
        return {number: fault if number == 2 else page for number in numbers}

    monkeypatch.setattr(module, "read", read)
    async with Pool("render", size=1) as drawing, Pool("read", size=1) as reading:
        document = await load(drawing, unit(tmp_path, 2), PagesOptions())
        pages = DocumentPages(document, drawing, reading, ReadOptions(ocr="off"))
        await pages.read_ahead([1, 2])
        assert not pages.faults
        await pages.words([1])
        assert not pages.faults
        await pages.words([1, 2])
        assert pages.faults == {2: fault}
