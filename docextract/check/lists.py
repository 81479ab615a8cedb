"""The lists of an answer whose items stand as rows on a page: each item's leaves by the column that they fill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from docextract.check.audit import pointer
from docextract.types import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item: `path` its JSON pointer, `index` its place in the list."""

    path: str
    index: int
    value: Json

    @property
    def columns(self) -> dict[str, str]:
        """The pointer of each leaf by its place in the item. Made anew each time: a list may be very long."""
        return {name: self.path + name for name in _columns(self.value, "")}


class Items(Sequence[Item]):
    """Items of a list, each made when it is asked for: `places` are those that are rows, None where all are."""

    def __init__(self, path: str, value: list[Json], places: Sequence[int] | None) -> None:
        self._path = path
        self._value = value
        self._places = range(len(value)) if places is None else places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, number: int) -> Item: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Item, ...]: ...
    def __getitem__(self, number: int | slice) -> Item | tuple[Item, ...]:
        if isinstance(number, slice):
            return tuple(self[each] for each in range(*number.indices(len(self))))
        index = self._places[number]
        return Item(path=f"{self._path}/{index}", index=index, value=self._value[index])


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list of objects, or of lists of cells.

    `is_grid` is True for cells; `is_nested` where items hold lists of objects themselves, whose rows
    stand between the rows of this one.
    """

    path: str
    items: Items
    is_grid: bool
    is_nested: bool = False


def listings(value: Json, schema: Mapping[str, Json]) -> Iterator[Listing]:
    """Every list of rows in an answer, outer ones first; not those that the schema calls free or inferred."""
    yield from _walk(value, schema, (), schema.get("$defs", {}))


Steps = tuple[str | int, ...]


def _walk(value: Json, schema: Json, steps: Steps, definitions: Mapping[str, Json]) -> Iterator[Listing]:
    words = list(opened(schema, definitions))
    if any(layer.get("x-evidence") == "inferred" for layer in words):
        return
    free = any(
        entry.get("rule") == "free_rows"
        for layer in words
        for entry in layer.get("x-audits", ())
        if isinstance(entry, dict)
    )
    inner = words[-1] if words else {}
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _walk(below, inner.get("properties", {}).get(name), (*steps, name), definitions)
    elif isinstance(value, list):
        rows = [item for item in value if isinstance(item, dict | list)]
        if rows and not free:
            places = None if len(rows) == len(value) else _rows_of(value)
            items = Items(pointer(steps), value, places)
            grid = all(isinstance(item, list) for item in rows)
            yield Listing(path=pointer(steps), items=items, is_grid=grid, is_nested=not grid and _nests(rows))
        if not all(isinstance(item, list) for item in rows):
            for index, below in enumerate(value):
                yield from _walk(below, inner.get("items"), (*steps, index), definitions)


def _rows_of(value: list[Json]) -> list[int]:
    return [index for index, item in enumerate(value) if isinstance(item, dict | list)]


def _nests(value: Json) -> bool:
    """Whether there is a list of objects or of lists below the items."""
    for item in value:
        for inner in item.values() if isinstance(item, dict) else item:
            if isinstance(inner, list) and any(isinstance(each, dict | list) for each in inner):
                return True
            if isinstance(inner, dict) and _nests([inner]):
                return True
    return False


def _columns(value: Json, place: str) -> Iterator[str]:
    """Leaves of an item by their pointer in it; lists of objects in it are tables of their own."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _columns(inner, f"{place}{pointer((name,))}")
    elif isinstance(value, list):
        if not any(isinstance(inner, dict) for inner in value):
            for index, inner in enumerate(value):
                if not isinstance(inner, list):
                    yield from _columns(inner, f"{place}/{index}")
    elif value is not None:
        yield place


def opened(schema: Json, definitions: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """The schema, and what stands behind its references and behind `anyOf [X, null]`."""
    for _ in range(20):
        if not isinstance(schema, dict):
            return
        yield schema
        reference = schema.get("$ref")
        branches = schema.get("anyOf") or schema.get("oneOf") or ()
        if isinstance(reference, str):
            schema = definitions.get(reference.rsplit("/", 1)[-1])
        else:
            schema = next((each for each in branches if isinstance(each, dict) and each.get("type") != "null"), None)
