"""Rows of an answer against rows of the page: missing, extra, repeated, out of order.

The rows that were found on the page show what a row looks like there: which columns every row
fills, where they stand, which hold numbers. A line that looks like them and that no value was read
from is a row that the answer lacks. Everything is told from places, never from what is likely.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from docextract.check.keys import digits, key
from docextract.check.lists import Item, Listing
from docextract.check.places import Place, Places
from docextract.types import Box, Evidence

REQUIRED = 0.8
"""A column is one that every row fills if this share of the rows has it on their main line."""

ADRIFT = 0.6
"""A row with this share of its values on no line of the page is not a row of the page."""

ALIGNED = 4.0
"""Points by which the beginnings of the cells of a left-aligned column may differ."""

REACH = 2.0
"""Rows go on above the first and below the last that is known as long as the next is this many row pitches away."""

_TOTALS = re.compile(
    r"(?:sub|grand|net)?(?:total|totaal|totale)|sum|gesamt|zwischensumme|somme|suma|importe|balance|saldo|carried|brought"
    r"|report|riporto|ubertrag|netto|brutto|tax|vat|gst|mwst|ust|tva|iva|btw|discount|rabatt|remise|page|seite|date|datum"
)


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


@dataclass(frozen=True, slots=True)
class _Row:
    """An item that stands on a page: its main line, and the words of each column there."""

    number: int
    item: Item
    page: int
    line: int
    columns: Mapping[str, frozenset[int]]
    words: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a row of the answer stands: `number` in its list, `box` (fractions) around all its words on `page`.

    `main` is its main line alone; `whole` says that nothing of the row stands on another page.
    """

    number: int
    page: int
    box: Box
    main: Box
    whole: bool


def standings(listing: Listing, places: Places) -> list[Standing]:
    """The rows that were found on a page, in the order of the list."""
    found = []
    for number, item in enumerate(listing.items):
        row = _row(number, item, places)
        if row is not None:
            place = places.pages[row.page]
            pages = {places.words[path][0] for path in item.columns.values() if path in places.words}
            on_line = sorted(index for words in row.columns.values() for index in words)
            box, main = place.box(sorted(row.words)), place.box(on_line)
            found.append(Standing(number=number, page=row.page, box=box, main=main, whole=len(pages) == 1))
    return found


def audit_rows(listing: Listing, evidence: Mapping[str, Evidence], places: Places) -> list[RowTrouble]:
    """Everything that is wrong with the rows of one list, in the order of the list."""
    placed = [row for number, item in enumerate(listing.items) if (row := _row(number, item, places)) is not None]
    extra = list(_extra(listing, evidence, placed))
    adrift = {path for trouble in extra for path in trouble.rows}
    placed = [row for row in placed if row.item.path not in adrift]
    repeated = list(_repeated(placed, places))
    again = {path for trouble in repeated for path in trouble.rows}
    placed = [row for row in placed if row.item.path not in again]
    return [*repeated, *_out_of_order(placed, places), *_missing(listing, placed, places), *extra]


def _row(number: int, item: Item, places: Places) -> _Row | None:
    """The item's main line: where most of its values stand."""
    votes: Counter[tuple[int, int]] = Counter()
    words: dict[str, tuple[int, frozenset[int]]] = {}
    for column, path in item.columns.items():
        if path in places.words:
            page, found = places.words[path]
            words[column] = page, found
            lines = places.pages[page].page.line_of
            votes.update({(page, lines[index]) for index in found})
    if not votes:
        return None
    page, line = max(votes, key=lambda place: (votes[place], -place[0], -place[1]))
    lines = places.pages[page].page.line_of
    on_line = {
        column: frozenset(index for index in found if lines[index] == line)
        for column, (where, found) in words.items()
        if where == page and any(lines[index] == line for index in found)
    }
    every = frozenset(index for where, found in words.values() if where == page for index in found)
    return _Row(number, item, page, line, on_line, every)


