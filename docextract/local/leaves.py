"""One scalar field: the best reading beside its labels, else what its form or the document's head gives away."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from docextract.local.blocks import is_noise, is_town
from docextract.local.candidates import Candidate, Spot, anywhere, areas, candidates
from docextract.local.days import due_in_text, first_dates
from docextract.local.labels import squeeze_label
from docextract.local.lexicon import CONCEPTS, TITLES
from docextract.local.segments import Segment, Sheet
from docextract.local.typed import read
from docextract.local.view import View, owner_of
from docextract.local.wanted import Want
from docextract.values.currencies import currencies_of
from docextract.values.dates import find_dates
from docextract.values.ids import find_ibans
from docextract.values.numbers import find_amounts
from docextract.values.text import plain

Picks = dict[tuple[str, ...], Candidate]

_FORM_TELLS = frozenset(["email", "phone", "url", "iban", "vat_id", "bic", "time"])
# A line longer than this is a sentence that mentions an invoice, not a title.
_LONG_LINE = 90
_NUMBERED = re.compile(r"\s*(?:n[°ºro]|№|no|nr|num|number|nummer|#)[\s.:°º]*(?=[\w/-]*\d)", re.IGNORECASE)
_MARK_ALONE = re.compile(r"(?:nummer|number|num[ée]ro|n[uú]mero|nr\.?|no\.?|n[°º])\s*:?", re.IGNORECASE)
# A number that needs no mark below the document's own name: letters, a stroke, digits.
_CODED = re.compile(r"[A-Z]{1,5}[-/ ]?\d[\w/-]{2,}")
_SURE = 0.3
_IBAN_SHAPE = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?!\w)")
# Methods of payment whose words mean something else too: a `PIN` may be a postcode.
_BESIDE_AMOUNTS = frozenset(["pin", "cb", "nets"])
_ONCE = frozenset(["date", "id", "money", "number", "integer"])


def pick_leaf(want: Want, view: View, picks: Mapping[tuple[str, ...], Candidate]) -> Candidate | None:
    """The best candidate whose place is not already another field's value."""
    if want.concept == "payment_method":
        return _payment(want, view)
    found = _beside_labels(want, view)
    if want.kind == "currency":
        found += _currencies(want, view)
    elif want.concept in ("document_number", "issue_date"):
        found += _in_title(want, view) or _bare_number(want, view)
    if want.concept == "issue_date" and not found:
        taken_days = {one.place for one in picks.values()}
        found += [one for one in first_dates(want, view) if one.place not in taken_days][:1]
    if want.concept == "due_date" and all(one.score < _SURE for one in found):
        found += due_in_text(want, view)
    if want.kind in _FORM_TELLS and not found:
        found += anywhere(want, view.sheets, view.habits, 0.6)
    if want.kind == "time":  # hours of opening stand beside no day
        found = [replace(one, score=min(1.0, one.score + 0.2 * _is_dated(one, view))) for one in found]
    if want.kind == "iban" and not found:
        found += _over_two_lines(view) or _shaped_ibans(want, view)
    elif want.kind == "iban":  # its check digits say more than what stands before it
        found = [replace(one, score=max(one.score, 0.5)) for one in found]
    if want.kind == "enum" and not found:
        found += anywhere(want, view.sheets, view.habits, 0.5)
    taken = {one.place for one in picks.values()} if want.kind in _ONCE else set()
    free = [one for one in found if one.place not in taken]
    return max(free, key=lambda one: one.score, default=None)


def _is_dated(one: Candidate, view: View) -> bool:
    """Whether a day of the calendar stands in the line of a candidate."""
    segment = one.spots[0].segment
    sheet = next(sheet for sheet in view.sheets if sheet.page == segment.page)
    return any(day.precision == "day" for other in sheet.lines[segment.line] for day in find_dates(other.text))


