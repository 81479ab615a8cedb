"""Estimates that learn: never wider than the bounds, never from too few answers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from docextract.budget.learned import Learned, learned_from
from docextract.budget.text import Bounds

ESTIMATES = st.tuples(st.integers(1, 200_000), st.integers(0, 200_000)).map(
    lambda pair: Bounds(pair[0], pair[0] + pair[1])
)


def _learned(shares: list[float], estimate: Bounds) -> Learned:
    """As if the endpoint had counted each answer at this share of the way from low to high."""
    learned = Learned()
    for share in shares:
        learned.learn(estimate, round(estimate.low + share * (estimate.high - estimate.low)), images=True)
    return learned


@given(ESTIMATES, st.lists(st.floats(0, 1), max_size=12))
def test_a_narrowed_estimate_lies_within_the_old_one_and_holds_what_was_seen(
    estimate: Bounds, shares: list[float]
) -> None:
    narrowed = _learned(shares, estimate).narrow(estimate, images=True)
    assert estimate.low <= narrowed.low <= narrowed.high <= estimate.high
    for share in shares:
        assert narrowed.low <= round(estimate.low + share * (estimate.high - estimate.low)) <= narrowed.high


def test_a_few_answers_change_nothing_and_many_narrow_the_estimate() -> None:
    estimate = Bounds(1000, 4000)
    assert _learned([0.5] * 4, estimate).narrow(estimate, images=True) == estimate
    assert _learned([0.5] * 5, estimate).narrow(estimate, images=True) == Bounds(2450, 2550)


def test_text_learns_nothing_from_images() -> None:
    estimate = Bounds(1000, 4000)
    assert _learned([0.5] * 9, estimate).narrow(estimate, images=False) == estimate


def test_what_was_learned_can_be_kept_and_joined() -> None:
    estimate = Bounds(1000, 3000)
    kept = learned_from(_learned([0.25] * 3, estimate).as_json())
    kept.merge(_learned([0.75] * 3, estimate))
    assert kept.kinds["images"].n == 6
    assert kept.narrow(estimate, images=True) == Bounds(1470, 2550)
