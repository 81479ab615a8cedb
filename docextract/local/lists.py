"""Lists of plain values: what stands behind a label, parted by commas or bullets, or line by line below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from docextract.local.candidates import Candidate, Spot
from docextract.local.labels import Hit
from docextract.local.segments import Sheet
from docextract.local.typed import read
from docextract.local.view import View, owner_of
from docextract.local.wanted import Want

_PART = re.compile(r"[^,;|\u2022\u00b7\u25cf\n]+")
_BULLET = re.compile(r"^[-*\u2013\u2022\u00b7\u25cf\u25aa]\s*")
# What begins an entry of a list: `-`, `2.`, `(3)`, `b)`.
_MARKED = re.compile(r"(?:[-*\u2013\u2022\u00b7\u25cf\u25aa]|\(?\d{1,3}[.)]|[a-z][.)])\s+(?=\S)")
_MOST = 60
_SURE = 0.55


def find_list(want: Want, view: View) -> list[Candidate]:
    """The values of a list of scalars under its best label; empty where no label is found."""
    item = want.children[0]
    if item.kind in ("email", "url", "iban", "vat_id"):
        return _everywhere(item, view)
    hits = [(hit, index) for index, found in view.of(owner_of(want)) for hit, _ in found if hit.strength >= _SURE]
    for hit, index in sorted(hits, key=lambda one: -one[0].strength):
        spots = list(_spots(hit, view.sheets[index], view, index))
        if item.kind == "text" and spots and spots[0].segment is not hit.segment and _MARKED.match(spots[0].text):
            found = _marked(spots)
        else:
            found = [value for spot in spots for value in _values(item, spot, view)]
        if found:
            return found[:_MOST]
    return []


def _marked(spots: Sequence[Spot]) -> list[Candidate]:
    """Entries that begin with a mark each, whole, with the lines that they go on in."""
    entries: list[list[Spot]] = []
    for spot in spots:
        mark = _MARKED.match(spot.text)
        if mark:
            entries.append([replace(spot, start=spot.start + mark.end())])
        else:
            entries[-1].append(spot)
    return [Candidate(value=" ".join(spot.text for spot in entry), score=0.65, spots=tuple(entry)) for entry in entries]


def _everywhere(item: Want, view: View) -> list[Candidate]:
    found: dict[str, Candidate] = {}
    for sheet in view.sheets:
        for segment in sheet.segments:
            for one in read(item, segment.text, view.habits):
                spot = Spot(segment=segment, start=one.start, end=one.end)
                found.setdefault(str(one.value), Candidate(value=one.value, score=0.7, spots=(spot,)))
    return list(found.values())


def _spots(hit: Hit, sheet: Sheet, view: View, index: int) -> Iterator[Spot]:
    """The rest of the label's line, then lines below it in its column, down to a gap or another label."""
    inline = Spot(segment=hit.segment, start=hit.end, end=len(hit.segment.text))
    line = sheet.lines[hit.segment.line]
    beside = line[line.index(hit.segment) + 1 :]
    if inline.text.strip(" :"):
        yield inline
        return
    if beside:
        yield from (Spot(segment=segment, start=0, end=len(segment.text)) for segment in beside)
        return
    bottom = hit.segment.y1
    labelled = {id(one.segment) for one in view.hits[index] if one.start == 0 and one.strength >= 0.75}
    for below in sheet.lines[hit.segment.line + 1 :]:
        under = [s for s in below if abs(s.x0 - hit.segment.x0) < 3 * s.height]
        if below[0].y0 - bottom > 1.5 * sheet.text_height or (under and id(under[0]) in labelled):
            return
        if under:
            yield Spot(segment=under[0], start=0, end=len(under[0].text))
            bottom = under[0].y1


def _values(item: Want, spot: Spot, view: View) -> Iterator[Candidate]:
    if item.kind not in ("text", "name", "id", "address"):
        for one in read(item, spot.text, view.habits):
            place = Spot(segment=spot.segment, start=spot.start + one.start, end=spot.start + one.end)
            yield Candidate(value=one.value, score=0.7 * one.quality, spots=(place,))
        return
    for match in _PART.finditer(spot.text):
        text = _BULLET.sub("", match[0].strip(" :\t")).strip()
        if text and any(c.isalnum() for c in text):
            start = spot.start + match.start() + match[0].index(text)
            place = Spot(segment=spot.segment, start=start, end=start + len(text))
            yield Candidate(value=text, score=0.65, spots=(place,))