def _shaped_ibans(want: Want, view: View) -> list[Candidate]:
    """What its label calls an IBAN though its check digits do not hold: it is given as printed, and audited."""
    found: list[Candidate] = []
    for index, hits in view.of(owner_of(want)):
        for hit, _ in hits:
            for spot, factor in areas(hit, view.sheets[index], view.by_line[index], want):
                match = _IBAN_SHAPE.match(spot.text.lstrip(" :.#-")) if squeeze_label("IBAN") == hit.key[-4:] else None
                if match:
                    start = spot.segment.text.index(match[0], spot.start)
                    place = Spot(segment=spot.segment, start=start, end=start + len(match[0]))
                    value = re.sub(r"\s", "", match[0])
                    found.append(Candidate(value=value, score=0.5 * factor, spots=(place,)))
    return found


def _over_two_lines(view: View) -> list[Candidate]:
    """An IBAN that begins at the end of a line of running text and ends in the next."""
    found: list[Candidate] = []
    for sheet in view.sheets:
        for above, below in pairwise(sheet.lines):
            first, second = above[-1], below[0]
            if not any(c.isdigit() for c in first.text[-6:]) or second.y0 - first.y1 > first.height:
                continue
            for one in find_ibans(f"{first.text} {second.text}"):
                end = one.end - len(first.text) - 1
                if one.start < len(first.text) and end > 0:
                    spots = (
                        Spot(segment=first, start=one.start, end=len(first.text)),
                        Spot(segment=second, start=0, end=end),
                    )
                    found.append(Candidate(value=one.value, score=0.6, spots=spots))
    return found or _over_two_in_cell(view)


def _over_two_in_cell(view: View) -> list[Candidate]:
    """An IBAN that a narrow cell breaks, the two halves flush with each other."""
    found: list[Candidate] = []
    for sheet in view.sheets:
        for first in sheet.segments:
            if not re.match(r"[A-Z]{2}\d{2}(?:\s|\d)", first.text):
                continue
            for second in (s for line in sheet.lines[first.line + 1 : first.line + 3] for s in line):
                if abs(second.x0 - first.x0) > 2 or second.y0 - first.y1 > 0.6 * first.height:
                    continue
                for one in find_ibans(f"{first.text} {second.text}")[:1]:
                    spots = tuple(Spot(segment=s, start=0, end=len(s.text)) for s in (first, second))
                    found.append(Candidate(value=one.value, score=0.6, spots=spots))
    return found


def _beside_labels(want: Want, view: View) -> list[Candidate]:
    found: list[Candidate] = []
    for index, hits in view.of(owner_of(want)):
        found += candidates(want, hits, view.sheets[index], view.by_line[index], view.habits)
    return found


def _currencies(want: Want, view: View) -> list[Candidate]:
    """The sign or code that stands with most amounts; its first place is its evidence."""
    found = [
        one for one in anywhere(want, view.sheets, view.habits, 1.0) if _beside_digits(one.spots[0]) or one.score > 0.9
    ]
    counts = Counter(one.value for one in found)
    if not counts:
        return []
    value, count = counts.most_common(1)[0]
    first = next(one for one in found if one.value == value)
    shared = currencies_of(first.spots[0].text)
    if shared:
        # A bare $ is many countries' dollar: a code printed anywhere says which.
        codes = [one for one in found if one.spots[0].text in shared]
        value = codes[0].value if codes else value
    first = next(one for one in found if one.value == value)
    return [replace(first, score=min(0.9, 0.5 + 0.4 * count / sum(counts.values())))]


def _beside_digits(spot: Spot) -> bool:
    text = spot.segment.text
    return text[: spot.start].rstrip()[-1:].isdigit() or text[spot.end :].lstrip()[:1].isdigit()


