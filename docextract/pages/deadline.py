"""A deadline for a child's work that does not run while the child waits for a processor."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from docextract.pages.process import Child
from docextract.pages.starved import PATIENCE, starved_s

_LOOK_BEFORE_S = 0.1


@asynccontextmanager
async def deadline(child: Child, seconds: float) -> AsyncIterator[None]:
    """TimeoutError once the work inside took `seconds`, not counting what the child was starved of, up to PATIENCE."""
    loop = asyncio.get_running_loop()
    begun, before = loop.time(), starved_s(child.pid)
    timer: asyncio.TimerHandle
    async with asyncio.timeout(seconds) as limit:

        def look() -> None:
            nonlocal timer
            due = begun + min(seconds + starved_s(child.pid) - before, PATIENCE * seconds)
            if not limit.expired() and due - _LOOK_BEFORE_S > loop.time():
                limit.reschedule(due)
                timer = loop.call_at(due - _LOOK_BEFORE_S, look)

        timer = loop.call_at(begun + seconds - _LOOK_BEFORE_S, look)
        try:
            yield
        finally:
            timer.cancel()
