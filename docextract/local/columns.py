"""The head of a table whose columns are fields of a model: which column is which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from docextract.local.labels import Lexicon, labels_in, lexicon_of
from docextract.local.lexicon import CONCEPTS, LINE_CONCEPTS
from docextract.local.roles import Cells, Claim, Roles, assign
from docextract.local.segments import Segment, Sheet, segment_of
from docextract.local.typed import Habits
from docextract.local.wanted import Want
from docextract.values.numbers import find_amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: the field it holds (None for a column nobody asked for), and its head's extent in points.

    `piece` is in which line of the head the field's name stands, 0 for the first: where one column
    has two names above each other, its cells have two lines.
    """

    want: Want | None
    x0: float
    x1: float
    piece: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a table: its columns from left to right, and its first and last line on the page.

    `stacks` are the segments of each column's head, top to bottom.
    """

    columns: tuple[Column, ...]
    first: int
    last: int
    stacks: tuple[list[Segment], ...] = ()

    @property
    def fields(self) -> int:
        """How many columns hold a field."""
        return sum(column.want is not None for column in self.columns)


def item_lexicon(rows: Want) -> Lexicon:
    """Labels that may head a column: the item's fields', and those of things that stand in such tables anyway."""
    return lexicon_of(_claims(rows))


def _claims(rows: Want) -> Iterator[tuple[str, str, float]]:
    asked = set()
    for child in rows.children:
        asked.add(child.concept)
        for order, label in enumerate(child.labels):
            yield child.name, label, 1.0 if order < child.own else 0.95
    for concept in sorted(LINE_CONCEPTS - {one for one in asked if one}):
        for label in CONCEPTS[concept].labels:
            yield f"~{concept}", label, 0.8


def find_head(sheet: Sheet, rows: Want, lexicon: Lexicon, after: int = 0) -> Head | None:
    """The head with the most fields at or below a line; at least two (one where the item has no more)."""
    needed = 2 if len(rows.children) > 1 else 1
    best: Head | None = None
    seen = after
    for index in range(after, len(sheet.lines)):
        if index < seen or not _may_head(sheet.lines[index], lexicon, sheet):
            continue
        head = _head_at(sheet, index, rows, lexicon, after)
        seen = head.last + 1
        if head.fields >= needed and (best is None or head.fields > best.fields):
            best = head
    return best


def _may_head(line: Sequence[Segment], lexicon: Lexicon, sheet: Sheet) -> bool:
    """At least two cells that begin with a label, and no amounts."""
    fuzzy = sheet.source == "ocr"
    cells = [piece for segment in line for piece in _apart(segment, lexicon, fuzzy=fuzzy)]
    named = sum(any(hit.start <= 1 for hit in labels_in(cell, lexicon, fuzzy=fuzzy)) for cell in cells)
    return named >= 2 and not is_data(line)


def is_data(line: Sequence[Segment]) -> bool:
    """Whether amounts with decimals stand in the line."""
    return any(one.decimals >= 2 for segment in line for one in find_amounts(segment.text))


def _head_at(sheet: Sheet, index: int, rows: Want, lexicon: Lexicon, after: int) -> Head:
    first = last = index
    while first > after and _joins(sheet.lines[first - 1], sheet.lines[first]) and index - first < 3:
        first -= 1
    while last + 1 < len(sheet.lines) and _joins(sheet.lines[last], sheet.lines[last + 1]) and last - index < 3:
        last += 1
    fuzzy = sheet.source == "ocr"
    lines = [
        [piece for whole in line for piece in _apart(whole, lexicon, fuzzy=fuzzy)]
        for line in sheet.lines[first : last + 1]
    ]
    stacks = _stacks(lines)
    return Head(columns=_columns(stacks, rows, lexicon, sheet), first=first, last=last, stacks=tuple(stacks))


def _stacks(lines: Sequence[Sequence[Segment]]) -> list[list[Segment]]:
    """The cells of a head's lines by column. What spans columns of the fullest line (`Amounts in EUR`) names none."""
    fullest = max(lines, key=len)
    stacks: list[list[Segment]] = []
    for segment in [one for line in lines for one in line]:
        if segment not in fullest and sum(_overlap(segment, one) > 0 for one in fullest) > 1:
            continue
        stack = next((s for s in stacks if any(_overlap(segment, other) > 0 for other in s)), None)
        if stack is None:
            stacks.append([segment])
        else:
            stack.append(segment)
    return sorted(stacks, key=lambda stack: min(s.x0 for s in stack))


