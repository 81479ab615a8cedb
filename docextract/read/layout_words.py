"""Words of a page from a service that gives regions: text in a box, tables as HTML. Boxes of words are shares of it.

A region's box is sure, a word's place in it is reckoned: lines as many as fit the region at an even
type size, cells in columns as wide as their longest text.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from docextract.types import Box, Grid, GridCell, Json, Page, Word, Words

CONFIDENCE = 0.9
"""Of every word: the service names none."""

_LEADING = 1.2  # height of a line in type sizes
_ADVANCE = 0.5  # width of a character in type sizes
_UNREAD = frozenset({"image", "figure", "chart", "seal"})
_MARKS = re.compile(r"^\s*(?:#{1,6}\s+|>\s+)|\*\*|!\[[^\]]*\]\([^)]*\)|^\s*```\w*\s*$|\$\$", re.MULTILINE)
_MOST_SPAN = 200  # rows or columns of one cell; more is a mistake


def layout_words(regions: Json, size: Sequence[Json], page: Page, note: str | None = None) -> Words:
    """The page's words. `regions` are {label, bbox_2d, content}; boxes are pixels of a render of `size`.

    Where `size` is not stated a region's own `width` and `height` are its render's. Regions without a
    sound box or content are left out.
    """
    words: list[Word] = []
    grids: list[Grid] = []
    for region in regions if isinstance(regions, list) else ():
        if not isinstance(region, Mapping) or region.get("label") in _UNREAD:
            continue
        box, content = _box(region, size, page), region.get("content")
        if box is None or not isinstance(content, str):
            continue
        if "<table" in content:
            found, grid = _table(content, box, len(words))
            words += found
            grids += [grid] if grid else []
        else:
            words += _text(html.unescape(_MARKS.sub("", content)), box)
    return Words(
        page=page.number,
        width=page.width,
        height=page.height,
        words=tuple(words),
        source="ocr" if words else "none",
        quality=CONFIDENCE if words else 0.0,
        grids=tuple(grids),
        note=note,
    )


def _box(region: Mapping[str, Json], size: Sequence[Json], page: Page) -> Box | None:
    """The region on the displayed page in points, cut to it."""
    corners = region.get("bbox_2d")
    whole = [size[at] or region.get(name) for at, name in enumerate(("width", "height"))]
    numbers = [*(corners if isinstance(corners, list) else ()), *whole]
    if len(numbers) != 6 or not all(isinstance(one, (int, float)) and math.isfinite(one) for one in numbers):
        return None
    x0, y0, x1, y1, width, height = numbers
    if width <= 0 or height <= 0:
        return None
    across, down = page.width / width, page.height / height
    box = (
        max(0.0, x0 * across),
        max(0.0, y0 * down),
        min(page.width, x1 * across),
        min(page.height, y1 * down),
    )
    return box if box[2] > box[0] and box[3] > box[1] else None


def _text(content: str, box: Box) -> Iterator[Word]:
    """The lines as given where there are several, else as many even ones as the region has room for."""
    lines = [line.split() for line in content.split("\n") if line.split()]
    if len(lines) == 1:
        lines = _wrapped(lines[0], box)
    height = (box[3] - box[1]) / max(1, len(lines))
    for number, line in enumerate(lines):
        top = box[1] + number * height
        signs = max(1, len(" ".join(line)))
        # A line that is not full keeps the advance of its size.
        advance = min((box[2] - box[0]) / signs, height)
        yield from _line(line, (box[0], top, advance, height))


def _line(line: Sequence[str], place: tuple[float, float, float, float]) -> Iterator[Word]:
    """Words from `x` on, `advance` points a character, in a line of this height."""
    x, top, advance, height = place
    for text in line:
        end = x + len(text) * advance
        corners = (round(x, 2), round(top, 2), round(end, 2), round(top + height * 0.95, 2))
        yield Word(text, *corners, round(height / _LEADING, 2), confidence=CONFIDENCE)
        x = end + advance


def _wrapped(words: Sequence[str], box: Box) -> list[list[str]]:
    """One paragraph broken into lines: n lines of type that fill the box, n = sqrt(area of the text / leading)."""
    width, height = box[2] - box[0], box[3] - box[1]
    signs = len(" ".join(words))
    count = max(1, round(math.sqrt(signs * _ADVANCE * height / (_LEADING * width))))
    room = -(-signs // count)
    lines: list[list[str]] = [[]]
    used = 0
    for word in words:
        if lines[-1] and used + len(word) > room and len(lines) < count:
            lines.append([])
            used = 0
        lines[-1].append(word)
        used += len(word) + 1
    return lines


@dataclass(slots=True)
class _Cell:
    row: int
    column: int
    down: int
    across: int
    header: bool
    text: str = ""


class _Cells(HTMLParser):
    """Cells of the first table of a piece of HTML, placed as HTML places them."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[_Cell] = []
        self.row = -1
        self._taken: set[tuple[int, int]] = set()
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A row, a cell, or a break in one."""
        if tag == "tr":
            self.row += 1
            self._inside = False
        elif tag in {"td", "th"} and self.row >= 0:
            named = dict(attrs)
            across, down = (_span(named.get(name)) for name in ("colspan", "rowspan"))
            column = 0
            while (self.row, column) in self._taken:
                column += 1
            self._taken |= {(self.row + i, column + j) for i in range(down) for j in range(across)}
            self.cells.append(_Cell(self.row, column, down, across, tag == "th"))
            self._inside = True
        elif tag == "br" and self._inside:
            self.cells[-1].text += " "

    def handle_endtag(self, tag: str) -> None:
        """The end of a cell."""
        if tag in {"td", "th", "tr"}:
            self._inside = False

    def handle_data(self, data: str) -> None:
        """Text, kept where it stands in a cell."""
        if self._inside:
            self.cells[-1].text += data


def _span(value: str | None) -> int:
    return max(1, min(_MOST_SPAN, int(value))) if value and value.isdecimal() else 1


def _table(content: str, box: Box, start: int) -> tuple[list[Word], Grid | None]:
    parser = _Cells()
    parser.feed(content)
    cells = parser.cells
    if not cells:
        return [], None
    rows = max(cell.row + 1 for cell in cells)
    columns = max(cell.column + cell.across for cell in cells)
    needs = [1] * columns
    for cell in cells:
        if cell.across == 1:
            needs[cell.column] = max(needs[cell.column], len(" ".join(cell.text.split())))
    advance = (box[2] - box[0]) / (sum(needs) + 2 * columns)
    lefts = [box[0] + advance * (sum(needs[:column]) + 2 * column) for column in range(columns)]
    height = (box[3] - box[1]) / rows
    words: list[Word] = []
    placed = []
    for cell in cells:
        first = start + len(words)
        words += _line(cell.text.split(), (lefts[cell.column], box[1] + cell.row * height, advance, height))
        placed.append(
            GridCell(
                row=cell.row,
                column=cell.column,
                row_span=min(cell.down, rows - cell.row),
                column_span=cell.across,
                header=cell.header,
                words=(first, start + len(words)),
            )
        )
    return words, Grid(rows=rows, columns=columns, cells=tuple(placed))
