"""Operations and parameters of an API held against gold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

from docextract.evaluate.counts import Counts
from docextract.types import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsScore:
    """`operations` by (method, path), `parameters` by (operation, name, where it is sent).

    `names` are parameters by (name, where it is sent) alone, whatever operation they stand at.
    """

    operations: Counts
    parameters: Counts
    names: Counts


def has_operations(schema: Mapping[str, Json]) -> bool:
    """Whether the schema has a list `operations` whose items have `method` and `path`."""
    node: Json = schema
    for key in ("properties", "operations", "items", "properties"):
        node = node.get(key) if isinstance(node, Mapping) else None
    return isinstance(node, Mapping) and "method" in node and "path" in node


def score_operations(wanted: Json, got: Json) -> OperationsScore:
    """Both are values of the schema `openapi`; None for an answer that is missing.

    Names of path parameters do not count in a path (`/pets/{id}` is `/pets/{petId}`), nor does a slash
    at its end. Header and query names are compared as written.
    """
    left, right = list(_operations(wanted)), list(_operations(got))
    return OperationsScore(
        operations=_count(Counter(key for key, _ in left), Counter(key for key, _ in right)),
        parameters=_count(
            Counter((key, *name) for key, operation in left for name in _parameters(operation)),
            Counter((key, *name) for key, operation in right for name in _parameters(operation)),
        ),
        names=_count(
            Counter(name for _, operation in left for name in _parameters(operation)),
            Counter(name for _, operation in right for name in _parameters(operation)),
        ),
    )


def operation_key(method: Json, path: Json) -> tuple[str, str]:
    """The method in capitals, and the path with `{}` for every parameter; a path that is not there is ""."""
    plain = re.sub(r"\{[^{}]*\}", "{}", str(path or "").strip())
    return str(method or "").strip().upper(), plain.rstrip("/") or plain[:1]


def _operations(value: Json) -> Iterator[tuple[tuple[str, str], Mapping[str, Json]]]:
    for each in (value.get("operations") if isinstance(value, dict) else None) or []:
        if isinstance(each, dict):
            yield operation_key(each.get("method"), each.get("path")), each


def _parameters(operation: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    for each in operation.get("parameters") or []:
        if isinstance(each, dict):
            yield str(each.get("name") or ""), str(each.get("in") or "")


def _count(wanted: Counter[Hashable], got: Counter[Hashable]) -> Counts:
    return Counts(right=(wanted & got).total(), wanted=wanted.total(), got=got.total())
