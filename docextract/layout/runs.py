"""Runs of lines whose pieces stand in the same columns: what may be a table without a drawn grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from docextract.layout.bands import band_of
from docextract.layout.entries import Entry, wide_gaps
from docextract.layout.values import is_year
from docextract.types import Box


@dataclass(slots=True)
class Run:
    """Lines that may make a table: from the first to the last that shows columns, and those between."""

    entries: list[Entry] = field(default_factory=list)
    gaps: list[tuple[float, float]] = field(default_factory=list)
    last_core: int = 0
    band: int = -1


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


def find_runs(entries: Sequence[Entry], bands: Sequence[Box]) -> list[Run]:
    """Runs of lines that show the same columns, at most a few other lines between two of them."""
    runs: list[Run] = []
    run = Run()
    pitch = median([e.line.size for e in entries]) if entries else 10.0

    def close() -> None:
        nonlocal run
        if run.last_core:
            run.entries = run.entries[: run.last_core]
            if runs and runs[-1].entries[-1] is run.entries[0]:
                runs[-1].entries.pop()
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
            entering = band >= 0 and run.band < 0 and not (entry.core and _only_heads(run))
            leaving = run.band >= 0 and not entry.core
            if space > limit or pending > 4 or entering or leaving or (not entry.core and _is_prose(run, entry)):
                close()
        if entry.core:
            if run.entries and not together and (_restarts(run, entry) or _repeats_head(run, entry)):
                close()
            if run.entries and not together and not fits(run, entry):
                head = run.entries[run.last_core - 1 :]
                close()
                run = _from_head(head, entry)
            if not run.entries or band >= 0:
                run.band = band
            take(run, entry)
        elif run.entries:
            run.entries.append(entry)
            if together:
                run.last_core = len(run.entries)
    close()
    return runs


def _restarts(run: Run, entry: Entry) -> bool:
    """Whether a line of headings under a caption begins another table below rows of values."""
    pending = run.entries[run.last_core :]
    valued = sum(1 for e in run.entries if e.values)
    if entry.values or not pending or valued < 3 or len(entry.line.segments) < 2:
        return False
    if any(e.line.x0 < gap[0] and e.line.x1 > gap[1] for e in pending for gap in run.gaps):
        return True
    # A short caption may stand over the first column alone: then the headings must be those of another table.
    usual = median(len(e.atoms) for e in run.entries[: run.last_core] if e.core)
    named = sum(any(c.isalpha() for w in a.words for c in w.text) for a in entry.atoms)
    return len(entry.atoms) >= 3 and named == len(entry.atoms) and abs(len(entry.atoms) - usual) >= 2


def _repeats_head(run: Run, entry: Entry) -> bool:
    """Whether the heading of the first column stands there again after a gap: another table under the first."""
    first = entry.line.segments[0].text
    rows = [e for e in run.entries if e.core]
    if len(rows) < 5 or rows[0].line.segments[0].text != first or not first[:1].isalpha():
        return False
    if abs(len(rows[0].atoms) - len(entry.atoms)) > 1:
        return False
    gaps = [below.line.y0 - above.line.y1 for above, below in pairwise([*run.entries, entry])]
    widest = max(gaps[run.last_core - 1 :])
    return widest > median(gaps) + 0.5 * entry.line.size


def _only_heads(run: Run) -> bool:
    """Whether no line of the run holds values (years aside): it may be the header of what follows."""
    return not any(a.value and not all(is_year(w.text) for w in a.words) for e in run.entries for a in e.atoms)


def _from_head(head: Sequence[Entry], entry: Entry) -> Run:
    """A run that begins with the last line of the one before, where that line is the header of what follows."""
    run = Run()
    take(run, head[0])
    if not head[0].core or head[0].values or not fits(run, entry):
        return Run()
    for other in head[1:]:
        run.entries.append(other)
    return run


def _is_prose(run: Run, entry: Entry) -> bool:
    """A long line of text that runs across columns of the table above it ends the table."""
    crossed = sum(1 for g in run.gaps if entry.line.x0 < g[0] and entry.line.x1 > g[1])
    left = min(e.line.x0 for e in run.entries)
    right = max(e.line.x1 for e in run.entries)
    long = entry.line.x1 - entry.line.x0 > 0.6 * (right - left)
    return len(entry.line.words) >= 8 and long and crossed >= max(1, 0.5 * len(run.gaps))
