"""How sure a figure is: bootstrap intervals over documents (Efron 1979), the same for the same seed."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

SEED, TIMES, LEVEL = 20130813, 1000, 0.95


def interval(
    items: Sequence[T], statistic: Callable[[Sequence[T]], float | None], *, seed: int = SEED, times: int = TIMES
) -> tuple[float, float] | None:
    """The percentile interval (95 %) of a statistic of documents drawn with replacement, None where it has none."""
    if not items:
        return None
    draw = random.Random(seed)  # noqa: S311 - a repeatable sample, no secret
    values = [statistic(draw.choices(items, k=len(items))) for _ in range(times)]
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    return percentile(known, (1 - LEVEL) / 2), percentile(known, (1 + LEVEL) / 2)


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` of the sorted values lie, between two of them on the straight line."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def mean(values: Sequence[float]) -> float | None:
    """The arithmetic mean, None of nothing."""
    return sum(values) / len(values) if values else None
