"""Right, missed and made up: what precision, recall and F1 are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """`right` of `wanted` true ones are among the `got` given ones."""

    right: int = 0
    wanted: int = 0
    got: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(right=self.right + other.right, wanted=self.wanted + other.wanted, got=self.got + other.got)

    @property
    def precision(self) -> float | None:
        """Right / got, None where nothing was given."""
        return self.right / self.got if self.got else None

    @property
    def recall(self) -> float | None:
        """Right / wanted, None where there was nothing to find."""
        return self.right / self.wanted if self.wanted else None

    @property
    def f1(self) -> float | None:
        """2 right / (wanted + got): the harmonic mean of the two; None where there is nothing on either side."""
        both = self.wanted + self.got
        return 2 * self.right / both if both else None


def total(counts: Iterable[Counts]) -> Counts:
    """The pooled counts (for micro averages)."""
    pooled = Counts()
    for each in counts:
        pooled += each
    return pooled
