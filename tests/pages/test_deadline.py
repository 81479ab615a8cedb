"""A deadline counts work, not the waiting for a processor; and it always ends."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from docextract.pages import deadline as room
from docextract.pages.deadline import deadline
from docextract.pages.starved import PATIENCE, starved_s

BUSY = "import os, sys\nos.sched_setaffinity(0, {int(sys.argv[1])})\nwhile True: pass"


class Sleeper:
    """Stands for a child: only its process id is asked for."""

    pid = os.getpid()


def _took(work_s: float, starved: Callable[[int], float], monkeypatch: pytest.MonkeyPatch) -> float | None:
    """Seconds that the work took within a deadline of 1 s; None where it was stopped."""
    monkeypatch.setattr(room, "starved_s", starved)

    async def work() -> float | None:
        begun = time.monotonic()
        try:
            async with deadline(Sleeper(), 1.0):  # type: ignore[arg-type]  # has what is asked for
                await asyncio.sleep(work_s)
        except TimeoutError:
            return None
        return time.monotonic() - begun

    return asyncio.run(work())


def test_work_that_had_its_processor_is_stopped_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _took(5.0, lambda _: 7.0, monkeypatch) is None  # what it waited before does not count


def test_work_that_was_starved_gets_that_time_back(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = time.monotonic()
    took = _took(1.5, lambda _: (time.monotonic() - begun) * 0.9, monkeypatch)
    assert took is not None
    assert took >= 1.5


def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = time.monotonic()
    assert _took(60.0, lambda _: time.monotonic() - begun, monkeypatch) is None
    assert time.monotonic() - begun >= PATIENCE


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts it")
def test_processes_that_share_a_processor_are_seen_to_wait() -> None:
    one = str(min(os.sched_getaffinity(0)))
    busy = [subprocess.Popen([sys.executable, "-c", BUSY, one]) for _ in range(3)]
    try:
        ends = time.monotonic() + 60
        while starved_s(busy[0].pid) < 0.2:
            assert time.monotonic() < ends
            time.sleep(0.05)
        assert starved_s(os.getpid()) >= starved_s(busy[0].pid)  # a process speaks for all it started
    finally:
        for process in busy:
            process.kill()
            process.wait()
    assert starved_s(busy[0].pid) == 0.0
