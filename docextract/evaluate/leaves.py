"""Two answers held against each other leaf by leaf, list items paired so that most leaves agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from docextract.evaluate.assign import align, assign
from docextract.evaluate.normal import Sort, equal, normal, sort_of
from docextract.evaluate.text import similarity
from docextract.types import Json

Verdict = Literal["right", "wrong", "missing", "extra"]

MAX_SIDE = 250
"""Items left on a side, after the equal ones are paired, up to which the pairing is the best one: cubic time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One leaf that at least one side has.

    `field` is its place in the schema (`lines[].amount`); `path` the JSON pointer in the answer where
    the answer has it, else in the gold. `wrong` counts as one missed and one made up.
    """

    field: str
    path: str
    wanted: Json
    got: Json
    verdict: Verdict
    sort: Sort | None = None


def compare(wanted: Json, got: Json, schema: Mapping[str, Json]) -> Iterator[Comparison]:
    """Every leaf that is not null on both sides, in the gold's order. `schema` is inlined but for recursion."""
    yield from _Walk(schema.get("$defs", {})).node(wanted, got, schema, _Place("", "", ""))


@dataclass(frozen=True, slots=True)
class _Place:
    field: str
    wanted: str
    got: str

    def key(self, name: str) -> _Place:
        step = name.replace("~", "~0").replace("/", "~1")
        return _Place(f"{self.field}.{name}" if self.field else name, f"{self.wanted}/{step}", f"{self.got}/{step}")

    def items(self, wanted: int | None, got: int | None) -> _Place:
        # The side that has no such item is never shown.
        return _Place(f"{self.field}[]", f"{self.wanted}/{wanted}", f"{self.got}/{got}")


class _Walk:
    def __init__(self, definitions: Mapping[str, Json]) -> None:
        self.definitions = definitions

    def node(self, wanted: Json, got: Json, schema: Json, place: _Place) -> Iterator[Comparison]:
        schema = self.resolve(schema, wanted if wanted is not None else got)
        if isinstance(wanted, dict) or isinstance(got, dict):
            yield from self.fields(wanted, got, schema, place)
        elif isinstance(wanted, list) or isinstance(got, list):
            yield from self.items(wanted, got, schema, place)
        else:
            yield from _leaf(wanted, got, sort_of(schema), place)

    def fields(self, wanted: Json, got: Json, schema: Mapping[str, Json], place: _Place) -> Iterator[Comparison]:
        left, right = _as_dict(wanted), _as_dict(got)
        properties = schema.get("properties", {})
        extra = schema.get("additionalProperties")
        other = extra if isinstance(extra, dict) else {}
        for key in [*left, *(key for key in right if key not in left)]:
            yield from self.node(left.get(key), right.get(key), properties.get(key, other), place.key(key))
        if not isinstance(wanted, dict | None):
            yield from self.node(wanted, None, {}, place)
        if not isinstance(got, dict | None):
            yield from self.node(None, got, {}, place)

    def items(self, wanted: Json, got: Json, schema: Mapping[str, Json], place: _Place) -> Iterator[Comparison]:
        left, right = _as_list(wanted), _as_list(got)
        inner = schema.get("items", {})
        pairs = self.pairs(left, right, inner)
        matched, taken = dict(pairs), {j for _, j in pairs}
        for i, item in enumerate(left):
            j = matched.get(i)
            yield from self.node(item, None if j is None else right[j], inner, place.items(i, j))
        for j, item in enumerate(right):
            if j not in taken:
                yield from self.node(None, item, inner, place.items(None, j))
        if not isinstance(wanted, list | None):
            yield from self.node(wanted, None, {}, place)
        if not isinstance(got, list | None):
            yield from self.node(None, got, {}, place)

    def pairs(self, left: Sequence[Json], right: Sequence[Json], schema: Json) -> list[tuple[int, int]]:
        """Which item of the gold belongs to which of the answer: lists of lists in order, others freely."""
        if any(isinstance(item, list) for item in (*left, *right)):
            return _in_order(left, right)
        keys_left = [self.key(item, schema) for item in left]
        keys_right = [self.key(item, schema) for item in right]
        # Items that are equal belong together: no other pairing has more leaves that agree.
        first = _equal_pairs(keys_left, keys_right)
        rest_left = [i for i in range(len(left)) if i not in dict(first)]
        rest_right = [j for j in range(len(right)) if j not in {j for _, j in first}]
        weights = [[_weight(keys_left[i], keys_right[j], i == j) for j in rest_right] for i in rest_left]
        found = assign(weights) if max(len(rest_left), len(rest_right)) <= MAX_SIDE else _greedy(weights)
        return sorted([*first, *((rest_left[i], rest_right[j]) for i, j in found)])

    def key(self, item: Json, schema: Json) -> dict[str, Json]:
        """The leaves of an item by their place, normalised; a scalar stands under ""."""
        found: dict[str, Json] = {}
        for each in self.node(item, None, schema, _Place("", "", "")):
            # Inner lists have no order here: an item's own lists count as the set of what they hold.
            value = normal(each.wanted, each.sort)
            found[each.field if "[]" not in each.field else f"{each.field}={value}"] = value
        return found

    def resolve(self, schema: Json, value: Json) -> Mapping[str, Json]:
        """The schema behind references and, for objects and lists, the branch of a union that is one."""
        for _ in range(20):
            if not isinstance(schema, dict):
                return {}
            if isinstance(schema.get("$ref"), str):
                schema = self.definitions.get(schema["$ref"].rsplit("/", 1)[-1], {})
                continue
            kind = "object" if isinstance(value, dict) else "array" if isinstance(value, list) else None
            union = schema.get("anyOf") or schema.get("oneOf")
            if kind is None or not isinstance(union, list):
                return schema
            schema = next((branch for branch in union if self._is(branch, kind)), {})
        return {}

    def _is(self, branch: Json, kind: str) -> bool:
        for _ in range(20):
            if isinstance(branch, dict) and isinstance(branch.get("$ref"), str):
                branch = self.definitions.get(branch["$ref"].rsplit("/", 1)[-1], {})
        return isinstance(branch, dict) and branch.get("type") == kind


