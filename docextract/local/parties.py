"""Who issued the document and who gets it: blocks under headings, letterheads, address windows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from docextract.local.address import Found, name_and_address
from docextract.local.blocks import blocks_of, is_company, is_country, is_noise, is_street, is_town
from docextract.local.candidates import Candidate, Spot
from docextract.local.labels import Hit
from docextract.local.letterhead import letterhead
from docextract.local.segments import Segment, Sheet
from docextract.local.view import View
from docextract.values.text import squeeze

_PARTY_CONCEPTS = ("seller", "buyer", "ship_to", "payee")
_NO_NAMES = frozenset(
    ["gross_total", "net_total", "tax_total", "amount_due", "due_date", "issue_date", "document_number"]
)
_FACTS = frozenset(["document_number", "issue_date", "due_date", "order_number"])
# A block has at most this many lines, and no gap larger than this many line heights.
_LINES, _GAP = 14, 1.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party's name and address, and the segments of its block (where its other fields are looked for)."""

    name: Candidate | None = None
    address: Candidate | None = None
    region: tuple[Segment, ...] = ()


def find_parties(view: View, owners: dict[str, str], alone: str | None) -> dict[str, Party]:
    """By role, for the roles in `owners` (role to the owner of its headings).

    `alone` names the role that the document itself speaks for where no heading says so: the issuer.
    """
    headings = _headings(view, owners)
    parties: dict[str, Party] = {}
    for role in owners:
        best = max((_under(view, sheet, hit) for sheet, hit in headings.get(role, ())), key=_worth, default=None)
        if best and best.name:
            parties[role] = best if best.address else _with_block(view, best)
    taken = {id(segment) for party in parties.values() for segment in party.region}
    if alone in owners and alone not in parties and view.sheets:
        parties[alone] = _from(letterhead(view, taken), 0.7)
        taken |= {id(segment) for segment in parties[alone].region}
    if "buyer" in owners and "buyer" not in parties and view.sheets:
        seller = parties.get("seller", Party())
        parties["buyer"] = _under_return_line(view, seller) or _window(view, taken, seller)
    taken |= {id(segment) for party in parties.values() for segment in party.region}
    return {role: _with_numbers(party, view, taken) for role, party in parties.items()}


def _with_block(view: View, party: Party) -> Party:
    """A party that only its name is known of, with the block that begins with that name."""
    for sheet in view.sheets:
        for block in blocks_of(sheet):
            for at, segment in enumerate(block.segments[:3]):
                if party.name and squeeze(segment.text) == squeeze(str(party.name.value)):
                    found = name_and_address(_spots(block.segments[at:]))
                    if found.name and found.address:
                        return _from(found, party.name.score)
    return party


def _with_numbers(party: Party, view: View, taken: set[int]) -> Party:
    """The party with the tax number, phone and the like right below its address, which are its own too."""
    if not party.address:
        return party
    last = party.address.spots[-1].segment
    sheet = next(one for one in view.sheets if one.page == last.page)
    added: list[Segment] = []
    bottom = last
    for line in sheet.lines[last.line + 1 : last.line + 5]:
        flush = [s for s in line if abs(s.x0 - last.x0) < 3 or abs(s.x1 - last.x1) < 3]
        below = next((s for s in flush if id(s) not in taken), None)
        if below is None or not is_noise(below.text) or below.y0 - bottom.y1 > 0.9 * last.height:
            break
        added.append(below)
        bottom = below
    return replace(party, region=(*party.region, *added)) if added else party


def _headings(view: View, owners: dict[str, str]) -> dict[str, list[tuple[int, Hit]]]:
    found: dict[str, list[tuple[int, Hit]]] = {}
    for role, owner in owners.items():
        for sheet, hits in view.of(owner):
            found.setdefault(role, []).extend(
                (sheet, hit) for hit, _ in hits if hit.strength >= 0.55 and hit.start <= 1
            )
    return found