def _apart(segment: Segment, lexicon: Lexicon, *, fuzzy: bool) -> list[Segment]:
    """Heads set close together, cut where one label ends and another begins: `VAT %  Amount`."""
    hits = labels_in(segment, lexicon, fuzzy=fuzzy)
    cuts = [
        two.start
        for one, two in pairwise(hits)
        if not segment.text[one.end : two.start].strip(" .:%") and two.start in segment.starts and len(two.key) > 2
    ]
    edges = [0, *(segment.starts.index(cut) for cut in cuts), len(segment.words)]
    return [segment_of(segment.words[a:b], segment.page, segment.line) for a, b in pairwise(edges) if b > a]


def _joins(above: Sequence[Segment], below: Sequence[Segment]) -> bool:
    """Whether two lines are of one head: close, short cells without amounts or sentences."""
    height = max(s.height for s in (*above, *below))
    gap = min(s.y0 for s in below) - max(s.y1 for s in above)
    calm = all(len(s.text) <= 32 and not any(c.isdigit() for c in s.text) for s in (*above, *below))
    return gap < 0.6 * height and calm and (len(above) > 1 or len(below) > 1)


def _overlap(a: Segment, b: Segment) -> float:
    return min(a.x1, b.x1) - max(a.x0, b.x0)


def _columns(stacks: Sequence[list[Segment]], rows: Want, lexicon: Lexicon, sheet: Sheet) -> tuple[Column, ...]:
    spans = [_span(stack, stacks, sheet) for stack in stacks]
    roles = assign(_column_claims(stacks, rows, lexicon, sheet), len(stacks), rows, (), Habits())
    return tuple(_column(index, span, roles) for index, span in enumerate(spans))


def _column(index: int, span: tuple[float, float], roles: Roles) -> Column:
    claim = roles.get(index)
    return Column(want=claim.want if claim else None, piece=claim.piece if claim else 0, x0=span[0], x1=span[1])


def _span(stack: Sequence[Segment], stacks: Sequence[Sequence[Segment]], sheet: Sheet) -> tuple[float, float]:
    """The extent of a column: to the drawn lines beside its head where there are, else the head's own."""
    x0, x1 = min(s.x0 for s in stack), max(s.x1 for s in stack)
    y = stack[-1].middle
    walls = [rule.x0 for rule in sheet.down if rule.y0 - 3 <= y <= rule.y1 + 3]
    left = max((wall for wall in walls if wall <= x0 + 1.5), default=None)
    right = min((wall for wall in walls if wall >= x1 - 1.5), default=None)
    if left is None or right is None or sum(left < (s[0].x0 + s[0].x1) / 2 < right for s in stacks) != 1:
        return x0, x1
    return left, right


def _column_claims(stacks: Sequence[list[Segment]], rows: Want, lexicon: Lexicon, sheet: Sheet) -> list[Claim]:
    by_name = {child.name: child for child in rows.children}
    claims: list[Claim] = []
    for index, stack in enumerate(stacks):
        whole = segment_of([word for s in stack for word in s.words], stack[0].page, stack[0].line)
        for piece, segment in [(0, whole), *enumerate(stack)]:
            for hit in labels_in(segment, lexicon, fuzzy=sheet.source == "ocr"):
                place = 1.0 if hit.start <= 1 else 0.7
                claims += [
                    Claim(
                        weight=hit.strength * lexicon.owners[hit.key][owner] * place * (1 - 0.02 * piece),
                        column=index,
                        owner=owner,
                        want=by_name.get(owner),
                        piece=piece,
                    )
                    for owner in hit.owners
                ]
    return claims


def refined(head: Head, rows: Want, lexicon: Lexicon, sheet: Sheet, lines: Cells, habits: Habits) -> Head:
    """The head with its columns given to the fields anew, now that the cells below are known."""
    claims = _column_claims(head.stacks, rows, lexicon, sheet)
    roles = assign(claims, len(head.columns), rows, lines, habits)
    columns = tuple(_column(index, (one.x0, one.x1), roles) for index, one in enumerate(head.columns))
    return replace(head, columns=columns)
