"""What belongs to a table but stands outside its grid: the title over it, the notes under it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from docextract.layout.shapes import Line, Table
from docextract.types import Word

_CAPTION = re.compile(
    r"^\W*(?:table|tab\.|tabelle|tableau|tabla|tabella|tabela|exhibit|box|chart|figure|annex|appendix|schedule)\b",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"^\W*(?:notes?|sources?|quellen?|anmerkung(?:en)?|notas?|fuentes?|bron|see\s+notes?|legend|key)\s*[:.]",
    re.IGNORECASE,
)
_MARK = re.compile(r"^(?:[*†‡§¹²³#]+\s?|(?:[a-z]|\d)[).]?\s|\((?:[a-z]|\d)\)\s)\S")
"""A note's own mark: a sign, one small letter or one digit, as they stand in the cells it explains."""


def with_surroundings(table: Table, lines: Sequence[Line]) -> Table:
    """The table with its title and notes, taken from the lines that stand outside all grids."""
    if table.declared is not None:
        return table
    over = sorted((x for x in lines if _beside(x, table) and x.y1 <= table.box[1] + 3), key=lambda x: -x.y1)
    under = sorted((x for x in lines if _beside(x, table) and x.y0 >= table.box[3] - 3), key=lambda x: x.y0)
    title = title_lines(table, over)
    notes = note_lines(table, under)
    title_words: tuple[Word, ...] = tuple(w for x in title for w in x.words)
    return replace(
        table,
        title=" ".join(x.text for x in title) or None,
        title_words=title_words,
        notes=tuple(" ".join(x.text for x in note) for note in notes),
        note_words=tuple(tuple(w for x in note for w in x.words) for note in notes),
    )


def _beside(line: Line, table: Table) -> bool:
    return min(line.x1, table.box[2]) - max(line.x0, table.box[0]) > 0


def title_lines(table: Table, over: Sequence[Line]) -> list[Line]:
    """The caption over a table (nearest line first in `over`): what says Table, else one or two short lines."""
    taken: list[Line] = []
    y = table.box[1]
    for line in over[:4]:
        gap = y - line.y1
        if gap > (3.0 if not taken else 0.8) * line.size:
            break
        if taken and abs(line.size - taken[0].size) > 0.25 * line.size:
            break
        taken.insert(0, line)
        if _CAPTION.match(line.text):
            return taken
        y = line.y0
    if not taken:
        return []
    near = taken[-1]
    rest = taken[:-1]
    short = near.x1 - near.x0 < 0.9 * (table.box[2] - table.box[0]) or near.bold
    sentence = near.text.rstrip().endswith((".", ";", ",")) and not near.bold
    if rest and not rest[-1].bold and near.bold:
        return [near]
    if len(taken) > 2 or not short or sentence or len(near.words) > 20:
        return []
    if rest and not (rest[-1].bold == near.bold and len(rest[-1].words) <= 16 and near.bold):
        return [near] if near.y0 - rest[-1].y1 > 0.25 * near.size or near.bold else []
    return taken


def note_lines(table: Table, under: Sequence[Line]) -> list[list[Line]]:
    """Notes under a table, one list of lines each: they begin with a mark or a word for it, set small or close."""
    notes: list[list[Line]] = []
    y = table.box[3]
    for line in under[:24]:
        gap = line.y0 - y
        starts = _NOTE.match(line.text) is not None or _MARK.match(line.text) is not None
        if gap > (2.5 if not notes else 1.2) * line.size:
            break
        if starts:
            notes.append([line])
        elif notes and gap < 0.8 * line.size and abs(line.size - notes[-1][-1].size) < 0.2 * line.size:
            notes[-1].append(line)
        else:
            break
        y = line.y1
    return notes
