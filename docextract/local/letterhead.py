"""The issuer where no heading names it: a return address in one line, the top of the page, the foot."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from docextract.local.address import Found, address_lines, is_name, is_salutation, name_and_address
from docextract.local.blocks import blocks_of, is_company, is_country, is_legal_form, is_noise, is_street, is_town
from docextract.local.candidates import Spot
from docextract.local.labels import Hit
from docextract.local.lexicon import TITLES
from docextract.local.segments import Segment, Sheet, segment_of
from docextract.local.view import View
from docextract.values.ids import find_vat_ids
from docextract.values.numbers import find_amounts
from docextract.values.text import squeeze

_PARTS = re.compile(r"\s+[-\u2013\u2014\u00b7\u2022\u25cf|*,;]\s+|\s*[\u00b7\u2022\u25cf|]\s*|,\s+")
# Being the first line is not enough to be a name: it takes a legal form, an address below, or larger type.
_LEAST = 0.5
# The head of a page: a letterhead or the top of a receipt ends above this share of its height.
_HEAD = 0.4
_FOOT = 0.8
_SENTENCES = re.compile(r",\s+|\s+[-\u2013\u2014\u00b7\u2022|]\s+|\.\s+(?=[A-Z])")
_ADDRESS_PARTS = 4
_LEGAL = re.compile(
    r"(?i)(?<!\w)(?:si[èe]ge social|registered (?:office|in)|company (?:reg|no)|au capital|RCS|SIRET|HRB|Amtsgericht"
    r"|Registergericht|Gesch[äa]ftsf[üu]hrer|capitale sociale|Registro Mercantil|KvK|Handelsregister)(?!\w)"
)
_WORD = r"[A-Z][^\W\d_]*"
_PLACE = re.compile(rf"{_WORD}(?:[ '-]{_WORD}){{0,3}}, {_WORD}(?:[ '-]{_WORD}){{0,2}}(?: \([A-Z]{{2,4}}\))?")


def letterhead(view: View, taken: set[int]) -> Found:
    """The issuer's name and address on the first page. `taken` are ids of segments that are someone else's."""
    sheet = view.sheets[0]
    returned = _return_line(sheet, taken)
    if returned:
        return returned
    labelled = {id(hit.segment) for hit in view.hits[0] if hit.start <= 1 and hit.strength >= 0.75}
    head = [
        segment
        for segment in sheet.segments
        if segment.y0 < _HEAD * sheet.height and id(segment) not in taken and id(segment) not in labelled
    ]
    best: tuple[float, Segment] | None = None
    for order, segment in enumerate(head[:25]):
        score = _score(segment, order, sheet, head)
        if score > (best[0] if best else _LEAST):
            best = (score, segment)
    legal = _legal_foot(view, sheet, best[1] if best else None)
    if legal.name:
        return legal
    foot = _foot(sheet, taken)
    if best is None or (foot.name and (best[0] < 0.75 or _issues(foot, best[1], sheet))):
        return foot
    marked = {id(hit.segment) for hit in view.hits[0] if hit.start <= 1 and _is_marked(hit)}
    found = _above_all(best[1], sheet, taken) or _from_line(best[1], sheet, taken, marked)
    if found.address or not found.name:
        return found
    beside = _beside(found, sheet, taken)
    return beside if beside.address else _with_foot(beside, view)


def _issues(foot: Found, head: Segment, sheet: Sheet) -> bool:
    """Whether the small print names another company than the head, with its tax number or register beside it.

    Then the head's is the one written to, in the window of the envelope.
    """
    if squeeze(head.text.split()[0]) == squeeze((foot.name or "?").split()[0]) or head.x0 > 0.45 * sheet.width:
        return False
    top = foot.region[0].y0 if foot.region else sheet.height
    small = [s for s in sheet.segments if s.y0 >= top - 2]
    above = [s for s in sheet.segments if s.y1 < head.y0 and is_company(s.text)]
    return not above and any(_LEGAL.search(s.text) for s in small) and any(find_vat_ids(s.text) for s in small)


def _beside(found: Found, sheet: Sheet, taken: set[int]) -> Found:
    """The address in a block of its own at the head of the page, which begins with the street and names nobody."""
    for block in blocks_of(sheet):
        free = [s for s in block.segments if id(s) not in taken]
        if not free or free[0].y0 > 0.5 * _HEAD * sheet.height or not is_street(free[0].text) or is_name(free[0].text):
            continue
        lines = address_lines([Spot(segment=s, start=0, end=len(s.text)) for s in free])
        if lines and lines[0].segment is free[0] and any(is_town(spot.text) for spot in lines):
            return Found.of(found.name_spots, lines, (*found.region, *(spot.segment for spot in lines)))
    return found


def _legal_foot(view: View, sheet: Sheet, head: Segment | None) -> Found:
    """The issuer by the small print: a name at the foot above where it is registered and its address.

    Only where the head names no company: the one written to may be all that stands there.
    """
    if head is not None and is_company(head.text):
        return Found()
    told = _told_foot(sheet, head)
    if told.name:
        return told
    for number, line in enumerate(sheet.lines):
        if line[0].y0 < _FOOT * sheet.height or len(line) != 1 or not is_name(line[0].text):
            continue
        small = [s for after in sheet.lines[number + 1 : number + 4] for s in after]
        if head is None or squeeze(line[0].text) == squeeze(head.text) or not any(_LEGAL.search(s.text) for s in small):
            continue
        if len(line[0].text.split()) > 6 or any(hit.start == 0 for hit in view.by_line[0].get(number, ())):
            continue
        name = Spot(segment=line[0], start=0, end=len(line[0].text))
        return Found.of([name], _office(small), (line[0], *small))
    return Found()


def _told_foot(sheet: Sheet, head: Segment | None) -> Found:
    """`Somebody Energy Ltd. Registered office: Quay House, Oldtown OT1 7AQ.` where the head prints `Somebody`."""
    for segment in sheet.segments:
        if segment.y0 < _FOOT * sheet.height or head is None:
            continue
        name = _SENTENCES.split(segment.text)[0].rstrip(" .")
        short = squeeze(head.text)
        if len(short) < 3 or not is_company(name) or not squeeze(name).startswith(short) or len(name) > 60:
            continue
        rest = segment.text[len(name) :]
        label = _LEGAL.search(rest)
        start = len(name) + (label.end() if label and rest[label.end() :].lstrip().startswith(":") else 0)
        while start < len(segment.text) and not segment.text[start].isalnum():
            start += 1
        end = start
        for part in _SENTENCES.split(segment.text[start:])[: _ADDRESS_PARTS + 1]:
            end = segment.text.index(part, end) + len(part)
            if is_town(part):
                address = [Spot(segment=segment, start=start, end=end)]
                return Found.of([Spot(segment=segment, start=0, end=len(name))], address, (segment,))
    return Found()


def _office(small: Sequence[Segment]) -> list[Spot]:
    """`Registered office: 16 Mill Lane - 92100 Somewhere - Tel: ...`: from the street to the town."""
    for segment in small:
        label = _LEGAL.search(segment.text)
        at = label.end() if label else 0
        parts = [part for part in _PARTS.split(segment.text[at:]) if part.strip(" :")]
        town = next((i for i, part in enumerate(parts[:3]) if is_town(part)), None)
        if town is None:
            continue
        start = segment.text.index(parts[0].strip(" :"), at)
        end = segment.text.index(parts[town], start) + len(parts[town].rstrip())
        return [Spot(segment=segment, start=start, end=end)]
    return []


def _is_marked(hit: Hit) -> bool:
    """Whether a label of something other than a name or an address is set off by a colon."""
    rest = hit.segment.text[hit.end :].lstrip()
    if not rest.startswith(":") or {"~name", "~address"} & set(hit.owners):
        return False
    return not ("," in rest and is_street(rest.lstrip(": ")))  # `No: 28, Jalan Astana` is a house


def _with_foot(found: Found, view: View) -> Found:
    """The address behind the name in small print: `Somebody plc, Wharf House, Leeds LS10 1BJ. VAT No: ...`."""
    name = found.name or ""
    below = _under_own_name(found, view)
    if below:
        return Found.of(found.name_spots, below, (*found.region, *(spot.segment for spot in below)))
    small = [s for sheet in view.sheets for s in sheet.segments if s.y0 >= _FOOT * sheet.height]
    for segment in small:
        if not segment.text.casefold().startswith(name.casefold()):
            continue
        start = end = len(name)
        for order, part in enumerate(_SENTENCES.split(segment.text[end:])):
            at = segment.text.index(part, end)
            start, end = (at if end == len(name) else start), at + len(part)
            if part.strip() and is_town(part):
                spot = Spot(segment=segment, start=start, end=end)
                return replace(found, address=spot.text.strip(" ,;"), address_spots=(spot,))
            if order > _ADDRESS_PARTS or (part.strip() and is_noise(part)):
                break
    return found


def _under_own_name(found: Found, view: View) -> list[Spot]:
    """The address in a block further down that begins with the issuer's name again."""
    above = found.name_spots[-1].segment
    for sheet in view.sheets:
        for block in blocks_of(sheet):
            lower = block.first.page > above.page or block.first.y0 > above.y1
            own = (i for i, s in enumerate(block.segments[:3]) if squeeze(s.text) == squeeze(found.name or ""))
            at = next(own, None)
            if not lower or at is None:
                continue
            lines = address_lines([Spot(segment=s, start=0, end=len(s.text)) for s in block.segments[at + 1 :]])
            if any(is_town(spot.text) for spot in lines):
                return lines
    return []


