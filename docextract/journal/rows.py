"""What the ledger holds and answers, as plain frozen rows. Money is USD, times are seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

UnitState = Literal["pending", "claimed", "done"]
Lead = Literal["lead", "wait", "warm"]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidAnswer:
    """An answer of another journal as it stands there: `body` packed, `usage` JSON, `cost` in the ledger's parts."""

    key: str
    attempt: int
    usage: str
    cost: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """A call that goes out in a batch: its key, the unit that asks, and its worst cost (USD)."""

    key: str
    unit: int
    reserved: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAnswer:
    """What a batch gave for one key: a `body` to store, or None with the `outcome` (`code: message`).

    `cost` None keeps the worst cost that was reckoned with.
    """

    key: str
    body: bytes | None = field(default=None, repr=False)
    usage: dict[str, Any] = field(default_factory=dict)
    cost: float | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a run stands. `all_found` says that discovery has ended; `halted` why no call may be made any more."""

    all_found: bool
    halted: str | None
    pending: int
    claimed: int

    @property
    def is_over(self) -> bool:
        """Whether a worker has nothing left to wait for."""
        return self.all_found and not self.pending and not self.claimed


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Money of a run: `spent` for certain or in doubt, `reserved` by the `open` calls in flight."""

    spent: float
    reserved: float
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InDoubt:
    """Calls whose process ended before their answer was stored: they may have been billed, at most `cost` in all."""

    calls: int
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an endpoint is given by all workers together.

    `start` calls at a time at first, at most `ceiling`; `rpm` requests and `tpm` input tokens a
    minute, None for no limit.
    """

    start: int = 2
    ceiling: int = 64
    rpm: float | None = None
    tpm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """Leave to make one call, or not yet.

    With a `slot`: wait `wait_s`, then send; give the slot back with `leave`. Without: all slots are
    taken (`wait_s` 0) or calls are paused (for `wait_s` more seconds); ask again. `due` is the moment to
    send at, in seconds of the store's own clock; None where no rate is kept.
    """

    slot: str | None
    wait_s: float
    due: float | None = None
