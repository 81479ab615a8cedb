"""Tables without a drawn grid: runs of lines whose pieces stand in the same columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from docextract.layout.assemble import Piece, assemble
from docextract.layout.columns import Atom, atoms, separators, value_gap
from docextract.layout.header import group_headers, header_lines, split_headings
from docextract.layout.reject import is_table
from docextract.layout.rows import TextRow, cut, group, word_space
from docextract.layout.rules import Rule
from docextract.layout.shapes import Line, Table
from docextract.types import Box


@dataclass(slots=True)
class Entry:
    """A line with what it says about columns."""

    line: Line
    atoms: list[Atom]
    values: int
    core: bool
    space: float


@dataclass(slots=True)
class Run:
    """Lines that may make a table: from the first to the last that shows columns, and those between."""

    entries: list[Entry] = field(default_factory=list)
    gaps: list[tuple[float, float]] = field(default_factory=list)
    last_core: int = 0
    band: int = -1


def entry_of(line: Line, space: float) -> Entry:
    """Look at a line: its atoms, its values, whether it shows at least two columns."""
    pieces = atoms(line.words, space)
    values = sum(1 for a in pieces if a.value)
    core = len(line.segments) >= 2 or (values >= 2 and len(pieces) >= 2 and values >= 0.4 * len(line.words))
    return Entry(line, pieces, values, core, space)


def wide_gaps(entry: Entry) -> list[tuple[float, float]]:
    """The white between a line's atoms, where it is wide enough to part columns."""
    size = entry.line.size
    return [
        (a.x1, b.x0)
        for a, b in zip(entry.atoms, entry.atoms[1:], strict=False)
        if b.x0 - a.x1 > (value_gap(entry.space) if a.value or b.value else 0.9) * size
    ]


def fits(run: Run, entry: Entry) -> bool:
    """Whether a line's columns agree with those of the run so far."""
    gaps = wide_gaps(entry)
    if not run.gaps or not gaps:
        return not run.gaps
    least = 0.2 * entry.line.size
    hits = sum(1 for g in gaps if any(min(g[1], r[1]) - max(g[0], r[0]) >= least for r in run.gaps))
    return hits >= max(1, 0.55 * min(len(gaps), len(run.gaps)))


def take(run: Run, entry: Entry) -> None:
    """Add a line that shows columns: white stretches of the run shrink to what stays clear."""
    gaps = wide_gaps(entry)
    merged: list[tuple[float, float]] = []
    for old in run.gaps:
        shared = [(max(g[0], old[0]), min(g[1], old[1])) for g in gaps if min(g[1], old[1]) - max(g[0], old[0]) > 0.5]
        if shared:
            merged.extend(shared)
        elif not any(a.x0 < old[1] and a.x1 > old[0] for a in entry.atoms) or len(run.entries) > 6:
            merged.append(old)
    for gap in gaps:
        if not any(min(gap[1], m[1]) - max(gap[0], m[0]) > 0.5 for m in merged) and not any(
            gap[0] < m[1] and gap[1] > m[0] for m in run.gaps
        ):
            merged.append(gap)
    run.gaps = sorted(merged)
    run.entries.append(entry)
    run.last_core = len(run.entries)


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
        chain: list[Rule] = []
        for low, high in pairwise(same):
            if _is_tabular(entries, low, high):
                chain = [*(chain or [low]), high]
            else:
                bands.extend(_band(chain))
                chain = []
        bands.extend(_band(chain))
    return bands


def _band(chain: Sequence[Rule]) -> list[Box]:
    return [(chain[0].start, chain[0].at, chain[0].end, chain[-1].at)] if chain else []


def _is_tabular(entries: Sequence[Entry], low: Rule, high: Rule) -> bool:
    """Whether most lines between two rules show columns."""
    inside = [
        e
        for e in entries
        if low.at - 2 < (e.line.y0 + e.line.y1) / 2 < high.at + 2
        and min(e.line.x1, low.end) - max(e.line.x0, low.start) > 0.5 * (e.line.x1 - e.line.x0)
    ]
    return bool(inside) and sum(e.core for e in inside) >= 0.4 * len(inside)