def _above_all(segment: Segment, sheet: Sheet, taken: set[int]) -> Found | None:
    """A private sender: whose name and address stand in the same column above a company's own window."""
    for block in blocks_of(sheet):
        first, last = block.segments[0], block.segments[-1]
        if last.y1 > segment.y0 or abs(first.x0 - segment.x0) > 2 or segment.height > 1.2 * first.height:
            continue
        if any(id(s) in taken for s in block.segments) or first.y0 > 0.25 * sheet.height:
            continue
        found = name_and_address([Spot(segment=s, start=0, end=len(s.text)) for s in block.segments])
        lines = [spot.text for spot in found.address_spots]
        if found.name and any(is_town(text) for text in lines) and any(is_street(text) for text in lines):
            return found
    return None


def _return_line(sheet: Sheet, taken: set[int]) -> Found | None:
    """`Somebody GmbH - Street 1 - 12345 Town` in one line of the upper half, as over an address window."""
    for segment in sheet.segments:
        if segment.y0 > 0.5 * sheet.height or id(segment) in taken:
            continue
        parts = [part for part in _PARTS.split(segment.text) if part.strip()]
        if not 3 <= len(parts) <= 6 or len(segment.text) > 140 or segment.text.strip().endswith((",", ".")):
            continue
        towns = [part for part in parts[1:] if is_town(part)]
        if towns and is_name(parts[0]) and any(is_street(part) for part in parts[1:]) and not is_street(parts[0]):
            end = len(parts[0])
            start = segment.text.index(parts[1], end)
            name = _larger_above(segment, sheet, parts[0]) or Spot(segment=segment, start=0, end=end)
            address = Spot(segment=segment, start=start, end=len(segment.text))
            return Found(
                name=name.text.strip(),
                address=", ".join(part.strip() for part in parts[1:]),
                name_spots=(name,),
                address_spots=(address,),
                region=(segment,),
            )
    return None


