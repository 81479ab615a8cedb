"""Days that no label names: the first of the document, and the day to pay by in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docextract.local.candidates import Candidate, Spot
from docextract.local.segments import Segment
from docextract.local.typed import Reading, read
from docextract.local.view import View
from docextract.local.wanted import Want

_PAYING = re.compile(
    r"(?i)(?<!\w)(?:zahl|überweis|fällig|abgebucht|abbuch|buchen|eingezogen|einziehen|lastschrift|due\b|pay\b|payable|payment"
    r"|settle|debit|régl|règl|paiement|prélev|vencim|pagar\b|pago\b|abonar|betal|incasso|voldaan|scaden|pagamento|pagare"
    r"|saldare|płatn|zapłac)"
)
_PAID = re.compile(
    r"(?i)(?<!\w)(?:received|paid|erhalten|bezahlt|eingegangen|gezahlt|reçu|payé|recibid|pagad[oa]|ontvangen|betaald|ricevut"
    r"|pagato|credited|thank|dank|merci (?:pour|de votre))"
)
_CLAIMING = ("due_date", "delivery_date", "order_date", "birth_date")
_SCORE = 0.5


def first_dates(want: Want, view: View) -> list[Candidate]:
    """Days in reading order that no other label and no sentence about paying claims."""
    return [
        _candidate(reading, segment)
        for index, number, segment, reading in _days(want, view)
        if not _claimed(view, index, number, segment) and not _PAYING.search(segment.text)
    ]


def due_in_text(want: Want, view: View) -> list[Candidate]:
    """The only day of a line about paying: `Please settle by 3 May 2024`."""
    found: list[Candidate] = []
    for _, _, segment, reading in _days(want, view):
        before, after = segment.text[: reading.start], segment.text[reading.end :]
        if len(before.split()) + len(after.split()) < 3 or _PAID.search(segment.text):
            continue
        if _PAYING.search(segment.text) and len(read(want, segment.text, view.habits)) == 1:
            found.append(_candidate(reading, segment))
    return found[:1]


def _days(want: Want, view: View) -> Iterator[tuple[int, int, Segment, Reading]]:
    for index, sheet in enumerate(view.sheets):
        for number, line in enumerate(sheet.lines):
            for segment in line:
                exact = [one for one in read(want, segment.text, view.habits) if one.quality == 1.0]
                if exact:
                    yield index, number, segment, exact[0]


def _candidate(reading: Reading, segment: Segment) -> Candidate:
    spot = Spot(segment=segment, start=reading.start, end=reading.end)
    return Candidate(value=reading.value, score=_SCORE, spots=(spot,))


def _claimed(view: View, index: int, number: int, segment: Segment) -> bool:
    return any(
        hit.segment.x0 <= segment.x0 and any(view.concepts.get(owner) in _CLAIMING for owner in hit.owners)
        for hit in view.by_line[index].get(number, ())
    )