def _worth(party: Party) -> float:
    """Of several blocks the one with a name and an address, nearest to the document's beginning."""
    if not party.name:
        return 0.0
    first = party.region[0] if party.region else None
    early = 0.0 if first is None else 0.1 * first.page + 0.0001 * first.y0
    return party.name.score + (party.address.score if party.address else 0.0) - early


def _from(found: Found, score: float) -> Party:
    name = Candidate(value=found.name, score=score, spots=found.name_spots) if found.name else None
    address = Candidate(value=found.address, score=score, spots=found.address_spots) if found.address and name else None
    return Party(name=name, address=address, region=found.region)


def _under(view: View, index: int, hit: Hit) -> Party:
    sheet = view.sheets[index]
    region = _region(view, index, hit)
    inner = _by_inner_labels(view, index, region)
    if inner:
        return inner
    inline = re.sub(r"^\s*\([^)]*\)", "", hit.segment.text[hit.end :]).strip(" :.#-)")
    if inline and not is_noise(inline):
        start = hit.segment.text.index(inline, hit.end)
        first = Spot(segment=hit.segment, start=start, end=len(hit.segment.text))
        return _from(name_and_address([first, *_spots(region)]), 0.6 * hit.strength)
    if inline or hit.segment.text[: hit.start].strip():
        return Party()
    if _is_key(view, index, hit):
        return _from(Found.of(_value_beside(sheet, hit), [], ()), 0.9 * hit.strength)
    beside = _beside(sheet, hit)
    if not region and beside is None:
        return Party()
    spots = _spots(region)
    if beside is not None and (not spots or beside.x0 < spots[0].segment.x1):
        spots = [Spot(segment=beside, start=0, end=len(beside.text)), *spots]
    found = name_and_address(_plain(view, index, spots))
    # Its labelled lines (a tax number, a phone) are the party's as well.
    return _from(replace(found, region=tuple(spot.segment for spot in spots)), 0.95 * hit.strength)


def _is_key(view: View, index: int, hit: Hit) -> bool:
    """Whether a label is one of several above each other with their values in the next column."""
    sheet = view.sheets[index]
    labels = {id(one.segment): one for one in view.hits[index] if one.start == 0 and _is_whole(one)}
    for line in sheet.lines[hit.segment.line + 1 : hit.segment.line + 4]:
        for segment in line:
            if abs(segment.x0 - hit.segment.x0) < 2 and segment.y0 - hit.segment.y1 < 2.5 * hit.segment.height:
                below = labels.get(id(segment))
                if below is None or below.strength < 0.7 or _is_party(view, below):
                    return False
                return bool(_value_beside(sheet, hit)) and bool(_value_beside(sheet, below))
    return False


def _value_beside(sheet: Sheet, hit: Hit) -> list[Spot]:
    """The cell to the right of a label, one line or two that the label stands in the middle of."""
    segment = hit.segment
    near = [
        s
        for line in sheet.lines[max(0, segment.line - 1) : segment.line + 2]
        for s in line
        if s.x0 > segment.x1 and abs(s.middle - segment.middle) < 0.8 * segment.height
    ]
    left = min((s.x0 for s in near), default=0.0)
    return _spots([s for s in near if s.x0 - left < 2])


def _beside(sheet: Sheet, hit: Hit) -> Segment | None:
    """`Customer:   Somebody Ltd`: the next segment of the line, if the label says that something follows."""
    line = sheet.lines[hit.segment.line]
    at = line.index(hit.segment) + 1
    follows = hit.segment.text[hit.end :].strip().startswith(":")
    return line[at] if follows and at < len(line) and not is_noise(line[at].text) else None


def _spots(segments: Sequence[Segment]) -> list[Spot]:
    return [Spot(segment=segment, start=0, end=len(segment.text)) for segment in segments]


