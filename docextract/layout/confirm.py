"""How sure a table is: what a second reading of its words, made another way, says of its cells.

A drawn grid is read again from white space as if no line were drawn, a table without a grid from its ink
alone. Two readings that share no step after the lines of text seldom make the same mistake, so where they give
the same cells the table is accepted. So it is where drawn lines part all cells and the text of none looks like
several (`cells`): the lines and the text are then two readings too, and text wrapped in cells shows no columns.
"""

from __future__ import annotations

from dataclasses import replace

from docextract.layout.agreement import agreement
from docextract.layout.lines import make_lines
from docextract.layout.projection import projected
from docextract.layout.shapes import Table
from docextract.layout.stream import stream_tables
from docextract.layout.values import is_value

ACCEPTED = 0.97
"""Confidence of a table that two readings agree on, or drawn lines and the text within them."""

AGREED = 0.99
"""Share of neighbours that two readings must have in common to be one (measured: mean F1 0.99 and better)."""

_BASE, _PER_AGREEMENT = 0.45, 0.4
_DOUBTED = 0.75  # whether it is a table at all cannot be seen from its cells
_DOUBTFUL_WORD, _DOUBTFUL_SHARE = 0.8, 0.02  # confidence that OCR gives a word, and the share of such words
_MOST_CELLS = 20_000  # neighbours are compared one by one: more says nothing that a part would not


def confirmed(table: Table) -> Table:
    """The table with its confidence: `ACCEPTED`, or less as the readings differ or little says that it is one."""
    if table.declared is not None or len(table.cells) > _MOST_CELLS:
        return table
    plain = _is_plain(table) and _is_legible(table)
    if table.closed and plain:
        return replace(table, confidence=ACCEPTED)
    agreed = second_opinion(table)
    if agreed >= AGREED and plain:
        return replace(table, confidence=ACCEPTED)
    sure = _BASE + _PER_AGREEMENT * agreed
    return replace(table, confidence=round(sure if plain else min(sure, _DOUBTED), 3))


def second_opinion(table: Table) -> float:
    """The best agreement (0 to 1) of other readings of the table's words with it."""
    words = [word for cell in table.cells for word in cell.words]
    best = 0.0
    if table.ruled:
        # Read as if nothing were drawn. A table without rules was found so itself: its own words are no news.
        others = stream_tables(table.page, make_lines(words), ())
        best = max((agreement(table, other) for other in others), default=0.0)
        if best >= AGREED:
            return best
    plain = projected(table.page, words)
    return max(best, agreement(table, plain)) if plain is not None else best


def _is_plain(table: Table) -> bool:
    """Whether it can hardly be anything else: drawn with values or a head set apart, or large and full of values."""
    body = table.rows[table.header_rows :]
    valued = sum(any(cell is not None and is_value(cell.words[0].text) for cell in row[1:]) for row in body)
    if table.ruled:
        return valued >= 0.5 * len(body) or _has_head(table)
    return table.columns >= 3 and len(table.rows) >= 4 and valued >= 0.5 * len(body)


def _is_legible(table: Table) -> bool:
    """Whether hardly a word of it is doubtful: readings that agree on cells say nothing of misread letters."""
    words = [word for cell in table.cells for word in cell.words]
    return sum(word.confidence < _DOUBTFUL_WORD for word in words) <= _DOUBTFUL_SHARE * len(words)


def _has_head(table: Table) -> bool:
    """Whether the first row alone is bold."""
    first = [word.bold for cell in table.rows[0] if cell is not None for word in cell.words]
    rest = [word.bold for row in table.rows[1:] for cell in row if cell is not None for word in cell.words]
    return bool(first) and all(first) and not all(rest)
