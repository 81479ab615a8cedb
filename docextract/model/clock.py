"""Time as the limits see it, so that tests can turn it by hand."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import anyio


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """`now` is monotonic seconds, `sleep` waits some, `chance` gives the next number in [0, 1) for jitter."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep
    chance: Callable[[], float] = field(default_factory=lambda: random.Random().random)  # noqa: S311 - jitter, no secret
