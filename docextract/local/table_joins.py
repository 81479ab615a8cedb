"""Tables that go on over a page break become one: repeated headers dropped, a row cut in two mended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from docextract.layout.shapes import Cell, PageLayout, Table
from docextract.layout.values import value_text
from docextract.local.table_rests import rest_inside, rest_over, with_rest

Row = tuple[Cell | None, ...]

_CONTINUED = re.compile(
    r"\b(?:continued|cont['’]?d|contd|fortsetzung|suite|continuación|continua|vervolg)\b", re.IGNORECASE
)


@dataclass(slots=True)
class Joined:
    """One table of one or more pages: `origins` says for every body row which part it comes from."""

    parts: list[Table]
    header: list[Row]
    rows: list[Row]
    origins: list[Table] = field(default_factory=list)

    @property
    def first(self) -> Table:
        """The part where the table begins."""
        return self.parts[0]

    @property
    def pages(self) -> tuple[int, ...]:
        """Page numbers of the parts, in order."""
        return tuple(dict.fromkeys(part.page for part in self.parts))

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.first.columns


def join_pages(layouts: Sequence[PageLayout]) -> list[Joined]:
    """All tables of these pages (in page order), those that go on over a page break as one each."""
    found: list[Joined] = []
    open_end: Joined | None = None
    before: PageLayout | None = None
    for layout in layouts:
        last: Joined | None = None
        for index, table in enumerate(layout.tables):
            joined: Joined | None = None
            if index == 0 and open_end is not None and before is not None and layout.page == before.page + 1:
                joined = _continue(open_end, table, before, layout)
            if joined is None:
                joined = _start(table)
                found.append(joined)
            last = joined
        open_end = last if last is not None and _ends_page(last.parts[-1], layout) else None
        before = layout
    return found


def _start(table: Table) -> Joined:
    header, rows = list(table.rows[: table.header_rows]), list(table.rows[table.header_rows :])
    return Joined([table], header, rows, [table] * len(rows))


def _texts(rows: Sequence[Row]) -> list[str]:
    return ["".join(cell.text.casefold().split()) for row in rows for cell in row if cell is not None]


def _continue(joined: Joined, table: Table, before: PageLayout, layout: PageLayout) -> Joined | None:
    """The table so far with this one added, or None where this one is another table."""
    last = joined.parts[-1]
    rest = rest_over(joined.rows[-1], table) if joined.rows else None
    if rest is not None:
        table = replace(table, title=None, title_words=())
    if table.columns != last.columns or table.declared is not None or not _begins_page(table, layout):
        return None
    header = list(table.rows[: table.header_rows])
    rows = list(table.rows[table.header_rows :])
    same_header = bool(joined.header) and _texts(header) == _texts(joined.header)
    if not same_header and joined.header and _texts(table.rows[: len(joined.header)]) == _texts(joined.header):
        rows = list(table.rows[len(joined.header) :])
        same_header = True
    if not same_header:
        told = table.title is not None and _CONTINUED.search(table.title) is not None
        untitled = table.title is None or told
        if header and joined.header and not _goes_on(joined, table):
            return None
        if not untitled or not _same_columns(last, table, before, layout):
            return None
        # What looks like a header on the next page is a row of its own when the first page has none.
        rows = header + rows
    elif table.title is not None and not _same_title(joined.first.title, table.title):
        return None
    if not rows:
        return None
    parted = rest_inside(joined.rows[-1], rows[0]) if joined.rows else None
    if parted is not None:
        rest, rows[0] = parted
    if rest is not None:
        joined.rows[-1] = with_rest(joined.rows[-1], rest)
    mended = _mend(joined.rows[-1], rows[0]) if joined.rows else None
    if mended is not None and same_header and not _is_rest(rows[0], joined.rows):
        mended = None
    if mended is not None:
        joined.rows[-1] = mended
        rows = rows[1:]
    joined.parts.append(table)
    joined.rows.extend(rows)
    joined.origins.extend([table] * len(rows))
    return joined


def _same_title(first: str | None, second: str) -> bool:
    if first is None or _CONTINUED.search(second):
        return True
    return "".join(first.casefold().split()) == "".join(second.casefold().split())


def _ends_page(table: Table, layout: PageLayout) -> bool:
    """Whether at most a footer stands under a table (and its notes)."""
    own = {id(w) for note in table.note_words for w in note}
    under = [line for line in layout.lines if line.y0 > table.box[3] and not any(id(w) in own for w in line.words)]
    return len(under) <= 3 and table.declared is None


def _begins_page(table: Table, layout: PageLayout) -> bool:
    """Whether at most a header (and the table's title) stands over a table."""
    own = {id(w) for w in table.title_words}
    over = [line for line in layout.lines if line.y1 < table.box[1] and not any(id(w) in own for w in line.words)]
    return len(over) <= 4


def _same_columns(last: Table, table: Table, before: PageLayout, layout: PageLayout) -> bool:
    """Whether the columns of two tables stand at the same places of their pages."""
    firsts, seconds = _spans(last, before.width), _spans(table, layout.width)
    shared = [(a, b) for a, b in zip(firsts, seconds, strict=True) if a is not None and b is not None]
    # Columns may be filled differently on both pages: their stretches must overlap, not be equal.
    return len(shared) >= max(1, len(firsts) // 2) and all(min(a[1], b[1]) - max(a[0], b[0]) > -0.01 for a, b in shared)


def _spans(table: Table, width: float) -> list[tuple[float, float] | None]:
    found: list[tuple[float, float] | None] = [None] * table.columns
    for cell in table.cells:
        if cell.column_span == 1:
            x0, x1 = cell.box[0] / max(width, 1.0), cell.box[2] / max(width, 1.0)
            known = found[cell.column]
            found[cell.column] = (x0, x1) if known is None else (min(known[0], x0), max(known[1], x1))
    return found


def _goes_on(joined: Joined, table: Table) -> bool:
    """Whether a table's first row reads as the end of the last row before the page break."""
    first = [cell.text for cell in table.rows[0] if cell is not None]
    return (
        bool(joined.rows)
        and _mend(joined.rows[-1], table.rows[0]) is not None
        and all(text[:1].islower() for text in first)
    )


def _is_small(row: Row) -> bool:
    texts = [cell.text for cell in row if cell is not None]
    return len(texts) == 1 and texts[0][:1].islower()


def _is_rest(row: Row, rows: Sequence[Row]) -> bool:
    """Whether a row below a repeated header is what a break cut off, and not one of a table that leaves cells empty.

    It goes on in small letters, or no row before begins with an empty cell and all of them fill more cells.
    """
    texts = [cell.text for cell in row if cell is not None]
    if all(text[:1].islower() for text in texts):
        return True
    return all(one[0] is not None and sum(cell is not None for cell in one) > len(texts) for one in rows)


def _mend(upper: Row, lower: Row) -> Row | None:
    """One row of two halves, else None: the lower goes on with text of the upper.

    It has no first cell, or nothing but one that goes on in small letters.
    """
    if upper[0] is None or (lower[0] is not None and not _is_small(lower)):
        return None
    for above, below in zip(upper, lower, strict=True):
        if below is None:
            continue
        if above is None or value_text(below.words) or value_text(above.words):
            return None
    pairs = [(a, b) for a, b in zip(upper, lower, strict=True) if b is not None]
    if not pairs or any(a is None or a.text.endswith((".", "!", "?")) for a, _ in pairs):
        return None
    return tuple(
        a if b is None or a is None else replace(a, text=f"{a.text} {b.text}")
        for a, b in zip(upper, lower, strict=True)
    )
