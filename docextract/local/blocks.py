"""Blocks of lines that stand together, and what lines say: company, street, town, or a key and its value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from docextract.local.segments import Segment, Sheet
from docextract.values.dates import find_dates
from docextract.values.ids import find_emails, find_phones, find_urls, find_vat_ids
from docextract.values.text import plain

_FORMS = (
    r"gmbh(?: ?& ?co\.? ?kga?)?|mbh|ag|kg|ohg|ug|e\.? ?k\.?|e\.? ?v\.?|gbr|a\. ?g\.?|eg|se"
    r"|sarl|sas|sasu|eurl|s\.a\.r\.l\.?|s\.?a\.?s\.?|s\.a\.?|sa|sci"
    r"|ltd\.?|limited|llc|l\.l\.c\.|llp|inc\.?|corp\.?|corporation|plc|pvt\.?|pte\.?|co\.|company"
    r"|sdn\.? ?bhd\.?|bhd\.?|s/b"
    r"|s\.?r\.?l\.?|s\.?p\.?a\.?|s\.?l\.?u?\.?|b\.?v\.?|n\.?v\.?|bvba|ab|a/s|aps|oy|oyj|as|asa"
    r"|sp\. ?z ?o\.? ?o\.?|s\.r\.o\.|kft\.?|zrt\.?|ltda\.?|lda\.?|enterprise|enterprises|trading|holdings?|group"
)
_COMPANY = re.compile(rf"(?<![\w&/])(?:{_FORMS})(?!\w)", re.IGNORECASE)
# These are words or parts of addresses too, unless they end the name.
_SHORT_FORMS = frozenset(
    ["ag", "kg", "ug", "eg", "se", "sa", "ab", "as", "oy", "sas", "sci", "group", "company", "trading", "co.", "inc",
     "corp", "bv", "nv"]
)  # fmt: skip
_NUMBER_AFTER = re.compile(
    r"(?:\s+|\s*\()\s*(?:(?:co|company|reg|roc)\b[\s.:]*)?(?:no\b[\s.:]*)?\d{4,12}\s?[-\u2013]?\s?[A-Z]?\s*\)?$",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"(?i)(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|damm|ufer|straat|laan|plein|gracht|kade|singel)\s*\d"
    r"|\b(?:rue|avenue|av\.|boulevard|bd|chemin|place|quai|impasse|allée|route|via|viale|piazza|corso|calle|c/|avda\.?"
    r"|paseo|plaza|praça|rua)\b"
    r"|\b(?:street|st\.?|road|rd\.?|ave\.?|lane|ln\.?|drive|dr\.?|court|ct\.?|blvd\.?|way|suite|floor|flr|unit|block"
    r"|building|p\.?o\.? ?box|postfach|level|highway|hwy|lebuhraya)\b|\bkm\.?\s?\d"
    r"|\b(?:jalan|jln|jl\.?|lorong|taman|tmn|persiaran|lebuh|lot|no\.?)\b\s?[\w.:]*\d?"
    r"|^\d+[a-z]?[,/ -]+(?:\w+[ ,]*){1,5}$|\b\w{3,}\s\d{1,4}\s?[a-z]?(?:\s?-\s?\d{1,4})?$"
)
_TOWN = re.compile(
    r"(?<![\d.,:/-])(?:[A-Z]{1,2}[ -])?\d{4,6}(?:\s?[A-Z]{2})?,?\s+(?!(?:HRS|hrs|Uhr)\b)[^\W\d_]{2,}"
    r"|[^\W\d_]{2,},?\s+(?:[A-Z]{2}\s+)?\d{5,6}(?:-\d{4})?\b"
    r"|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b"
    r"|(?<![\d.,:/-])(?:\d{4,5}-\d{3}|\d{2}-\d{3}|\d{3} \d{2}),?\s+[A-Z\u00c0-\u017d][^\W\d_]+"
    r"|[^\W\d_]{2,},?\s+[A-Z]{2,3}\s+\d{4}\b|\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b"
    r"|[^\W\d_]{3,}\s*[-\u2013]\s*[1-9]\d{2}\s?\d{3}\b"
)
_PLOT = re.compile(r"(?i)\b(?:lot|plot|no|nr|p\.?t|unit|suite|box|b\.?p|apartado|postfach|geran|hs)\b[\s.:#(]*$")
_COUNTRIES = frozenset(
    ["germany", "deutschland", "france", "frankreich", "spain", "espana", "italy", "italia", "netherlands", "nederland",
     "belgium", "belgie", "austria", "osterreich", "switzerland", "schweiz", "suisse", "unitedkingdom", "uk", "usa",
     "unitedstates", "india", "malaysia", "singapore", "ireland", "portugal", "poland", "polska", "denmark", "danmark",
     "sweden", "sverige", "norway", "norge", "luxembourg", "canada", "australia", "hongkong", "china", "japan",
     "brazil", "brasil", "mexico", "selangor", "johor", "kualalumpur", "penang", "england", "scotland"]
)  # fmt: skip
_COUNTRY_CODES = frozenset(
    ["AT", "AU", "BE", "CA", "CH", "CZ", "DE", "DK", "ES", "FI", "FR", "GB", "HK", "IE", "IN", "IT", "JP", "LU", "MY",
     "NL", "NO", "NZ", "PL", "PT", "SE", "SG", "UK", "US", "USA", "UAE"]
)  # fmt: skip
_NOISE = re.compile(
    r"(?i)^\W*(?:tel|phone|fax|fon|telefon|mobile|e-?mail|mail|www|http|vat|ust|gst|tax|tva|siret|siren|nif|cif"
    r"|p\.? ?iva|btw|kvk|gln|co\.? ?reg|reg|company reg|roc|iban|bic|steuer|hrb|hotline|web|internet|uid|abn|tin|id"
    r"|attn|attention|z\. ?hd|t\.a\.v|kunden-?nr|cin|swift|sst|nummer|globale|contribuinte|nipc|nip|momsreg|dic|cvr"
    r"|org\.? ?nr|ičo?|dič|nip|regon|trn|hst|siret|rcs|naf|y-tunnus|mva)\b"
)
_REGISTRATION = re.compile(
    r"^\W*(?:[A-Za-z.]{1,5}\s){0,2}(?:no|number)\b[\s.:]*\(?\d{4,9}\s?-?\s?[A-Z]?\)?\W*$"
    r"|^\W*(?:co\.?\s*(?:reg\.?)?\s*(?:no\.?)?\s*:?\s*)?\(?\d{4,9}\s?-\s?[A-Z]\)?\W*$"
    r"|^\W*\(?[\dA-Z]*\d{4,}[\dA-Z-]*\)?\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """Segments below one another in one column, top to bottom."""

    segments: tuple[Segment, ...]

    @property
    def first(self) -> Segment:
        """The top segment."""
        return self.segments[0]

    @property
    def height(self) -> float:
        """Height of its tallest line, points."""
        return max(segment.height for segment in self.segments)


def blocks_of(sheet: Sheet) -> list[Block]:
    """Cuts a page into blocks: a segment joins the block above that it overlaps, if no gap of a line lies between."""
    open_blocks: list[list[Segment]] = []
    for segment in sheet.segments:
        best: list[Segment] | None = None
        for block in open_blocks:
            last = block[-1]
            if last.line != segment.line and _continues(last, segment) and (best is None or last.y1 > best[-1].y1):
                best = block
        if best is None:
            open_blocks.append([segment])
        else:
            best.append(segment)
    return [Block(segments=tuple(block)) for block in open_blocks]


def _continues(above: Segment, below: Segment) -> bool:
    height = max(above.height, below.height)
    gap = below.y0 - above.y1
    overlap = min(above.x1, below.x1) - max(above.x0, below.x0)
    aligned = abs(above.x0 - below.x0) < height or abs(above.x1 - below.x1) < height
    centred = abs((above.x0 + above.x1) - (below.x0 + below.x1)) < 3 * height
    return -0.5 * height < gap < 0.95 * min(above.height, below.height) + 2 and overlap > 0 and (aligned or centred)


def is_company(text: str) -> bool:
    """Whether a legal form or a word such as `Trading` stands in the text, not as its first word."""
    bare = without_registration(text).rstrip(" .,:")
    return any(
        match.start() > 1 and (match[0].casefold() not in _SHORT_FORMS or bare.endswith(match[0].rstrip(".")))
        for match in _COMPANY.finditer(bare)
    )


def is_legal_form(text: str) -> bool:
    """Whether the text is a legal form and nothing else: the second line of a name."""
    return bool(_COMPANY.fullmatch(text.strip(" .,")))


def without_registration(text: str) -> str:
    """A name without the company's number behind it: `Somebody Sdn Bhd (123456-X)`."""
    match = _NUMBER_AFTER.search(text)
    return text[: match.start()].rstrip() if match and match.start() > 2 else text


