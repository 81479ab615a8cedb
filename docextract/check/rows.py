"""Rows of an answer against rows of the page: missing, extra, repeated, out of order.

The rows that were found on the page show what a row looks like there: which columns every row
fills, where they stand, which hold numbers. A line that looks like them and that no value was read
from is a row that the answer lacks. Everything is told from places, never from what is likely.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from docextract.check.lists import Item, Listing
from docextract.check.pages import Pages
from docextract.check.place import Place
from docextract.check.places import Found
from docextract.check.row_lines import ALIGNED, Column, is_like, is_numeric, lines_like
from docextract.check.standing import Row, row_of
from docextract.types import Box, Evidence

REQUIRED = 0.8
"""A column is one that every row fills if this share of the rows has it on their main line."""

ADRIFT = 0.6
"""A row with this share of its values on no line of the page is not a row of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTrouble:
    """What is wrong with rows: `path` the list or the row, `region` (fractions) where to look again.

    `count` is how many rows it is about; `rows` their pointers where they are in the answer.
    """

    code: str
    path: str
    message: str
    page: int | None = None
    region: Box | None = None
    count: int = 1
    rows: tuple[str, ...] = ()


@dataclass(slots=True)
class _Filled:
    """What the rows so far have in one column: how many of them, where (points), and how many hold numbers."""

    count: int = 0
    numeric: int = 0
    x0: float = float("inf")
    most: float = float("-inf")
    x1: float = float("-inf")


@dataclass(slots=True)
class RowAudit:
    """One list. Its items are taken in their order, while their pages are at hand; the end says what is wrong."""

    listing: Listing
    pages: Pages
    placed: int = 0
    extra: list[RowTrouble] = field(default_factory=list)
    repeated: list[RowTrouble] = field(default_factory=list)
    lines: dict[int, list[int]] = field(default_factory=dict)
    columns: dict[str, _Filled] = field(default_factory=dict)
    stood: dict[int, dict[int, tuple[int, bytes]]] = field(default_factory=dict)
    told: list[tuple[int, bytes]] = field(default_factory=list)
    orders: list[tuple[int, int, int]] = field(default_factory=list)
    right: float = 0.0

    def take(self, number: int, found: Mapping[str, Evidence], words: Mapping[str, Found]) -> None:
        """One item: the evidence of its leaves, and the words of those that were located, by pointer."""
        item = self.listing.items[number]
        columns = item.columns
        row = row_of(number, item, columns, words, self.pages)
        extra = _extra(item, [found[path] for path in columns.values() if path in found], row)
        if extra is not None:
            self.extra.append(extra)
        elif row is not None and not self.again(row):
            self.place(row)

    def again(self, row: Row) -> bool:
        """Whether a row stands at the very place of an earlier row: the page says them once."""
        if len(row.columns) < 2:
            return False
        lines = self.stood.setdefault(row.page, {})
        if row.line not in lines:
            lines[row.line] = row.number, _small(row.words)
            return False
        number, words = lines[row.line]
        earlier = self.listing.items[number]
        if earlier.value != row.item.value or not row.words.issubset(_large(words)):
            return False
        self.repeated.append(
            RowTrouble(
                code="rows_repeated",
                path=row.item.path,
                message=f"the same row of the page as {earlier.path}",
                page=row.page,
                region=self.pages[row.page].box(sorted(row.words)),
                rows=(row.item.path,),
            )
        )
        return True

    def place(self, row: Row) -> None:
        """Note where the row stands, and what it fills there."""
        self.placed += 1
        self.lines.setdefault(row.page, []).append(row.line)
        place = self.pages[row.page]
        for name, indexes in row.columns.items():
            column = self.columns.setdefault(name, _Filled())
            x0, _, x1, _ = place.page.extent(tuple(indexes))
            column.count += 1
            column.numeric += is_numeric("".join(place.page.words[index].text for index in indexes))
            column.x0, column.most, column.x1 = min(column.x0, x0), max(column.most, x0), max(column.x1, x1)
        if len(row.columns) >= 2 and place.is_level:
            kept = self.stood[row.page][row.line]
            self.orders.append(self.order(row, place.box(sorted(row.words))))
            self.told.append(kept if kept[0] == row.number else (row.number, _small(row.words)))

    def order(self, row: Row, box: Box) -> tuple[int, int, int]:
        """Page, column and line of a row; one that stands wholly right of all before it begins a column."""
        page, column, line = self.orders[-1] if self.orders else (0, 0, 0)
        if row.page != page:
            column, self.right = 0, 0.0
        elif self.orders and box[0] >= self.right and row.line < line:
            column += 1
        self.right = max(self.right, box[2])
        return row.page, column, row.line

    def end(self, taken: Mapping[int, bytearray]) -> list[RowTrouble]:
        """Everything that is wrong with the rows. `taken` marks the words that any value was read from."""
        return [*self.repeated, *self.out_of_order(), *self.missing(taken), *self.extra]

    def out_of_order(self) -> Iterator[RowTrouble]:
        """Rows that the page has elsewhere in its order: the fewest whose removal leaves the others in order."""
        kept = set(_longest_rise(self.orders))
        for place, (number, words) in enumerate(self.told):
            if place not in kept:
                path, page = self.listing.items[number].path, self.orders[place][0]
                yield RowTrouble(
                    code="rows_out_of_order",
                    path=path,
                    message=f"stands on page {page} in another order than in the list",
                    page=page,
                    region=self.pages[page].box(_large(words)),
                    rows=(path,),
                )

    def missing(self, taken: Mapping[int, bytearray]) -> Iterator[RowTrouble]:
        """Lines that look like the rows that were found, and that no value of the answer stands on."""
        columns = [
            Column(
                each.x0,
                each.x1,
                each.numeric >= REQUIRED * each.count,
                each.x0 if each.most - each.x0 <= ALIGNED else None,
            )
            for each in self.columns.values()
            if each.count >= REQUIRED * self.placed
        ]
        if self.placed < 2 or len(columns) < 2 or self.listing.is_nested:
            return
        first, last = min(self.lines), max(self.lines)
        for number in self.pages.numbers:
            own = self.lines.get(number, [])
            if not own and not (first - 1 <= number <= last + 1 and len(columns) >= 3):
                continue
            place = self.pages[number]
            if place.is_level:
                lines = list(self.left_out(place, columns, own, taken.get(number, b"")))
                if lines:
                    yield _told(self.listing, number, place, lines, own)

    def left_out(
        self, place: Place, columns: Sequence[Column], own: Sequence[int], taken: bytes | bytearray
    ) -> Iterable[int]:
        """Such lines of one page. Where no row is known, two of them with a number at least."""
        is_grid = self.listing.is_grid
        if own:
            return lines_like(place, columns, own, taken, is_grid=is_grid)
        every = range(len(place.page.lines))
        lines = [line for line in every if is_like(place, line, columns, taken, is_grid=is_grid)]
        return lines if len(lines) >= 2 and any(column.numeric for column in columns) else []


