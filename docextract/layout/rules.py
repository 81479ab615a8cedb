"""Drawn lines made whole: pieces joined, doubles dropped, and lines that touch gathered into frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docextract.types import Box, Ruling, Word

SNAP = 2.5
"""Lines nearer than this (points) are one: double rules, both edges of a thin bar, rounding of generators."""

REACH = 4.0
"""Lines that come this near to each other (points) touch: generators leave small gaps at corners."""

_SIGNS = 6
"""A line of so many equal signs is drawn, not written."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A whole straight line: `at` is its y (horizontal) or x (vertical), `start` to `end` along it."""

    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        """Length in points."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Frame:
    """Rules that touch each other, directly or through others."""

    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    box: Box


def join(rules: Iterable[Rule]) -> list[Rule]:
    """Collinear rules that overlap or nearly touch, as one each, ordered by place."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: r.at):
        if groups and rule.at - groups[-1][-1].at <= SNAP and rule.at - groups[-1][0].at <= 2 * SNAP:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    joined: list[Rule] = []
    for group in groups:
        group.sort(key=lambda r: r.start)
        run = [group[0]]
        end = group[0].end
        for rule in group[1:]:
            if rule.start <= end + REACH:
                run.append(rule)
                end = max(end, rule.end)
            else:
                joined.append(_one(run))
                run, end = [rule], rule.end
        joined.append(_one(run))
    return joined


def _one(run: Sequence[Rule]) -> Rule:
    weight = sum(r.length for r in run) or 1.0
    at = sum(r.at * (r.length or 1.0 / len(run)) for r in run) / weight if weight > 1 else run[0].at
    return Rule(at, min(r.start for r in run), max(r.end for r in run))


def whole_rules(rulings: Sequence[Ruling], width: float, height: float) -> tuple[list[Rule], list[Rule]]:
    """Horizontal and vertical rules of a page, joined. Lines at the page's own edges are left out."""
    across: list[Rule] = []
    down: list[Rule] = []
    for r in rulings:
        dx, dy = r.x1 - r.x0, r.y1 - r.y0
        if dx >= dy:
            if 2 < r.y0 < height - 2 and dx > 1:
                across.append(Rule((r.y0 + r.y1) / 2, max(r.x0, 0.0), min(r.x1, width)))
        elif 2 < r.x0 < width - 2 and dy > 1:
            down.append(Rule((r.x0 + r.x1) / 2, max(r.y0, 0.0), min(r.y1, height)))
    # Dashes join to lines first; what then is still shorter than a letter is a mark, not a line.
    return (
        [r for r in join(across) if r.length > 8],
        [r for r in join(down) if r.length > 5],
    )


def is_typed_rule(word: Word) -> bool:
    """Whether a word is a line made of signs (`-------`, `=====`), which no cell holds."""
    return len(word.text) >= _SIGNS and len(set(word.text)) == 1 and word.text[0] in "-=_–—*"


def frames(across: Sequence[Rule], down: Sequence[Rule]) -> list[Frame]:
    """Groups of rules that touch each other, with at least one of each direction, top to bottom."""
    parent = list(range(len(across) + len(down)))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for j, v in enumerate(down):
        for i, h in enumerate(across):
            if v.start - REACH <= h.at <= v.end + REACH and h.start - REACH <= v.at <= h.end + REACH:
                parent[find(len(across) + j)] = find(i)
    members: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, h in enumerate(across):
        members.setdefault(find(i), ([], []))[0].append(h)
    for j, v in enumerate(down):
        members.setdefault(find(len(across) + j), ([], []))[1].append(v)
    found = [
        Frame(
            tuple(hs),
            tuple(vs),
            (
                min([h.start for h in hs] + [v.at for v in vs]),
                min([h.at for h in hs] + [v.start for v in vs]),
                max([h.end for h in hs] + [v.at for v in vs]),
                max([h.at for h in hs] + [v.end for v in vs]),
            ),
        )
        for hs, vs in members.values()
        if hs and vs
    ]
    return sorted(found, key=lambda f: (f.box[1], f.box[0]))


def cluster(values: Iterable[float], tolerance: float = SNAP) -> list[float]:
    """Means of groups of values that lie within `tolerance` of the next."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= tolerance:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(g) / len(g) for g in groups]


def nearest(values: Sequence[float], value: float) -> int:
    """Index of the value in `values` (sorted, not empty) that lies nearest."""
    return min(range(len(values)), key=lambda i: abs(values[i] - value))
