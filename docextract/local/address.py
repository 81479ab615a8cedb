"""A name and an address out of lines that stand together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from docextract.local.blocks import (
    is_company,
    is_country,
    is_legal_form,
    is_noise,
    is_street,
    is_town,
    without_registration,
)
from docextract.local.candidates import Spot
from docextract.local.lexicon import TITLES
from docextract.local.misread import mended
from docextract.local.segments import Segment
from docextract.values.dates import find_dates
from docextract.values.text import squeeze

_DASHES = re.compile(r"\s+[-\u2013\u2014]\s+|\s*[\u00b7\u2022\u25cf|]\s*")
_ADDRESS_LABEL = re.compile(
    r"(?:[^\W\d_]+\s+){0,2}(?:address|adresse|anschrift|direcci[oó]n|domicilio|indirizzo|adres|morada)\s*:\s*",
    re.IGNORECASE,
)
_BARS = re.compile(r"\s*[\u00b7\u2022\u25cf|]\s*")
_PERSON = re.compile(r"(?i)(?:herrn?|frau|mr|mrs|ms|mme|m|dr|prof|inh|c/o)\b\.?\s")
_GREETING = re.compile(
    r"^\W*(?:welcome(?: to)?|thank you.*|thanks.*|willkommen(?: bei| im)?|vielen dank.*|bienvenue(?: chez| à)?|merci.*"
    r"|bienvenidos?(?: a)?|gracias.*|benvenut[oi](?: a| da)?|grazie.*|welkom(?: bij)?|bedankt.*|customer copy"
    r"|merchant copy|kundenbeleg|h[äa]ndlerbeleg|duplicate|copy|kopie|original)\W*$",
    re.IGNORECASE,
)
_SALUTATION = re.compile(
    r"^(?:herrn?|frau|firma|mr\.?|mrs\.?|ms\.?|m\.|mme\.?|attn:?|z\. ?hd\.?|t\.a\.v\.?|an|an die|familie|family"
    r"|eheleute|herrn? und frau|frau und herrn?|exmo\W*s?\W*sr\W*s?\W*|sehr geehrte.*)$",
    re.IGNORECASE,
)
_DEPARTMENT = re.compile(
    r"(?i)(?<!\w)(?:department|dept|accounts payable|finance team|buchhaltung|abteilung|rechnungswesen|comptabilit[ée]"
    r"|service achats|departamento|administraci[óo]n|ufficio|afdeling|crediteuren)(?!\w)"
)
_HEADING = re.compile(r"(?i)\w\s(?:details|information|info|daten|summary|overview)$")
# `1320-Old Town` under the town: which branch of a chain, by its number and place.
_BRANCH = re.compile(r"\d{2,5}\s?[-\u2013]\s?[A-Z][^\d\W]*(?:[ .,'&-]+[^\W\d_][^\d\W]*){0,4}\.?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A name and an address in one line each, with their places; None where not there."""

    name: str | None = None
    address: str | None = None
    name_spots: tuple[Spot, ...] = ()
    address_spots: tuple[Spot, ...] = ()
    region: tuple[Segment, ...] = ()

    @classmethod
    def of(cls, name: Sequence[Spot], address: Sequence[Spot], region: tuple[Segment, ...]) -> Found:
        """From the spots of both."""
        name = [*name[:-1], _named(name[-1])] if name else []
        return cls(
            name=_name(name) or None,
            address=joined([spot.text for spot in address]) or None,
            name_spots=tuple(name),
            address_spots=tuple(address),
            region=region,
        )


def _name(spots: Sequence[Spot]) -> str:
    text = " ".join(spot.text.strip() for spot in spots).rstrip(" ,;")
    read = any(word.confidence < 1.0 for spot in spots for word in spot.segment.words)
    return mended(text) if read else text


def _named(spot: Spot) -> Spot:
    """The name without the company's number behind it."""
    text = without_registration(spot.text)
    return Spot(segment=spot.segment, start=spot.start, end=spot.start + len(text))


def joined(lines: Sequence[str]) -> str:
    """Address lines in one: an author who sets commas himself is left alone, else lines are parted by commas."""
    parts = [line.strip() for line in lines if line.strip()]
    own = any(part.endswith(",") for part in parts[:-1]) or sum("," in part for part in parts) >= 2
    text = (" " if own else ", ").join(parts)
    return re.sub(r"\s+", " ", text).strip(" ,;")


def name_and_address(spots: Sequence[Spot]) -> Found:
    """The first line that can be a name; then the address lines, from the first that looks like one.

    `spots` are lines from top to bottom; several of one line are taken together.
    """
    lines = [spot for spot in spots if spot.text.strip()]
    region = tuple(spot.segment for spot in lines)
    start = next((i for i, spot in enumerate(lines) if is_name(spot.text)), None)
    if start is None:
        return Found(region=region)
    if start + 1 < len(lines) and _DEPARTMENT.search(lines[start].text) and is_company(lines[start + 1].text):
        start += 1  # who reads it there, above the name
    if start + 1 < len(lines) and _is_heading(lines[start], lines[start + 1]):
        start += 1
    name = [lines[start]]
    rest = lines[start + 1 :]
    if rest and _goes_on(name[0].text, rest[0].text):
        name.append(rest[0])
        rest = rest[1:]
    return Found.of(name, address_lines(rest), region)