def _plain(view: View, index: int, spots: Sequence[Spot]) -> list[Spot]:
    """Lines that do not begin with a label of something else."""
    labelled = {
        id(hit.segment)
        for hit in view.hits[index]
        if hit.start <= 1
        and (
            (hit.strength >= 0.7 and (_marked(hit) or _is_whole(hit)))
            or (hit.strength >= 0.55 and any(view.concepts.get(owner) in _NO_NAMES for owner in hit.owners))
        )
    }
    return [spot for spot in spots if id(spot.segment) not in labelled or spot.start > 0]


def _is_whole(hit: Hit) -> bool:
    return not hit.segment.text[hit.end :].strip(" :.")


def _marked(hit: Hit) -> bool:
    rest = hit.segment.text[hit.end :].strip()
    return rest[:1] in (":", "#") or any(c.isdigit() for c in rest[:4])


def _region(view: View, index: int, hit: Hit) -> tuple[Segment, ...]:
    """The segments below a heading, down to a wide gap or the next party's heading, in its column."""
    sheet = view.sheets[index]
    heads = {
        id(other.segment): other
        for other in view.hits[index]
        if other is not hit and _is_party(view, other) and other.start <= 1 and other.strength >= 0.6
    }
    # Behind an address the document's own facts begin.
    facts = {
        id(other.segment)
        for other in view.hits[index]
        if other.start == 0
        and other.strength >= 0.8
        and any(view.concepts.get(owner) in _FACTS for owner in other.owners)
    }
    line = sheet.lines[hit.segment.line]
    right = min((s.x0 - 0.6 * s.height for s in line if s.x0 > hit.segment.x1), default=sheet.width)
    left = hit.segment.x0 - 1.2 * hit.segment.height
    region: list[Segment] = []
    bottom, height = hit.segment.y1, max(hit.segment.height, sheet.text_height)
    for below in sheet.lines[hit.segment.line + 1 :]:
        inside = [
            s
            for s in below
            if left <= s.x0 < right
            and not _is_of_neighbour(s, (hit.segment, *region), right)
            and any(s.x0 - one.x1 < 4 * height for one in (hit.segment, *region))
        ]
        if not inside:
            continue
        stop = any(id(s) in heads for s in inside) or (
            any(is_town(s.text) for s in region) and any(id(s) in facts for s in inside)
        )
        if stop or inside[0].y0 - bottom > _GAP * height or len(region) >= 2 * _LINES:
            break
        region += inside
        bottom = max(s.y1 for s in inside)
    return tuple(region)


def _is_of_neighbour(segment: Segment, region: Sequence[Segment], right: float) -> bool:
    """Whether a line belongs to the block on the right, which is set flush right: it reaches well into that."""
    widest = max(s.x1 for s in region)
    return segment.x1 > right + 2 * segment.height and segment.x0 > widest


def _of_somebody_else(view: View, first: Segment) -> bool:
    """Whether the block begins with, or stands right under, the heading of another party (`Ship to`)."""
    for hit in view.hits[0]:
        near = 0 <= first.line - hit.segment.line <= 2 and hit.segment.x0 < first.x1 and hit.segment.x1 > first.x0
        other = any(view.concepts.get(owner) in ("ship_to", "payee") for owner in hit.owners)
        if near and other and hit.start <= 1 and hit.strength >= 0.6:
            return True
    return False


def _is_party(view: View, hit: Hit) -> bool:
    return any(view.concepts.get(owner) in _PARTY_CONCEPTS for owner in hit.owners)


def _by_inner_labels(view: View, index: int, region: Sequence[Segment]) -> Party | None:
    """A block that is itself a form: `Name: ...`, `Address: ...`, values in a column beside the labels."""
    inside = {id(segment) for segment in region}
    labels = [hit for hit in view.hits[index] if id(hit.segment) in inside and hit.start == 0]
    name = next((hit for hit in labels if "~name" in hit.owners and _marked_or_beside(view, index, hit)), None)
    if name is None:
        return None
    address = next((hit for hit in labels if "~address" in hit.owners and _marked_or_beside(view, index, hit)), None)
    starts = {id(hit.segment) for hit in labels}
    name_spots = _value_spots(view, index, name, region, starts)[:3]
    address_spots = _value_spots(view, index, address, region, starts) if address else []
    if not name_spots:
        return None
    found = Found.of(name_spots, address_spots, tuple(region))
    return _from(found, 0.95)


