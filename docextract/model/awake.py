"""Time that a process did not live through: it was stopped by a signal, or its machine slept.

A deadline that passed meanwhile says nothing about the endpoint. Its answer may have come long ago and
wait in the socket; a call that is given up now is paid for and asked again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LOOK_S = 0.5
_LEAST_S = 2.0
"""A loop that is this late was not only busy. Where it was, a deadline is put off by as much: no harm."""


@contextmanager
def gaps_told(gap: Callable[[float], None]) -> Iterator[None]:
    """Call `gap(seconds)` inside whenever the process has stood still, before any later deadline of its loop."""
    loop = asyncio.get_running_loop()
    due = loop.time() + _LOOK_S
    timer: asyncio.TimerHandle

    def look() -> None:
        # A plain timer: a loop runs those that are due in the order of their times, and tasks only after them.
        nonlocal due, timer
        late = loop.time() - due
        if late > _LEAST_S:
            gap(late)
        due = loop.time() + _LOOK_S
        timer = loop.call_at(due, look)

    timer = loop.call_at(due, look)
    try:
        yield
    finally:
        timer.cancel()
