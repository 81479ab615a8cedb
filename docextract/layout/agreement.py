"""How far two readings of a table agree: their cells and which of them are neighbours, word by word."""

from __future__ import annotations

from docextract.layout.shapes import Table

Link = tuple[frozenset[int], frozenset[int], bool]
"""A cell by its words' identities, its nearest neighbour, and whether that stands below (else to the right)."""


def agreement(one: Table, other: Table) -> float:
    """F1 (0 to 1) of the neighbours that both readings of the same words have: adjacency, ICDAR 2013."""
    first, second = links(one), links(other)
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


def links(table: Table) -> set[Link]:
    """Every cell with its nearest neighbours that are not empty, to the right and below; spans count once."""
    at: dict[tuple[int, int], frozenset[int]] = {}
    for cell in table.cells:
        words = frozenset(id(word) for word in cell.words)
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                at[row, column] = words
    found: set[Link] = set()
    beside: dict[int, frozenset[int]] = {}
    above: dict[int, frozenset[int]] = {}
    for row, column in sorted(at):
        words = at[row, column]
        if row in beside and beside[row] != words:
            found.add((beside[row], words, False))
        if column in above and above[column] != words:
            found.add((above[column], words, True))
        beside[row], above[column] = words, words
    return found
