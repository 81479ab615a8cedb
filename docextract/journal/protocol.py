"""What a ledger can do, whichever store is behind it. One conformance suite holds both to this page.

Every method that writes returns after the commit is durable, is not undone by cancellation, and
raises OutputError (`disk_full`, `path_refused`, `unavailable`) where the store cannot be written.
Nothing is decided by a wall clock: on one machine a process is known by its boot, id and start
time, in a shared server by a lease in the server's own time.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any, Protocol

from docextract.journal.rows import (
    BatchAnswer,
    Budget,
    Claim,
    Deferred,
    InDoubt,
    Known,
    Lead,
    Limits,
    PaidAnswer,
    Pass,
    Progress,
    ResultRow,
    StoredReply,
    UnitRow,
    UnitState,
)


class Journal(Protocol):
    """Open with `start`, close with `aclose`; in between every method may be called from many tasks at once."""

    async def start(self, *, job: str = "", join: str | None = None) -> str:
        """Open or create the store and take part in a run; returns the run's name, for others to join.

        `job` is a digest of what is asked: who joins must bring the same (empty: not compared).
        `join` None begins a run: units found earlier wait until this run has found them again; claims of
        processes that are gone are free, their open calls in doubt. A run of the same job that ended by
        a crash hands on what it had spent. `join` a run's name, or `any`, makes this process one more
        worker of it.

        Raises ConfigError where the store is no sound journal of this version, where a run is at work
        already (and `join` is None), or where there is none to join.
        """
        ...

    async def aclose(self) -> None:
        """Leave the run and close. Units still claimed are free, calls still open are in doubt. Safe to call twice."""
        ...

    # --- units

    async def known(self, names: Sequence[str]) -> dict[str, Known]:
        """What is known of these units, those never seen left out."""
        ...

    async def left_over(self, most: int) -> list[UnitRow]:
        """At most so many units that earlier runs listed and did not come to, as they were then."""
        ...

    async def add(self, units: Sequence[tuple[UnitRow, bool, bool]]) -> None:
        """Units of this run, each with `done` (nothing to do) and `urgent` (failed or partial before).

        A unit that this run has found before stays as it is.
        """
        ...

    async def adopt(self, units: Sequence[tuple[UnitRow, Sequence[ResultRow]]]) -> None:
        """Units that are done, as another journal or an output folder tells; no run has found them yet."""
        ...

    async def claim(self) -> Claim | None:
        """The next pending unit of this run, urgent ones first; None when there is none now.

        When there is none, units held by workers that have died are freed (looked for once a second).
        """
        ...

    async def finish(self, claim: Claim, results: Sequence[ResultRow]) -> bool:
        """Mark done with its results; False (and nothing written) where another worker holds it by now."""
        ...

    async def release(self, claim: Claim) -> None:
        """Give a claimed unit back, undone."""
        ...

    async def wait(self, claim: Claim) -> None:
        """Leave a claimed unit undone for this run; the next run that finds it has it pending."""
        ...

    async def pending(self) -> int:
        """Units of this run that are not done, claimed ones too."""
        ...

    async def all_found(self) -> None:
        """Say that discovery has ended: no unit will be added."""
        ...

    async def halt(self, reason: str) -> None:
        """Say to all workers that no call may be made any more, and why, in any words; the first reason stays."""
        ...

    async def progress(self) -> Progress:
        """Where the run stands; frees what dead workers hold, like `claim`."""
        ...

    def results(self, page: int = 200) -> AsyncIterator[tuple[str, UnitState, tuple[ResultRow, ...]]]:
        """Every unit of this run in the order found, with its results, read in pages to keep memory flat."""
        ...

    # --- facts

    async def plan(self, key: str, proposed: str | None = None) -> str | None:
        """The stored plan under `key`; where there is none, `proposed` becomes it."""
        ...

    async def note(self, name: str, value: str | None = None) -> str | None:
        """Read (or set) a fact kept over runs, such as a learned JSON mode."""
        ...

    # --- calls and money

    async def replies(self, key: str) -> list[StoredReply]:
        """Every stored answer under this key, first attempt first."""
        ...

    async def adopt_answers(self, answers: Sequence[PaidAnswer]) -> int:
        """Answers that another journal held; returns how many were not here. No budget is charged for them."""
        ...

    async def intend(
        self, key: str, unit: int, reserved: float = 0.0, ceiling: float | None = None, *, alone: bool = False
    ) -> tuple[int, int] | None:
        """Write down that a call is about to be made, and reserve its worst cost (USD), in one transaction.

        Returns its id and attempt number (from 1). None where it may not be made now: spent and reserved
        would pass `ceiling`, or with `alone` a call with this key is in flight (in any worker). Something
        is in flight then, or the ceiling is reached: look at `replies` and ask again once a call has settled.
        """
        ...

    async def answered(self, call: int, body: bytes, usage: dict[str, Any], cost: float) -> None:
        """Store an answer before anything reads it; its cost takes the place of the reservation.

        An answer that comes after its call was taken to be in doubt is kept, and the money corrected.
        """
        ...

    async def call_failed(self, call: int, outcome: str, cost: float = 0.0) -> None:
        """The call ended without an answer; `cost` is what it may have been billed."""
        ...

    async def call_cut_off(self, call: int) -> None:
        """A call that was sent is given up by its process: in doubt from now on. Nothing for one that has ended."""
        ...

    async def in_flight(self) -> int:
        """Calls of this run, of all its workers, that were sent and have not ended."""
        ...

    async def in_doubt(self) -> InDoubt:
        """Calls that this run found open after their process had ended. They count as spent."""
        ...

    async def budget(self) -> Budget:
        """Money of this run, over all its workers."""
        ...

    # --- calls that go out in a provider's batch: they outlive the process, and are paid once

    async def put_off(self, batch: str, record: str, deferred: Sequence[Deferred]) -> None:
        """Write down, in one transaction, a batch that is about to be sent, and the calls in it.

        They are no calls in flight; each counts as spent at its worst cost until its answer is taken.
        """
        ...

    async def is_put_off(self, key: str) -> bool:
        """Whether an answer under this key is on its way in a batch: it must not be asked for again."""
        ...

    async def batch_failures(self, key: str) -> list[str]:
        """What batches said of this key in place of an answer, as `code: message`, oldest first."""
        ...

    async def batches(self) -> dict[str, str]:
        """The record of every batch, by name."""
        ...

    async def note_batch(self, batch: str, record: str) -> None:
        """A new record of a batch."""
        ...

    async def take_batch(self, batch: str, answers: Sequence[BatchAnswer]) -> int:
        """Store what a batch gave; returns how many were new. What was taken before is passed over."""
        ...

    async def close_batch(self, batch: str, record: str, outcome: str) -> int:
        """The end of a batch: its calls without a word have failed with `outcome`, unbilled; returns how many."""
        ...

    # --- limits that all workers of a run share; `lane` names an endpoint and model

    async def enter(self, lane: str, limits: Limits, tokens: int = 0) -> Pass:
        """Ask for a slot for one call of `tokens` input tokens. Slots of dead workers are freed.

        After waiting `Pass.wait_s`, look at `paused` before sending: a pause may have begun meanwhile.
        """
        ...

    async def turn(self, lane: str, limits: Limits) -> Pass:
        """Another moment to send at, for a call inside its slot that came too late for its own (`Pass.due`)."""
        ...

    async def leave(self, slot: str) -> None:
        """Give the slot back."""
        ...

    async def succeeded(self, lane: str, limits: Limits, spare_tokens: int = 0) -> None:
        """A call was answered (say it before `leave`): the limit may grow, unused tokens go back."""
        ...

    async def limited(self, lane: str, limits: Limits, wait_s: float = 0.0) -> None:
        """A rate limit was hit: the limit is halved once a cooldown, and every worker waits `wait_s`."""
        ...

    async def pause(self, lane: str, limits: Limits, seconds: float) -> None:
        """Every worker waits this long; a longer pause that is on stays."""
        ...

    async def paused(self, lane: str) -> float:
        """Seconds until calls go out again; 0 when they do."""
        ...

    async def lead(self, topic: str) -> Lead:
        """Who warms a prefix: `lead` (go first, alone), `wait` (ask again soon) or `warm` (go).

        If the leader says that it failed, or dies, the next one to ask leads.
        """
        ...

    async def led(self, topic: str, *, warm: bool) -> None:
        """The leader's word: its answer came, or not."""
        ...
