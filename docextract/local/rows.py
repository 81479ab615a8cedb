"""Lists of models from the rows of a table whose head names their fields."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from docextract.local.bare_columns import with_bare
from docextract.local.candidates import Candidate, Spot
from docextract.local.columns import Column, Head, find_head, is_data, item_lexicon, refined
from docextract.local.labels import Hit, Lexicon, begins, labels_in
from docextract.local.roles import NUMERIC, number_of
from docextract.local.row_cells import numeric_of, place
from docextract.local.row_kept import Row, alike, with_thin
from docextract.local.row_lines import BodyLine, OpenRow, cells_by_text, group_rows, note_marks
from docextract.local.segments import Segment, Sheet
from docextract.local.typed import read
from docextract.local.view import View
from docextract.local.wanted import Want

_TOTALS = frozenset(["net_total", "tax_total", "gross_total", "amount_due", "line_sum", "rounding", "cash_given"])
# Rows of one table lie no further apart than this many lines.
_FARTHEST = 7.0
# Lines below a head that tell what its columns hold.
_SAMPLE = 24
_PERCENT = re.compile(r"\(?\d{1,2}(?:[.,]\d{1,3})?\s?%\)?")
# No tax on sales is higher, in percent.
_HIGHEST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """A head with the sheet it stands on, and the line its rows begin at."""

    head: Head
    index: int
    start: int
    view: View
    lexicon: Lexicon
    rows: Want

    @property
    def sheet(self) -> Sheet:
        return self.view.sheets[self.index]

    @property
    def numeric(self) -> frozenset[int]:
        return numeric_of(self.head)

    def child(self, concept: str) -> Want | None:
        return next((child for child in self.rows.children if child.concept == concept), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """The lines of a table, the first line after it, and whether a total or another head closed it."""

    lines: tuple[BodyLine, ...]
    end: int
    closed: bool


def find_rows(rows: Want, view: View) -> tuple[list[Row], set[tuple[int, int]]]:
    """The rows under the best head of each page, in order; a lesser head on a later page is another table's.

    A table that no total closed goes on at the top of the next page, with or without its head repeated.
    Also the lines of the heads, as (sheet index, line).
    """
    lexicon = item_lexicon(rows)
    found: list[Row] = []
    thin: list[Row] = []
    heads: set[tuple[int, int]] = set()
    fields = 0
    going_on: Head | None = None
    for index, sheet in enumerate(view.sheets):
        head = find_head(sheet, rows, lexicon)
        last, going_on = going_on, None
        if head is not None and head.fields < fields - 1:
            head = None
        if last is not None and (head is None or head.first > 0):
            table = _Table(head=last, index=index, start=0, view=view, lexicon=lexicon, rows=rows)
            start = _first_data(table, _usual(found), head.first if head else len(sheet.lines))
            if start is not None:
                table = replace(table, start=start)
                body = _body(table, head.first if head else None)
                found += alike(every := _complete_rows(table, body), rows)
                thin += every
                going_on = None if body.closed else last
        while head is not None:
            fields = max(fields, head.fields)
            table = _Table(head=head, index=index, start=head.last + 1, view=view, lexicon=lexicon, rows=rows)
            table = _settled(table)
            body = _body(table)
            every = _complete_rows(table, body)
            complete = alike(every, rows)
            if complete:
                heads |= {(index, line) for line in range(head.first, head.last + 1)}
            found += complete
            thin += every
            going_on = table.head if complete and not body.closed else None
            head = _next_head(table, body)
    return with_thin(alike(found, rows), thin, rows, view), heads


def _settled(table: _Table) -> _Table:
    """The table with its columns named by what stands in them, too."""
    lines = _body(table).lines[:_SAMPLE]
    # What stands below the last priced line is of the table no more.
    lines = lines[: max((at for at, line in enumerate(lines, 1) if line.values), default=len(lines))]
    head = refined(table.head, table.rows, table.lexicon, table.sheet, cells_by_text(lines), table.view.habits)
    return replace(table, head=with_bare(head, lines, table.rows))


def _next_head(table: _Table, body: _Body) -> Head | None:
    """The same head once more on the page, over another group of rows."""
    head = find_head(table.sheet, table.rows, table.lexicon, body.end)
    if head is None or head.first < body.end or head.fields < table.head.fields:
        return None
    names = [{c.want.name for c in one.columns if c.want} for one in (head, table.head)]
    return head if names[0] <= names[1] or names[1] <= names[0] else None


def _first_data(table: _Table, usual: frozenset[str], end: int) -> int | None:
    """The first line of a page that fills the columns that rows of the page before filled.

    None where a total or the head of another table stands above it.
    """
    for number, line in enumerate(table.sheet.lines[:end]):
        if _another_head(line, table) or _is_total(table, number):
            return None
        filled = {
            column.want.name
            for index, segment in place(line, table.head, table.view)
            if (column := table.head.columns[index]).want
            and (column.want.kind not in NUMERIC or number_of(segment.text, table.view.habits) is not None)
        }
        if usual <= filled and len(filled & {c.name for c in table.rows.children if c.kind in NUMERIC}) >= 2:
            return number
    return None


def _usual(found: Sequence[Row]) -> frozenset[str]:
    """The fields that nearly every row has."""
    names = Counter(name for row in found for name in row)
    return frozenset(name for name, count in names.items() if count >= 0.8 * len(found))


def _body(table: _Table, until: int | None = None) -> _Body:
    sheet, head, numeric = table.sheet, table.head, table.numeric
    lines: list[BodyLine] = []
    under_head = table.start == head.last + 1
    bottom = max(s.y1 for s in sheet.lines[head.last]) if under_head else sheet.lines[table.start][0].y0
    end = len(sheet.lines) if until is None else until
    for number in range(table.start, end):
        line = sheet.lines[number]
        if line[0].y0 - bottom > _FARTHEST * sheet.text_height or _another_head(line, table):
            return _Body(lines=tuple(lines), end=number, closed=_another_head(line, table))
        if _is_total(table, number):
            if lines and not _more_rows(table, number):
                return _Body(lines=tuple(lines), end=number, closed=True)
            continue
        cells = tuple(place(line, table.head, table.view))
        bottom = max(s.y1 for s in line)
        values = frozenset(
            column
            for column, segment in cells
            if column in numeric and number_of(segment.text, table.view.habits) is not None
        )
        if lines and values and values <= lines[-1].values and _are_rates(cells, values):
            values = frozenset()  # `20 %` in small print below the tax itself
        worded = any(column not in numeric and head.columns[column].want for column, _ in cells)
        marks = sum(note_marks(segment.text) for segment in line)
        note = marks > 0 and (len(values) <= 1 or marks > 1)
        lines.append(BodyLine(cells=cells, values=values, worded=worded, is_note=note))
    return _Body(lines=tuple(lines), end=end, closed=False)


def _are_rates(cells: Sequence[tuple[int, Segment]], values: frozenset[int]) -> bool:
    return all(_PERCENT.fullmatch(segment.text.strip()) for column, segment in cells if column in values)


def _complete_rows(table: _Table, body: _Body) -> list[Row]:
    span = (min(c.x0 for c in table.head.columns), max(c.x1 for c in table.head.columns))
    opened = group_rows(body.lines, table.sheet, span, numeric=bool(table.numeric))
    made = [_row(one, table) for one in opened]
    return [row for row in made if _complete(row, table.rows)]


def _is_note(line: Sequence[Segment]) -> bool:
    return any(note_marks(segment.text) for segment in line)


def _is_total(table: _Table, number: int) -> bool:
    """Whether the line begins with the label of a total (`Subtotal`, `Summe netto`), its amounts apart."""
    line = table.sheet.lines[number]
    early = {id(line[0]), id(line[-2 if len(line) > 1 else -1])}
    return any(
        begins(hit)
        and id(hit.segment) in early
        and (hit.strength >= 0.6 or _is_rate(hit, line))
        and (any(table.view.concepts.get(owner) in _TOTALS for owner in hit.owners) or table.view.is_own_amount(hit))
        for hit in table.view.by_line[table.index].get(number, ())
    )


def _is_rate(hit: Hit, line: Sequence[Segment]) -> bool:
    """`9 % VAT on 381.00`: the line of a rate's tax, whatever else it says."""
    return hit.segment is line[0] and hit.start > 1 and len(line) == 2