def _small(words: Iterable[int]) -> bytes:
    """Numbers of words, in order, in few bytes: a long list has very many rows."""
    return array("I", sorted(words)).tobytes()


def _large(words: bytes) -> Sequence[int]:
    return array("I", words)


def _extra(item: Item, found: Sequence[Evidence], row: Row | None) -> RowTrouble | None:
    """A row whose values stand on no line together: nothing on the page was read for it."""
    told = [each for each in found if each.status not in ("unchecked", "inferred")]
    lost = [each for each in told if each.status in ("absent", "contradicted")]
    together = len(row.columns) if row is not None else 0
    if len(told) < 2 or len(lost) < ADRIFT * len(told) or together >= 2 or len(lost) < 2:
        return None
    page = next((each.page for each in told if each.page is not None), None)
    message = f"{len(lost)} of the row's {len(told)} values stand on no line of the page"
    return RowTrouble(code="rows_extra", path=item.path, message=message, page=page, rows=(item.path,))


def _longest_rise(values: Sequence[tuple[int, int, int]]) -> list[int]:
    """Indexes of a longest subsequence that never falls."""
    tails: list[tuple[int, int, int]] = []
    ends: list[int] = []
    before: list[int | None] = [None] * len(values)
    for index, value in enumerate(values):
        place = bisect_right(tails, value)
        before[index] = ends[place - 1] if place else None
        if place == len(tails):
            tails.append(value)
            ends.append(index)
        else:
            tails[place], ends[place] = value, index
    chain: list[int] = []
    current = ends[-1] if ends else None
    while current is not None:
        chain.append(current)
        current = before[current]
    return chain[::-1]


def _told(listing: Listing, number: int, place: Place, lines: Sequence[int], own: Sequence[int]) -> RowTrouble:
    shown = ", ".join(repr(place.line_text(line)[:60]) for line in lines[:3])
    more = f" and {len(lines) - 3} more" if len(lines) > 3 else ""
    count = f"{len(lines)} line{'s' if len(lines) > 1 else ''}"
    message = f"page {number} has {len(own) + len(lines)} rows, the answer {len(own)}: {count} left out, {shown}{more}"
    words = [index for line in lines for index in place.page.lines[line]]
    return RowTrouble(
        code="rows_missing",
        path=listing.path,
        message=message,
        page=number,
        region=place.box(words),
        count=len(lines),
    )
