"""How sure a value is: one table, from what was checked and never from what a model says of itself."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from docextract.types import Evidence, Json, Status

BY_STATUS: dict[Status, float] = {
    "verbatim": 1.0,
    "normalised": 0.97,
    "approximate": 0.85,
    "contradicted": 0.15,
    "absent": 0.05,
    "unchecked": 0.5,
    "inferred": 0.5,
}
"""Before the words' own confidence (the mean that OCR gives them) is multiplied in."""

AUDIT_PASSED = 0.5
"""A passed audit closes this part of the gap to 1 of a located value; two independent signs seldom lie alike."""

AUDIT_FAILED = 0.6
"""A failed audit multiplies every value that it compared: one of them is wrong, nobody knows which."""

ROW_DOUBTED = 0.5
"""What a row is worth that is repeated, out of place, or stands on no line of the page."""

MISLABELLED = 0.5
"""The number is on the page, but beside another label than its field's."""

AGREED = 0.5
"""Two looks, or two windows, that say the same close this part of the gap to 1."""

CONFLICT = 0.7
"""Another page says something else."""

_RAISED = ("verbatim", "normalised", "approximate", "unchecked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is known of leaves beside where they stand; all are JSON pointers of leaves, `doubted` of rows too."""

    passed: Collection[str] = ()
    failed: Collection[str] = ()
    doubted: Collection[str] = ()
    mislabelled: Collection[str] = ()
    agreed: Collection[str] = ()
    conflicting: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Calibration:
    """What raw confidence has turned out to be worth: points (raw, calibrated), straight lines between them."""

    points: tuple[tuple[float, float], ...]

    def __call__(self, raw: float) -> float:
        """The calibrated confidence; outside the points that of the nearest one."""
        xs = [x for x, _ in self.points]
        place = bisect_right(xs, raw)
        if place == 0 or place == len(xs):
            return self.points[0 if place == 0 else -1][1]
        (x0, y0), (x1, y1) = self.points[place - 1], self.points[place]
        return y0 + (y1 - y0) * (raw - x0) / (x1 - x0)


def calibration_from(value: Json) -> Calibration | None:
    """The calibration that a file says: {"points": [[raw, calibrated], ...]}; None where it says none."""
    points = value.get("points") if isinstance(value, dict) else None
    found: dict[float, float] = {}
    for point in points if isinstance(points, list) else ():
        if isinstance(point, list) and len(point) == 2 and all(_is_share(each) for each in point):
            found[float(point[0])] = float(point[1])
    return Calibration(tuple(sorted(found.items()))) if found else None


def _is_share(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def weigh(evidence: Iterable[Evidence], signs: Signs, calibration: Calibration | None = None) -> Iterator[Evidence]:
    """The same evidence with its confidence raised or lowered by the signs, then calibrated."""
    return (_weighed(item, signs, calibration) for item in evidence)


def _weighed(item: Evidence, signs: Signs, calibration: Calibration | None) -> Evidence:
    sure, path = item.confidence, item.path
    if item.status in _RAISED:
        sure += (1 - sure) * AUDIT_PASSED * (path in signs.passed)
        sure += (1 - sure) * AGREED * (path in signs.agreed)
    if path in signs.failed:
        sure *= AUDIT_FAILED
    if path in signs.mislabelled:
        sure *= MISLABELLED
    if path in signs.conflicting:
        sure *= CONFLICT
    if signs.doubted and any(row in signs.doubted for row in _around(path)):
        sure *= ROW_DOUBTED
    if calibration is not None:
        sure = calibration(sure)
    sure = round(min(max(sure, 0.0), 1.0), 4)
    return item if sure == item.confidence else replace(item, confidence=sure)


def _around(path: str) -> Iterable[str]:
    """A pointer and every pointer around it."""
    while path:
        yield path
        path = path.rpartition("/")[0]