def _more_rows(table: _Table, number: int) -> bool:
    """Whether rows go on after a subtotal: one of the next lines fills two columns of numbers."""
    for after in range(number + 1, min(number + 6, len(table.sheet.lines))):
        line = table.sheet.lines[after]
        filled = {
            column
            for column, cell in place(line, table.head, table.view)
            if column in table.numeric and is_data([cell])
        }
        if len(filled) >= 2 and not _is_total(table, after):
            return True
    return False


def _another_head(line: Sequence[Segment], table: _Table) -> bool:
    own = {id(s) for s in line if any(h.start <= 1 and h.strength >= 0.6 for h in labels_in(s, table.lexicon))}
    hits = table.view.by_line[table.index].get(line[0].line, ())
    own |= {id(hit.segment) for hit in hits if hit.start <= 1 and hit.strength >= 0.6}
    named = [s for s in line if id(s) in own]
    return len(named) >= 3 and not any(c.isdigit() for s in named for c in s.text)


def _row(row: OpenRow, table: _Table) -> Row:
    values: Row = {}
    for index, segments in row.cells.items():
        column = table.head.columns[index]
        if column.want is None or column.want.inferred:
            continue
        if column.want.kind in ("text", "name", "address"):
            levels = sorted({s.line for cell in row.cells.values() for s in cell})
            found = _text_cell(column, segments, levels)
        else:
            found = _typed_cell(column.want, segments, table.view)
        if found:
            values[column.want.name] = found
    _split_unit(values, row, table)
    return values


