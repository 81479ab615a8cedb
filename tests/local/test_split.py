"""Where several documents in one file begin: on pages drawn as a printer sets them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from docextract.local.split import find_parts
from docextract.types import Word, Words

Line = tuple[float, float, str]
Drawn = Callable[..., tuple[Words, ...]]


def invoice(issuer: str, number: str, *, page: str | None = None) -> list[Line]:
    """A first page."""
    lines: list[Line] = [
        (60, 50, f"{issuer} Trading, Harbourside Quarter, Bristol Warehouse"),
        (60, 110, "Invoice"),
        (60, 140, f"Invoice no.: {number}"),
        (60, 160, "Date: 2024-05-02"),
        *((60, 220 + 20 * row, f"Article {row} of many   {row}.00") for row in range(8)),
        (60, 800, f"{issuer} Trading registered office Bristol"),
    ]
    return [*lines, (480, 800, page)] if page else lines


def more(issuer: str, *, page: str | None = None, number: str | None = None) -> list[Line]:
    """A page that goes on."""
    lines: list[Line] = [
        (60, 50, f"{issuer} Trading, Harbourside Quarter, Bristol Warehouse"),
        *((60, 120 + 20 * row, f"Article {row} of many   {row}.00") for row in range(8)),
        (60, 800, f"{issuer} Trading registered office Bristol"),
    ]
    lines += [(60, 90, f"Invoice no.: {number}")] if number else []
    return [*lines, (480, 800, page)] if page else lines


def ranges(pages: Sequence[Words]) -> list[tuple[int, int]]:
    return [(part.first, part.last) for part in find_parts(pages)]


def test_counted_pages_begin_again_with_the_first(drawn: Drawn) -> None:
    pages = drawn(
        invoice("Gull", "A-1", page="Page 1 of 2"),
        more("Gull", page="Page 2 of 2"),
        invoice("Gull", "A-2", page="Page 1 of 1"),
        invoice("Tern", "77", page="Page 1 of 3"),
        more("Tern", page="Page 2 of 3"),
        more("Tern", page="Page 3 of 3"),
    )
    assert ranges(pages) == [(1, 2), (3, 3), (4, 6)]


def test_another_number_begins_another_and_the_same_goes_on(drawn: Drawn) -> None:
    pages = drawn(
        invoice("Gull", "A-1"), more("Gull", number="A-1"), invoice("Gull", "A-2"), invoice("Gull", "A-3"), more("Gull")
    )
    assert ranges(pages) == [(1, 2), (3, 3), (4, 5)]
    assert "a-2" in find_parts(pages)[1].why


def test_twelve_pages_of_five_invoices(drawn: Drawn) -> None:
    sizes = (3, 1, 4, 2, 2)
    sheets = []
    for index, size in enumerate(sizes):
        sheets.append(invoice(("Gull", "Tern")[index % 2], f"2024-{index}", page=f"Seite 1 von {size}"))
        sheets += [more(("Gull", "Tern")[index % 2], page=f"Seite {at} von {size}") for at in range(2, size + 1)]
    assert ranges(drawn(*sheets)) == [(1, 3), (4, 4), (5, 8), (9, 10), (11, 12)]


def test_one_long_document_stays_one(drawn: Drawn) -> None:
    assert ranges(drawn(invoice("Gull", "A-1"), more("Gull"), more("Gull"), more("Gull"))) == [(1, 4)]
    counted = [more("Gull", page=f"Page {at} of 4") for at in range(2, 5)]
    assert ranges(drawn(invoice("Gull", "A-1", page="Page 1 of 4"), *counted)) == [(1, 4)]


def test_a_carried_sum_goes_on(drawn: Drawn) -> None:
    carried: list[Line] = [(60, 80, "Carried forward 120.00"), *more("Tern")]
    assert ranges(drawn(invoice("Gull", "A-1"), carried)) == [(1, 2)]


def test_another_letterhead_begins_another(drawn: Drawn) -> None:
    other: list[Line] = [
        (60, 50, "Meadowsweet Bakery, Lavender Crescent, Exeter Riverside"),
        (60, 110, "Your bill"),
        (60, 130, "2 May 2024"),
        (60, 800, "Meadowsweet Bakery wishes pleasant breakfast"),
    ]
    assert ranges(drawn(invoice("Gull", "A-1"), other)) == [(1, 1), (2, 2)]


TEXTS = ["Page 1 of 2", "Invoice no. 7", "Rechnung Nr. 8", "2024-05-02", "INVOICE", "Übertrag", "", "Seite 2"]


@given(st.lists(st.lists(st.sampled_from(TEXTS) | st.text(max_size=8), max_size=5), max_size=6))
def test_the_parts_have_every_page_once(sheets: list[list[str]]) -> None:
    pages = [
        Words(
            page=number,
            width=600,
            height=800,
            source="text",
            words=tuple(
                Word(token, 50 + 60 * at, 40 + 100 * row, 100 + 60 * at, 52 + 100 * row, 12)
                for row, text in enumerate(texts)
                for at, token in enumerate(text.split())
            ),
        )
        for number, texts in enumerate(sheets, start=1)
    ]
    covered = [page for part in find_parts(pages) for page in range(part.first, part.last + 1)]
    assert covered == list(range(1, len(pages) + 1))
