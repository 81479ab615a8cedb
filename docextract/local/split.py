"""Where one file holds several documents: on which pages another one begins. No model is asked.

Signs, the surest first: "page 1 of n" and its successors; a number of the document's own kind
(invoice number, Rechnungsnummer) that changes or stays; words that carry a sum over; a head and foot that
share next to nothing with the document so far; a title set large above the page's first rows together
with a date. A page without a sign goes on with the one before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from docextract.local.segments import Segment, Sheet, sheet_of
from docextract.types import Word, Words
from docextract.values.text import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The pages of one document, first and last (numbers as in the words), and what told that it begins there."""

    first: int
    last: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signs:
    """What one page says. `counted` is (k, n) of "page k of n", n 0 where it is not said.

    `title` is the kind of document set large, `named` whether its word stands in the upper part at all;
    `bands` are the words of head and foot, `words` all, `text` the whole page.
    """

    page: int
    counted: tuple[int, int] | None
    numbers: dict[str, str]
    carried: bool
    title: str | None
    named: bool
    dated: bool
    bands: frozenset[str]
    words: frozenset[str]
    text: str


@dataclass(slots=True)
class _Known:
    """What the pages of the present document have said."""

    numbers: dict[str, str]
    words: set[str]


_KINDS = (
    "tax invoice|invoice|rechnung|facture|factura|fattura|factuur|fatura|credit note|gutschrift|avoir|receipt|beleg|"
    "quittung|statement|kontoauszug|auszug|releve|purchase order|bestellung|delivery note|lieferschein|quotation|quote|"
    "angebot|devis|reminder|mahnung|payslip|bill|voucher|policy|contract|certificate"
)
_NUMBER = re.compile(
    rf"(?<![a-z])(?P<kind>{_KINDS})s?[\s.\-]{{0,2}}"
    r"(?:(?:number|nummer|numero|numer|num|no|nr|id|ref|reference)(?![a-z])|n[°º]|#)[.:]?\s*[:#]?\s*"
    r"(?P<value>[a-z0-9][\w/.\-]*\d[\w/.\-]*|\d+)?",
)
_VALUE = re.compile(r"[A-Za-z]{0,6}[-/ ]?\d[\w/.\-]*")
_COUNTED = re.compile(
    r"(?<![a-z])(?:page|seite|pagina|pag|p|blatt|sheet|strona|sida|side)\.?\s*:?\s*(?P<k>\d{1,3})"
    r"(?:\s*(?:/|of|von|de|di|van|sur|av|z|aus)\s*(?P<n>\d{1,3}))?(?![\d.,/])"
)
_CARRIED = re.compile(
    r"(?:carried|brought) forward|(?<![a-z])ubertrag(?![a-z])|(?<![a-z])report a nouveau|suma y sigue|a riportare|"
    r"(?<![a-z])continued(?![a-z])|(?<![a-z])fortsetzung(?![a-z])"
)
_TITLE = re.compile(rf"(?:{_KINDS})(?:\s+[\w/.\-#]{{1,20}}){{0,2}}")
_DATE = re.compile(r"(?<!\d)\d{1,4}[./\-]\d{1,2}[./\-]\d{2,4}(?!\d)|(?<!\d)\d{1,2}\.?\s+[a-z]{3,9}\.?,?\s+\d{4}|"
                   r"[a-z]{3,9}\s+\d{1,2},?\s+\d{4}")  # fmt: skip
_NAMED = re.compile(rf"(?<![a-z])(?:{_KINDS})")
# Words of every head and foot, whoever wrote them.
_COMMON = frozenset(
    {"page", "seite", "pagina", "date", "datum", "fecha", "data", "invoice", "rechnung", "facture", "factura",
     "fattura", "telefon", "phone", "mail", "email", "iban", "bank", "swift", "ustid", "steuernummer",
     "nummer", "number", "kunden", "customer", "tele", "telefax", "with", "from", "your", "street", "strasse",
     "germany", "deutschland", "gmbh", "limited", "kundennummer", "rechnungsnummer", "kontonummer", "account"}
)  # fmt: skip
_TOP, _EDGE = 0.45, 0.14
_STRANGE, _UNLIKE = 0.15, 0.35
_FEW = 6


def find_parts(pages: Sequence[Words]) -> tuple[Part, ...]:
    """The documents of a file, in page order; together they have every page given, each once."""
    parts: list[Part] = []
    before: _Signs | None = None
    known = _Known(numbers={}, words=set())
    for words in pages:
        signs = _signs(words)
        why = "the first page" if before is None else _begins(signs, before, known)
        if why is not None:
            parts.append(Part(first=words.page, last=words.page, why=why))
            known = _Known(numbers={}, words=set())
        else:
            parts[-1] = Part(first=parts[-1].first, last=words.page, why=parts[-1].why)
        known.numbers = {**signs.numbers, **known.numbers}
        known.words |= signs.words
        before = signs if words.words or before is None else before
    return tuple(parts)


