"""Items of a list without a head: lines of a receipt that end in an amount."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from docextract.local.candidates import Candidate, Spot
from docextract.local.item_columns import by_columns, with_leads
from docextract.local.labels import Hit, begins
from docextract.local.row_kept import Row
from docextract.local.segments import Segment
from docextract.local.typed import read
from docextract.local.view import View
from docextract.local.wanted import Want
from docextract.values.numbers import find_amounts

_STOP = frozenset(
    ["net_total", "tax_total", "gross_total", "amount_due", "cash_given", "change", "rounding", "line_sum", "count"]
)
_TIMES = re.compile(
    r"(?<!\w)(\d{1,4}(?:[.,]\d{1,3})?)\s*(?:(?:kg|lbs?|oz|l|ltr|stk|st|pcs?|ea)\.?\s*[x×*@]|[x×*@]|pcs?\b|stk\b|ea\b)",
    re.IGNORECASE,
)
# A line of nothing but how many at which price: `2 Stk x 0,89`, `2 @ 12.49`, `0.842 kg @ 0.95/kg`.
_MANY = re.compile(
    r"\W*(\d{1,4}(?:[.,]\d{1,3})?)\s*(?:kg|lbs?|oz|l|ltr|stk|st|pcs?|ea|units?)?\.?\s*[x×*@]\s*\D{0,3}\s*"
    r"(\d{1,5}(?:[.,]\d{1,3})?)\s*(?:€|eur|ea\.?)?(?:\s?/\s?\w{1,4})?\W*",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"(\d{1,4}(?:[.,]\d{1,3})?)\s*[x×*]\s+(?=[^\W\d_]{3})", re.IGNORECASE)
# The same behind what was bought: `STYLO BILLE BLEU 2x1,90`.
_MANY_AT_END = re.compile(
    r"\s+(\d{1,4}(?:[.,]\d{1,3})?)\s*(?:kg|lbs?|stk|st|pcs?|ea)?\.?\s*[x×*@]\s*(\d{1,5}(?:[.,]\d{1,3})?)\W*$",
    re.IGNORECASE,
)
# How many behind the words: `SHOYU RAMEN x2`.
_BEHIND = re.compile(r"(?:(?<!\d)\s+|^)[x×*]\s?(\d{1,3})$", re.IGNORECASE)
_AT_PRICE = re.compile(r"[x×*@]\s*\d", re.IGNORECASE)
_ROUNDING = 0.0101
# A price that ends further in than this share of the list's width is no line's amount.
_INSIDE = 0.25
_WHOLE = re.compile(r"\W{0,2}\d{1,3}(?:[.,]?\d{3}){0,3}\W{0,2}")
_CENTS = re.compile(r"\d[.,]\d\d(?!\d)")
_FLAG = re.compile(r"^[A-Z*#]{1,3}$")


def find_items(rows: Want, view: View) -> list[Row]:
    """Rows of description, quantity and amount, from the first priced line down to the first total."""
    by_concept = {child.concept: child for child in rows.children}
    amount, text = by_concept.get("line_amount") or by_concept.get("unit_price"), by_concept.get("description")
    if amount is None or text is None or not view.sheets:
        return []
    found: list[Row] = []
    pending: list[Segment] = []
    many: list[Segment] = []
    leads: list[Segment] = []
    prices = _prices(amount, view)
    for number, line in enumerate(view.sheets[0].lines):
        labels = view.by_line[0].get(number, ())
        if any(
            ((_is_first(hit) and hit.strength >= 0.6) or _taxed(hit, view))
            and ({view.concepts.get(o) for o in hit.owners} & _STOP or view.is_own_amount(hit))
            for hit in labels
        ):
            if found:
                break
            continue
        if _MANY.fullmatch(" ".join(s.text for s in line)):
            if not (found and _counts(found[-1], amount, by_concept.get("quantity"), line, view)):
                many = list(line)
            continue
        priced = prices.get(number)
        if priced is None:
            pending = [] if labels else [*line] if len(line) <= 2 else []
            continue
        row = _item((text, by_concept.get("quantity")), line, priced, pending, view)
        pending = []
        if row:
            found.append({**row, amount.name: priced})
            leads.append(line[0])
            _without_count(found[-1], text, amount, by_concept.get("quantity"), view)
            beside = [segment for segment in line if _MANY.fullmatch(segment.text)]
            _counts(found[-1], amount, by_concept.get("quantity"), beside or many, view)
            many = []
    return by_columns(
        with_leads(found, leads, by_concept.get("quantity"), view), text, by_concept.get("quantity"), view
    )


def is_cut_wrong(found: Sequence[Row], rows: Want) -> bool:
    """Whether half of the rows have no words, or begin with `x 6.50`: the count stands in a line below them."""
    name = next((child.name for child in rows.children if child.concept == "description"), None)
    texts = [str(row[name].value) if name in row else "" for row in found] if name else []
    wrong = [text for text in texts if _AT_PRICE.match(text) or not any(map(str.isalpha, text))]
    return len(wrong) >= max(1, len(found) / 2)


def _prices(amount: Want, view: View) -> dict[int, Candidate]:
    """The amounts that end lines of the first page, by line; what ends far inside of where most of them do is none."""
    sheet = view.sheets[0]
    # Where no amount has cents (yen, won), a number that stands alone at a line's end is one.
    whole = not any(_CENTS.search(segment.text) for segment in sheet.segments)
    found = {
        number: priced
        for number, line in enumerate(sheet.lines)
        if (priced := _price(line, amount, view, whole=whole)) is not None
    }
    edges = sorted(one.spots[0].segment.x1 for one in found.values())
    if len(edges) < 3:
        return found
    left, right = min(segment.x0 for segment in sheet.segments), edges[len(edges) // 2]
    least = right - _INSIDE * (right - left)
    return {number: one for number, one in found.items() if one.spots[0].segment.x1 >= least}


def _without_count(row: Row, text: Want, amount: Want, quantity: Want | None, view: View) -> None:
    """Take how many at which price off the end of what was bought, where they come to the row's amount."""
    whole = row[text.name]
    spot = whole.spots[0]
    match = _MANY_AT_END.search(spot.text)
    if match is None or not _comes_to(row, amount, match, view):
        return
    row[text.name] = replace(whole, value=(kept := replace(spot, end=spot.start + match.start())).text, spots=(kept,))
    counts = read(quantity, match[1], view.habits) if quantity is not None else []
    if quantity is not None and counts:
        place = replace(spot, start=spot.start + match.start(1), end=spot.start + match.end(1))
        row[quantity.name] = Candidate(value=counts[0].value, score=0.7, spots=(place,))