def _larger_above(segment: Segment, sheet: Sheet, person: str) -> Spot | None:
    """The house's own name, set larger right above a line that begins with who keeps it."""
    if segment.line == 0 or is_company(person):
        return None
    for above in sheet.lines[segment.line - 1]:
        near = segment.y0 - above.y1 < above.height and above.x0 < segment.x1 and above.x1 > segment.x0
        if near and above.height > 1.3 * segment.height and is_name(above.text) and squeeze(above.text) not in TITLES:
            return Spot(segment=above, start=0, end=len(above.text))
    return None


def _score(segment: Segment, order: int, sheet: Sheet, head: Sequence[Segment]) -> float:
    text = segment.text.strip()
    street = is_street(text) and any(map(str.isdigit, text))
    if not is_name(text) or (street and not is_company(text)) or is_country(text):
        return 0.0
    if any(title in squeeze(text) for title in TITLES if len(title) > 6) or squeeze(text) in TITLES:
        return 0.0
    larger = min(1.0, max(0.0, segment.height / sheet.text_height - 1.0))
    near = [s for s in head if 0 < s.line - segment.line <= 4 and s.x0 < segment.x1 and s.x1 > segment.x0]
    followed = any(is_town(s.text) or (is_street(s.text) and any(c.isdigit() for c in s.text)) for s in near)
    bold = all(word.bold for word in segment.words)
    score = 0.45 * is_company(text) + 0.2 * larger + 0.4 * max(0.0, 1 - order / 8) + 0.25 * followed + 0.05 * bold
    return score - 0.2 * (len(text) > 50) - 0.2 * (text[:1].islower()) - 0.1 * any(c.isdigit() for c in text)


