from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.model.limiter import Gate, GateOptions
from docextract.model.pace import Pace

pytestmark = pytest.mark.anyio


def most_within(moments: Sequence[float], seconds: float) -> int:
    ordered = sorted(moments)
    return max(bisect_left(ordered, moment + seconds) - place for place, moment in enumerate(ordered))


class Stalled:
    """Time of a process that stands still now and then; a sleep ends when it was to end, or after the stall."""

    def __init__(self, stalls: Sequence[tuple[float, float]]) -> None:
        self.stalls = stalls
        self.time = 0.0

    def now(self) -> float:
        for begin, seconds in self.stalls:
            if begin <= self.time < begin + seconds:
                self.time = begin + seconds
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += max(0.0, seconds)
        self.now()


def sent(dues: Sequence[float], stalls: Sequence[tuple[float, float]]) -> list[float]:
    """When one process sends the calls due at these moments, each ready as soon as it is due or later."""
    clock = Stalled(stalls)
    pace = Pace(now=clock.now, sleep=clock.sleep)
    moments: list[float] = []

    async def main() -> None:
        for due in dues:
            pace.expect(due)
        for due in dues:
            clock.time = max(clock.time, due)
            await pace.turn()
            moments.append(clock.now())

    anyio.run(main)
    return moments


@given(
    gaps=st.lists(st.floats(0.001, 0.5), min_size=1, max_size=60),
    stalls=st.lists(st.tuples(st.floats(0, 10), st.floats(0, 3)), max_size=4),
)
def test_what_comes_late_is_no_denser_than_it_was_due(gaps: list[float], stalls: list[tuple[float, float]]) -> None:
    dues = [sum(gaps[: place + 1]) for place in range(len(gaps))]
    moments = sent(dues, stalls)
    assert all(moment >= due - 1e-6 for due, moment in zip(dues, moments, strict=True))
    # A sleep may end late itself; the distance is kept between turns, and each stall lets one call slip.
    assert most_within(moments, 1.0) <= most_within(dues, 1.0 + 1e-6) + len(stalls)


def test_a_stall_of_a_second_does_not_double_the_second_after_it() -> None:
    dues = [place / 100 for place in range(400)]
    assert most_within(sent(dues, [(1.0, 1.0)]), 1.0) <= 101


async def test_without_a_rate_nothing_waits(hand: Any) -> None:
    gate = Gate(GateOptions(start=4), clock=hand.clock)
    async with gate.slot():
        await gate.turn()
    assert hand.slept == []


async def test_calls_given_up_leave_no_turn_behind(hand: Any) -> None:
    gate = Gate(GateOptions(start=4, rpm=60), clock=hand.clock)
    for _ in range(5):
        async with gate.slot():
            pass
    async with gate.slot():
        before = hand.time
        await gate.turn()
        assert hand.time == before


@pytest.mark.parametrize("asked_late_s", [0.0, 0.4])
async def test_the_gate_keeps_distance_after_a_late_start(hand: Any, asked_late_s: float) -> None:
    gate = Gate(GateOptions(start=64, ceiling=64, rpm=600), clock=hand.clock)
    moments: list[float] = []
    for place in range(40):
        async with gate.slot():
            if place == 20:
                hand.time += asked_late_s
            await gate.turn()
            moments.append(hand.time)
    # Ten were due at once, the burst of one second; after that a tenth of a second apart.
    later = moments[10:]
    assert all(after - before >= 0.1 - 1e-9 for before, after in pairwise(later))
