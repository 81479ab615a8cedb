"""The leaves of an answer, in document order, each with what the schema says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from docextract.types import Json

Sort = Literal["inferred", "boolean", "number", "date", "choice", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A value that is not null, where it stands, and how to look for it.

    `group` is the pointer of the list item (or nested object) that it belongs to, "" for the root;
    `parent` that of the group around. `labels` are the schema's words for the field.
    """

    path: str
    value: Json
    sort: Sort
    group: str
    parent: str
    labels: tuple[str, ...] = ()


def leaves(value: Json, schema: Mapping[str, Json]) -> Iterator[Leaf]:
    """Every leaf that is not null. `schema` is inlined but for recursion."""
    walk = _Walk(schema.get("$defs", {}))
    yield from walk.node(value, schema, _Place("", "", "", False))


class _Place(NamedTuple):
    path: str
    group: str
    parent: str
    inferred: bool
    key: str = ""
    words: tuple[str, ...] = ()

    def step(self, key: str | int, *, group: str | None = None, name: str = "") -> _Place:
        part = str(key)
        if "~" in part or "/" in part:
            part = part.replace("~", "~0").replace("/", "~1")
        path = f"{self.path}/{part}"
        if group is None:
            return _Place(path, self.group, self.parent, self.inferred, name or self.key, self.words)
        return _Place(path, group, self.group, self.inferred, name or self.key, self.words)


class _Walk:
    def __init__(self, definitions: Mapping[str, Json]) -> None:
        self.definitions = definitions
        self.said: dict[tuple[int, int], tuple[bool, tuple[str, ...]]] = {}
        self.labels: dict[tuple[tuple[str, ...], str], tuple[str, ...]] = {}

    def says(self, outer: Mapping[str, Json], schema: Mapping[str, Json]) -> tuple[bool, tuple[str, ...]]:
        """Whether a field is inferred, and its names: the same for every row of a list."""
        key = (id(outer), id(schema))
        if key not in self.said:
            inferred = "inferred" in (outer.get("x-evidence"), schema.get("x-evidence"))
            self.said[key] = inferred, _words(outer, schema)
        return self.said[key]

    def named(self, place: _Place) -> tuple[str, ...]:
        """What a leaf is called, by its schema and by its key."""
        key = (place.words, place.key)
        if key not in self.labels:
            self.labels[key] = tuple(dict.fromkeys((*place.words, place.key.replace("_", " "))))
        return self.labels[key]

    def node(self, value: Json, schema: Json, place: _Place) -> Iterator[Leaf]:
        if value is None:
            return
        outer = schema if isinstance(schema, dict) else _NOTHING
        schema = self.resolve(outer, value)
        inferred, words = self.says(outer, schema)
        inferred = place.inferred or inferred
        if words or inferred is not place.inferred:
            words = words or place.words
            place = _Place(place.path, place.group, place.parent, inferred, place.key, words)
        if isinstance(value, dict):
            yield from self.fields(value, schema, place)
        elif isinstance(value, list):
            prefix = schema.get("prefixItems", ())
            for index, inner in enumerate(value):
                below = place.step(index)
                if isinstance(inner, dict | list):
                    below = place.step(index, group=below.path)
                yield from self.node(inner, prefix[index] if index < len(prefix) else schema.get("items"), below)
        else:
            sort = _sort(value, schema, inferred=inferred)
            labels = self.named(place)
            yield Leaf(path=place.path, value=value, sort=sort, group=place.group, parent=place.parent, labels=labels)

    def fields(self, value: dict[str, Json], schema: Mapping[str, Json], place: _Place) -> Iterator[Leaf]:
        properties = schema.get("properties", {})
        extra = schema.get("additionalProperties")
        for key, inner in value.items():
            below = place.step(key, name=key)
            if isinstance(inner, dict):
                below = place.step(key, group=below.path, name=key)
            if key in schema.get("x-computed", ()):
                below = below._replace(inferred=True)
            yield from self.node(inner, properties.get(key, extra if isinstance(extra, dict) else _NOTHING), below)

    def resolve(self, schema: Mapping[str, Json], value: Json) -> Mapping[str, Json]:
        """The schema behind references, and the branch of a union that fits the value's kind."""
        for _ in range(20):
            ref = schema.get("$ref")
            if isinstance(ref, str):
                schema = self.definitions.get(ref.rsplit("/", 1)[-1], _NOTHING)
                continue
            union = schema.get("anyOf") or schema.get("oneOf")
            if not isinstance(union, list):
                return schema
            fitting = [branch for branch in union if isinstance(branch, dict) and _fits(branch, value)]
            if not fitting:
                return schema
            schema = fitting[0]
        return _NOTHING


_NOTHING: dict[str, Json] = {}


def _fits(branch: Mapping[str, Json], value: Json) -> bool:
    kind = branch.get("type")
    if kind is None:
        return True
    kinds = kind if isinstance(kind, list) else [kind]
    if isinstance(value, bool):
        return "boolean" in kinds
    if isinstance(value, int | float):
        return "number" in kinds or "integer" in kinds
    name = "object" if isinstance(value, dict) else "array" if isinstance(value, list) else "string"
    return name in kinds


def _words(*schemas: Mapping[str, Json]) -> tuple[str, ...]:
    found: list[str] = []
    for schema in schemas:
        aliases = schema.get("x-aliases")
        found += [alias for alias in aliases if isinstance(alias, str)] if isinstance(aliases, list) else []
        if isinstance(schema.get("title"), str):
            found.append(schema["title"])
    return tuple(dict.fromkeys(found))


def in_list(path: str) -> bool:
    """Whether a pointer leads through an item of a list."""
    return any(step.isdigit() for step in path.split("/"))


def _sort(value: Json, schema: Mapping[str, Json], *, inferred: bool) -> Sort:
    if inferred:
        return "inferred"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if schema.get("format") in ("date", "date-time"):
        return "date"
    return "choice" if "enum" in schema or "const" in schema else "text"
