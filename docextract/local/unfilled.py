"""What the pages offer and an answer leaves empty: fields whose label is printed, and that have no value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docextract.local.view import owner_of, view_of
from docextract.local.wanted import want_of
from docextract.types import Json, Words

SURE = 0.75
"""Strength from which a label is taken to be meant as one: it begins its line, and a colon or nothing follows."""


def unfilled(schema: Mapping[str, Json], value: Json, pages: Sequence[Words]) -> tuple[str, ...]:
    """JSON pointers of null fields that the schema requires, or whose own label stands on a page; in schema order.

    Lists count where they are empty. What the schema calls inferred is never printed and never counts.
    """
    root = want_of(schema)
    view = view_of(root, pages)
    labelled = {owner for hits in view.hits for hit in hits if hit.strength >= SURE for owner in hit.owners}
    wants = [*root.leaves(), *root.nodes("rows"), *root.nodes("list")]
    found = []
    for want in wants:
        if want.inferred or _at(value, want.path) not in (None, [], ""):
            continue
        if _is_required(schema, want.path) or (want.own and owner_of(want) in labelled and want.kind != "rows"):
            found.append("/" + "/".join(want.path))
    return tuple(found)


def _at(value: Json, path: Sequence[str]) -> Json:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _is_required(schema: Mapping[str, Json], path: Sequence[str]) -> bool:
    """Whether every step of the path is required; behind an object that may be null nothing is."""
    node: Json = schema
    for step in path:
        if not isinstance(node, Mapping) or step not in node.get("required", ()):
            return False
        node = node.get("properties", {}).get(step)
    kinds = node.get("type") if isinstance(node, Mapping) else None
    return isinstance(node, Mapping) and "anyOf" not in node and kinds != "array" and "null" not in (kinds or ())
