"""The ledger itself: every method of the protocol, over any store that runs transactions."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Any, Protocol

from docextract.errors import OutputError
from docextract.journal import batches, calls, gate, members, units
from docextract.journal.members import Place
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
from docextract.journal.steps import Make, Steps, T

_LOOK_FOR_DEAD_S = 1.0


class Store(Protocol):
    """Where the rows are. `owner` is this process as the store knows it."""

    owner: str

    async def open(self) -> None:
        """Open or create. Raises ConfigError or OutputError."""
        ...

    async def close(self, *, last: bool = False) -> None:
        """Finish what waits, then close; `last` says that no other process takes part. Safe to call twice."""
        ...

    def check_room(self) -> None:
        """Raises OutputError (disk_full) where only what saves work may still be written."""
        ...

    async def read(self, steps: Callable[[], Steps[T]]) -> T:
        """A transaction that writes nothing."""
        ...

    async def write(self, make: Make[T]) -> T:
        """A transaction; returns after a durable commit. Not undone by cancellation."""
        ...

    def now(self) -> Steps[float]:
        """Seconds of a clock that all members of a run share and nobody sets."""
        ...

    def find_dead(self) -> Steps[list[int]]:
        """Members that are gone."""
        ...

    def settle_in(self, member: int) -> Steps[None]:
        """What the store needs to know of a new member, in the transaction that made it."""
        ...

    async def keep_alive(self, member: int, run: int) -> None:
        """Begin to show that this member lives, until `close`."""
        ...


class Ledger:
    """Implements `docextract.journal.protocol.Journal`, where each method is described."""

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._place = Place(run=0, member=0)
        self._is_in = False
        self._is_dry = False
        self._looked = float("-inf")

    async def start(self, *, job: str = "", join: str | None = None) -> str:
        """Open the store and begin or join a run."""
        await self._store.open()
        try:
            self._place = await self._store.write(lambda _: self._enter_run(job, join))
        except BaseException:
            await self._store.close()
            raise
        self._is_in = True
        await self._store.keep_alive(self._place.member, self._place.run)
        return str(self._place.run)

    async def aclose(self) -> None:
        """Leave the run and close the store, also where the leaving cannot be written down."""
        is_in, self._is_in = self._is_in, False
        last = False
        try:
            if is_in:
                # A store that cannot be written now finds out later that this process is gone.
                with contextlib.suppress(OutputError):
                    last = await self._store.write(lambda _: members.leave(self._place))
        finally:
            await self._store.close(last=last)

    def _enter_run(self, job: str, join: str | None) -> Steps[Place]:
        owner, find_dead = self._store.owner, self._store.find_dead
        if join is None:
            place = yield from members.begin(job, owner, find_dead)
        else:
            place = yield from members.join(join, job, owner, find_dead)
        yield from self._store.settle_in(place.member)
        return place

    async def _bury(self) -> int:
        """Free what the dead hold, at most once a second; how many died."""
        now = self._clock()
        if now - self._looked < _LOOK_FOR_DEAD_S:
            return 0
        self._looked = now
        if not await self._store.read(self._store.find_dead):
            return 0
        return await self._store.write(lambda _: members.bury(self._place.run, self._store.find_dead))

    # --- units

    async def known(self, names: Sequence[str]) -> dict[str, Known]:
        """What earlier runs left of these units."""
        return await self._store.read(lambda: units.known(names))

    async def left_over(self, most: int) -> list[UnitRow]:
        """Units that earlier runs listed and did not come to."""
        return await self._store.read(lambda: units.left_over(self._place.run, most))

    async def add(self, rows: Sequence[tuple[UnitRow, bool, bool]]) -> None:
        """Units of this run, each with `done` and `urgent`."""
        await self._store.write(lambda _: units.add(self._place.run, rows))
        self._is_dry = False

    async def adopt(self, rows: Sequence[tuple[UnitRow, Sequence[ResultRow]]]) -> None:
        """Units that are done, with their results."""
        await self._store.write(lambda _: units.adopt(rows))

    async def claim(self) -> Claim | None:
        """The next pending unit of this run."""
        # Idle workers ask often: they read, and do not stand in the way of those who write.
        self._store.check_room()
        place, ticket = self._place, secrets.token_hex(8)
        is_empty = self._is_dry and not await self._store.read(lambda: units.has_pending(place.run))
        if is_empty and not await self._bury():
            return None
        found = await self._store.write(lambda again: units.claim(place.run, place.member, ticket, again=again))
        self._is_dry = found is None
        return found

    async def finish(self, claim: Claim, results: Sequence[ResultRow]) -> bool:
        """Mark done, if the claim still holds."""
        return await self._store.write(lambda again: units.finish(claim, results, again=again))

    async def release(self, claim: Claim) -> None:
        """Give a claimed unit back."""
        await self._store.write(lambda _: units.release(claim))

    async def wait(self, claim: Claim) -> None:
        """Leave a claimed unit undone for this run."""
        await self._store.write(lambda _: units.wait(claim))

    async def pending(self) -> int:
        """Units of this run that are not done."""
        progress = await self.progress()
        return progress.pending + progress.claimed

    async def all_found(self) -> None:
        """Discovery has ended."""
        await self._store.write(lambda _: members.all_found(self._place.run))

    async def halt(self, reason: str) -> None:
        """No call may be made any more."""
        await self._store.write(lambda _: members.halt(self._place.run, reason))

    async def progress(self) -> Progress:
        """Where the run stands."""
        await self._bury()
        return await self._store.read(lambda: units.progress(self._place.run))

    async def results(self, page: int = 200) -> AsyncIterator[tuple[str, UnitState, tuple[ResultRow, ...]]]:
        """Every unit of this run in the order found."""
        last = 0
        while True:
            rows = await self._store.read(partial(units.results_after, self._place.run, last, page))
            for _, name, state, results in rows:
                yield name, state, results
            if len(rows) < page:
                return
            last = rows[-1][0]

    # --- facts

    async def plan(self, key: str, proposed: str | None = None) -> str | None:
        """The stored plan; the first one proposed stands."""
        if proposed is None:
            return await self._store.read(lambda: members.plan(key, None))
        return await self._store.write(lambda _: members.plan(key, proposed))

    async def note(self, name: str, value: str | None = None) -> str | None:
        """Read or set a fact."""
        if value is None:
            return await self._store.read(lambda: members.note(name, None))
        return await self._store.write(lambda _: members.note(name, value))

    # --- calls and money

    async def replies(self, key: str) -> list[StoredReply]:
        """Every stored answer under this key."""
        return calls.unpacked(await self._store.read(lambda: calls.replies(key)))

    async def adopt_answers(self, answers: Sequence[PaidAnswer]) -> int:
        """Answers of another journal."""
        return await self._store.write(lambda _: calls.adopt(self._place.run, answers))

    async def intend(
        self, key: str, unit: int, reserved: float = 0.0, ceiling: float | None = None, *, alone: bool = False
    ) -> tuple[int, int] | None:
        """Intent and reservation in one transaction."""
        self._store.check_room()
        who, money = (self._place.run, self._place.member, secrets.token_hex(8)), (reserved, ceiling)
        made = await self._store.write(lambda again: calls.intend(who, (key, unit), money, alone=alone, again=again))
        if made is None:
            await self._bury()  # what the dead reserved and may not have spent is settled, not waited for
        return made

    async def answered(self, call: int, body: bytes, usage: dict[str, Any], cost: float) -> None:
        """Store an answer before anything reads it."""
        packed = calls.packed(body)
        await self._store.write(lambda _: calls.answered(call, packed, usage, cost))

    async def call_failed(self, call: int, outcome: str, cost: float = 0.0) -> None:
        """The call ended without an answer."""
        await self._store.write(lambda _: calls.failed(call, outcome, cost))

    async def call_cut_off(self, call: int) -> None:
        """The call was given up before its end."""
        await self._store.write(lambda _: calls.cut_off(call, self._place.run))

    async def in_flight(self) -> int:
        """Calls of this run that have not ended."""
        await self._bury()
        return (await self.budget()).open

    async def in_doubt(self) -> InDoubt:
        """Calls that this run found abandoned."""
        return await self._store.read(lambda: calls.in_doubt(self._place.run))

    async def budget(self) -> Budget:
        """Money of this run."""
        return await self._store.read(lambda: calls.budget(self._place.run))

    # --- calls that go out in batches

    async def put_off(self, batch: str, record: str, deferred: Sequence[Deferred]) -> None:
        """Calls and the record of their batch in one transaction."""
        self._store.check_room()
        place = (self._place.run, self._place.member)
        await self._store.write(lambda _: batches.put_off(place, batch, record, deferred))

    async def is_put_off(self, key: str) -> bool:
        """Whether an answer is on its way in a batch."""
        return await self._store.read(lambda: batches.is_put_off(key))

    async def batch_failures(self, key: str) -> list[str]:
        """What batches said in place of an answer."""
        return await self._store.read(lambda: batches.failures(key))

    async def batches(self) -> dict[str, str]:
        """Every batch's record."""
        return await self._store.read(batches.records)

    async def note_batch(self, batch: str, record: str) -> None:
        """A new record of a batch."""
        await self._store.write(lambda _: members.note(batches.NAMES + batch, record))

    async def take_batch(self, batch: str, answers: Sequence[BatchAnswer]) -> int:
        """Store what a batch gave."""
        packed = [(each, None if each.body is None else calls.packed(each.body)) for each in answers]
        return await self._store.write(lambda _: batches.take(self._place.run, batch, packed))

    async def close_batch(self, batch: str, record: str, outcome: str) -> int:
        """The end of a batch."""
        return await self._store.write(lambda _: batches.close(batch, record, outcome))

    # --- shared limits

    async def enter(self, lane: str, limits: Limits, tokens: int = 0) -> Pass:
        """A slot for one call, or not yet."""
        who, ticket = (self._place.run, self._place.member), secrets.token_hex(8)
        leave = await self._store.write(lambda _: gate.enter(who, lane, limits, tokens, ticket, self._store.now))
        if leave.slot is None:
            await self._bury()
        return leave

    async def turn(self, lane: str, limits: Limits) -> Pass:
        """Another moment to send at."""
        return await self._store.write(lambda _: gate.turn(self._place.run, lane, limits, self._store.now))

    async def leave(self, slot: str) -> None:
        """The slot is free."""
        await self._store.write(lambda _: gate.leave(slot))

    async def succeeded(self, lane: str, limits: Limits, spare_tokens: int = 0) -> None:
        """A call was answered."""
        await self._store.write(lambda _: gate.succeeded(self._place.run, lane, limits, spare_tokens, self._store.now))

    async def limited(self, lane: str, limits: Limits, wait_s: float = 0.0) -> None:
        """A rate limit was hit."""
        await self._store.write(lambda _: gate.limited(self._place.run, lane, limits, wait_s, self._store.now))

    async def pause(self, lane: str, limits: Limits, seconds: float) -> None:
        """Every worker waits this long."""
        await self._store.write(lambda _: gate.pause(self._place.run, lane, limits, seconds, self._store.now))

    async def paused(self, lane: str) -> float:
        """Seconds until calls go out again."""
        return await self._store.read(lambda: gate.paused(self._place.run, lane, self._store.now))

    async def lead(self, topic: str) -> Lead:
        """Who warms a prefix."""
        found = await self._store.write(lambda _: gate.lead(self._place.run, self._place.member, topic))
        if found == "wait":
            await self._bury()
        return found

    async def led(self, topic: str, *, warm: bool) -> None:
        """The leader's word."""
        await self._store.write(lambda _: gate.led(self._place.run, topic, warm=warm))
