"""Which of several places is meant: that of the same row, under or beside the field's own label, not taken yet."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from docextract.check.index import Match
from docextract.check.keys import key
from docextract.check.leaves import Leaf
from docextract.check.place import Place

Line = tuple[int, int]
"""A page number and a line on it."""


@dataclass(slots=True)
class Taken:
    """Places given away so far, and where the last group of each list stood.

    `begun` has for each page a bit for every word, 1 where a value begins with it; `within` those that begin inside
    of one, by page, word and character.
    """

    begun: dict[int, int] = field(default_factory=dict)
    within: set[tuple[int, int, int]] = field(default_factory=set)
    last: dict[str, Line] = field(default_factory=dict)

    def has(self, match: Match) -> bool:
        """Whether a value stands there already."""
        if match.start:
            return (match.page, match.words[0], match.start) in self.within
        return bool(self.begun.get(match.page, 0) >> match.words[0] & 1)

    def take(self, match: Match) -> None:
        """Note that a value stands there."""
        if match.start:
            self.within.add((match.page, match.words[0], match.start))
        else:
            self.begun[match.page] = self.begun.get(match.page, 0) | 1 << match.words[0]

    def stand(self, group: str, line: Line) -> None:
        """Note the line of a group. Those that no later group can follow are forgotten: lists are long."""
        if len(self.last) >= _MOST_LAST:
            self.last = {path: place for path, place in self.last.items() if group.startswith(path)}
        self.last[_list_of(group)] = line
        self.last[group] = line


_MOST_LAST = 64


def choose(
    leaves: Sequence[Leaf],
    candidates: Mapping[str, Sequence[Match]],
    settled: Mapping[str, Match],
    searches: Mapping[int, Place],
    taken: Taken,
) -> dict[str, Match]:
    """One place for each leaf of a group that can be told; leaves that cannot be told apart are left out."""
    chosen = dict(settled)
    for match in settled.values():
        taken.take(match)
    group = leaves[0].group
    anchor = _anchor(leaves, candidates, settled, searches, taken)
    for leaf in leaves:
        options = candidates.get(leaf.path, ())
        if leaf.path in chosen or not options:
            continue
        picked = _pick(leaf, options, anchor, searches, taken)
        if picked is not None:
            chosen[leaf.path] = picked
            taken.take(picked)
    if anchor is not None and group:
        taken.stand(group, anchor)
    return chosen


def is_slight(leaf: Leaf) -> bool:
    """Whether a value says too little to be told apart on a page: a small integer, a word of two letters."""
    value = leaf.value
    if isinstance(value, int | float):
        return float(value).is_integer() and abs(value) < 100
    text = key(str(value))
    return len(text) <= 2


def is_telling(quote: str) -> bool:
    """Whether a small number is printed as an amount (`22,00`, `€ 5`), as few others are."""
    return re.search(r"\d[.,]\d|[€$£¥]|[A-Z]{3}", quote) is not None


def _list_of(group: str) -> str:
    return group.rpartition("/")[0]


def _anchor(
    leaves: Sequence[Leaf],
    candidates: Mapping[str, Sequence[Match]],
    settled: Mapping[str, Match],
    searches: Mapping[int, Place],
    taken: Taken,
) -> Line | None:
    """The line where most of the group's values stand, rare values counting most. None for the root."""
    group = leaves[0].group
    if not group:
        return None
    before = taken.last.get(_list_of(group)) or taken.last.get(leaves[0].parent)
    votes: dict[Line, float] = defaultdict(float)
    for leaf in leaves:
        options = [settled[leaf.path]] if leaf.path in settled else candidates.get(leaf.path, ())
        if not options or (is_slight(leaf) and leaf.path not in settled):
            continue
        weight = (1 + min(len(key(str(leaf.value))), 40) / 10) / len(options) * (5 if leaf.path in settled else 1)
        lines = {_line(match, searches): (0.3 if taken.has(match) else 1.0) for match in options}
        for line, share in lines.items():
            votes[line] += weight * share
    if not votes:
        return _line_of_slight(leaves, candidates, searches, before)
    return max(votes, key=lambda line: (_with_neighbours(votes, line) * _after(line, before), -line[0], -line[1]))


def _line_of_slight(
    leaves: Sequence[Leaf],
    candidates: Mapping[str, Sequence[Match]],
    searches: Mapping[int, Place],
    before: Line | None,
) -> Line | None:
    """The line that holds a row of small values only: at least three, and nearly all of them."""
    votes: dict[Line, int] = defaultdict(int)
    for leaf in leaves:
        for line in {_line(match, searches) for match in candidates.get(leaf.path, ())}:
            votes[line] += 1
    least = max(3, 0.8 * len(leaves))
    full = [line for line, count in votes.items() if count >= least and (before is None or line > before)]
    return min(full, default=None)


def _with_neighbours(votes: Mapping[Line, float], line: Line) -> float:
    page, number = line
    return votes[line] + 0.5 * (votes.get((page, number - 1), 0.0) + votes.get((page, number + 1), 0.0))


def _after(line: Line, before: Line | None) -> float:
    """Rows follow one another: a place above the row before is unlikely, one far below a little."""
    if before is None:
        return 1.0
    if line < before:
        return 0.4
    distance = line[1] - before[1] if line[0] == before[0] else 30
    return 1.0 - min(distance, 60) * 0.005


def _pick(
    leaf: Leaf,
    options: Sequence[Match],
    anchor: Line | None,
    searches: Mapping[int, Place],
    taken: Taken,
) -> Match | None:
    slight = is_slight(leaf)
    told = [match for match in options if is_telling(searches[match.page].page.quote(match))] if slight else options
    if len(options) == 1 and told:
        return options[0]
    if anchor is None:
        labelled = [match for match in options[:60] if has_label(leaf, match, searches[match.page])]
        options = labelled or told
        # The first that is free: `min` keeps the order among equals.
        return min(options, key=taken.has, default=None)

    def cost(match: Match) -> tuple[float, bool, int, float]:
        page, line = _line(match, searches)
        away = abs(line - anchor[1]) if page == anchor[0] else 1000 + abs(page - anchor[0])
        word = searches[match.page].page.words[match.words[0]]
        return (away + (1.5 if taken.has(match) else 0), taken.has(match), line, word.x0)

    best = min(options, key=cost)
    if slight and best not in told and cost(best)[0] > 1:
        return None
    return best


def _line(match: Match, searches: Mapping[int, Place]) -> Line:
    return match.page, searches[match.page].page.line_of[match.words[0]]


def has_label(leaf: Leaf, match: Match, search: Place) -> bool:
    """Whether one of the field's labels stands before the place on its line, or right above it."""
    page = search.page
    first = page.words[match.words[0]]
    number = page.line_of[match.words[0]]
    on_line = [page.words[i].text for i in page.lines[number] if page.words[i].x0 < first.x0]
    own = first.text[: match.start]
    left = key(" ".join([*on_line[-8:], own]))
    above = ""
    if number > 0:
        over = [page.words[i] for i in page.lines[number - 1]]
        above = key(" ".join(word.text for word in over if word.x1 > first.x0 - 20 and word.x0 < first.x1 + 20))
    wanted = [label for label in map(key, leaf.labels) if len(label) >= 3]
    return any(label in left or label in above for label in wanted)
