"""What is different between two OpenAPI documents: added, removed, changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from docextract.artifacts.spec_shape import METHODS, fields_of, parameters_of, resolved, type_of
from docextract.types import Json

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference. `where` is the operation (`GET /pets/{id}`) or empty; `name` what in it; values as printed."""

    kind: Kind
    what: str
    where: str
    name: str
    old: Json = None
    new: Json = None


def diff(old: Mapping[str, Json], new: Mapping[str, Json]) -> tuple[Change, ...]:
    """Every difference that a client could notice, in the order of the new document; notes are no part of it.

    Paths that differ in a parameter's name only are the same path.
    """
    return tuple(_changes(old, new))


def as_json(changes: Sequence[Change]) -> dict[str, Json]:
    """For printing: lists by kind, and how many."""
    lists: dict[str, list[Json]] = {"added": [], "removed": [], "changed": []}
    for change in changes:
        row = asdict(change)
        lists[row.pop("kind")].append(row)
    return {"count": len(changes), **lists}


def _changes(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Change]:
    for name in ("title", "version", "description"):
        values = [_dict(document.get("info")).get(name) for document in (old, new)]
        yield from _value("info", "", name, values[0], values[1])
    yield from _sets("server", _servers(old), _servers(new))
    yield from _operations(old, new)
    for section, what in (("schemas", "model"), ("securitySchemes", "security")):
        parts = [_dict(_dict(document.get("components")).get(section)) for document in (old, new)]
        yield from _pairs(what, "", parts[0], parts[1])
        for name in parts[1]:
            if name not in parts[0]:
                continue
            if what == "model":
                yield from _fields("", name, (old, parts[0][name]), (new, parts[1][name]))
            else:
                yield from _value(what, "", name, parts[0][name], parts[1][name])


def _operations(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Change]:
    before, after = _by_shape(old), _by_shape(new)
    for key, (where, item) in after.items():
        if key not in before:
            yield Change(kind="added", what="operation", where=where, name=where, new=item[1].get("summary"))
    for key, (where, item) in before.items():
        if key not in after:
            yield Change(kind="removed", what="operation", where=where, name=where, old=item[1].get("summary"))
    for key, (where, item) in after.items():
        if key in before:
            was, known = before[key]
            if was != where:
                yield Change(kind="changed", what="path", where=where, name="path", old=was, new=where)
            yield from _operation(where, (old, *known), (new, *item), _renamed(was, where))


_Side = tuple[Mapping[str, Json], Mapping[str, Json], Mapping[str, Json]]
"""The document, the path item, the operation."""


def _operation(where: str, old: _Side, new: _Side, names: Mapping[str, str]) -> Iterator[Change]:
    """`names`: what the old path's parameters are called in the new one."""
    for name in ("summary", "description", "deprecated", "tags"):
        yield from _value("operation", where, name, old[2].get(name), new[2].get(name))
    before, after = parameters_of(*old), parameters_of(*new)
    before = {names.get(name, name): parameter for name, parameter in before.items()}
    yield from _pairs("parameter", where, before, after)
    for name, parameter in after.items():
        known = before.get(name)
        if known is None:
            continue
        for word in ("required", "description", "deprecated"):
            yield from _value("parameter", where, f"{name} {word}", known.get(word), parameter.get(word))
        types = type_of(old[0], known.get("schema")), type_of(new[0], parameter.get("schema"))
        yield from _value("parameter", where, f"{name} type", *types)
    bodies = [_dict(resolved(side[0], side[2].get("requestBody"))) for side in (old, new)]
    if bool(bodies[0]) != bool(bodies[1]):
        yield Change(kind="added" if bodies[1] else "removed", what="request body", where=where, name="request body")
    elif bodies[0]:
        yield from _content("request body", where, "", (old[0], bodies[0]), (new[0], bodies[1]))
    yield from _responses(where, old, new)


def _responses(where: str, old: _Side, new: _Side) -> Iterator[Change]:
    before, after = _dict(old[2].get("responses")), _dict(new[2].get("responses"))
    yield from _pairs("response", where, before, after)
    for status in after:
        if status not in before:
            continue
        first, second = _dict(resolved(old[0], before[status])), _dict(resolved(new[0], after[status]))
        yield from _value(
            "response", where, f"{status} description", first.get("description"), second.get("description")
        )
        yield from _content("response", where, f"{status} ", (old[0], first), (new[0], second))


_Part = tuple[Mapping[str, Json], Mapping[str, Json]]
"""The document, and a body or response of it."""


def _content(what: str, where: str, label: str, old: _Part, new: _Part) -> Iterator[Change]:
    before, after = _dict(old[1].get("content")), _dict(new[1].get("content"))
    for change in _pairs(what, where, before, after):
        yield Change(kind=change.kind, what=f"{what} media type", where=where, name=label + change.name)
    for media in after:
        if media in before:
            schemas = _dict(before[media]).get("schema"), _dict(after[media]).get("schema")
            yield from _fields(where, f"{what} {label}".strip(), (old[0], schemas[0]), (new[0], schemas[1]))


_Schema = tuple[Mapping[str, Json], Json]
"""The document, and a schema of it."""


def _fields(where: str, label: str, old: _Schema, new: _Schema) -> Iterator[Change]:
    before, after = fields_of(*old), fields_of(*new)
    for name in dict.fromkeys([*after, *before]):
        was, now = before.get(name), after.get(name)
        if was != now:
            kind: Kind = "added" if was is None else "removed" if now is None else "changed"
            yield Change(kind=kind, what="field", where=where, name=f"{label} {name}".strip(), old=was, new=now)


def _renamed(was: str, now: str) -> dict[str, str]:
    names = [[f"path {name}" for name in re.findall(r"\{([^{}]*)\}", path)] for path in (was, now)]
    return dict(zip(*names, strict=True))


def _pairs(what: str, where: str, before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[Change]:
    """Names that only one side has."""
    yield from (Change(kind="added", what=what, where=where, name=name) for name in after if name not in before)
    yield from (Change(kind="removed", what=what, where=where, name=name) for name in before if name not in after)


def _sets(what: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    yield from _pairs(what, "", dict.fromkeys(before), dict.fromkeys(after))


def _value(what: str, where: str, name: str, old: Json, new: Json) -> Iterator[Change]:
    """One scalar; false and absent are the same."""
    if (old or None) != (new or None):
        kind: Kind = "added" if old in (None, "") else "removed" if new in (None, "") else "changed"
        yield Change(kind=kind, what=what, where=where, name=name, old=old, new=new)


_Item = tuple[Mapping[str, Json], Mapping[str, Json]]


def _by_shape(document: Mapping[str, Json]) -> dict[tuple[str, str], tuple[str, _Item]]:
    """Operations by path shape and method: how they are written, their path item and themselves."""
    found: dict[tuple[str, str], tuple[str, _Item]] = {}
    for path, item in _dict(document.get("paths")).items():
        opened = _dict(resolved(document, item))
        for method in METHODS:
            if isinstance(opened.get(method), dict):
                key = (re.sub(r"\{[^{}]*\}", "{}", path), method)
                found.setdefault(key, (f"{method.upper()} {path}", (opened, opened[method])))
    return found


def _servers(document: Mapping[str, Json]) -> list[str]:
    servers = document.get("servers")
    listed = servers if isinstance(servers, list) else []
    return [str(server.get("url")) for server in listed if isinstance(server, dict)]


def _dict(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
