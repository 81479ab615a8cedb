from __future__ import annotations

from typing import Any

import anyio
import anyio.lowlevel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.errors import AccountError, TransportError
from docextract.model.bucket import Bucket
from docextract.model.clock import Clock
from docextract.model.limiter import Gate, GateOptions, gate_options
from docextract.model.retry import Retry, RetryOptions, wait_of
from docextract.types import ModelReply, Usage

pytestmark = pytest.mark.anyio
REPLY = ModelReply(text="{}", finish_reason="stop", usage=Usage(calls=1, input_tokens=10))


def overload() -> TransportError:
    error = TransportError("busy", code="unavailable")
    error.__dict__["provider_code"] = "1305"
    return error


async def fill(gate: Gate, count: int) -> None:
    """One round: as many calls at once as the gate lets in, all of them answered."""
    async with anyio.create_task_group() as group:
        for _ in range(count):
            group.start_soon(succeed, gate)


async def succeed(gate: Gate) -> None:
    async with gate.slot():
        await anyio.lowlevel.checkpoint()
        gate.succeeded()


async def test_a_new_gate_doubles_a_round_up_to_its_ceiling(hand: Any) -> None:
    gate = Gate(GateOptions(start=2, ceiling=16), clock=hand.clock)
    limits = []
    for _ in range(5):
        await fill(gate, gate.limit)
        limits.append(gate.limit)
    assert limits == [4, 8, 16, 16, 16]
    assert gate.peak <= 16


async def test_what_is_not_used_does_not_grow(hand: Any) -> None:
    gate = Gate(GateOptions(start=10, ceiling=64), clock=hand.clock)
    for _ in range(20):
        await fill(gate, 7)
    assert gate.limit == 10


async def test_a_rate_limit_halves_once_a_cooldown_and_growth_is_slow_after_it(hand: Any) -> None:
    gate = Gate(GateOptions(start=16, ceiling=64), clock=hand.clock)
    for _ in range(6):
        gate.limited()
    assert gate.limit == 8
    await fill(gate, 8)
    assert gate.limit == 8  # still cooling
    hand.time += 6
    await fill(gate, 8)
    assert gate.limit in {8, 9}  # about one more a round, no longer doubling
    hand.time += 60
    for _ in range(20):
        gate.limited()
        hand.time += 60
    assert gate.limit == 1


async def test_an_explicit_number_is_start_and_ceiling(hand: Any) -> None:
    options = gate_options(concurrency=3, profile_start=2)
    gate = Gate(options, clock=hand.clock)
    for _ in range(5):
        await fill(gate, 9)
    assert (gate.limit, gate.peak) == (3, 3)
    assert gate_options(concurrency=None, profile_start=2) == GateOptions(start=2, ceiling=64)


async def test_slots_are_given_in_the_order_they_were_asked_for(hand: Any) -> None:
    gate = Gate(GateOptions(start=1, ceiling=1), clock=hand.clock)
    order: list[int] = []

    async def call(number: int) -> None:
        async with gate.slot():
            order.append(number)
            await anyio.lowlevel.checkpoint()

    async with anyio.create_task_group() as group:
        for number in range(6):
            group.start_soon(call, number)
    assert order == sorted(order)
    assert gate.in_flight == 0


async def test_a_cancelled_waiter_keeps_no_slot(hand: Any) -> None:
    gate = Gate(GateOptions(start=1, ceiling=1), clock=hand.clock)
    async with gate.slot():
        with anyio.move_on_after(0.01):
            async with gate.slot():
                raise AssertionError
    async with gate.slot():
        assert gate.in_flight == 1
    assert gate.in_flight == 0


async def test_one_pause_stops_everyone_and_a_shorter_one_does_not_end_it(hand: Any) -> None:
    gate = Gate(GateOptions(start=4), clock=hand.clock)
    gate.pause(30)
    gate.pause(5)
    started = hand.time
    await fill(gate, 4)
    assert hand.time - started >= 30
    assert gate.pause_s == 0


async def test_requests_a_minute_hold_over_any_number_of_calls(hand: Any) -> None:
    gate = Gate(GateOptions(start=8, rpm=120), clock=hand.clock)
    started = hand.time
    for _ in range(121):
        async with gate.slot():
            pass
    assert hand.time - started >= 59


async def test_tokens_a_minute_count_what_was_used(hand: Any) -> None:
    gate = Gate(GateOptions(start=1, ceiling=1, tpm=6000), clock=hand.clock)
    started = hand.time
    for _ in range(10):
        async with gate.slot(1000):
            gate.succeeded(spare_tokens=900)
    first = hand.time - started
    for _ in range(10):
        async with gate.slot(1000):
            gate.succeeded()
    assert first == pytest.approx(9, abs=2)
    assert hand.time - started - first >= 80


