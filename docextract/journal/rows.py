"""What the ledger holds, as plain frozen rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

UnitState = Literal["pending", "claimed", "done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """One document to be, its sources as JSON.

    `fingerprint` changes when a source's path, size or time does; `signature` when the job asks
    something else of it (schema, model, parameters, format).
    """

    name: str
    sources: str
    fingerprint: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A unit that this worker holds. `fence` grows with each claim; only the newest may finish it."""

    unit: int
    name: str
    sources: str
    fence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """How a unit ended under one schema.

    `summary` is its line in run.json; `outputs` maps each path below the output folder to
    [size, mtime_ns, sha256].
    """

    schema: str
    state: str
    summary: dict[str, Any]
    outputs: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an earlier run left of a unit."""

    state: UnitState
    fingerprint: str
    signature: str
    results: tuple[ResultRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReply:
    """An answer as it was received: never bought again."""

    call: int
    attempt: int
    body: bytes
