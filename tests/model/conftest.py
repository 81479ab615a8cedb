from __future__ import annotations

import anyio.lowlevel
import pytest

from docextract.model.clock import Clock


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class HandClock:
    """Time that passes only while someone sleeps, and then at once."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []
        self.clock = Clock(now=lambda: self.time, sleep=self.sleep, chance=lambda: 0.5)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        due = self.time + seconds
        await anyio.lowlevel.checkpoint()
        self.time = max(self.time, due)  # those who sleep at the same time sleep at the same time


@pytest.fixture
def hand() -> HandClock:
    return HandClock()
