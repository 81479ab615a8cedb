"""Every list of an answer held against its pages while the values of its items are being located."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from docextract.check.lists import listings
from docextract.check.pages import Pages
from docextract.check.places import Found
from docextract.check.rows import RowAudit, RowTrouble
from docextract.types import Evidence, Json


@dataclass(slots=True)
class _Open:
    """An item whose leaves are being located."""

    path: str
    audit: RowAudit
    number: int
    columns: frozenset[str]
    found: dict[str, Evidence] = field(default_factory=dict)
    words: dict[str, Found] = field(default_factory=dict)


class RowAudits:
    """Given the evidence of all leaves in document order, it takes each item as soon as its last leaf is located."""

    def __init__(self, value: Json, schema: Mapping[str, Json], pages: Pages) -> None:
        self.audits = {listing.path: RowAudit(listing, pages) for listing in listings(value, schema)}
        self.open: list[_Open] = []

    def note(self, item: Evidence, words: Found | None) -> None:
        """The evidence of one leaf, and the words that it stands on where it was located."""
        if not self.audits:
            return
        self.close(item.path)
        for path, head, step in _around(item.path, self.open[-1].path if self.open else ""):
            audit = self.audits.get(head)
            if audit is not None:
                self.begin(path, audit, int(step))
        for each in self.open:
            if item.path in each.columns:
                each.found[item.path] = item
                if words is not None:
                    each.words[item.path] = words

    def begin(self, path: str, audit: RowAudit, index: int) -> None:
        """An item's first leaf."""
        items = audit.listing.items
        number = bisect_left(items, index, key=lambda each: each.index)
        if number < len(items) and items[number].index == index:
            self.open.append(_Open(path, audit, number, frozenset(items[number].columns.values())))

    def close(self, path: str) -> None:
        """Take the items that this leaf is not in."""
        while self.open and not path.startswith(self.open[-1].path + "/"):
            each = self.open.pop()
            each.audit.take(each.number, each.found, each.words)

    def end(self, taken: Mapping[int, bytearray]) -> tuple[RowTrouble, ...]:
        """What is wrong with all rows, list by list."""
        self.close("")
        return tuple(trouble for audit in self.audits.values() for trouble in audit.end(taken))


def _around(path: str, inside: str) -> Iterator[tuple[str, str, str]]:
    """Pointers around a leaf and below `inside` that end in a number, with what stands before it and the number."""
    place = path.find("/", len(inside) + 1)
    while place > 0:
        head, _, step = path[:place].rpartition("/")
        if step.isascii() and step.isdigit():
            yield path[:place], head, step
        place = path.find("/", place + 1)