def _in_title(want: Want, view: View) -> list[Candidate]:
    """`Invoice INV/2023/8`, `Rechnung Nr. 12 vom 1.2.2023`: a line of page one where the document says what it is."""
    sheet = view.sheets[0] if view.sheets else None
    found: list[Candidate] = []
    for line in sheet.lines if sheet else ():
        after: Segment | None = None
        for segment in line if sum(len(s.text) for s in line) < _LONG_LINE else ():
            start = _title_end(segment)
            if start is None and (after is None or is_town(segment.text)):
                continue
            numbered = _marked_number(segment) if want.kind == "id" and start is None else None
            if numbered:
                score = _in_title_score(numbered, sheet)
                found.append(Candidate(value=numbered.text, score=score, spots=(numbered,)))
            for best in read(want, segment.text[start or 0 :], view.habits):
                spot = Spot(segment=segment, start=(start or 0) + best.start, end=(start or 0) + best.end)
                found.append(Candidate(value=best.value, score=_in_title_score(spot, sheet), spots=(spot,)))
            after = segment
        found += _under_title(want, line, sheet)
        found += _under_head(want, line, sheet, view)
    return found


def _under_head(want: Want, line: Sequence[Segment], sheet: Sheet | None, view: View) -> list[Candidate]:
    """`Customer | Order | Invoice | Due` in a line: the number stands below the document's own name."""
    if want.kind != "id" or sheet is None or len(line) < 3 or any(c.isdigit() for s in line for c in s.text):
        return []
    labelled = {id(hit.segment) for hit in view.by_line[0].get(line[0].line, ()) if hit.start == 0}
    below = sheet.lines[line[0].line + 1] if line[0].line + 1 < len(sheet.lines) else ()
    found: list[Candidate] = []
    for title in line:
        if squeeze_label(title.text) not in TITLES or len(labelled - {id(title)}) < 2:
            continue
        for segment in below:
            if segment.x0 < title.x1 and segment.x1 > title.x0:
                found += [
                    Candidate(
                        value=one.value,
                        score=0.75 * one.quality,
                        spots=(Spot(segment=segment, start=one.start, end=one.end),),
                    )
                    for one in read(want, segment.text, view.habits)[:1]
                ]
    return found


def _under_title(want: Want, line: Sequence[Segment], sheet: Sheet | None) -> list[Candidate]:
    """`No. 4711` in one of the two lines under a title that stands alone."""
    found: list[Candidate] = []
    titles = [
        s for s in line if _title_end(s) is not None and len(s.text.split()) <= 2 and not any(map(str.isdigit, s.text))
    ]
    for title in titles if want.kind == "id" and sheet else ():
        for segment in (s for below in sheet.lines[title.line + 1 : title.line + 5] for s in below) if sheet else ():
            near = segment.x0 < title.x1 and segment.x1 > title.x0 and segment.y0 - title.y1 < 1.5 * title.height
            alone = _CODED.fullmatch(segment.text) and abs(segment.x0 - title.x0) < 3
            spot = _marked_number(segment) or (Spot(segment=segment, start=0, end=len(segment.text)) if alone else None)
            if near and spot:
                found.append(Candidate(value=spot.text, score=0.55 if alone else 0.7, spots=(spot,)))
    return found


def _marked_number(segment: Segment) -> Spot | None:
    """What follows `No.` or `Nr:` at the beginning of a cell, even where it looks like a month or a day."""
    marked = _NUMBERED.match(segment.text)
    token = re.compile(r"[A-Za-z0-9][\w./-]*\w|\d").match(segment.text, marked.end()) if marked else None
    return Spot(segment=segment, start=token.start(), end=token.end()) if token else None