def _leaf(wanted: Json, got: Json, sort: Sort | None, place: _Place) -> Iterator[Comparison]:
    has, gives = normal(wanted, sort) is not None, normal(got, sort) is not None
    if not has and not gives:
        return
    verdict: Verdict = "extra" if not has else "missing" if not gives else "wrong"
    if has and gives and equal(wanted, got, sort):
        verdict = "right"
    path = place.got if gives else place.wanted
    yield Comparison(field=place.field, path=path, wanted=wanted, got=got, verdict=verdict, sort=sort)


def _as_dict(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _as_list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _flat(row: Json) -> list[Json]:
    return row if isinstance(row, list) else [row]


def _in_order(left: Sequence[Json], right: Sequence[Json]) -> list[tuple[int, int]]:
    rows_left = [[normal(cell) for cell in _flat(row)] for row in left]
    rows_right = [[normal(cell) for cell in _flat(row)] for row in right]
    if rows_left == rows_right:
        return [(i, i) for i in range(len(left))]

    def weight(i: int, j: int) -> float:
        row, other = rows_left[i], rows_right[j]
        agreeing: int = sum(a == b and a is not None for a, b in zip(row, other, strict=False))
        # Two wholly empty rows belong together too.
        return agreeing + 0.001 * (row == other)

    return align(len(left), len(right), weight)


def _equal_pairs(left: Sequence[Mapping[str, Json]], right: Sequence[Mapping[str, Json]]) -> list[tuple[int, int]]:
    places: dict[frozenset[tuple[str, Json]], list[int]] = {}
    for j in range(len(right) - 1, -1, -1):
        places.setdefault(frozenset(right[j].items()), []).append(j)
    pairs = []
    for i, key in enumerate(left):
        waiting = places.get(frozenset(key.items()))
        if waiting and key:
            pairs.append((i, waiting.pop()))
    return pairs


def _weight(left: Mapping[str, Json], right: Mapping[str, Json], same_place: bool) -> float:
    """Leaves that agree; likeness and then the place in the list break ties. Never zero: what is left over is paired.

    Ties cannot outvote one agreeing leaf in a list of up to MAX_SIDE items.
    """
    agreeing: int = sum(right.get(key) == value for key, value in left.items())
    alike = [similarity(str(value), str(right[key])) for key, value in left.items() if key in right]
    return agreeing + (sum(alike) / max(len(left), len(right), 1) + 0.01 * same_place + 0.001) / (2 * MAX_SIDE)


def _greedy(weights: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    ranked = sorted(((-weight, i, j) for i, row in enumerate(weights) for j, weight in enumerate(row)))
    pairs: list[tuple[int, int]] = []
    rows, columns = set[int](), set[int]()
    for _, i, j in ranked:
        if i not in rows and j not in columns:
            pairs.append((i, j))
            rows.add(i)
            columns.add(j)
    return pairs