def band_of(bands: Sequence[Box], line: Line) -> int:
    """Index of the band that a line stands in, or -1."""
    middle = (line.y0 + line.y1) / 2
    for index, (x0, y0, x1, y1) in enumerate(bands):
        if y0 - 2 < middle < y1 + 2 and min(line.x1, x1) - max(line.x0, x0) > 0.5 * (line.x1 - line.x0):
            return index
    return -1


def find_runs(entries: Sequence[Entry], bands: Sequence[Box]) -> list[Run]:
    """Runs of lines that show the same columns, at most a few other lines between two of them."""
    runs: list[Run] = []
    run = Run()
    pitch = median([e.line.size for e in entries]) if entries else 10.0

    def close() -> None:
        nonlocal run
        if run.last_core:
            run.entries = run.entries[: run.last_core]
            runs.append(run)
        run = Run()

    for entry in entries:
        band = band_of(bands, entry.line)
        together = bool(run.entries) and band >= 0 and band == run.band
        if run.entries and not together:
            above = run.entries[-1].line
            space = entry.line.y0 - above.y1
            pending = len(run.entries) - run.last_core
            limit = 3.5 * pitch if entry.core and not pending else 2.2 * pitch
            entering = band >= 0 and run.band < 0 and not entry.core
            leaving = run.band >= 0 and not entry.core
            if space > limit or pending > 4 or entering or leaving or (not entry.core and _is_prose(run, entry)):
                close()
        if entry.core:
            if run.entries and not together and not fits(run, entry):
                close()
            if not run.entries or band >= 0:
                run.band = band
            take(run, entry)
        elif run.entries:
            run.entries.append(entry)
            if together:
                run.last_core = len(run.entries)
    close()
    return runs


def _is_prose(run: Run, entry: Entry) -> bool:
    """A long line of text that runs across columns of the table above it ends the table."""
    crossed = sum(1 for g in run.gaps if entry.line.x0 < g[0] and entry.line.x1 > g[1])
    left = min(e.line.x0 for e in run.entries)
    right = max(e.line.x1 for e in run.entries)
    long = entry.line.x1 - entry.line.x0 > 0.6 * (right - left)
    return len(entry.line.words) >= 8 and long and crossed >= max(1, 0.5 * len(run.gaps))


def stream_tables(page: int, lines: Sequence[Line], rules: Sequence[Rule]) -> list[Table]:
    """Tables among these lines (of one column of the page, top to bottom)."""
    space = word_space([line.words for line in lines])
    entries = [entry_of(line, space) for line in lines]
    position = {id(e): i for i, e in enumerate(entries)}
    bands = find_bands(entries, rules)
    found: list[Table] = []
    floor = 0
    for run in find_runs(entries, bands):
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
    size = median([e.line.size for e in core])
    space = core[0].space
    borders = separators([e.atoms for e in base], size, space)
    if not borders or len(core) < 2:
        return None
    left, right = min(e.line.x0 for e in core), max(e.line.x1 for e in core)
    near = [r for r in rules if min(r.end, right + 5) - max(r.start, left - 5) > 0.6 * r.length]
    body = list(run.entries)
    top = list(above) if closed_above else _with_header(body, above, borders, near, (left, right))
    chosen = top + body
    chosen = _cut_by_rules(chosen, near, (left, right))
    if len(chosen) < 2:
        return None
    rows = [cut(e.line.words, borders, space) for e in chosen]
    columns = len(borders) + 1
    if not is_table(rows, columns, closed=_closed(chosen, near, (left, right))):
        return None
    inside = [r for r in near if chosen[0].line.y0 < r.at < chosen[-1].line.y1]
    count = header_lines(rows, columns, inside)
    split_headings(rows[:count], rows[count:], borders)
    headers = group_headers(rows[:count], borders, inside)
    grouped = group(rows[count:], columns)
    pieces = _pieces(headers + grouped)
    confidence = 0.55 + 0.05 * min(6, len(grouped))
    table = assemble(page, pieces, header_rows=len(headers), ruled=False, confidence=min(confidence, 0.85))
    if table is None or table.columns < 2 or len(table.rows) < 2:
        return None
    return table


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
        if line.y1 > y + 2 or y - line.y1 > (2.5 if between or over else 1.4) * size:
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
