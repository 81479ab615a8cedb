"""The pieces of a section as entries: one job, school or project each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from docextract.local.resume_dates import is_dates
from docextract.local.resume_pieces import URL, Piece, PieceKind, pieces, stack
from docextract.local.sections_lines import Line


@dataclass(slots=True, kw_only=True)
class Entry:
    """One job, school or project: its pieces in order."""

    pieces: list[Piece] = field(default_factory=list)

    def of(self, kind: PieceKind) -> list[Piece]:
        """Its pieces of one kind."""
        return [piece for piece in self.pieces if piece.kind == kind]

    @property
    def dated(self) -> bool:
        """Whether one of its header lines carries a date."""
        return any(piece.dated for piece in self.pieces)

    @property
    def told(self) -> bool:
        """Whether it has anything below its header."""
        return any(piece.kind in {"item", "prose"} for piece in self.pieces)


def entries(lines: Sequence[Line]) -> list[Entry]:
    """The entries of a section, by where headers start: style of the first header, gaps, dates, what stands before."""
    parts = pieces(lines)
    heads = [piece for piece in parts if piece.kind == "head"]
    if not heads:
        return [Entry(pieces=list(parts))] if parts else []
    lead = next((index for index, piece in enumerate(parts) if piece.dated), 0)
    offset = lead if all(piece.kind == "head" for piece in parts[:lead]) else 0
    gaps = [b.gap for a, b in pairwise(stack(lines)) if b.gap is not None]
    usual = median(gaps) if gaps else 0.0
    made = [Entry()]
    for index, piece in enumerate(parts):
        if piece.kind == "head" and made[-1].pieces and _starts(parts, index, made[-1], offset, usual):
            made.append(Entry())
        made[-1].pieces.append(piece)
    return _merged(made)


def _starts(parts: Sequence[Piece], index: int, entry: Entry, offset: int, usual: float) -> bool:
    """Whether a header line opens a new entry. The weights were set on many layouts; 2 is enough."""
    piece, before, first = parts[index], parts[index - 1], entry_first(parts)
    text, line, model = piece.traced.text, piece.lines[0], first.lines[0]
    if URL.match(text) or (text[:1].islower() and not (piece.dated or line.bold)):
        return False
    score = 2.0 if before.kind in {"item", "prose"} else 0.0
    alike = abs(line.size - model.size) < 0.06 * model.size and line.bold == model.bold
    score += 1.5 if alike and abs(line.x0 - model.x0) < 0.4 * line.size else 0.0
    score -= 1.0 if line.x0 > model.x0 + 0.8 * line.size and not is_dates(model.text) else 0.0
    if line.gap is None:
        score += 0.5
    elif line.gap > usual + 0.25 * line.size:
        score += 1.0
    coming = parts[index : index + offset + 1]
    due = len(coming) == offset + 1 and coming[-1].dated and not any(part.dated for part in coming[:-1])
    if entry.dated and due and all(part.kind == "head" for part in coming):
        score += 1.0
    if before.kind == "head" and not entry.told and not entry.dated:
        score -= 1.5
    if is_dates(text) and before.kind == "head" and not entry.dated:
        return False
    if is_dates(text) and entry.dated and entry.told and offset == 0:
        score += 1.0
    return score >= 2.0


def entry_first(parts: Sequence[Piece]) -> Piece:
    """The first header line of a section: the model of how entries start."""
    return next(piece for piece in parts if piece.kind == "head")


def _merged(made: Sequence[Entry]) -> list[Entry]:
    """Entries with a header cut in two put together: dates without a story, then a story without dates."""
    kept: list[Entry] = []
    for entry in made:
        above = kept[-1] if kept else None
        if above is not None and above.dated and not above.told and entry.told and not entry.dated:
            above.pieces.extend(entry.pieces)
        else:
            kept.append(entry)
    return kept