def _marked_or_beside(view: View, index: int, hit: Hit) -> bool:
    rest = hit.segment.text[hit.end :].strip()
    return rest.startswith(":") or (not rest and len(view.sheets[index].lines[hit.segment.line]) > 1)


def _value_spots(view: View, index: int, hit: Hit, region: Sequence[Segment], labelled: set[int]) -> list[Spot]:
    """The value beside a label, and the lines below it in the same column that have no label of their own."""
    sheet = view.sheets[index]
    inline = hit.segment.text[hit.end :].strip(" :")
    line = sheet.lines[hit.segment.line]
    after = line[line.index(hit.segment) + 1 :]
    if inline:
        first = Spot(segment=hit.segment, start=hit.segment.text.index(inline, hit.end), end=len(hit.segment.text))
    elif after:
        first = Spot(segment=after[0], start=0, end=len(after[0].text))
    else:
        return []
    left = first.segment.between(first.start, first.end)[0].x0
    heads = sorted({s.line for s in region if s.x1 <= left or id(s) in labelled})
    spots = [first]
    for segment in region:
        if segment.line in heads or segment.x0 < left - 3:
            continue
        if _nearest(segment, sheet, heads) == hit.segment.line:
            spots.append(Spot(segment=segment, start=0, end=len(segment.text)))
    return sorted(spots, key=lambda spot: spot.segment.line)


def _nearest(segment: Segment, sheet: Sheet, heads: Sequence[int]) -> int:
    """The line of the label that a line without one belongs to: the nearest, of two equally near the upper."""
    return min(heads, key=lambda n: abs(sheet.lines[n][0].middle - segment.middle) - 2.0 * (n < segment.line))


def _under_return_line(view: View, seller: Party) -> Party | None:
    """The address window under a sender set in one line: lines flush with it, however wide their spacing."""
    if not (seller.name and seller.address) or seller.name.spots[0].segment is not seller.address.spots[0].segment:
        return None
    line = seller.name.spots[0].segment
    sheet = next(s for s in view.sheets if s.page == line.page)
    # A window is 45 mm high (DIN 5008): 128 points.
    inside = [
        s
        for s in sheet.segments
        if s.line > line.line and s.y0 < line.y1 + 128 and abs(s.x0 - line.x0) < 40 and not is_noise(s.text)
    ]
    found = name_and_address([Spot(segment=s, start=0, end=len(s.text)) for s in inside])
    return _from(found, 0.7) if found.name and found.address else None


def _window(view: View, taken: set[int], seller: Party) -> Party:
    """The address window: the first block of page one with a town in it that is nobody else's."""
    sheet = view.sheets[0]
    best, best_score = Party(), 0.0
    for block in blocks_of(sheet):
        free = [s for s in block.segments if id(s) not in taken]
        texts = [s.text for s in free[:_LINES]]
        if not free or _of_somebody_else(view, block.first):
            continue
        towns = [i for i, text in enumerate(texts) if is_town(text) or is_country(text)]
        if len(free) < 2 or not towns or towns[0] == 0 or free[0].y0 > 0.6 * sheet.height:
            continue
        party = _from(name_and_address(_plain(view, 0, _spots(free))), 0.6)
        if not party.name or not party.address or (seller.name and party.name.value == seller.name.value):
            continue
        streets = any(is_street(text) for text in texts)
        score = 0.5 + 0.2 * streets + 0.2 * (free[0].x0 < 0.45 * sheet.width) + 0.1 * (not is_company(texts[0]))
        if score > best_score:
            best, best_score = party, score
    return best
