"""The answers of several windows become one value, as the schema says for each field.

Without a word from the schema: scalars take the first non-null value and keep the others as
conflicts; lists are appended in page order and never deduplicated, since two equal rows on two
pages are two rows; nested objects are merged field by field. Only where windows overlap a row is
known again, by its place on the page that both saw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from docextract.schema.continued import join_continued
from docextract.schema.overlap import Places, without_seen
from docextract.schema.salvage import pointer
from docextract.types import Conflict, Json

T = TypeVar("T")

Record = tuple[Sequence[int], Json]
"""The pages of a window, and its value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The one value, its conflicts, and where its leaves came from.

    `origin` gives the pages of the window that a leaf (JSON pointer in `value`) came from, or all leaves
    below a pointer did. `moved[i]` maps pointers of record `i` to those in `value` that they became, of
    leaves, and of objects and lists that stayed whole (see `within`). `agreed`
    are leaves that several windows gave alike; `sources` has for each conflict the record and the
    pointer there of every other value, in the order of `Conflict.other`.
    """

    value: Json
    conflicts: tuple[Conflict, ...]
    origin: Mapping[str, tuple[int, ...]]
    moved: tuple[Mapping[str, str], ...]
    agreed: frozenset[str] = frozenset()
    sources: tuple[tuple[tuple[int, str], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A scalar that remembers its record and its place there."""

    value: Json
    record: int
    path: str


@dataclass(frozen=True, slots=True)
class _Whole:
    """An object or a list of one record that nothing has looked into. It is shared with the record, not copied."""

    value: dict[str, Json] | list[Json]
    record: int
    path: str


def merge(schema: Mapping[str, Json], records: Sequence[Record], places: Sequence[Places] = ()) -> Merged:
    """Merge the windows of one document, given in page order. No records give an empty object.

    `places` says for each record where its leaves stand (see overlap.py), and is needed only where
    windows share pages.
    """
    work = _Merge(schema, [tuple(pages) for pages, _ in records], places)
    trees = [_tagged(value, index, "") for index, (_, value) in enumerate(records) if value is not None]
    tree = work.node(dict(schema), trees, ()) if trees else {}
    value = work.plain(tree, ())
    return Merged(
        value=value,
        conflicts=tuple(work.conflicts),
        origin=work.origin,
        moved=tuple(work.moved),
        agreed=frozenset(work.agreed),
        sources=tuple(work.sources),
    )


def within(pointers: Mapping[str, T], path: str) -> tuple[T, str] | None:
    """What is said of a leaf, or of the nearest pointer around it, and the rest of the leaf's pointer below that."""
    head = path
    while head and head not in pointers:
        head = head.rpartition("/")[0]
    return (pointers[head], path[len(head) :]) if head in pointers else None


def _tagged(value: Json, record: int, path: str) -> Any:
    if isinstance(value, dict | list):
        return _Whole(value, record, path)
    return None if value is None else _Leaf(value, record, path)


def _opened(tree: Any) -> Any:
    """One level of what is still whole: an object or a list of tagged values."""
    if not isinstance(tree, _Whole):
        return tree
    value, record, path = tree.value, tree.record, tree.path
    if isinstance(value, list):
        return [_tagged(inner, record, f"{path}/{index}") for index, inner in enumerate(value)]
    return {key: _tagged(inner, record, path + pointer((key,))) for key, inner in value.items()}


def _leaved(tree: Any) -> Any:
    """All levels, down to the leaves: what looks into rows needs them."""
    tree = _opened(tree)
    if isinstance(tree, dict):
        return {key: _leaved(inner) for key, inner in tree.items()}
    return [_leaved(inner) for inner in tree] if isinstance(tree, list) else tree


