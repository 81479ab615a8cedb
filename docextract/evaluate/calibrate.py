"""Whether confidence means anything: how often leaves of a confidence are right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from docextract.evaluate.interval import mean
from docextract.evaluate.score import DocumentScore
from docextract.types import Json

VERSION, BINS = 1, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A leaf of an answer: what was said of it, and whether it is right."""

    confidence: float
    status: str
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Leaves whose confidence lies from `low` up to `high` (the last bin holds 1.0)."""

    low: float
    high: float
    n: int
    confidence: float | None
    right: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """`ece` is the mean distance between confidence and share right, weighted by n (expected calibration error).

    `brier` is the mean squared distance of confidence from 1 for right and 0 for wrong. `statuses` has
    the share right by status. `points` is the best growing step function from confidence to share right
    (isotonic regression): (confidence from which on, share right).
    """

    n: int
    bins: tuple[Bin, ...]
    statuses: dict[str, tuple[int, float]]
    ece: float | None
    brier: float | None
    points: tuple[tuple[float, float], ...]


def judged(documents: Sequence[DocumentScore]) -> list[Judged]:
    """Every leaf of the answers that has evidence in its sidecar. What is missing has no confidence."""
    found = []
    for document in documents:
        for each in document.comparisons:
            item = document.pair.evidence.get(each.path) if each.verdict != "missing" else None
            if item is not None:
                right = each.verdict == "right"
                found.append(Judged(confidence=float(item["confidence"]), status=str(item["status"]), right=right))
    return found


def calibrate(leaves: Iterable[Judged]) -> Calibration:
    """The reliability table of these leaves."""
    items = sorted(leaves, key=lambda each: each.confidence)
    bins = tuple(_bin(index, items) for index in range(BINS))
    distances = [
        each.n * abs(each.confidence - each.right)
        for each in bins
        if each.confidence is not None and each.right is not None
    ]
    statuses: dict[str, list[bool]] = {}
    for each in items:
        statuses.setdefault(each.status, []).append(each.right)
    return Calibration(
        n=len(items),
        bins=bins,
        statuses={status: (len(rights), sum(rights) / len(rights)) for status, rights in sorted(statuses.items())},
        ece=sum(distances) / len(items) if items else None,
        brier=mean([(each.confidence - each.right) ** 2 for each in items]),
        points=_growing(items),
    )


def as_json(calibration: Calibration) -> Json:
    """The value of `.docextract/calibration.json`."""
    return {"version": VERSION, **asdict(calibration)}


def _bin(index: int, items: Sequence[Judged]) -> Bin:
    inside = [each for each in items if min(int(each.confidence * BINS), BINS - 1) == index]
    return Bin(
        low=index / BINS,
        high=(index + 1) / BINS,
        n=len(inside),
        confidence=mean([each.confidence for each in inside]),
        right=mean([float(each.right) for each in inside]),
    )


def _growing(items: Sequence[Judged]) -> tuple[tuple[float, float], ...]:
    """Pool adjacent violators (Ayer et al. 1955); leaves of equal confidence stand together from the start."""
    blocks: list[list[float]] = []  # confidence, right, n
    for each in items:
        if blocks and blocks[-1][0] == each.confidence:
            blocks[-1][1] += each.right
            blocks[-1][2] += 1
        else:
            blocks.append([each.confidence, float(each.right), 1.0])
    pools: list[list[float]] = []
    for block in blocks:
        pools.append(block)
        while len(pools) > 1 and pools[-2][1] * pools[-1][2] >= pools[-1][1] * pools[-2][2]:
            _, right, n = pools.pop()
            pools[-1][1] += right
            pools[-1][2] += n
    return tuple((start, right / n) for start, right, n in pools)