def _extra(listing: Listing, evidence: Mapping[str, Evidence], placed: Sequence[_Row]) -> Iterator[RowTrouble]:
    """Rows whose values stand on no line together: nothing on the page was read for them."""
    lines = {row.item.path: row for row in placed}
    for item in listing.items:
        found = [evidence[path] for path in item.columns.values() if path in evidence]
        told = [each for each in found if each.status not in ("unchecked", "inferred")]
        lost = [each for each in told if each.status in ("absent", "contradicted")]
        row = lines.get(item.path)
        together = len(row.columns) if row is not None else 0
        if len(told) >= 2 and len(lost) >= ADRIFT * len(told) and together < 2 and len(lost) >= 2:
            page = next((each.page for each in told if each.page is not None), None)
            message = f"{len(lost)} of the row's {len(told)} values stand on no line of the page"
            yield RowTrouble(code="rows_extra", path=item.path, message=message, page=page, rows=(item.path,))


def _repeated(placed: Sequence[_Row], places: Places) -> Iterator[RowTrouble]:
    """Rows that stand at the very place of an earlier row: the page says them once."""
    seen: dict[tuple[int, int], _Row] = {}
    for row in placed:
        if len(row.columns) < 2:
            continue
        first = seen.setdefault((row.page, row.line), row)
        if first is not row and first.item.value == row.item.value and row.words <= first.words:
            message = f"the same row of the page as {first.item.path}"
            yield RowTrouble(
                code="rows_repeated",
                path=row.item.path,
                message=message,
                page=row.page,
                region=places.pages[row.page].box(sorted(row.words)),
                rows=(row.item.path,),
            )


def _out_of_order(placed: Sequence[_Row], places: Places) -> Iterator[RowTrouble]:
    """Rows that the page has elsewhere in its order: the fewest whose removal leaves the others in order."""
    told = [row for row in placed if len(row.columns) >= 2 and _is_level(places.pages[row.page])]
    orders = _reading(told, places)
    kept = set(_longest_rise(orders))
    for number, row in enumerate(told):
        if number not in kept:
            message = f"stands on page {row.page} in another order than in the list"
            region = places.pages[row.page].box(sorted(row.words))
            yield RowTrouble(
                code="rows_out_of_order",
                path=row.item.path,
                message=message,
                page=row.page,
                region=region,
                rows=(row.item.path,),
            )


def _is_level(place: Place) -> bool:
    """Whether most words run from left to right, so that lines are lines."""
    words = place.page.words
    return sum(word.turn == 0 for word in words) > 0.8 * len(words)


def _reading(rows: Sequence[_Row], places: Places) -> list[tuple[int, int, int]]:
    """Page, column and line of each row; a row that stands wholly right of all before it begins a column."""
    found: list[tuple[int, int, int]] = []
    page, column, right = 0, 0, 0.0
    for row in rows:
        box = places.pages[row.page].box(sorted(row.words))
        if row.page != page:
            page, column, right = row.page, 0, 0.0
        elif found and box[0] >= right and row.line < found[-1][2]:
            column += 1
        right = max(right, box[2])
        found.append((row.page, column, row.line))
    return found


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


@dataclass(frozen=True, slots=True)
class _Column:
    """A column that every row fills: where it stands (points), whether it holds numbers, where its text begins."""

    x0: float
    x1: float
    numeric: bool
    left: float | None


def _missing(listing: Listing, placed: Sequence[_Row], places: Places) -> Iterator[RowTrouble]:
    """Lines that look like the rows that were found, and that no value of the answer stands on."""
    columns = _columns(placed, places)
    if len(placed) < 2 or len(columns) < 2 or listing.is_nested:
        return
    pages = sorted({row.page for row in placed})
    for number, place in sorted(places.pages.items()):
        if not _is_level(place):
            continue
        own = [row.line for row in placed if row.page == number]
        if own:
            lines = list(_lines_like(place, columns, own, places.taken[number], is_grid=listing.is_grid))
        elif pages[0] - 1 <= number <= pages[-1] + 1 and len(columns) >= 3:
            lines = [
                line
                for line in range(len(place.page.lines))
                if _is_like(place, line, columns, places.taken[number], is_grid=listing.is_grid)
            ]
            lines = lines if len(lines) >= 2 and any(column.numeric for column in columns) else []
        else:
            lines = []
        if lines:
            yield _told(listing, number, place, lines, own)