def _from_line(segment: Segment, sheet: Sheet, taken: set[int], marked: set[int]) -> Found:
    """The name is this line (and the next, where it goes on); the address stands below it in its column."""
    below = []
    bottom = segment.y1
    for line in sheet.lines[segment.line + 1 : segment.line + 11]:
        under = [
            s for s in line if s.x0 < segment.x1 + s.height and s.x1 > segment.x0 - s.height and id(s) not in taken
        ]
        # A tax number or a phone between name and address ends nothing: `address_lines` passes over it.
        if _is_priced(line) or any(id(s) in marked and not is_noise(s.text) for s in under):
            break
        if not under or under[0].y0 - bottom > 3.0 * max(segment.height, sheet.text_height):
            if under:
                break
            continue
        below.append(_with_next(under[0], line))
        bottom = under[0].y1
    spots = [Spot(segment=s, start=0, end=len(s.text)) for s in (segment, *_until_addressee(below))]
    found = name_and_address(spots)
    above = _line_above(segment, sheet, taken)
    beside = [s for s in sheet.lines[segment.line] if s.x0 > segment.x1 and is_legal_form(s.text)][:1]
    if beside and len(found.name_spots) == 1:  # a name set so wide that its legal form stands apart
        found = replace(
            found, name_spots=(*found.name_spots, Spot(segment=beside[0], start=0, end=len(beside[0].text)))
        )
    ahead = [*([above] if above else []), *_ahead(segment, sheet, taken)]
    name = [*(Spot(segment=s, start=0, end=len(s.text)) for s in ahead), *found.name_spots]
    address = found.address_spots or tuple(address_lines(spots[1:])) or tuple(_place(spots[1:4]))
    return Found.of(name, address, tuple(spot.segment for spot in (*name, *address)))


def _ahead(segment: Segment, sheet: Sheet, taken: set[int]) -> list[Segment]:
    """The first words of a name in a picture, seen as a piece of its own: as large, and near."""
    found: list[Segment] = []
    first = segment
    for before in reversed([s for s in sheet.lines[segment.line] if s.x1 <= segment.x0]):
        near = first.x0 - before.x1 < segment.height and 0.8 < before.height / segment.height < 1.25
        if sheet.source != "ocr" or not near or id(before) in taken or not all(map(str.isalpha, before.text.split())):
            break
        found.insert(0, before)
        first = before
    return found


def _with_next(segment: Segment, line: Sequence[Segment]) -> Segment:
    """`York` and `YO1 6FZ`, set a little further apart than words are: one line of an address."""
    after = next((s for s in line if s.x0 > segment.x1), None)
    if after is None or after.x0 - segment.x1 > 1.6 * segment.height:
        return segment
    both = segment_of([*segment.words, *after.words], segment.page, segment.line)
    return both if is_town(both.text) and not is_town(segment.text) else segment


def _place(spots: Sequence[Spot]) -> list[Spot]:
    """A branch named by its place alone, `River Mall, Oldtown (OT)`: the first line below that is no number's."""
    first = next((spot for spot in spots if not is_noise(spot.text)), None)
    return [first] if first is not None and _PLACE.fullmatch(first.text.strip()) else []


def _is_priced(line: Sequence[Segment]) -> bool:
    """Whether the line ends in an amount: what is bought begins here."""
    text = line[-1].text.rstrip()
    return any(one.decimals == 2 and one.end == len(text) for one in find_amounts(text))


def _until_addressee(segments: Sequence[Segment]) -> list[Segment]:
    """Down to a salutation: what follows is the address of the one written to."""
    kept: list[Segment] = []
    for segment in segments:
        if is_salutation(segment.text):
            break
        kept.append(segment)
    return kept


def _line_above(segment: Segment, sheet: Sheet, taken: set[int]) -> Segment | None:
    """The first half of a name in two lines: set flush left with it, in the same size, close, and nothing above."""
    if segment.line == 0 or sheet.source == "ocr":
        return None
    for above in sheet.lines[segment.line - 1]:
        flush = abs(above.x0 - segment.x0) < 1.5 and abs(above.height - segment.height) < 0.5
        close = segment.y0 - above.y1 < 0.5 * segment.height
        if flush and close and id(above) not in taken and is_name(above.text) and not is_company(above.text):
            return above
    return None


def _foot(sheet: Sheet, taken: set[int]) -> Found:
    """A block at the foot of the page that begins with a company and has its street or town."""
    for block in blocks_of(sheet):
        free = [s for s in block.segments if id(s) not in taken]
        if len(free) < 2 or free[0].y0 < 0.8 * sheet.height or not is_company(free[0].text):
            continue
        if any(is_town(s.text) for s in free[1:4]) and not is_noise(free[0].text):
            return name_and_address([Spot(segment=s, start=0, end=len(s.text)) for s in free])
    return Found()