def _typed_cell(want: Want, segments: Sequence[Segment], view: View) -> Candidate | None:
    rated = want.concept == "tax_rate"
    # A rate may stand below its tax, in one cell.
    for segment in sorted(segments, key=lambda s: "%" not in s.text) if rated else segments:
        readings = [one for one in read(want, segment.text, view.habits) if not rated or one.value <= _HIGHEST]
        if readings and (want.kind not in NUMERIC or number_of(segment.text, view.habits) is not None):
            best = max(readings, key=lambda r: (r.quality, r.start))
            spot = Spot(segment=segment, start=best.start, end=best.end)
            return Candidate(value=best.value, score=0.9 * best.quality + 0.05, spots=(spot,))
    return None


def _text_cell(column: Column, segments: Sequence[Segment], levels: Sequence[int]) -> Candidate | None:
    """The cell's first line, and those set close below it that do not begin a note of their own."""
    lines = [segment for segment in segments if any(c.isalnum() for c in segment.text)]
    if column.piece:
        lines = [s for s in lines if levels.index(s.line) >= column.piece] or lines
    kept: list[Segment] = []
    for segment in lines:
        if kept:
            last = kept[-1]
            close = segment.line == last.line or segment.y0 - last.y1 < 0.3 * max(segment.height, last.height)
            # Pixels give heights only roughly.
            least = 0.85 if all(word.confidence == 1.0 for word in segment.words) else 0.7
            ratio = segment.height / last.height
            alike = segment.words[0].bold == last.words[0].bold and least < ratio < 1 / least
            bullet = segment.text[:1] in "\u2022\u25cf\u00b7\u25aa\u2013*-" and last.text[:1] != segment.text[:1]
            if not close or not alike or bullet or _is_note([segment]):
                break
        kept.append(segment)
    if not kept:
        return None
    spots = tuple(Spot(segment=s, start=0, end=len(s.text)) for s in kept)
    return Candidate(value=" ".join(s.text for s in kept), score=0.85, spots=spots)


def _split_unit(values: Row, row: OpenRow, table: _Table) -> None:
    """`5 kg` in the column of quantities: the unit is what stands after the number, where a unit is wanted."""
    unit, wanted = table.child("unit"), table.child("quantity")
    quantity = values.get(wanted.name) if wanted else None
    if unit is None or unit.name in values or quantity is None:
        return
    for index, segments in row.cells.items():
        if table.head.columns[index].want is not wanted:
            continue
        for segment in segments:
            after = quantity.spots[0].end if quantity.spots[0].segment is segment else 0
            match = re.match(r"\s*([^\W\d_].{0,11})$", segment.text[after:])
            if match and match[1] not in ("x", "X"):
                spot = Spot(segment=segment, start=after + match.start(1), end=after + match.end(1))
                values[unit.name] = Candidate(value=match[1].strip(), score=0.8, spots=(spot,))
                return


def _complete(row: Row, rows: Want) -> bool:
    """A row has at least two of its fields, one of them a number where the item has numbers at all."""
    numbers = [c.name for c in rows.children if c.kind in NUMERIC]
    return len(row) >= min(2, len(rows.children)) and (not numbers or any(name in row for name in numbers))
