"""What may be a field's value: readings to the right of its labels, below them, in the same cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from docextract.local.labels import Hit
from docextract.local.prose import is_term, joined_at, name_before, term_begin
from docextract.local.segments import Segment, Sheet
from docextract.local.typed import Habits, read
from docextract.local.wanted import Want
from docextract.types import Json
from docextract.values.currencies import currency_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A stretch of a segment's text: [start, end)."""

    segment: Segment
    start: int
    end: int

    @property
    def text(self) -> str:
        """The text as printed."""
        return self.segment.text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A possible value: where it stands (one spot a line) and how sure it is, 0 to 1."""

    value: Json
    score: float
    spots: tuple[Spot, ...]
    label: str = ""

    @property
    def place(self) -> tuple[int, int, float, int]:
        """Page, line, left edge and offset of its first spot: equal for two readings of one place."""
        first = self.spots[0]
        return (first.segment.page, first.segment.line, first.segment.x0, first.start)


# Rows below a column's head that a total may stand in (a breakdown by tax rate, then its sum).
_DEEPEST = 6
_SHORT_TEXT = 90
# `Registration mark of vehicle:`, `Shipper's name and address`: words of a label that nobody listed.
_REST_OF_LABEL = re.compile(r"(?:['\u2019]s)?(?:\s+[^\W\d_]+){1,4}\s*:(?=\s)|['\u2019]s(?:\s+[^\W\d_]+){0,4}\s*$")
_TYPED = frozenset(["date", "money", "number", "integer", "id"])
# The number of a box of a form: `7. Vehicle make`.
_BOX = re.compile(r"\(?\d{1,2}[a-z]?[.)]?\s+")
# What a sentence says of a label in so many words.
_SAID = 0.6
# Letters before a label that make its line running text; its value stands within as many of the next line.
_RUNNING = 30


def candidates(
    want: Want, hits: Sequence[tuple[Hit, float]], sheet: Sheet, others: Mapping[int, Sequence[Hit]], habits: Habits
) -> list[Candidate]:
    """Readings beside this page's labels of the field, best first.

    `hits` are its labels with the weight of its claim on each; `others` all labels of the page by
    line, where every area ends.
    """
    found: list[Candidate] = []
    for hit, weight in hits:
        if is_term(hit.segment.text, hit.start, hit.end):
            found += _named(want, hit, weight, sheet)
            continue
        for spot, factor in areas(hit, sheet, others, want):
            readings = read(want, spot.text, habits)
            joined = (
                joined_at(hit.segment.text, hit.end) if spot.segment is hit.segment and want.kind in _TYPED else None
            )
            for order, reading in enumerate(readings):
                # Of several amounts to the right of a label the last is the sum; of other things the first.
                rank = len(readings) - 1 - order if want.kind == "money" or want.is_end else order
                said = joined is not None and not spot.segment.text[joined : spot.start + reading.start].strip(" $€£¥")
                found.append(
                    Candidate(
                        value=reading.value,
                        score=(max(hit.strength, _SAID) if said else hit.strength)
                        * weight
                        * factor
                        * reading.quality
                        * 0.9**rank,
                        spots=(
                            Spot(segment=spot.segment, start=spot.start + reading.start, end=spot.start + reading.end),
                        ),
                        label=hit.segment.text[hit.start : hit.end],
                    )
                )
    return sorted(found, key=lambda one: -one.score)


def _named(want: Want, hit: Hit, weight: float, sheet: Sheet) -> Iterator[Candidate]:
    """What a text calls by the label from then on: `Harbor View LLC ("Landlord")`, at times over the end of a line."""
    segment, end = hit.segment, term_begin(hit.segment.text, hit.start)
    if end == 0 and segment.line > 0:
        segment = sheet.lines[segment.line - 1][-1]
        end = len(segment.text)
    begin = name_before(segment.text, end)
    if want.kind in ("text", "name") and begin < end:
        spot = Spot(segment=segment, start=begin, end=end)
        yield Candidate(value=spot.text, score=_SAID * weight, spots=(spot,), label=hit.key)


def areas(hit: Hit, sheet: Sheet, others: Mapping[int, Sequence[Hit]], want: Want) -> Iterator[tuple[Spot, float]]:
    """Where a label's value may stand, with a factor for how usual the place is."""
    line = sheet.lines[hit.segment.line]
    if _heads_values(line, sheet):
        yield from _below(hit, sheet, others, deep=False)
        return
    begin = _after_twins(hit, others)
    inline = Spot(segment=hit.segment, start=begin, end=_next_label(hit.segment, begin, others))
    yield inline, 1.0
    filled = bool(inline.text.strip(" :.#-=()"))
    at = line.index(hit.segment)
    blocked = inline.end < len(hit.segment.text)
    numbered = any(c.isdigit() for c in inline.text)
    for step, segment in enumerate(line[at + 1 :]):
        end = _next_label(segment, 0, others)
        if blocked or end == 0:
            blocked = True
            break
        numbered = numbered or any(c.isdigit() for c in segment.text[:end])
        yield (
            Spot(segment=segment, start=0, end=end),
            (0.97 - 0.03 * step) * (0.8 if filled and want.kind != "money" else 1.0),
        )
        filled = filled or want.kind in ("text", "name", "address")
        blocked = end < len(segment.text)
    if want.kind == "money" and not numbered and line[-1] is not hit.segment:
        yield from _under_sign(line[-1], sheet)
    if (want.kind in ("text", "name", "address") and filled) or (want.kind == "money" and numbered):
        return
    if not filled and at == len(line) - 1:
        yield from _next_line(hit, sheet, others)
    if not _BOX.sub("", hit.segment.text[: hit.start].lstrip(), count=1).strip(" :"):
        yield from _below(hit, sheet, others, deep=want.kind == "money")