def _told(listing: Listing, number: int, place: Place, lines: Sequence[int], own: Sequence[int]) -> RowTrouble:
    shown = ", ".join(repr(place.text(line)[:60]) for line in lines[:3])
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


def _columns(placed: Sequence[_Row], places: Places) -> list[_Column]:
    filled = Counter(column for row in placed for column in row.columns)
    found = []
    for name, count in filled.items():
        if count < REQUIRED * len(placed):
            continue
        boxes, numeric = [], 0
        for row in placed:
            if name in row.columns:
                page = places.pages[row.page].page
                x0, _, x1, _ = page.extent(sorted(row.columns[name]))
                boxes.append((x0, x1))
                text = "".join(page.words[index].text for index in row.columns[name])
                numeric += _is_numeric(text)
        x0, most = min(box[0] for box in boxes), max(box[0] for box in boxes)
        left = x0 if most - x0 <= ALIGNED else None
        found.append(_Column(x0, max(box[1] for box in boxes), numeric >= REQUIRED * len(boxes), left))
    return found


def _lines_like(
    place: Place, columns: Sequence[_Column], own: Sequence[int], taken: set[int], *, is_grid: bool
) -> Iterator[int]:
    """Lines between the first and the last known row, and those that follow on closely outside of them."""
    first, last = min(own), max(own)
    tops = [place.page.extent(line)[1] for line in place.page.lines]
    steps = sorted(b - a for a, b in zip(_tops(own, tops), _tops(own, tops)[1:], strict=False))
    pitch = steps[len(steps) // 2] if steps else 0.0
    for line in range(first + 1, last):
        if _is_like(place, line, columns, taken, is_grid=is_grid):
            yield line
    # Outside, headers and totals are near: a line must fill three columns, one of them with a number.
    if len(columns) < 3 or not any(column.numeric for column in columns):
        return
    for edge, way in ((first, -1), (last, 1)):
        known, line = edge, edge + way
        while 0 <= line < len(tops) and abs(tops[line] - tops[known]) <= REACH * max(pitch, 1.0):
            if _is_like(place, line, columns, taken, is_grid=is_grid):
                yield line
                known = line
            line += way


def _tops(lines: Sequence[int], tops: Sequence[float]) -> list[float]:
    return sorted(tops[line] for line in set(lines))


def _is_like(place: Place, line: int, columns: Sequence[_Column], taken: set[int], *, is_grid: bool) -> bool:
    """Whether a line fills every column that all rows fill, each with its own words, numbers where they have them."""
    indexes = place.page.lines[line]
    if not taken.isdisjoint(indexes):
        return False
    used: set[int] = set()
    for column in columns:
        inside = [index for index in indexes if index not in used and _stands_in(place, index, column)]
        words = place.page.words
        if column.numeric:
            inside = [index for index in inside if _is_numeric(words[index].text)]
        elif column.left is not None and inside and abs(words[inside[0]].x0 - column.left) > ALIGNED:
            return False
        if not inside:
            return False
        used.update(inside)
    return is_grid or _TOTALS.match(key(place.page.words[indexes[0]].text)) is None


def _is_numeric(text: str) -> bool:
    """Whether at least half of a text's letters and digits are digits."""
    return len(digits(text)) * 2 >= len(key(text)) > 0


def _stands_in(place: Place, index: int, column: _Column) -> bool:
    word = place.page.words[index]
    return column.x0 - 2 <= (word.x0 + word.x1) / 2 <= column.x1 + 2
