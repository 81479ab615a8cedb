"""Tables without a drawn grid: runs of lines whose pieces stand in the same columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from docextract.layout.assemble import Piece, assemble
from docextract.layout.bands import band_of, find_bands
from docextract.layout.columns import between, column_of, headed, separators, settle
from docextract.layout.entries import Entry, entry_of
from docextract.layout.header import group_headers, header_lines, split_headings
from docextract.layout.reject import is_table
from docextract.layout.rows import TextRow, cut, group, group_between, spread_centred, word_space
from docextract.layout.rules import Rule
from docextract.layout.runs import Run, find_runs
from docextract.layout.shapes import Line, Table


def stream_tables(page: int, lines: Sequence[Line], rules: Sequence[Rule]) -> list[Table]:
    """Tables among these lines (of one column of the page, top to bottom)."""
    space = word_space([line.words for line in lines])
    entries = [entry_of(line, space) for line in lines]
    position = {id(e): i for i, e in enumerate(entries)}
    bands = find_bands(entries, rules)
    found: list[Table] = []
    floor = 0
    for run in find_runs(entries, bands):
        if not run.entries:
            continue
        first = position[id(run.entries[0])]
        above = entries[floor:first]
        closed_above = run.band >= 0 and band_of(bands, run.entries[0].line) == run.band
        if closed_above:
            above = [e for e in above if band_of(bands, e.line) == run.band]
        below = floor and entries[floor - 1].line.y1
        table = build(page, run, above, [r for r in rules if r.at > below], closed_above=closed_above)
        if table is not None:
            found.append(table)
            floor = first + len(run.entries)
    return found


def build(page: int, run: Run, above: Sequence[Entry], rules: Sequence[Rule], *, closed_above: bool) -> Table | None:
    """The table of a run with its header lines, which are among those `above` it; None where it is no table.

    `closed_above` says that a rule stands over the lines above, so that all of them belong to the table.
    """
    core = [e for e in run.entries if e.core]
    strong = [e for e in core if e.values >= 2]
    base = strong if len(strong) >= max(2, 0.4 * len(core)) else core
    if len(core) < 2:
        return None
    size = median([e.line.size for e in core])
    space = core[0].space
    stretches = separators([e.atoms for e in base], size, space)
    for head in _headings(above, core, size):
        rows_below = [e.atoms for e in core if e is not head]
        stretches = between(headed(stretches, rows_below, head.atoms, size), head.atoms)
    borders = settle(stretches, [e.atoms for e in core])
    if not borders:
        return None
    left, right = min(e.line.x0 for e in core), max(e.line.x1 for e in core)
    near = [r for r in rules if min(r.end, right + 5) - max(r.start, left - 5) > 0.6 * r.length]
    body = list(run.entries)
    top = list(above) if closed_above else _with_header(body, above, borders, near, (left, right))
    chosen = top + body
    chosen = _cut_by_rules(chosen, near, (left, right))
    chosen = _without_footer(chosen, borders, size)
    if len(chosen) < 2:
        return None
    borders = settle(stretches, [e.atoms for e in chosen], _ink(near, chosen))
    rows = [cut(e.line.words, borders, space) for e in chosen]
    columns = len(borders) + 1
    if not is_table(
        rows, columns, closed=_closed(chosen, near, (left, right)), ruled=_ruled(chosen, near, (left, right))
    ):
        return None
    spread_centred(rows, columns)
    inside = [r for r in near if chosen[0].line.y0 < r.at < chosen[-1].line.y1]
    count = header_lines(rows, columns, inside)
    split_headings(rows[:count], rows[count:], borders)
    headers = group_headers(rows[:count], borders, inside)
    drawn = [r.at for r in inside if min(r.end, right) - max(r.start, left) >= 0.6 * (right - left)]
    grouped = group_between(rows[count:], drawn, columns) or group(rows[count:], columns)
    pieces = _pieces(headers + grouped)
    table = assemble(page, pieces, header_rows=len(headers), ruled=False)
    if table is None or table.columns < 2 or len(table.rows) < 2:
        return None
    return table


def _without_footer(chosen: list[Entry], borders: Sequence[float], size: float) -> list[Entry]:
    """Leave out a last line that stands in one column only, well below the others: the foot of a page, a remark."""
    gaps = [b.line.y0 - a.line.y1 for a, b in pairwise(chosen)]
    if len(chosen) < 5 or gaps[-1] < max(0.8 * size, 2.5 * median(gaps)):
        return chosen
    last = chosen[-1].line
    return chosen[:-1] if column_of(borders, last.x0) == column_of(borders, last.x1) else chosen


def _ink(rules: Sequence[Rule], chosen: Sequence[Entry]) -> list[tuple[float, float]]:
    """What the rules among these lines cover across the page: a rule under a heading shows how wide its column is."""
    first, last = chosen[0].line, chosen[-1].line
    return [(r.start, r.end) for r in rules if first.y0 < r.at < last.y1]


def _headings(above: Sequence[Entry], core: Sequence[Entry], size: float) -> list[Entry]:
    """The line of column headings: the first of the run where it holds no value, else the one right above it."""
    if core[0].values == 0:
        return [core[0]] if len(core[0].atoms) >= 3 else []
    near = [e for e in above[-1:] if core[0].line.y0 - e.line.y1 < 2.5 * size]
    return [e for e in near if e.values == 0 and len(e.atoms) >= 3]


def _ruled(chosen: Sequence[Entry], rules: Sequence[Rule], sides: tuple[float, float]) -> bool:
    """Whether a long rule stands over, among or under these lines."""
    left, right = sides
    first, last = chosen[0].line, chosen[-1].line
    return any(
        first.y0 - 1.5 * first.size < r.at < last.y1 + 1.5 * last.size
        and min(r.end, right) - max(r.start, left) >= 0.7 * (right - left)
        for r in rules
    )


def _closed(chosen: Sequence[Entry], rules: Sequence[Rule], sides: tuple[float, float]) -> bool:
    """Whether long rules stand right over (or under the first line) and right under these lines."""
    left, right = sides
    long_rules = [r.at for r in rules if min(r.end, right) - max(r.start, left) >= 0.8 * (right - left)]
    first, last = chosen[0].line, chosen[-1].line
    over = any(first.y0 - 1.5 * first.size < at < first.y1 + 1.5 * first.size for at in long_rules)
    return over and any(last.y1 - 4 < at < last.y1 + 1.5 * last.size for at in long_rules)


def _pieces(rows: Sequence[TextRow]) -> list[Piece]:
    return [
        Piece(index, index + 1, part.first, part.last + 1, part.words)
        for index, row in enumerate(rows)
        for part in row.parts
    ]


def _with_header(
    body: Sequence[Entry],
    above: Sequence[Entry],
    borders: Sequence[float],
    rules: Sequence[Rule],
    sides: tuple[float, float],
) -> list[Entry]:
    """Lines above the run that are headings of its columns, top first."""
    left, right = sides
    taken: list[Entry] = []
    y = body[0].line.y0
    size = body[0].line.size
    long_rules = sorted(r.at for r in rules if min(r.end, right) - max(r.start, left) >= 0.7 * (right - left))
    for entry in reversed(above[-8:]):
        line = entry.line
        between = [at for at in long_rules if line.y1 - 3 <= at <= y + 3]
        over = [at for at in long_rules if at < line.y0 + 3 and line.y0 - at < 8 * size]
        # Over headings that the run has already, only what stands right above is one of them, not a title.
        reach = 2.5 if between or over else 0.8 if body[0].values == 0 and not taken else 1.4
        if line.y1 > y + 2 or y - line.y1 > reach * size:
            break
        if not _heads(line, borders, sides, ruled=bool(over) and bool(between or taken)):
            break
        if between and taken and not over:
            break
        taken.insert(0, entry)
        y = line.y0
    return taken


def _heads(line: Line, borders: Sequence[float], sides: tuple[float, float], *, ruled: bool) -> bool:
    """Whether a line above a table reads as headings: pieces over columns, not a title or a sentence."""
    left, right = sides
    if line.x0 < left - 20 and line.x1 > right + 20:
        return False
    crossed = [sum(1 for b in borders if s.x0 < b - 2 and s.x1 > b + 2) for s in line.segments]
    if len(line.segments) >= 2:
        return all(c <= max(1, len(borders) - 1) for c in crossed) and len(line.words) <= 6 * (len(borders) + 1)
    only = line.segments[0]
    if ruled:
        return crossed[0] < len(borders) or only.x0 > borders[0] - 2
    # A piece that stands clear of the first column heads the others; one that starts at the left is a title.
    return only.x0 > borders[0] - 2 and len(only.words) <= 8


def _cut_by_rules(chosen: list[Entry], rules: Sequence[Rule], sides: tuple[float, float]) -> list[Entry]:
    """Leave out what stands above the top rule or below the bottom rule of a table that is set between rules."""
    left, right = sides
    long_rules = sorted(r.at for r in rules if min(r.end, right) - max(r.start, left) >= 0.8 * (right - left))
    if not long_rules:
        return chosen
    top = [at for at in long_rules if chosen[0].line.y0 - 3 < at < chosen[-1].line.y1]
    if top:
        above = [e for e in chosen if e.line.y1 <= top[0] + 3]
        below_count = len(chosen) - len(above)
        # Headings stand above a rule too: cut only where another rule closes what lies under it.
        if above and len(top) >= 2 and below_count >= 3 and all(len(e.line.segments) == 1 for e in above):
            chosen = chosen[len(above) :]
    return chosen
