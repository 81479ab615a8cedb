"""A deadline for a child's work that does not run while the child waits for a processor."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from docextract.pages.process import Child
from docextract.pages.starved import PATIENCE, starved_s

_LOOK_BEFORE_S = 0.1
_START_AFTER_S = 0.5


@asynccontextmanager
async def deadline(child: Child, seconds: float) -> AsyncIterator[None]:
    """TimeoutError once the work inside took `seconds`, not counting what the child was starved of, up to PATIENCE."""
    loop = asyncio.get_running_loop()
    begun, before = loop.time(), 0.0
    timer: asyncio.TimerHandle
    async with asyncio.timeout(seconds) as limit:

        def start() -> None:
            # Most work ends before this, and asking the system costs as much as a small page.
            nonlocal before, timer
            before = starved_s(child.pid)
            timer = loop.call_at(begun + seconds - _LOOK_BEFORE_S, look)

        def look() -> None:
            nonlocal timer
            due = begun + min(seconds + starved_s(child.pid) - before, PATIENCE * seconds)
            if not limit.expired() and due - _LOOK_BEFORE_S > loop.time():
                limit.reschedule(due)
                timer = loop.call_at(due - _LOOK_BEFORE_S, look)

        timer = loop.call_at(begun + min(_START_AFTER_S, seconds / 4), start)
        try:
            yield
        finally:
            timer.cancel()
