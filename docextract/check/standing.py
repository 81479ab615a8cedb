"""Where the rows of an answer stand: each on the line of a page that holds most of its values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from docextract.check.lists import Item, Listing
from docextract.check.pages import Pages
from docextract.check.places import Found, Places
from docextract.types import Box


@dataclass(frozen=True, slots=True)
class Row:
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
    """The rows that were found on a page, in the order of the list. `places` has kept the words of all leaves."""
    found = []
    for number, item in enumerate(listing.items):
        columns = item.columns
        row = row_of(number, item, columns, places.words, places.pages)
        if row is not None:
            place = places.pages[row.page]
            pages = {places.words[path][0] for path in columns.values() if path in places.words}
            on_line = sorted(index for words in row.columns.values() for index in words)
            box, main = place.box(sorted(row.words)), place.box(on_line)
            found.append(Standing(number=number, page=row.page, box=box, main=main, whole=len(pages) == 1))
    return found


def row_of(number: int, item: Item, columns: Mapping[str, str], words: Mapping[str, Found], pages: Pages) -> Row | None:
    """The item's main line: where most of its values stand. `words` has those of its located leaves."""
    votes: Counter[tuple[int, int]] = Counter()
    own: dict[str, Found] = {}
    for column, path in columns.items():
        if path in words:
            page, found = own[column] = words[path]
            lines = pages[page].page.line_of
            votes.update({(page, lines[index]) for index in found})
    if not votes:
        return None
    page, line = max(votes, key=lambda place: (votes[place], -place[0], -place[1]))
    lines = pages[page].page.line_of
    on_line = {
        column: frozenset(index for index in found if lines[index] == line)
        for column, (where, found) in own.items()
        if where == page and any(lines[index] == line for index in found)
    }
    every = frozenset(index for where, found in own.values() if where == page for index in found)
    return Row(number, item, page, line, on_line, every)