class _Merge:
    """One merge: the accounts that it fills while it goes down the schema."""

    def __init__(self, schema: Mapping[str, Json], pages: Sequence[tuple[int, ...]], places: Sequence[Places]) -> None:
        self.definitions = schema.get("$defs", {})
        self.pages = pages
        self.places = places
        self.conflicts: list[Conflict] = []
        self.sources: list[tuple[tuple[int, str], ...]] = []
        self.agreed: set[str] = set()
        self.origin: dict[str, tuple[int, ...]] = {}
        self.moved: list[dict[str, str]] = [{} for _ in pages]

    def node(self, schema: Json, trees: Sequence[Any], steps: tuple[str | int, ...]) -> Any:
        """Merge what stands at one place in each window. `trees` holds at least one non-null value."""
        rule = schema.get("x-merge") if isinstance(schema, dict) else None
        schema = self.open(schema)
        trees = [_opened(tree) for tree in trees]
        if rule is None and isinstance(schema, dict):
            rule = schema.get("x-merge")
        if all(isinstance(tree, dict) for tree in trees) and rule not in ("first", "last"):
            return self.fields(schema, trees, steps)
        if all(isinstance(tree, list) for tree in trees) and rule not in ("first", "last", "longest"):
            return self.rows(schema, trees, steps, rule)
        return self.scalar(trees, steps, rule)

    def open(self, schema: Json) -> Json:
        """The schema behind a recursive reference and behind `anyOf [X, null]`."""
        while isinstance(schema, dict):
            ref = schema.get("$ref")
            if isinstance(ref, str):
                schema = self.definitions.get(ref.rsplit("/", 1)[-1], {})
                continue
            branches = [b for b in schema.get("anyOf", ()) if isinstance(b, dict) and b.get("type") != "null"]
            if len(branches) != 1:
                return schema
            schema = branches[0]
        return {}

    def fields(self, schema: Json, trees: Sequence[dict[str, Any]], steps: tuple[str | int, ...]) -> dict[str, Any]:
        properties = schema.get("properties", {})
        # Computed fields are computed again from the merged value.
        computed = schema.get("x-computed", ())
        present = dict.fromkeys(key for tree in trees for key in tree if key not in computed)
        ordered = [key for key in properties if key in present] + [key for key in present if key not in properties]
        extra = schema.get("additionalProperties")
        out: dict[str, Any] = {}
        for key in ordered:
            inner = [tree[key] for tree in trees if tree.get(key) is not None]
            below = properties.get(key, extra if isinstance(extra, dict) else {})
            out[key] = self.node(below, inner, (*steps, key)) if inner else None
        return out

    def rows(self, schema: Json, trees: Sequence[list[Any]], steps: tuple[str | int, ...], rule: Any) -> list[Any]:
        if rule is not None or len(self.places) == len(self.pages):
            trees = [_leaved(tree) for tree in trees]
        items = [item for tree in self.unseen(trees) for item in tree]
        if isinstance(rule, dict) and isinstance(rule.get("continued"), str):
            return join_continued(items, rule, _glue, lambda rows, more: self.unseen([rows, more])[1])
        if rule in ("union", "unique"):
            return _distinct(items, lambda item: repr(_bare(item)))
        if isinstance(rule, dict) and isinstance(rule.get("by_key"), str):
            return self.keyed(schema.get("items", {}), items, steps, rule["by_key"])
        return items

    def unseen(self, trees: Sequence[list[Any]]) -> Sequence[list[Any]]:
        """The lists without the items that an earlier window has at the same place of a page that both saw."""
        if len(trees) < 2 or len(self.places) != len(self.pages):
            return trees
        return without_seen(trees, [self.record_of(tree) for tree in trees], self.pages, self.places)

    def keyed(self, schema: Json, items: list[Any], steps: tuple[str | int, ...], key: str) -> list[Any]:
        groups: dict[str, list[Any]] = {}
        for number, item in enumerate(items):
            own = _key(item, key)
            name = f"#{number}" if own is None else own
            groups.setdefault(name, []).append(item)
        return [
            self.node(schema, group, (*steps, index)) if len(group) > 1 else group[0]
            for index, group in enumerate(groups.values())
        ]

    def scalar(self, trees: Sequence[Any], steps: tuple[str | int, ...], rule: Any) -> Any:
        if rule == "last":
            return trees[-1]
        if rule == "longest":
            return max(trees, key=lambda tree: len(str(_bare(tree))))
        numbers = [tree for tree in trees if isinstance(tree, _Leaf) and _is_number(tree.value)]
        if rule == "sum" and len(numbers) == len(trees):
            return trees[0] if len(trees) == 1 else self.total(numbers, steps)
        if rule != "first":
            self.compare(trees, steps)
        return trees[0]

    def total(self, leaves: Sequence[_Leaf], steps: tuple[str | int, ...]) -> _Leaf:
        whole = sum((Decimal(repr(leaf.value)) for leaf in leaves), Decimal(0))
        every = all(isinstance(leaf.value, int) for leaf in leaves)
        self.origin[pointer(steps)] = tuple(sorted({page for leaf in leaves for page in self.pages[leaf.record]}))
        return _Leaf(int(whole) if every else float(whole), -1, "")

    def compare(self, trees: Sequence[Any], steps: tuple[str | int, ...]) -> None:
        others = [tree for tree in trees[1:] if _same(_bare(tree)) != _same(_bare(trees[0]))]
        if others:
            other = tuple({"value": _bare(tree), "page": self.first_page(tree)} for tree in others)
            self.conflicts.append(Conflict(path=pointer(steps), kept=_bare(trees[0]), other=other))
            leaves = [_first_leaf(tree) for tree in others]
            self.sources.append(tuple((leaf.record, leaf.path) if leaf else (-1, "") for leaf in leaves))
        elif len(trees) > 1:
            self.agreed.add(pointer(steps))

    def first_page(self, tree: Any) -> int | None:
        record = self.record_of(tree)
        return self.pages[record][0] if record >= 0 and self.pages[record] else None

    def record_of(self, tree: Any) -> int:
        """The record that a part of a tree came from; -1 where it holds nothing."""
        leaf = _first_leaf(tree)
        return leaf.record if leaf is not None else -1

    def plain(self, tree: Any, steps: tuple[str | int, ...]) -> Json:
        """The tree without its tags, noting where each leaf came from and went to."""
        if isinstance(tree, dict):
            return {key: self.plain(inner, (*steps, key)) for key, inner in tree.items()}
        if isinstance(tree, list):
            return [self.plain(inner, (*steps, index)) for index, inner in enumerate(tree)]
        if not isinstance(tree, _Leaf | _Whole):
            return None
        if tree.record >= 0:
            path = pointer(steps)
            self.origin[path] = self.pages[tree.record]
            self.moved[tree.record][tree.path] = path
        return tree.value


