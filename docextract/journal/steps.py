"""The ledger's transactions are written once, as generators that yield SQL and are sent rows.

A store (SQLite, PostgreSQL) runs such a generator from its first step to its return inside one
transaction; an exception undoes all of it. Placeholders are `?`. Two marks stand for what only a
server needs, and vanish for SQLite, which has one writer at a time: `{lock}` (FOR UPDATE) and
`{skip}` (FOR UPDATE SKIP LOCKED).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Query:
    """One statement and its parameters."""

    sql: str
    values: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Many:
    """One statement for each row of parameters; no rows come back."""

    sql: str
    rows: Sequence[Sequence[Any]]


Steps = Generator[Query | Many, Rows, T]

Make = Callable[[bool], Steps[T]]
"""Begins a transaction's steps. True says that it was tried before and may have been committed unseen."""


def one(sql: str, *values: Any) -> Steps[tuple[Any, ...] | None]:
    """The first row, None where there is none."""
    rows = yield Query(sql, values)
    return rows[0] if rows else None


def marks(count: int) -> str:
    """Placeholders for a list of `count` values."""
    return ",".join("?" * count)
