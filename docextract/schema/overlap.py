"""Rows that two windows both list because they share a page: kept once, known by their place and never by equality."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

Place = tuple[int, float, float]
"""Page, and the vertical stretch that a leaf takes there (fractions of the page, or of the text)."""

Places = Mapping[str, Place]
"""Where the leaves of one window's answer stand, by JSON pointer in that answer."""


class Tagged(Protocol):
    """A leaf that remembers its place in its window's answer."""

    @property
    def value(self) -> Any:
        """The JSON value."""

    @property
    def path(self) -> str:
        """Its JSON pointer in the window's answer."""


def without_seen(
    lists: Sequence[list[Any]], records: Sequence[int], pages: Sequence[tuple[int, ...]], places: Sequence[Places]
) -> list[list[Any]]:
    """The lists of several windows without the items that an earlier window has at the same place.

    Only items on a page that both windows saw are looked at. An item without a known place is taken
    for one that was seen where its neighbours on both sides are (or the list's edge is).
    """
    out: list[list[Any]] = []
    seeing: dict[int, list[int]] = {}
    for number, items in enumerate(lists):
        own = set(pages[records[number]]) if records[number] >= 0 else set()
        # Only what shares a page: of a long document each window meets its neighbours and not all before it.
        earlier = sorted({each for page in own for each in seeing.get(page, ())})
        for page in own:
            seeing.setdefault(page, []).append(number)
        seen_pages, seen = _before(
            [lists[each] for each in earlier], [records[each] for each in earlier], pages, places
        )
        shared = seen_pages & own
        if not shared:
            out.append(items)
            continue
        found = [_places(item, places[records[number]]) for item in items]
        told = [_was_seen(each, shared, seen) if each else None for each in found]
        out.append([item for item, again in zip(items, _filled(told), strict=True) if not again])
    return out


def _before(
    lists: Sequence[list[Any]], records: Sequence[int], pages: Sequence[tuple[int, ...]], places: Sequence[Places]
) -> tuple[set[int], list[list[Place]]]:
    """The pages of earlier windows, and where their items stand."""
    seen_pages = {page for record in records if record >= 0 for page in pages[record]}
    seen = [
        _places(item, places[record])
        for items, record in zip(lists, records, strict=True)
        if record >= 0
        for item in items
    ]
    return seen_pages, seen


def _was_seen(own: list[Place], shared: set[int], seen: Sequence[list[Place]]) -> bool:
    """Whether an earlier item stands where this one does: most of this one's places on shared pages are taken."""
    if not any(page in shared for page, _, _ in own):
        return False
    return any(sum(any(_touch(a, b) for b in other) for a in own) * 2 > len(own) for other in seen)


def _touch(one: Place, other: Place) -> bool:
    """Whether two stretches are the same line: they share more than half of the smaller."""
    if one[0] != other[0]:
        return False
    shared = min(one[2], other[2]) - max(one[1], other[1])
    return shared > 0.5 * min(one[2] - one[1], other[2] - other[1]) >= 0


def _filled(told: Sequence[bool | None]) -> list[bool]:
    """What is not known, from the items around: a stretch between items that were seen was seen."""
    out = list(told)
    for index, each in enumerate(out):
        if each is None:
            before = next((value for value in reversed(told[:index]) if value is not None), True)
            after = next((value for value in told[index + 1 :] if value is not None), False)
            out[index] = before and after
    return [bool(each) for each in out]


def _places(item: Any, places: Places) -> list[Place]:
    return [places[leaf.path] for leaf in _leaves(item) if leaf.path in places]


def _leaves(tree: Any) -> Iterator[Tagged]:
    if isinstance(tree, dict | list):
        for below in tree.values() if isinstance(tree, dict) else tree:
            yield from _leaves(below)
    elif tree is not None:
        yield tree
