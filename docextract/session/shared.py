"""Limits and warm prefixes that several workers share: rows of the journal in place of this process's memory."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from docextract.journal.protocol import Journal
from docextract.journal.rows import Limits, Pass
from docextract.model.pace import Pace

_POLL_S = 0.05
_EARLY_S = 0.25
"""A slot is entered so long before its call is due: to write the call down may take a tenth of a second."""
_REMEMBERED = 64
"""Answers of the ledger by which its clock is told from this one: the quickest of them counts."""


class SharedGate:
    """A gate as `model.limiter.Gate`, over all workers of a run. `lane` names the endpoint and model.

    A slot is entered a little before its call is due, so that what is still to be written down does not make
    it late; `turn` is awaited when all that is done.
    """

    def __init__(self, journal: Journal, lane: str, limits: Limits) -> None:
        self._journal = journal
        self._lane = lane
        self._limits = limits
        self._said: list[tuple[str, float]] = []
        self._pace = Pace(now=time.monotonic, sleep=anyio.sleep, another=self._another)
        self._ahead: deque[float] = deque(maxlen=_REMEMBERED)
        self.in_flight = 0

    @property
    def limit(self) -> int:
        """Calls of this worker that may be prepared at a time: what it has in flight, and a few more."""
        return max(self._limits.start, self.in_flight + 2)

    @asynccontextmanager
    async def slot(self, tokens: int = 0) -> AsyncIterator[None]:
        """Hold one slot of the run's; entered when there is one, no pause is on and both rates allow it."""
        slot, due = await self._take(tokens)
        self.in_flight += 1
        if due is not None:
            self._pace.expect(due)
        try:
            await self._unpaused()
            yield
        finally:
            self.in_flight -= 1
            self._pace.keep(self.in_flight)
            with anyio.CancelScope(shield=True):
                await self._tell()
                await self._journal.leave(slot)

    async def turn(self) -> None:
        """Wait until a call is due; awaited inside the slot, right before it is sent."""
        await self._pace.turn()

    async def _unpaused(self) -> None:
        # A row that other processes change: there is no event to wait for.
        while (seconds := await self._journal.paused(self._lane)) > 0:  # noqa: ASYNC110
            await anyio.sleep(seconds)

    async def _another(self) -> float | None:
        await self._unpaused()
        return self._here(await self._journal.turn(self._lane, self._limits))

    def _here(self, leave: Pass) -> float | None:
        """When the call is due by this process's clock. An answer that came slowly must not make it late."""
        if leave.due is None:
            return None
        self._ahead.append(time.monotonic() - (leave.due - leave.wait_s))
        return leave.due + min(self._ahead)

    async def _take(self, tokens: int) -> tuple[str, float | None]:
        while True:
            leave = await self._journal.enter(self._lane, self._limits, tokens)
            if leave.slot is not None:
                due = self._here(leave)
                try:
                    await anyio.sleep(max(0.0, leave.wait_s - _EARLY_S))
                except BaseException:
                    with anyio.CancelScope(shield=True):
                        await self._journal.leave(leave.slot)
                    raise
                return leave.slot, due
            await anyio.sleep(max(leave.wait_s, _POLL_S))

    async def _tell(self) -> None:
        said, self._said = self._said, []
        for word, amount in said:
            if word == "succeeded":
                await self._journal.succeeded(self._lane, self._limits, int(amount))
            elif word == "limited":
                await self._journal.limited(self._lane, self._limits, amount)
            else:
                await self._journal.pause(self._lane, self._limits, amount)

    def succeeded(self, *, spare_tokens: int = 0) -> None:
        """A call was answered; told to the others when its slot is left."""
        self._said.append(("succeeded", float(spare_tokens)))

    def limited(self, *, wait_s: float | None = None) -> None:
        """A rate limit was hit; told to the others when the slot is left."""
        self._said.append(("limited", wait_s or 0.0))

    def pause(self, seconds: float) -> None:
        """Let no call out for this long."""
        self._said.append(("pause", seconds))


class SharedPrefixes:
    """As `Prefixes`, over all workers of a run."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    @asynccontextmanager
    async def turn(self, prefix: str) -> AsyncIterator[bool]:
        """Enter when the prefix is warm (gives False), or as the one that warms it (True)."""
        while (lead := await self._journal.lead(prefix)) == "wait":  # noqa: ASYNC110 - as above
            await anyio.sleep(_POLL_S)
        if lead == "warm":
            yield False
            return
        warm = False
        try:
            yield True
            warm = True
        finally:
            with anyio.CancelScope(shield=True):
                await self._journal.led(prefix, warm=warm)