def _comes_to(row: Row, amount: Want, match: re.Match[str], view: View) -> bool:
    """Whether how many, the first group, at which price, the second, make a row's amount."""
    counts, prices = read(amount, match[1], view.habits), read(amount, match[2], view.habits)
    if not counts or not prices:
        return False
    return bool(abs(counts[0].value * prices[0].value - abs(row[amount.name].value)) <= _ROUNDING)


def _counts(row: Row, amount: Want, quantity: Want | None, line: Sequence[Segment], view: View) -> bool:
    """Whether a line of how many at which price comes to a row's amount: the row then has that quantity."""
    match = _MANY.fullmatch(" ".join(s.text for s in line)) if line else None
    if match is None or not _comes_to(row, amount, match, view):
        return False
    counts = read(quantity, match[1], view.habits) if quantity is not None else []
    for segment in line if quantity is not None and counts else ():
        at = segment.text.find(match[1])
        if quantity is not None and at >= 0:
            spot = Spot(segment=segment, start=at, end=at + len(match[1]))
            row[quantity.name] = Candidate(value=counts[0].value, score=0.7, spots=(spot,))
            break
    return True


def _is_first(hit: Hit) -> bool:
    """Whether a label begins its line; a number may stand before it: `3 items total`."""
    return hit.start <= 1 or hit.segment.text[: hit.start].strip().isdecimal()


def _taxed(hit: Hit, view: View) -> bool:
    """`zzgl. 7 % USt`: a line of tax, whatever stands before and after."""
    return begins(hit) and any(view.concepts.get(owner) == "tax_total" for owner in hit.owners)


def _price(line: Sequence[Segment], amount: Want, view: View, *, whole: bool) -> Candidate | None:
    """The amount with two decimals that ends the line (a tax letter may follow); a `whole` one stands alone."""
    for segment in reversed(line):
        if _FLAG.match(segment.text):
            continue
        if whole and (segment is line[0] or not _WHOLE.fullmatch(segment.text)):
            return None
        readings = [one for one in read(amount, segment.text, view.habits) if whole or one.quality >= 1.0]
        if readings and not re.search(r"[^\W\d_]{3,}", segment.text[readings[-1].end :]):
            last = readings[-1]
            spot = Spot(segment=segment, start=last.start, end=last.end)
            return Candidate(value=last.value, score=0.75, spots=(spot,))
        return None
    return None


def _item(
    wants: tuple[Want, Want | None],
    line: Sequence[Segment],
    priced: Candidate,
    pending: Sequence[Segment],
    view: View,
) -> Row | None:
    text, quantity = wants
    price = priced.spots[0]
    words = [
        s
        for s in line
        if s.x0 <= price.segment.x0
        and re.search(r"[^\W\d_]{3,}", s.text[: _end(s, price)])
        and not _MANY.fullmatch(s.text[: _end(s, price)])
    ]
    source = words[0] if words else next((s for s in pending if re.search(r"[^\W\d_]{3,}", s.text)), None)
    if source is None:
        return None
    end = len(source.text[: _end(source, price)].rstrip())
    before, behind = _COUNTED.match(source.text), _BEHIND.search(source.text[:end])
    spot = Spot(segment=source, start=before.end() if before else 0, end=behind.start() if behind else end)
    row: Row = {text.name: Candidate(value=spot.text, score=0.6, spots=(spot,))}
    alone = ((segment, _BEHIND.fullmatch(segment.text)) for segment in line)
    places = [(segment, match) for segment, match in ((source, before), (source, behind), *alone) if match] + [
        (segment, match)
        for segment in line
        if (match := _TIMES.search(segment.text)) and _is_count(segment.text, match, priced, view)
    ]
    for segment, match in places if quantity is not None else ():
        readings = read(quantity, match[1], view.habits) if quantity is not None else []
        if quantity is not None and readings:
            place = Spot(segment=segment, start=match.start(1), end=match.end(1))
            row[quantity.name] = Candidate(value=readings[0].value, score=0.6, spots=(place,))
            break
    return row


def _is_count(text: str, match: re.Match[str], priced: Candidate, view: View) -> bool:
    """Whether a number times something is how many: `10x10` and `6X1,5L` are measures, unless they make the price."""
    if not text[match.end() :].lstrip()[:1].isdigit():
        return True
    count, after = (find_amounts(part, group=view.habits.group) for part in (match[1], text[match.end() :]))
    return bool(count and after) and abs(float(count[0].amount * after[0].amount) - abs(priced.value)) <= _ROUNDING


def _end(segment: Segment, price: Spot) -> int:
    return price.start if segment is price.segment else len(segment.text)
