"""How many calls at a time, and when: a gate that finds out by itself what an endpoint can take.

After the adaptive limiter of inspect_ai: slow start (doubling until the first cut), then one more a
round; cut on a rate limit only, once in a cooldown; growth only while the limit is really used.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio

from docextract.model.bucket import Bucket
from docextract.model.clock import Clock
from docextract.model.pace import Pace

_COOLDOWN_S = 5.0
_USED = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class GateOptions:
    """`start` calls at a time, at most `ceiling`; `rpm` requests and `tpm` input tokens a minute, None for no limit."""

    start: int = 2
    ceiling: int = 64
    rpm: int | None = None
    tpm: int | None = None


def gate_options(
    *, concurrency: int | None, profile_start: int, rpm: int | None = None, tpm: int | None = None
) -> GateOptions:
    """Options from --concurrency: an explicit number is start and ceiling; else the profile's start, up to 64."""
    if concurrency is not None:
        return GateOptions(start=concurrency, ceiling=concurrency, rpm=rpm, tpm=tpm)
    return GateOptions(start=profile_start, rpm=rpm, tpm=tpm)


@dataclass(slots=True, eq=False)
class _Waiter:
    event: anyio.Event
    is_granted: bool = False


class Gate:
    """Lets calls through, first come first served. One for all calls to one endpoint; not thread-safe."""

    def __init__(self, options: GateOptions | None = None, *, clock: Clock | None = None) -> None:
        options = options or GateOptions()
        self._clock = clock or Clock()
        self._ceiling = max(1, options.ceiling)
        self._limit = max(1, min(options.start, self._ceiling))
        self._threshold = self._ceiling
        self._successes = self._busiest = 0
        self._requests = Bucket(options.rpm, now=self._clock.now) if options.rpm else None
        self._tokens = Bucket(options.tpm, now=self._clock.now) if options.tpm else None
        self._pace = Pace(now=self._clock.now, sleep=self._clock.sleep)
        self._waiters: deque[_Waiter] = deque()
        self._paused_until = float("-inf")
        self._cooling_until = float("-inf")
        self.in_flight = 0
        self.peak = 0

    @property
    def limit(self) -> int:
        """Calls allowed at a time, now."""
        return self._limit

    @property
    def pause_s(self) -> float:
        """Seconds until calls go out again; 0 when they do."""
        return max(0.0, self._paused_until - self._clock.now())

    @asynccontextmanager
    async def slot(self, tokens: int = 0) -> AsyncIterator[None]:
        """Hold one slot; entered when there is one, no pause is on and both rates allow `tokens` input tokens."""
        await self._enter()
        try:
            await self._wait(tokens)
            yield
        finally:
            self._leave()
            self._pace.keep(self.in_flight)

    async def _enter(self) -> None:
        if self.in_flight < self.limit and not self._waiters:
            self._count()
            return
        waiter = _Waiter(anyio.Event())
        self._waiters.append(waiter)
        try:
            await waiter.event.wait()
        except BaseException:
            # Cancelled after the slot was handed over: it goes to the next one.
            if waiter.is_granted:
                self._leave()
            else:
                self._waiters.remove(waiter)
            raise

    async def turn(self) -> None:
        """Keep the distance of the rates; awaited inside the slot, right before the call is sent."""
        await self._pace.turn()

    async def _wait(self, tokens: int) -> None:
        wait_s = max(
            self._requests.take() if self._requests else 0.0,
            self._tokens.take(tokens) if self._tokens else 0.0,
        )
        if self._requests or self._tokens:
            self._pace.expect(self._clock.now() + wait_s)
        if wait_s > 0:
            await self._clock.sleep(wait_s)
        # A pause may be made longer while it is slept through.
        while (pause_s := self.pause_s) > 0:
            await self._clock.sleep(pause_s)

    def _count(self) -> None:
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        self._busiest = max(self._busiest, self.in_flight)

    def _leave(self) -> None:
        self.in_flight -= 1
        self._grant()

    def _grant(self) -> None:
        while self._waiters and self.in_flight < self.limit:
            waiter = self._waiters.popleft()
            waiter.is_granted = True
            self._count()
            waiter.event.set()

    def succeeded(self, *, spare_tokens: int = 0) -> None:
        """A call was answered (say it inside its slot). `spare_tokens` is how many of its tokens were not used."""
        if self._tokens is not None and spare_tokens:
            self._tokens.give(spare_tokens)
        self._successes += 1
        if self._successes < self.limit:
            return
        # A round is over: as many answers as the limit. It counts as used by its busiest moment.
        was_used = self._busiest >= self._limit * _USED
        self._successes, self._busiest = 0, self.in_flight
        if was_used and self._clock.now() >= self._cooling_until:
            wider = self._limit * 2 if self._limit < self._threshold else self._limit + 1
            self._limit = min(self._ceiling, wider)
            self._grant()

    def limited(self, *, wait_s: float | None = None) -> None:
        """A rate limit was hit. Halves the limit, once a cooldown, and pauses everyone if a wait was asked for."""
        now = self._clock.now()
        if wait_s:
            self.pause(wait_s)
        if now >= self._cooling_until:
            self._limit = max(1, self._limit // 2)
            self._threshold = self._limit
        # Calls sent before the cut come back refused as well; they are not a reason to cut again.
        self._cooling_until = max(self._cooling_until, now + max(_COOLDOWN_S, wait_s or 0.0))

    def pause(self, seconds: float) -> None:
        """Let no call out for this long; a longer pause that is on stays."""
        self._paused_until = max(self._paused_until, self._clock.now() + seconds)