def _is_heading(first: Spot, second: Spot) -> bool:
    """Whether a line heads a company's block instead of being a part of its name: it is set in another way."""
    one, two = first.segment, second.segment
    # Pixels give no weight, and heights only roughly.
    if not is_company(second.text) or is_legal_form(second.text) or is_company(first.text) or is_noise(second.text):
        return False
    return one.words[0].bold != two.words[0].bold or not 0.85 < one.height / two.height < 1.18


def parts_of(spot: Spot) -> list[Spot]:
    """`Street 1 · 12345 Town · Tel. 123`: the parts of a line between dots and bars."""
    parts: list[Spot] = []
    label = _ADDRESS_LABEL.match(spot.text)
    if label and label.end() < len(spot.text):
        spot = replace(spot, start=spot.start + label.end())
    at = spot.start
    dashed = _DASHES.split(spot.text)
    pieces = dashed if len(dashed) > 1 and any(_is_worded_noise(piece) for piece in dashed) else _BARS.split(spot.text)
    for piece in pieces:
        start = spot.segment.text.index(piece, at)
        at = start + len(piece)
        if piece.strip():
            parts.append(Spot(segment=spot.segment, start=start, end=at))
    return parts


def _is_worded_noise(piece: str) -> bool:
    """A phone or a tax number with its name: bare digits behind a dash are a postcode."""
    return is_noise(piece) and any(map(str.isalpha, piece))


def is_salutation(text: str) -> bool:
    """Whether a line is nothing but `Herrn`, `Mr.`, `Attn:`: an address follows."""
    return bool(_SALUTATION.match(text.strip()))


def is_name(text: str) -> bool:
    """Whether a line can be someone's name: letters, no street, town, phone or number, not a document's title."""
    bare = text.strip()
    bare = without_registration(bare)
    letters = sum(character.isalpha() for character in bare)
    if letters < 3 or letters < 0.5 * len(bare.replace(" ", "")) or is_salutation(bare):
        return False
    if (
        _GREETING.match(bare)
        or is_noise(bare)
        or squeeze(bare) in TITLES
        or squeeze(bare.split()[0]) in TITLES
        or len(bare) > 90
        or bare.endswith(":")
        or find_dates(text)
        or _HEADING.search(bare)
    ):
        return False
    words = bare.split()
    if len(words) >= 5 and sum(word[0].islower() for word in words) > len(words) / 2:
        return False  # a sentence
    return is_company(bare) or not (is_town(bare) or (is_street(bare) and any(c.isdigit() for c in bare)))


def _goes_on(first: str, second: str) -> bool:
    """Whether a name takes two lines: cut at a joining word, or the legal form only in the second."""
    if is_noise(second) or is_town(second):
        return False
    if re.search(r"(?:&|\band|\bund|\bet|-)$", first.strip(), re.IGNORECASE):
        return True
    if is_legal_form(without_registration(second)):
        return True
    return is_company(second) and not is_company(first) and not any(c.isdigit() for c in second)


def address_lines(spots: Sequence[Spot], limit: int = 7) -> list[Spot]:
    """The lines of an address among these: from the first street or town to the last town or country."""
    spots = [part for spot in spots for part in parts_of(spot)]
    likely = [
        i
        for i, spot in enumerate(spots[:5])
        if not is_noise(spot.text) and (is_street(spot.text) or is_town(spot.text) or _listed(spot.text))
    ]
    if not likely:
        return []
    numbered = [i for i in likely if any(c.isdigit() for c in spots[i].text)]
    start = numbered[0] if numbered else likely[0]
    if start > 0 and _is_bare_town(spots[start].text) and _may_be_street(spots[start - 1].text):
        start -= 1  # right above its town a street needs no number and no word of its own
        if start > 0 and not is_street(spots[start].text) and _is_bare_street(spots[start - 1].text):
            start -= 1  # the postcode stands below its town
    while start > 0 and spots[start - 1].text.strip().endswith(",") and not is_noise(spots[start - 1].text):
        start -= 1
    kept: list[Spot] = []
    for spot in spots[start : start + limit]:
        text = spot.text.strip()
        if is_noise(text) or squeeze(text) in TITLES:
            break
        before = kept[-1].text.strip() if kept else ""
        town_seen = any(is_town(one.text) for one in kept)
        if before and is_country(before):
            break
        if town_seen and not before.endswith(",") and not is_country(text) and not is_town(text):
            if _BRANCH.match(text) and _is_right_below(kept[-1], spot):
                kept.append(spot)
            break
        kept.append(spot)
    return kept if any(is_town(one.text) or is_street(one.text) or is_country(one.text) for one in kept) else []


def _is_bare_street(text: str) -> bool:
    """A street without a number, as a village may have them: `Station Road`."""
    return is_street(text) and _may_be_street(text) and not any(map(str.isdigit, text))


def _is_right_below(above: Spot, spot: Spot) -> bool:
    """Whether a line stands under another as its lines do: set as large, no gap of half a line between."""
    one, two = above.segment, spot.segment
    return two.y0 - one.y1 < 0.5 * one.height and 0.75 * one.height < two.height < 1.33 * one.height


def _is_bare_town(text: str) -> bool:
    """A town with its postcode and no street before it in the line."""
    return is_town(text) and not re.search(r"^\s*\d+\w?\s[^,]*,", text)


def _may_be_street(text: str) -> bool:
    bare = text.strip()
    return not (
        is_noise(bare) or is_company(bare) or is_salutation(bare) or squeeze(bare) in TITLES or _PERSON.match(bare)
    )


def _listed(text: str) -> bool:
    """`LOT 12, JALAN X, ` and the like: a number and a comma in a line that goes on."""
    return text.strip().endswith(",") and any(c.isdigit() for c in text)