def is_street(text: str) -> bool:
    """Whether the text has a street's words and shape."""
    if not _STREET.search(text) or find_emails(text):
        return False
    return all(one.precision != "day" for one in find_dates(text))


def is_town(text: str) -> bool:
    """Whether a postcode stands beside a name. The number of a plot, a flat or a box is none."""
    for match in _TOWN.finditer(text):
        first = next((at for at in range(match.start(), match.end()) if text[at].isdigit()), match.start())
        if not _PLOT.search(text[:first]):
            return True
    return False


def is_country(text: str) -> bool:
    """Whether the text is a country's or a federal state's name and nothing else."""
    return re.sub(r"[\W_]", "", plain(text)) in _COUNTRIES or text.strip() in _COUNTRY_CODES


def is_noise(text: str) -> bool:
    """Whether a line near a name says something else: phone, mail, web, tax and registration numbers."""
    bare = text.strip()
    if (
        not re.search(r"[^\W\d_]", bare)
        or re.fullmatch(r"\([^)]*\)", bare)
        or _NOISE.match(bare)
        or _REGISTRATION.match(bare)
    ):
        return True
    if find_emails(bare) or find_vat_ids(bare):
        return True
    url = find_urls(bare)
    phone = [] if is_town(bare) else find_phones(bare)  # 1250-142 Lisboa
    return any(len(bare) - (one.end - one.start) < 0.5 * len(bare) for one in [*url, *phone])


def lines_of(segments: Sequence[Segment]) -> list[tuple[Segment, ...]]:
    """Segments grouped by their line, top to bottom."""
    grouped: dict[tuple[int, int], list[Segment]] = {}
    for segment in segments:
        grouped.setdefault((segment.page, segment.line), []).append(segment)
    return [tuple(group) for group in grouped.values()]