def _heads_values(line: Sequence[Segment], sheet: Sheet) -> bool:
    """Whether a line is of labels alone, each over its value in the next line, which is set in other type."""
    index = line[0].line + 1
    below = sheet.lines[index] if index < len(sheet.lines) else ()
    if len(line) < 2 or len(below) != len(line) or below[0].y0 - line[0].y1 > 1.5 * line[0].height:
        return False
    return all(
        not any(map(str.isdigit, _BOX.sub("", upper.text, count=1)))
        and abs(upper.x0 - lower.x0) < 0.5 * lower.height
        and (upper.height < 0.92 * lower.height or upper.words[0].bold != lower.words[0].bold)
        for upper, lower in zip(line, below, strict=True)
    )


def _after_twins(hit: Hit, others: Mapping[int, Sequence[Hit]]) -> int:
    """The end of a label with what belongs to it, or of the last one of `Invoice date / Delivery date`: one value."""
    end = hit.end
    for other in sorted(others.get(hit.segment.line, ()), key=lambda one: one.start):
        if other.segment is hit.segment and other.start > end and hit.segment.text[end : other.start].strip() == "/":
            end = other.end
    rest = _REST_OF_LABEL.match(hit.segment.text, end)
    return rest.end() if rest else end


def _under_sign(sign: Segment, sheet: Sheet) -> Iterator[tuple[Spot, float]]:
    """A narrow cell breaks `\u20b9 65,490.00` in two: the amount stands below its sign."""
    if currency_of(sign.text.strip()) is None or sign.line + 1 >= len(sheet.lines):
        return
    for below in sheet.lines[sign.line + 1]:
        if below.x0 < sign.x1 and below.x1 > sign.x0 and below.y0 - sign.y1 < sign.height:
            yield Spot(segment=below, start=0, end=len(below.text)), 0.9