def _first_leaf(tree: Any) -> _Leaf | None:
    """The first leaf of a tree that is not null."""
    if isinstance(tree, _Leaf):
        return tree
    tree = _opened(tree)
    inner = list(tree.values()) if isinstance(tree, dict) else tree if isinstance(tree, list) else []
    return next((leaf for below in inner if (leaf := _first_leaf(below)) is not None), None)


def _glue(upper: _Leaf, lower: _Leaf) -> _Leaf:
    """Two halves of a text that a page break cut; it comes from no single page."""
    return _Leaf(f"{upper.value} {lower.value}", -1, "")


def _bare(tree: Any) -> Json:
    if isinstance(tree, _Whole):
        return tree.value
    if isinstance(tree, dict):
        return {key: _bare(inner) for key, inner in tree.items()}
    if isinstance(tree, list):
        return [_bare(inner) for inner in tree]
    return tree.value if isinstance(tree, _Leaf) else tree


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same(value: Json) -> str:
    """Equal for values that a person would call the same: text by its letters without case and spacing."""
    if isinstance(value, str):
        return "s:" + " ".join(value.casefold().split())
    if _is_number(value):
        return f"n:{Decimal(repr(value)).normalize()}"
    return repr(value)


def _key(item: Any, key: str) -> str | None:
    """What tells an item from others: one field, or several whose names stand in `key`. None without the first."""
    if not isinstance(item, dict):
        return None
    own = [_bare(item.get(name)) for name in ([key] if key in item else key.split())]
    return None if not own or own[0] is None else " ".join(map(_same, own))


def _distinct(items: Sequence[Any], key: Callable[[Any], str]) -> list[Any]:
    seen: dict[str, Any] = {}
    for item in items:
        seen.setdefault(key(item), item)
    return list(seen.values())
