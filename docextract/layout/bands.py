"""Tables set between long horizontal rules, as books set them: where such a stretch begins and ends."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from docextract.layout.entries import Entry
from docextract.layout.rules import Rule
from docextract.layout.shapes import Line
from docextract.types import Box


def find_bands(entries: Sequence[Entry], rules: Sequence[Rule]) -> list[Box]:
    """Stretches of the page between long rules of one width with table lines between them (as books set tables)."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: r.at):
        for same in groups:
            if abs(same[0].start - rule.start) < 8 and abs(same[0].end - rule.end) < 8 and rule.length > 60:
                same.append(rule)
                break
        else:
            groups.append([rule])
    bands: list[Box] = []
    for same in groups:
        bands.extend(_chains(entries, same))
    return bands


def _chains(entries: Sequence[Entry], same: Sequence[Rule]) -> list[Box]:
    """Rules of one width (top to bottom) as bands: table lines between them, or the short name of a group of rows."""
    found: list[Box] = []
    chain: list[Rule] = []
    waiting: list[Rule] = []
    for low, high in pairwise(same):
        inside = _between(entries, low, high)
        if inside and (sum(e.core for e in inside) >= 0.4 * len(inside) or (chain and _is_tall_row(inside, low))):
            chain = [*(chain or [low]), *waiting, high]
            waiting = []
        elif (
            chain
            and len(inside) == 1
            and len(inside[0].line.words) <= 12
            and high.at - low.at < 4 * inside[0].line.size
        ):
            waiting.append(high)
        else:
            found.extend(_band(chain))
            chain, waiting = [], []
    return [*found, *_band(chain)]


def _band(chain: Sequence[Rule]) -> list[Box]:
    return [(chain[0].start, chain[0].at, chain[0].end, chain[-1].at)] if chain else []


def _is_tall_row(inside: Sequence[Entry], rule: Rule) -> bool:
    """Whether the lines between two rules are one row: a line that shows columns, the others the rest of a cell."""
    rest = [e for e in inside if not e.core]
    return len(rest) < len(inside) <= 12 and all(
        not e.values and len(e.line.segments) == 1 and e.line.x1 - e.line.x0 < 0.75 * rule.length for e in rest
    )


def _between(entries: Sequence[Entry], low: Rule, high: Rule) -> list[Entry]:
    """The lines that stand between two rules."""
    return [
        e
        for e in entries
        if low.at - 2 < (e.line.y0 + e.line.y1) / 2 < high.at + 2
        and min(e.line.x1, low.end) - max(e.line.x0, low.start) > 0.5 * (e.line.x1 - e.line.x0)
    ]


def band_of(bands: Sequence[Box], line: Line) -> int:
    """Index of the band that a line stands in, or -1."""
    middle = (line.y0 + line.y1) / 2
    for index, (x0, y0, x1, y1) in enumerate(bands):
        if y0 - 2 < middle < y1 + 2 and min(line.x1, x1) - max(line.x0, x0) > 0.5 * (line.x1 - line.x0):
            return index
    return -1
