"""What answers have shown about a model's token counts: estimates of later documents are narrowed by it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from docextract.budget.text import Bounds

_ENOUGH = 5  # answers; fewer may all be of one kind of page
_MARGIN = 0.02  # beyond the extremes seen


@dataclass(slots=True)
class Ratios:
    """Input tokens counted by the endpoint, over the middle of what was estimated: how many seen, the extremes."""

    n: int = 0
    least: float = math.inf
    most: float = 0.0

    def take(self, ratio: float, *, n: int = 1) -> None:
        """One more answer."""
        self.n += n
        self.least, self.most = min(self.least, ratio), max(self.most, ratio)


@dataclass(slots=True)
class Learned:
    """Ratios of one model, apart for windows with images and for windows of text.

    They narrow what a person is told to expect. Windows are still cut, and money is still reserved, by
    the bounds that hold for every tokenizer: a run must not depend on what an earlier one happened to see.
    """

    kinds: dict[str, Ratios] = field(default_factory=dict)

    def learn(self, estimate: Bounds, counted: int, *, images: bool) -> None:
        """Take in one answer's `usage`: the input tokens of a window asked for the first time."""
        middle = (estimate.low + estimate.high) / 2
        if middle > 0 and counted > 0:
            self.kinds.setdefault(_kind(images=images), Ratios()).take(counted / middle)

    def narrow(self, estimate: Bounds, *, images: bool) -> Bounds:
        """The part of the estimate that answers so far agree with; all of it until enough were seen."""
        seen = self.kinds.get(_kind(images=images))
        if seen is None or seen.n < _ENOUGH:
            return estimate
        middle = (estimate.low + estimate.high) / 2
        low = max(estimate.low, math.floor(middle * seen.least * (1 - _MARGIN)))
        high = min(estimate.high, math.ceil(middle * seen.most * (1 + _MARGIN)))
        return Bounds(low, high) if low <= high else estimate

    def merge(self, other: Learned) -> None:
        """Take in what another process has seen."""
        for kind, ratios in other.kinds.items():
            mine = self.kinds.setdefault(kind, Ratios())
            mine.take(ratios.least, n=ratios.n)
            mine.take(ratios.most, n=0)

    def as_json(self) -> dict[str, Any]:
        """For keeping; `learned_from` reads it."""
        return {kind: asdict(ratios) for kind, ratios in sorted(self.kinds.items())}


def learned_from(value: Mapping[str, Any]) -> Learned:
    """What `as_json` gave. Raises ValueError, TypeError or KeyError for anything else."""
    learned = Learned()
    for kind, row in value.items():
        n, least, most = int(row["n"]), float(row["least"]), float(row["most"])
        if n > 0 and 0 < least <= most < math.inf:
            learned.kinds[kind] = Ratios(n, least, most)
    return learned


def _kind(*, images: bool) -> str:
    return "images" if images else "text"