@given(st.lists(st.tuples(st.floats(0, 3), st.integers(1, 5)), min_size=5, max_size=60), st.integers(30, 6000))
def test_no_minute_ever_holds_more_than_the_rate(steps: list[tuple[float, int]], per_minute: int) -> None:
    now = 0.0
    bucket = Bucket(per_minute, now=lambda: now)
    used: list[tuple[float, int]] = []
    for pause, units in steps:
        now += pause
        used.append((now + bucket.take(units), units))
    burst = per_minute / 60 + max(units for _, units in used)
    for moment, _ in used:
        held = sum(units for at, units in used if moment - 60 < at <= moment)
        assert held <= per_minute + burst + 1e-6


@pytest.mark.parametrize("failures", [1, 2, 3])
def test_an_overload_is_tried_three_times_within_twelve_seconds(failures: int) -> None:
    assert wait_of(overload(), failures, lambda: 0.999) < 4


def test_then_it_is_waited_out() -> None:
    assert [wait_of(overload(), failures, lambda: 1.0) for failures in (4, 5, 6, 7, 8)] == [30, 60, 90, 120, 120]


@given(st.integers(1, 2000), st.floats(0, 1, exclude_max=True))
def test_other_waits_grow_to_a_minute_with_full_jitter(failures: int, chance: float) -> None:
    wait_s = wait_of(TransportError("x"), failures, lambda: chance)
    assert 0 <= wait_s <= min(60, 2.0 ** min(failures - 1, 20))


def test_what_was_asked_for_is_waited_at_least() -> None:
    for chance in (0.0, 0.99):
        assert 7 <= wait_of(TransportError("x", retry_after_s=7), 1, lambda: chance) <= 7.7  # noqa: B023 - called here


class Scripted:
    """A call that fails as told, then answers; notes how many slots were taken while waiting."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.numbers: list[int] = []

    async def __call__(self, number: int) -> ModelReply:
        self.numbers.append(number)
        await anyio.lowlevel.checkpoint()
        if self.errors:
            raise self.errors.pop(0)
        return REPLY


async def test_retries_wait_outside_the_slot() -> None:
    gate = Gate(GateOptions(start=1, ceiling=1))
    in_flight: list[int] = []

    async def sleep(seconds: float) -> None:
        in_flight.append(gate.in_flight)

    clock = Clock(sleep=sleep)
    call = Scripted(TransportError("a"), TransportError("b"))
    assert await Retry(gate, clock=clock).run(call) == REPLY
    assert (call.numbers, in_flight) == ([0, 1, 2], [0, 0])


async def test_an_outage_is_waited_out_and_given_up_by_time_not_by_count(hand: Any) -> None:
    retry = Retry(Gate(clock=hand.clock), RetryOptions(max_outage_s=600), clock=hand.clock)
    call = Scripted(*(TransportError("down") for _ in range(12)))
    assert await retry.run(call) == REPLY
    started = hand.time
    with pytest.raises(TransportError):
        await retry.run(Scripted(*(TransportError("down") for _ in range(10_000))))
    assert 500 <= hand.time - started <= 600


async def test_a_wait_longer_than_patience_is_not_begun(hand: Any) -> None:
    retry = Retry(Gate(clock=hand.clock), RetryOptions(max_outage_s=60), clock=hand.clock)
    with pytest.raises(TransportError):
        await retry.run(Scripted(TransportError("later", code="rate_limited", retry_after_s=3600)))
    assert hand.slept == []


async def test_calls_that_may_be_billed_are_not_repeated_for_ever(hand: Any) -> None:
    call = Scripted(*(TransportError("cut", in_doubt=True) for _ in range(100)))
    retry = Retry(Gate(clock=hand.clock), RetryOptions(max_in_doubt=2), clock=hand.clock)
    with pytest.raises(TransportError):
        await retry.run(call)
    assert len(call.numbers) == 3


async def test_only_rate_limits_and_overload_cut_the_gate(hand: Any) -> None:
    gate = Gate(GateOptions(start=8), clock=hand.clock)
    retry = Retry(gate, clock=hand.clock)
    await retry.run(Scripted(TransportError("500", code="unavailable"), TransportError("slow", code="timed_out")))
    assert gate.limit >= 8
    await retry.run(Scripted(TransportError("429", code="rate_limited", retry_after_s=9)))
    assert gate.limit == 4
    hand.time += 60
    await retry.run(Scripted(overload()))
    assert gate.limit == 2


async def test_what_is_no_transport_trouble_goes_straight_through(hand: Any) -> None:
    call = Scripted(AccountError("no money", code="quota_exhausted"))
    with pytest.raises(AccountError):
        await Retry(Gate(clock=hand.clock), clock=hand.clock).run(call)
    assert call.numbers == [0]
    assert hand.slept == []
