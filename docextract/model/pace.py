"""The distance between calls, kept where they come late to their turn."""

from __future__ import annotations

import heapq
from collections.abc import Awaitable, Callable

_LATE_S = 0.05
"""A call this late lets in 5 more than are allowed at 100 a second: it gives its moment up."""
_TRIES = 3


class Pace:
    """Lets calls out no closer together than they were due.

    A rate says when each call is due; a process that was held up since (another one had the processor, the
    ledger was slow) would send all that fell due meanwhile at once, on top of what others send. Due moments
    belong to nobody: the call that is ready first takes the earliest.

    `now` and `sleep` are of the clock that due moments are told in. `another` asks for another due moment
    where the rate is shared and others go on while this process is held up: what came too late is given up.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        another: Callable[[], Awaitable[float | None]] | None = None,
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._another = another
        self._due: list[float] = []
        self._last_due: float | None = None
        self._last_turn = 0.0

    def expect(self, due: float) -> None:
        """One more call is due then."""
        heapq.heappush(self._due, due)

    def keep(self, most: int) -> None:
        """Forget the earliest due moments beyond `most`: of calls that were given up before their turn."""
        while len(self._due) > most:
            heapq.heappop(self._due)

    async def turn(self) -> None:
        """Wait for the next turn; at once where no rate is kept."""
        if not self._due:
            return
        due = heapq.heappop(self._due)
        for _ in range(_TRIES if self._another is not None else 0):
            if self._now() - due <= _LATE_S and await self._in_time(due):
                return
            due = await self._next(due)
        await self._in_time(due)  # late again and again on a machine like this: the distance is kept at least

    async def _next(self, due: float) -> float:
        """Another due moment for one that is given up."""
        later = await self._another() if self._another is not None else None
        return due if later is None else later

    async def _in_time(self, due: float) -> bool:
        """Wait for the turn of what is due then; False where the wait ended late."""
        if (early_s := due - self._now()) > 0:
            await self._sleep(early_s)
        # Only now, so that a call due later does not hold up those before it.
        now = turn = self._now()
        if self._last_due is not None:
            turn = max(now, self._last_turn + max(0.0, due - self._last_due))
            due = max(due, self._last_due)
        self._last_due, self._last_turn = due, turn  # the next one's distance is to this turn
        if turn > now:
            await self._sleep(turn - now)
        return self._now() - turn <= _LATE_S
