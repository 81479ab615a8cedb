import json
from collections.abc import Sequence
from decimal import Decimal

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docextract.errors import PageError
from docextract.local.engine import LocalModel, extract
from docextract.schema.load import load
from docextract.types import ExtractionRequest, PageImage, RenderedPage, Window, Word, Words

INVOICE, RECEIPT = load("invoice")[0], load("receipt")[0]


class Shelf:
    """A source of pages that are there already."""

    def __init__(self, *pages: Words) -> None:
        self.pages = {page.page: page for page in pages}

    async def words(self, pages: Sequence[int]) -> tuple[Words, ...]:
        missing = [number for number in pages if number not in self.pages]
        if missing:
            raise PageError(f"page {missing[0]} cannot be read")
        return tuple(self.pages[number] for number in pages)

    async def images(self, images: Sequence[PageImage]) -> tuple[RenderedPage, ...]:
        raise AssertionError(f"the embedded engine needs no pixels, but asked for {len(images)}")


def page_of(text: str, number: int = 1, *, flow: bool = False) -> Words:
    """Lines of text set in a monospaced grid, 6 points a character, 12 a line."""
    words, at = [], 0
    for row, line in enumerate(text.split("\n")):
        column = 0
        for part in line.split(" "):
            if part:
                x, span = 6.0 * column, (at + column, at + column + len(part))
                words.append(
                    Word(
                        part, x, 12.0 * row, x + 6.0 * len(part), 12.0 * row + 10, size=10, span=span if flow else None
                    )
                )
            column += len(part) + 1
        at += len(line) + 1
    return Words(
        page=number,
        width=600,
        height=800,
        words=tuple(words),
        source="flow" if flow else "text",
        text=text if flow else None,
    )


def ask(shelf: Shelf, pages: tuple[int, ...]) -> ExtractionRequest:
    window = Window(document="d", index=0, of=1, pages=pages)
    return ExtractionRequest(model="local", key="k", window=window, schema=INVOICE.json_schema, pages=shelf)


def test_a_reply_is_json_with_places_over_all_pages_of_the_window() -> None:
    shelf = Shelf(page_of("Invoice number: A-17"), page_of("Grand total: 12.50 EUR", 2))
    reply = anyio.run(LocalModel().ask, ask(shelf, (1, 2)))
    value = json.loads(reply.text)
    assert (value["number"], value["grand_total"], value["currency"]) == ("A-17", 12.5, "EUR")
    assert (reply.finish_reason, reply.usage.calls, reply.usage.cost_usd) == ("stop", 1, 0.0)
    assert {one.path: one.page for one in reply.located} == {"/number": 1, "/grand_total": 2, "/currency": 2}


def test_a_page_that_cannot_be_read_raises_its_own_error() -> None:
    with pytest.raises(PageError, match="page 2"):
        anyio.run(LocalModel().ask, ask(Shelf(page_of("x")), (1, 2)))


def test_words_of_a_flow_give_spans_and_no_boxes() -> None:
    text = "Dear all\nInvoice number: A-17"
    _, evidence = extract(INVOICE.json_schema, [page_of(text, flow=True)])
    (number,) = evidence
    assert (number.box, number.boxes) == (None, ())
    assert number.span is not None
    assert text[slice(*number.span)] == "A-17"


LABELS = "Total|Date:|Invoice No.|Subtotal|VAT 19%|Change|CASH|Description|Qty|Amount|Bill to:|Name|USt-IdNr.|ACME GmbH"
VALUES = "12345 Town|12.50|1.234,56 €|03/04/2024|31.12.23|A-17|x|2 pcs|(5.00)|DE811907980|Main Street 5|12:30|$|-|:"
PIECES = st.sampled_from([*LABELS.split("|"), *VALUES.split("|"), "    ", "\n", "\n\n"])


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=40), st.sampled_from([INVOICE, RECEIPT]))
def test_any_page_gives_a_valid_answer_with_one_place_a_leaf(pieces: list[str], target: object) -> None:
    chosen = INVOICE if target is INVOICE else RECEIPT
    value, evidence = extract(chosen.json_schema, [page_of(" ".join(pieces))])
    assert chosen.validate(value).ok
    paths = [one.path for one in evidence]
    assert len(paths) == len(set(paths))
    assert set(paths) == set(leaves(value, ""))
    for one in evidence:
        assert one.box is not None
        assert 0 <= one.box[0] <= one.box[2] <= 1
        assert 0 <= one.box[1] <= one.box[3] <= 1


@settings(max_examples=40, deadline=None)
@given(st.decimals(min_value=1, max_value=99999, places=2), st.decimals(min_value=0, max_value=999, places=2))
def test_the_total_is_the_one_of_several_amounts_that_adds_up(net: Decimal, tax: Decimal) -> None:
    text = (
        f"Subtotal      {net:.2f}\nVAT           {tax:.2f}\nTotal         {net + tax:.2f}\nTotal         {net + 1:.2f}"
    )
    value, _ = extract(INVOICE.json_schema, [page_of(text)])
    assert Decimal(str(value["grand_total"])) == net + tax


def leaves(value: object, path: str) -> list[str]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves(inner, f"{path}/{key}")]
    if isinstance(value, list):
        return [leaf for index, inner in enumerate(value) for leaf in leaves(inner, f"{path}/{index}")]
    return [] if value is None else [path]
