"""A row of the table of figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docextract.evaluate.counts import Counts
from docextract.evaluate.interval import interval, mean
from docextract.evaluate.score import Figure, averaged, pooled


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure with its interval and number of documents. `cpu_s` is CPU seconds a page, reading included."""

    part: str
    what: str
    figure: Figure
    pages: int
    cpu_s: float | None = None
    goal: str = ""


def recall(counts: Sequence[Counts]) -> Figure:
    """Pooled recall."""
    return _ratio([(each.right, each.wanted) for each in counts])


def precision(counts: Sequence[Counts]) -> Figure:
    """Pooled precision."""
    return _ratio([(each.right, each.got) for each in counts])


def f1(counts: Sequence[Counts]) -> Figure:
    """Pooled (micro) F1."""
    return pooled(counts)


def share(values: Sequence[bool]) -> Figure:
    """How many are true."""
    return averaged(float(value) for value in values)


def average(values: Sequence[float | None]) -> Figure:
    """The mean over documents (macro)."""
    return averaged(values)


def seconds(values: Sequence[float]) -> Figure:
    """A mean that is no share."""
    return Figure(value=mean(values), interval=interval(values, mean), n=len(values))


def _ratio(parts: Sequence[tuple[int, int]]) -> Figure:
    def ratio(drawn: Sequence[tuple[int, int]]) -> float | None:
        whole = sum(each for _, each in drawn)
        return sum(part for part, _ in drawn) / whole if whole else None

    return Figure(value=ratio(parts), interval=interval(parts, ratio), n=len(parts))
