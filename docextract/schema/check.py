"""What an author should know about a schema before spending money on it: `docextract schema check`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from docextract.schema.audits import KINDS
from docextract.schema.audits import RULES as AUDITS
from docextract.schema.combine import loosely
from docextract.types import Json

READERS = ("fields", "tables", "sections", "apidocs")
RULES = ("first", "last", "unique", "append", "union", "sum", "longest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One remark: `path` is a pointer into the answer (`/lines/*/amount`), `level` error or advice."""

    path: str
    code: str
    message: str
    level: Literal["error", "advice"] = "advice"


def check(schema: Mapping[str, Json]) -> tuple[Finding, ...]:
    """Findings about an inlined JSON Schema, in the order of its fields."""
    found: list[Finding] = []
    reader = schema.get("x-reader")
    if reader is not None and reader not in READERS:
        found.append(_error("", "unknown_reader", f"x-reader {reader!r} is none of {', '.join(READERS)}"))
    if not _branches(schema) or not any(branch.get("properties") for branch in _branches(schema)):
        found.append(_error("", "no_fields", "the root names no fields, so nothing can be asked for"))
    # A root that refers to itself is defined under its own title too: once is enough.
    found.extend(_walk(schema, "", schema.get("$defs", {}), (str(schema.get("title")),)))
    return tuple(found)


def _error(path: str, code: str, message: str) -> Finding:
    return Finding(path=path, code=code, message=message, level="error")


def _walk(
    schema: Mapping[str, Json], path: str, definitions: Mapping[str, Json], trail: tuple[str, ...]
) -> Iterator[Finding]:
    for branch in _branches(schema):
        ref = branch.get("$ref")
        if isinstance(ref, str):
            name = ref.rsplit("/", 1)[-1]
            if name not in trail:
                yield from _walk(definitions.get(name, {}), path, definitions, (*trail, name))
            continue
        required = branch.get("required", ())
        for key, inner in branch.get("properties", {}).items():
            below = f"{path}/{str(key).replace('~', '~0').replace('/', '~1')}"
            yield from _field(inner, below, needed=key in required)
            if isinstance(inner, dict):
                yield from _walk(inner, below, definitions, trail)
        if isinstance(branch.get("items"), dict):
            yield from _walk(branch["items"], f"{path}/*", definitions, trail)


def _field(schema: Json, path: str, *, needed: bool) -> Iterator[Finding]:
    if not isinstance(schema, dict):
        yield Finding(
            path=path, code="anything", message="accepts anything: give it a type, or values cannot be compared"
        )
        return
    branches = _branches(schema)
    kinds = {kind for branch in branches for kind in _types(branch)}
    inferred = schema.get("x-evidence") == "inferred"
    if not schema.get("description"):
        yield Finding(
            path=path,
            code="no_description",
            message="has no description: a sentence helps the reader more than a longer name",
        )
    if "boolean" in kinds and not inferred:
        yield Finding(
            path=path,
            code="bare_boolean",
            message="true and false stand on no page: mark it Evidence.inferred, or ask for the printed words",
        )
    if any(isinstance(branch.get("enum"), list) for branch in branches) and not inferred:
        yield Finding(
            path=path,
            code="bare_enum",
            message="a class is judged, not read: mark it Evidence.inferred unless its values are printed",
        )
    if any(
        isinstance(branch.get("additionalProperties"), dict) and not branch.get("properties") for branch in branches
    ):
        yield Finding(
            path=path,
            code="map",
            message="a map with free keys: many endpoints refuse it and keys are not located; use a list of pairs",
        )
    if len(branches) > 1:
        yield Finding(
            path=path,
            code="union",
            message="a union of types: models often pick the wrong branch; prefer one type or null",
        )
    if (
        needed
        and not inferred
        and not any(_is_null(branch) for branch in schema.get("anyOf", ()))
        and kinds - {"array", "object"}
    ):
        yield Finding(
            path=path,
            code="required",
            message="is required: a page that lacks it makes the document partial, and models invent; allow None",
        )
    rule = schema.get("x-merge")
    keyed = isinstance(rule, dict) and any(isinstance(rule.get(name), str) for name in ("by_key", "continued"))
    if rule is not None and not keyed and rule not in RULES:
        yield _error(path, "unknown_merge", f"x-merge {rule!r} is none of {', '.join(RULES)}, by_key or continued")
    if rule == "sum" and not kinds <= {"number", "integer"}:
        yield _error(path, "merge_type", "Merge.sum is for numbers")
    yield from _audits(schema.get("x-audits", ()), path)


def _audits(entries: Json, path: str) -> Iterator[Finding]:
    """Audits that no rule is known for, which would pass every answer in silence."""
    for entry in entries:
        rule = entry.get("rule") if isinstance(entry, dict) else None
        if rule not in AUDITS:
            yield _error(path, "unknown_audit", f"x-audits {entry!r} has no rule of {', '.join(AUDITS)}")
        elif rule == "check_digits" and entry.get("kind") not in KINDS:
            yield _error(path, "unknown_audit", f"check digits {entry.get('kind')!r} are none of {', '.join(KINDS)}")
        elif rule == "one_of":
            yield from _audits(entry.get("audits", ()), path)


def _is_null(schema: Json) -> bool:
    return isinstance(schema, dict) and schema.get("type") == "null"


def _branches(schema: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    """The schema itself, or the branches of its union without null."""
    union = schema.get("anyOf") or schema.get("oneOf")
    if not isinstance(union, list) or "properties" in schema:
        return [loosely(schema)]
    return [branch for branch in union if isinstance(branch, dict) and not _is_null(branch)]


def _types(schema: Mapping[str, Json]) -> set[str]:
    kind = schema.get("type")
    names = kind if isinstance(kind, list) else [kind]
    return {name for name in names if isinstance(name, str) and name != "null"}