def _begins(signs: _Signs, before: _Signs, known: _Known) -> str | None:
    """Why a page begins another document than the page before belongs to; None where it goes on."""
    if signs.text and signs.text == before.text:
        return None  # a copy
    numbers = known.numbers
    same = [kind for kind, value in signs.numbers.items() if numbers.get(kind) == value]
    other = [kind for kind, value in signs.numbers.items() if kind in numbers and numbers[kind] != value]
    if signs.counted is not None and not other:
        k, n = signs.counted
        follows = before.counted is not None and k == before.counted[0] + 1 and n in {0, before.counted[1]}
        if k > 1 and (follows or n):
            return None
        if k == 1 and n and not same:
            return f"page 1 of {n}"
    if other and not same:
        return f"another {other[0]} number: {signs.numbers[other[0]]}"
    if same or signs.carried:
        return None
    heads = signs.dated + signs.named + bool(signs.numbers) >= 2
    if signs.counted is not None and signs.counted[0] == 1 and (before.counted is not None or heads):
        return "page 1"
    if heads and before.counted is not None and before.counted[0] == before.counted[1]:
        return "the count before was at its end"
    # Pages of one document are counted alike.
    unlike = (before.counted is None) != (signs.counted is None)
    if heads and _is_strange(signs, known, _UNLIKE if unlike else _STRANGE):
        return "another letterhead"
    if signs.title is not None and signs.dated and (signs.title == before.title or signs.numbers):
        return f"a title: {signs.title}"
    return None


def _is_strange(signs: _Signs, known: _Known, most: float) -> bool:
    """Whether head and foot share next to nothing with the document so far: an issuer's own pages repeat its name."""
    if len(signs.bands) < 4 or len(known.words) < 8:
        return False
    return len(signs.bands & known.words) <= most * len(signs.bands)


def _signs(words: Words) -> _Signs:
    sheet = sheet_of(words)
    text = [plain(" ".join(segment.text for segment in line)) for line in sheet.lines]
    upper = [plain(s.text) for s in sheet.segments if s.y0 < _TOP * sheet.height]
    return _Signs(
        page=words.page,
        counted=_counted(sheet),
        numbers=_numbers(sheet),
        carried=any(_CARRIED.search(line) for line in text[: max(3, len(text) // 3)]),
        title=_title(sheet),
        named=any(_NAMED.search(line) for line in upper),
        dated=any(_DATE.search(line) for line in upper),
        bands=_bands(words),
        words=frozenset(token for word in words.words for token in _tokens(word)),
        text=" ".join(text),
    )


def _bands(words: Words) -> frozenset[str]:
    """The words of head and foot, of a wider head where those are few."""
    for head in (_EDGE, 2 * _EDGE):
        found = frozenset(t for w in words.words if not head < _middle(w, words) < 1 - _EDGE for t in _tokens(w))
        if len(found) >= _FEW:
            break
    return found


def _middle(word: Word, page: Words) -> float:
    return (word.y0 + word.y1) / 2 / max(1.0, page.height)


def _tokens(word: Word) -> list[str]:
    """Words of four letters and more; figures say nothing of who wrote a page."""
    return [token for token in re.findall(r"[^\W\d_]{4,}", plain(word.text)) if token not in _COMMON]


def _counted(sheet: Sheet) -> tuple[int, int] | None:
    """The page's own count, which stands at an edge; among several the one that says of how many."""
    found: list[tuple[int, int]] = []
    for segment in sheet.segments:
        at_edge = segment.y1 < 2 * _EDGE * sheet.height or segment.y0 > (1 - _EDGE) * sheet.height
        match = (
            _COUNTED.search(plain(segment.text)) if at_edge or "/" in segment.text or len(segment.words) <= 4 else None
        )
        if match is not None and 0 < int(match["k"]) <= int(match["n"] or 999):
            found.append((int(match["k"]), int(match["n"] or 0)))
    return max(found, key=lambda each: each[1] > 0, default=None)


def _numbers(sheet: Sheet) -> dict[str, str]:
    """Numbers of documents by their kind, the first of each kind: beside their label, or below it."""
    found: dict[str, str] = {}
    for index, line in enumerate(sheet.lines):
        for at, segment in enumerate(line):
            for match in _NUMBER.finditer(plain(segment.text)):
                value = (
                    match["value"]
                    or _beside(line[at + 1 : at + 2])
                    or _below(segment, sheet.lines[index + 1 : index + 3])
                )
                if value:
                    found.setdefault(match["kind"].removeprefix("tax "), plain(value).strip(".-/"))
    return found


def _beside(following: Sequence[Segment]) -> str | None:
    match = _VALUE.match(following[0].text.lstrip(":# ")) if following else None
    return match[0] if match else None


def _below(label: Segment, lines: Sequence[Sequence[Segment]]) -> str | None:
    for line in lines:
        for segment in line:
            near = segment.x0 < label.x1 and segment.x1 > label.x0 and segment.y0 - label.y1 < 2.0 * label.height
            match = _VALUE.match(segment.text) if near else None
            if match:
                return match[0]
    return None


def _title(sheet: Sheet) -> str | None:
    """The word for what the document is, where it stands alone and large in the upper part."""
    body = median([segment.height for segment in sheet.segments]) if sheet.segments else 0.0
    for segment in sheet.segments:
        text = plain(segment.text).strip(" :.-")
        if segment.y0 < _TOP * sheet.height and segment.height > 1.15 * body and _TITLE.fullmatch(text):
            match = re.match(rf"(?:{_KINDS})", text)
            return match[0] if match else None
    return None
