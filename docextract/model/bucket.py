"""A rate as a bucket: so many units a minute, in order, without a background task."""

from __future__ import annotations

from collections.abc import Callable


class Bucket:
    """At most `per_minute` units in a minute, with a burst of one second's worth at most.

    The generic cell rate algorithm: one moment, `next`, from which on the next unit is due. Taking
    moves it forward at once, so waiters line up in the order they came.
    """

    def __init__(self, per_minute: float, *, now: Callable[[], float]) -> None:
        self._interval_s = 60.0 / per_minute
        self._burst_s = min(1.0, max(0.0, 1.0 - self._interval_s))
        self._now = now
        self._next = now() - self._burst_s

    def take(self, units: float = 1.0) -> float:
        """Take units and return the seconds to wait before using them."""
        now = self._now()
        self._next = max(self._next, now - self._burst_s)
        wait_s = max(0.0, self._next - now)
        self._next += units * self._interval_s
        return wait_s

    def give(self, units: float) -> None:
        """Give back units that were taken and not used, or with a negative number take more after the fact."""
        self._next -= units * self._interval_s