def _bare_number(want: Want, view: View) -> list[Candidate]:
    """`No. 0042` in the lines right above or below a labelled day of issue or to pay by, flush with it."""
    days = {
        id(hit.segment): hit.segment
        for hit in (view.hits[0] if view.hits else ())
        if hit.start == 0 and any(view.concepts.get(owner) in ("issue_date", "due_date") for owner in hit.owners)
    }
    found: list[Candidate] = []
    for segment in view.sheets[0].segments if want.kind == "id" and view.sheets else ():
        spot = _marked_number(segment) or _beside_mark(segment, view.sheets[0])
        flush = (s for s in days.values() if abs(s.x0 - segment.x0) < 3 or abs(s.x1 - segment.x1) < 3)
        if spot and any(abs(s.line - segment.line) <= 2 for s in flush):
            found.append(Candidate(value=spot.text, score=0.6, spots=(spot,)))
    return found


def _beside_mark(segment: Segment, sheet: Sheet) -> Spot | None:
    """The cell beside `Number:` alone."""
    line = sheet.lines[segment.line]
    at = line.index(segment) + 1
    if at >= len(line) or not _MARK_ALONE.fullmatch(segment.text) or " " in line[at].text:
        return None
    return Spot(segment=line[at], start=0, end=len(line[at].text)) if any(map(str.isdigit, line[at].text)) else None


def _in_title_score(spot: Spot, sheet: Sheet | None) -> float:
    """Earlier is better; `No.` or `#` before it is best; in brackets stands a code of the document's type."""
    before = spot.segment.text[: spot.start].rstrip(" .:")
    score = 0.5 + 0.1 * (1 - spot.segment.y0 / (sheet.height if sheet else 1.0)) - 0.0001 * spot.segment.x0
    if re.search(r"(?:\b(?:nr|no|num|number|n)|[#°º№])$", before, re.IGNORECASE):
        score += 0.2
    return score - (0.25 if before.endswith("(") else 0.0)


def _title_end(segment: Segment) -> int | None:
    """Where the title word of a line ends, if it stands among the line's first words."""
    at = 0
    for order, word in enumerate(segment.text.split(" ")[:4]):
        key = squeeze_label(word)
        at += len(word) + 1
        if key in TITLES or (len(key) > 9 and key.endswith(("rechnung", "faktura", "invoice"))):
            return at
        if order == 0 and word[:1].islower():
            return None
    return None


def _payment(want: Want, view: View) -> Candidate | None:
    """A method's own word beside an amount (`CASH 10.00`), or the text beside a label (`Paid by: VISA`)."""
    methods = {squeeze_label(label) for label in CONCEPTS["cash_given"].labels}
    neutral = {
        squeeze_label(label)
        for label in ("Payment", "Paid", "Tender", "Tendered", "Amount tendered", "Gegeben", "Paid by")
    }
    found: list[Candidate] = []
    for index, hits in (*view.of(owner_of(want)), *view.of("~cash_given")):
        for hit, weight in hits:
            if hit.key in (methods | _BESIDE_AMOUNTS) - neutral and _pays(hit.segment, view.sheets[index], hit.end):
                spot = Spot(segment=hit.segment, start=hit.start, end=hit.end)
                paid = any(
                    one.decimals == 2
                    for s in view.sheets[index].lines[hit.segment.line]
                    for one in find_amounts(s.text)
                )
                if hit.key in _BESIDE_AMOUNTS and not paid:
                    continue
                score = hit.strength * weight + 0.3 * paid
                found.append(Candidate(value=spot.text, score=min(1.0, score), spots=(spot,)))
    for index, hits in view.of(owner_of(want)):
        worded = [(hit, weight) for hit, weight in hits if hit.key not in methods - neutral]
        for one in candidates(want, worded, view.sheets[index], view.by_line[index], view.habits):
            text = str(one.value)
            if not any(c.isdigit() for c in text) and len(text) < 40 and not is_noise(text) and plain(text) != "amount":
                found.append(one)
    return max(found, key=lambda one: one.score, default=None)


def _pays(segment: Segment, sheet: Sheet, end: int) -> bool:
    rest: Sequence[str] = [segment.text[end:], *(s.text for s in sheet.lines[segment.line] if s.x0 > segment.x0)]
    return any(c.isdigit() for text in rest for c in text) or (len(segment.text) == end)
