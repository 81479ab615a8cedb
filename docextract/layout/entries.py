"""Lines with what they say about columns: their atoms, how many are values, the white between them."""

from __future__ import annotations

from dataclasses import dataclass

from docextract.layout.columns import Atom, atoms, value_gap
from docextract.layout.shapes import Line


@dataclass(slots=True)
class Entry:
    """A line with what it says about columns."""

    line: Line
    atoms: list[Atom]
    values: int
    core: bool
    space: float


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
