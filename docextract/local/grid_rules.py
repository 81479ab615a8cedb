"""Tables that a file declares, as the lines that would be drawn around their cells on the virtual page."""

from __future__ import annotations

from docextract.types import Grid, Ruling, Words


def grid_rules(page: Words) -> list[Ruling]:
    """Lines between the rows of every declared table and at its edges."""
    return [rule for grid in page.grids for rule in _between_rows(grid, page)]


def _between_rows(grid: Grid, page: Words) -> list[Ruling]:
    tops: dict[int, float] = {}
    bottoms: dict[int, float] = {}
    left, right = page.width, 0.0
    for cell in grid.cells:
        for word in page.words[slice(*cell.words)]:
            last = cell.row + cell.row_span - 1
            tops[cell.row] = min(word.y0, tops.get(cell.row, word.y0))
            bottoms[last] = max(word.y1, bottoms.get(last, word.y1))
            left, right = min(left, word.x0), max(right, word.x1)
    rules = []
    for row in sorted(tops):
        above = [bottom for other, bottom in bottoms.items() if other < row]
        # A cell that spans rows leaves no room for a line beside it.
        if not above or max(above) <= tops[row]:
            y = (max(above) + tops[row]) / 2 if above else tops[row] - 1
            rules.append(Ruling(left, y, right, y))
    if bottoms:
        rules.append(Ruling(left, max(bottoms.values()) + 1, right, max(bottoms.values()) + 1))
    return rules
