"""The rules by which all workers together are let through, without a store or a clock."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from docextract.journal.lane import Lane, answered, entered, limited, opened, pause_of, paused
from docextract.journal.rows import Limits


@given(
    rate=st.floats(min_value=0.5, max_value=500),
    gaps=st.lists(st.floats(min_value=0, max_value=2), min_size=1, max_size=200),
)
def test_no_second_sees_more_than_its_rate(rate: float, gaps: list[float]) -> None:
    limits = Limits(start=1000, ceiling=1000, rpm=rate * 60)
    lane, now, sent = opened(limits), 0.0, list[float]()
    for gap in gaps:
        now += gap
        lane, wait_s = entered(lane, limits, taken=0, tokens=0, now=now)
        sent.append(now + wait_s)
    for begin in sent:
        within = sum(1 for moment in sent if begin <= moment < begin + 1.0)
        assert within <= rate * 1.02 + 2


def test_tokens_that_were_not_used_go_back() -> None:
    limits = Limits(start=9, ceiling=9, tpm=600)
    lane, first = entered(opened(limits), limits, taken=0, tokens=100, now=0.0)
    lane, second = entered(lane, limits, taken=1, tokens=100, now=0.0)
    assert (first, round(second, 1)) == (0.0, 10.0)
    lane = answered(lane, limits, taken=2, spare_tokens=150, now=1.0)
    _, third = entered(lane, limits, taken=1, tokens=100, now=1.0)
    assert 3.9 < third < 4.1


def test_the_limit_is_halved_once_in_a_cooldown_and_then_grows_by_one() -> None:
    limits = Limits(start=16, ceiling=64)
    lane = opened(limits)
    for _ in range(5):
        lane = limited(lane, wait_s=0.0, now=100.0)
    assert lane.limit == 8
    lane = full_round(lane, limits, now=101.0)
    assert lane.limit == 8, "not in the cooldown"
    lane = full_round(lane, limits, now=106.0)
    assert lane.limit == 9


def full_round(lane: Lane, limits: Limits, now: float) -> Lane:
    for taken in range(lane.limit):
        lane, _ = entered(lane, limits, taken=taken, tokens=0, now=now)
    for taken in range(lane.limit, 0, -1):
        lane = answered(lane, limits, taken=taken, spare_tokens=0, now=now)
    return lane


def test_a_limit_that_is_not_used_does_not_grow() -> None:
    limits = Limits(start=4, ceiling=64)
    lane = opened(limits)
    for _ in range(40):
        lane, _ = entered(lane, limits, taken=0, tokens=0, now=0.0)
        lane = answered(lane, limits, taken=1, spare_tokens=0, now=0.0)
    assert lane.limit == 4


@given(events=st.lists(st.tuples(st.sampled_from(["full", "limited", "pause"]), st.floats(0, 100)), max_size=40))
def test_the_limit_stays_between_one_and_the_ceiling_and_pauses_only_get_longer(
    events: list[tuple[str, float]],
) -> None:
    limits = Limits(start=3, ceiling=11)
    lane, now = opened(limits), 0.0
    for event, seconds in events:
        now += seconds
        before = lane.paused_until
        if event == "full":
            lane = full_round(lane, limits, now)
        elif event == "limited":
            lane = limited(lane, wait_s=seconds, now=now)
        else:
            lane = paused(lane, seconds=seconds, now=now)
        assert 1 <= lane.limit <= 11
        assert lane.paused_until >= before
        assert pause_of(lane, now) <= 100
