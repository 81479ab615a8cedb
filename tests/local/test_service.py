import asyncio
import json
from collections.abc import Sequence

import anyio
import pytest

from docextract.errors import ReplyError
from docextract.local.engine import LocalModel
from docextract.local.service import KIND, handle
from docextract.local.wire import answer_of, page_blobs
from docextract.pages.pool import Pool
from docextract.schema.load import load
from docextract.types import ExtractionRequest, Json, PageImage, RenderedPage, Window, Word, Words

INVOICE = load("invoice")[0].json_schema
TEXT = "Invoice number: A-17 Grand total: 12.50 EUR"


def page(text: str = TEXT, number: int = 1) -> Words:
    words = tuple(Word(part, 40.0 * i, 10, 40.0 * i + 36, 20, 10) for i, part in enumerate(text.split()))
    return Words(page=number, width=600, height=800, words=words, source="text")


class Shelf:
    def __init__(self, *pages: Words) -> None:
        self.pages = pages

    async def words(self, pages: Sequence[int]) -> tuple[Words, ...]:
        return tuple(self.pages[number - 1] for number in pages)

    async def images(self, images: Sequence[PageImage]) -> tuple[RenderedPage, ...]:
        raise AssertionError(f"the embedded engine needs no pixels, but asked for {len(images)}")


def request(*pages: Words, schema: Json = INVOICE, deadline_s: float = 300.0) -> ExtractionRequest:
    numbers = tuple(range(1, len(pages) + 1))
    window = Window(document="d", index=0, of=1, pages=numbers)
    return ExtractionRequest(
        model="local", key="k", window=window, schema=schema, pages=Shelf(*pages), deadline_s=deadline_s
    )


# The nested brackets take the backtracking engine of `re` longer than anyone waits.
ENDLESS = {
    "type": "object",
    "properties": {"remark": {"type": "string", "pattern": r"^(\w+\W?)+$"}},
}
LONG = "Remark: " + "A" * 40 + "1!!"


def test_a_child_answers_as_a_thread_does() -> None:
    async def both() -> None:
        async with Pool(KIND, size=1) as pool:
            asked = request(page(), page("Amount due: 3.00 EUR", 2))
            inside = await LocalModel(pool).ask(asked)
            outside = await LocalModel().ask(asked)
            assert (inside.text, inside.located) == (outside.text, outside.located)
            assert json.loads(inside.text)["number"] == "A-17"

    anyio.run(both)


def test_letters_that_utf8_cannot_write_cross_the_channel() -> None:
    schema = {"type": "object", "properties": {"remark": {"type": "string"}}}
    _, blobs = handle("extract", {"schema": schema}, page_blobs([page("Remark: A-\ud83d17")]))
    text, (remark,) = answer_of(blobs)
    assert json.loads(text) == {"remark": "A-\ud83d17"}
    assert remark.quote == "A-\ud83d17"


def test_an_extraction_that_does_not_end_is_stopped_with_its_child() -> None:
    async def ask() -> None:
        async with Pool(KIND, size=1) as pool:
            model = LocalModel(pool)
            with pytest.raises(ReplyError, match="longer than 1 s") as caught:
                await model.ask(request(page(LONG), schema=ENDLESS, deadline_s=1.0))
            assert (caught.value.code, caught.value.scope) == ("limit_reached", "window")
            assert "--window-pages" in caught.value.hint
            assert json.loads((await model.ask(request(page()))).text)["number"] == "A-17"

    anyio.run(ask)


def test_a_child_that_dies_costs_one_answer() -> None:
    async def ask() -> None:
        async with Pool(KIND, size=1) as pool:
            model = LocalModel(pool)
            await model.ask(request(page()))
            (child,) = pool._children

            asyncio.get_running_loop().call_later(0.3, child.kill)
            with pytest.raises(ReplyError) as caught:
                await model.ask(request(page(LONG), schema=ENDLESS))
            assert caught.value.code == "reply_empty"

    anyio.run(ask)