def _next_line(hit: Hit, sheet: Sheet, others: Mapping[int, Sequence[Hit]]) -> Iterator[tuple[Spot, float]]:
    """Running text goes on: `... please pay by` at the end of a full line, the day at the beginning of the next."""
    segment = hit.segment
    if hit.start < _RUNNING or segment.line + 1 >= len(sheet.lines):
        return
    below = sheet.lines[segment.line + 1][0]
    if abs(below.x0 - segment.x0) < segment.height and below.y0 - segment.y1 < segment.height:
        yield Spot(segment=below, start=0, end=min(_RUNNING, _next_label(below, 0, others))), 0.9


def _below(hit: Hit, sheet: Sheet, others: Mapping[int, Sequence[Hit]], *, deep: bool) -> Iterator[tuple[Spot, float]]:
    words = hit.segment.between(hit.start, hit.end)
    left, right = _cell(min(w.x0 for w in words), max(w.x1 for w in words), hit.segment, sheet)
    bottom, height, depth = hit.segment.y1, hit.segment.height, 0
    for line in sheet.lines[hit.segment.line + 1 :]:
        under = [s for s in line if s.x0 < right and s.x1 > left]
        if line[0].y0 - bottom > 2.6 * height:
            return
        if not under:
            continue
        segment = min(under, key=lambda s: abs((s.x0 + s.x1) / 2 - (left + right) / 2))
        end = _next_label(segment, 0, others)
        if end == 0:
            return
        depth += 1
        yield Spot(segment=segment, start=0, end=end), (0.7 + 0.02 * depth) if deep else 0.85
        bottom = segment.y1
        if not deep or depth >= _DEEPEST:
            return


def _cell(left: float, right: float, segment: Segment, sheet: Sheet) -> tuple[float, float]:
    """A label's extent, to the drawn lines beside it where it stands alone between them."""
    walls = [rule.x0 for rule in sheet.down if rule.y0 - 3 <= segment.middle <= rule.y1 + 3]
    before = max((wall for wall in walls if wall <= left + 1.5), default=None)
    behind = min((wall for wall in walls if wall >= right - 1.5), default=None)
    if before is None or behind is None:
        return left, right
    alone = sum(before < one.x1 and one.x0 < behind for one in sheet.lines[segment.line]) == 1
    return (before, behind) if alone else (left, right)


def _next_label(segment: Segment, after: int, others: Mapping[int, Sequence[Hit]]) -> int:
    """Where the next label of the segment begins, else the end of its text. Weak labels do not end an area."""
    starts = [
        hit.start
        for hit in others.get(segment.line, ())
        if hit.segment is segment
        and hit.start >= after
        and (hit.strength >= 0.6 or hit.start == 0)
        and not _labels_nothing(hit)
        and len(hit.key) > 2
    ]
    begin = min(starts, default=len(segment.text))
    # The number of a box is its label's.
    return after if starts and _BOX.fullmatch(segment.text[after:begin].lstrip()) else begin


def _labels_nothing(hit: Hit) -> bool:
    """Whether nothing follows the name of what nobody asked for: the `bar` of `0 to 16 bar` is no cash."""
    unasked = all(owner.startswith("~") for owner in hit.owners)
    return unasked and hit.start > 0 and hit.end == len(hit.segment.text)


def whole(segments: Sequence[Segment]) -> tuple[Spot, ...]:
    """Spots that cover these segments."""
    return tuple(Spot(segment=segment, start=0, end=len(segment.text)) for segment in segments)


def anywhere(want: Want, sheets: Sequence[Sheet], habits: Habits, score: float) -> list[Candidate]:
    """Readings of a field that its form alone gives away (an e-mail address needs no label), in reading order."""
    found = []
    for sheet in sheets:
        for segment in sheet.segments:
            if len(segment.text) > 4 * _SHORT_TEXT:
                continue
            found += [
                Candidate(
                    value=reading.value,
                    score=score * reading.quality,
                    spots=(Spot(segment=segment, start=reading.start, end=reading.end),),
                )
                for reading in read(want, segment.text, habits)
                if want.kind != "vat_id" or reading.quality == 1.0
            ]
    return found
