"""Which of several schemas fits a document, by a cheap look at its words. No model is asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from docextract.local.columns import find_head, item_lexicon
from docextract.local.fields import label_candidates
from docextract.local.labels import squeeze_label
from docextract.local.leaves import pick_leaf
from docextract.local.lexicon import SECTIONS
from docextract.local.segments import Segment, sheet_of
from docextract.local.view import View, view_of
from docextract.local.wanted import Want, want_of
from docextract.types import Json, Words
from docextract.values.text import plain

# The first pages say what a document is; the rest is more of it.
_PAGES = 3
# A reference of an API begins with pages of prose.
_API_PAGES = 10
_LEAST, _SURE = 0.42, 0.6
_METHOD = re.compile(
    r"(?<![\w/])(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)(?=\s+/|\s+https?://|\b\s*$|/[\w{])", re.IGNORECASE
)
_PATH = re.compile(r"(?<![\w.])/[A-Za-z{][\w{}./:-]*(?!\w)")
# Headings of a life in sections, where the schema's own labels are few.
_SECTIONS = frozenset(SECTIONS)

_NUMBER_OF = re.compile(r"(.{4,}?)(?:no|nr|num|nummer|number|numero|n°|№|#|id)")
# Words that say what a document is, as labels squeeze them.
_KINDS: dict[str, tuple[str, ...]] = {
    "invoice": ("invoice", "taxinvoice", "bill", "rechnung", "facture", "factura", "fattura", "factuur", "fatura"),
    "receipt": ("receipt", "quittung", "kassenbon", "kassenbeleg", "recibo", "ricevuta", "recu"),
    "order": ("purchaseorder", "order", "bestellung", "auftrag", "commande", "pedido", "ordine"),
    "quotation": ("quotation", "quote", "offer", "angebot", "devis", "preventivo", "offerte"),
    "delivery": ("deliverynote", "lieferschein", "packingslip", "bonlivraison", "albaran"),
    "statement": ("statement", "bankstatement", "kontoauszug", "releve", "extracto", "estratto"),
    "payslip": ("payslip", "paystub", "lohnabrechnung", "gehaltsabrechnung", "bulletinpaie", "nomina"),
    "contract": ("contract", "agreement", "vertrag", "contrat", "contrato", "contratto"),
    "policy": ("policy", "versicherungsschein", "police", "poliza", "polizza"),
    "certificate": ("certificate", "zertifikat", "bescheinigung", "certificat", "certificado"),
}


class Candidacy(Protocol):
    """What is looked at of a schema: `schema.Target` is one."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def json_schema(self) -> Mapping[str, Json]:
        """Its JSON Schema."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The schema picked: its name, why in words, the score 0 to 1, and whether that needs no note."""

    name: str
    why: str
    score: float
    confident: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    name: str
    score: float
    why: str


def classify(pages: Sequence[Words], targets: Sequence[Candidacy]) -> Choice:
    """Picks for a document the schema that fits; what fits none becomes `tables`."""
    read = [page for page in pages if page.words]
    words = read[:_PAGES]
    if not words:
        return Choice(name="tables", why="no words could be read", score=0.0, confident=False)
    fits = [_fit(target, read, targets) for target in targets if target.json_schema.get("x-reader") != "tables"]
    best = max(fits, key=lambda fit: fit.score, default=None)
    if best is not None and best.score >= _LEAST:
        rival = max((fit.score for fit in fits if fit is not best), default=0.0)
        sure = best.score >= _SURE or best.score - rival >= 0.15
        return Choice(name=best.name, why=best.why, score=round(best.score, 3), confident=sure)
    tables = next((t.name for t in targets if t.json_schema.get("x-reader") == "tables"), "tables")
    nearest = f"; nearest was {best.name}: {best.why}" if best and best.score > 0.2 else ""
    grid = _is_tabular(words)
    why = ("rows of numbers in columns" if grid else "no other schema fits") + nearest
    return Choice(name=tables, why=why, score=0.6 if grid else 0.3, confident=grid)


def _fit(target: Candidacy, pages: Sequence[Words], targets: Sequence[Candidacy]) -> _Fit:
    reader = target.json_schema.get("x-reader")
    if reader == "apidocs":
        return _operations(target, pages[:_API_PAGES])
    if reader == "sections":
        return _sections(target, pages[:_PAGES])
    return _fields(target, pages[:_PAGES], targets)


def _operations(target: Candidacy, pages: Sequence[Words]) -> _Fit:
    """HTTP methods beside paths, or both in number, as reference pages of an API have them."""
    lines = [" ".join(s.text for s in line) for page in pages for line in sheet_of(page).lines]
    methods = sum(bool(_METHOD.search(line) and _PATH.search(line)) for line in lines)
    loose = min(sum(bool(_METHOD.search(line)) for line in lines), sum(bool(_PATH.search(line)) for line in lines))
    text = plain(" ".join(lines))
    words = sum(
        word in text
        for word in (
            "response",
            "parameter",
            "request",
            "schema",
            "authorization",
            "string",
            "endpoint",
            "openapi",
            "swagger",
        )
    )
    count = max(methods, loose // 2)
    score = min(1.0, 0.36 * min(count, 2) + 0.08 * min(words, 5)) if count or loose else 0.05 * min(words, 5)
    return _Fit(
        name=target.name, score=score, why=f"{count} HTTP methods with paths, {words} words of an API reference"
    )


def _sections(target: Candidacy, pages: Sequence[Words]) -> _Fit:
    """Lines that are headings of the schema's sections, each section counted once."""
    names: dict[str, str] = {key: key for key in _SECTIONS}
    for name, schema in (target.json_schema.get("properties") or {}).items():
        for label in (*(schema.get("x-aliases") or ()), schema.get("title") or "", name):
            names[squeeze_label(str(label))] = name
    headings = {
        names[key]
        for page in pages
        for segment in sheet_of(page).segments
        if (key := squeeze_label(segment.text)) in names and len(key) > 4 and _is_heading(segment)
    }
    text = " ".join(word.text for page in pages for word in page.words)
    contact = bool(re.search(r"[\w.+-]+@[\w-]+\.\w", text)) or "linkedin" in text.casefold()
    score = min(1.0, 0.2 * len(headings) + 0.1 * contact)
    return _Fit(name=target.name, score=score, why=f"headings {', '.join(sorted(headings)[:4]) or 'none'}")


def _is_heading(segment: Segment) -> bool:
    return not segment.text.rstrip().endswith((",", ";")) and len(segment.words) <= 4


def _fields(target: Candidacy, pages: Sequence[Words], targets: Sequence[Candidacy]) -> _Fit:
    """Labels with values of the right type beside them; those that no other schema wants decide between schemas."""
    root = want_of(target.json_schema)
    view = view_of(root, pages)
    shared = Counter(key for other in targets for key in {_key(want) for want in _wants(want_of(other.json_schema))})
    wants = _wants(root)
    found = [want for want in wants if _seen(want, view)]
    own = sum(shared[_key(want)] == 1 for want in found)
    # Of a small schema all fields are enough, of a large one a handful.
    enough = min(5.0, 0.6 * len(wants) + 0.5)
    # A page of prose has every label somewhere: of many words few are labels with values.
    many = sum(len(page.words) for page in pages) / len(pages)
    damping = min(1.0, 450 / max(1.0, many)) ** 0.5
    score = 0.65 * min(1.0, len(found) / enough) * damping + 0.1 * min(own, 3)
    score += _of_its_kind(target, root, view)
    names = ", ".join(want.name for want in found[:5])
    return _Fit(name=target.name, score=min(1.0, score) if found else 0.0, why=f"labels of {names or 'nothing'}")


def _of_its_kind(target: Candidacy, root: Want, view: View) -> float:
    """What the look of the page, and the word for what it is, say for a schema or against it."""
    if _is_slip(view):
        return 0.12 * _titled(target, view) + (0.3 if _wants_slip(root) else -0.1)
    named = bool(_kinds_named(target) & _kinds_shown(view))
    return max(0.12 * _titled(target, view), 0.2 * named) - 0.12 * _wants_slip(root)


def _kinds_named(target: Candidacy) -> set[str]:
    """The kinds of document that a schema names: in its name and title, or in labels (`Invoice no.`)."""
    keys = [squeeze_label(text) for text in (target.name, str(target.json_schema.get("title") or ""))]
    for field in (target.json_schema.get("properties") or {}).values():
        labels = field.get("x-aliases") or () if isinstance(field, dict) else ()
        # The number of a receipt is a receipt's own; an amount or a day may be anybody's.
        keys += [found[1] for label in labels if (found := _NUMBER_OF.fullmatch(squeeze_label(str(label))))]
    return {kind for kind, words in _KINDS.items() if any(key in words for key in keys)}


def _kinds_shown(view: View) -> set[str]:
    """The kinds of document that lines of the first page's upper half begin with: `Handelsrechnung Nr. 7`."""
    sheet = view.sheets[0] if view.sheets else None
    segments = sheet.segments if sheet is not None else ()
    height = sheet.height if sheet is not None else 0.0
    keys = {
        squeeze_label(part)
        for s in segments
        if s.y0 < 0.5 * height
        for part in (s.words[0].text, " ".join(word.text for word in s.words[:2]))
    }
    return {kind for kind, words in _KINDS.items() for key in keys if key.startswith(words) or _ends(key, words)}


def _ends(key: str, words: tuple[str, ...]) -> bool:
    """Whether a compound ends with the word: long ones only."""
    return any(len(word) >= 7 and key.endswith(word) for word in words)


def _is_slip(view: View) -> bool:
    """Whether the page is a till's strip: narrow lines, and cash or card with its amount or a time of day."""
    sheet = view.sheets[0] if view.sheets else None
    if sheet is None or not sheet.lines or len(view.sheets) > 1:
        return False
    widest = sorted(sum(len(s.text) + 1 for s in line) for line in sheet.lines)[-max(1, len(sheet.lines) // 10)]
    texts = " ".join(segment.text for segment in sheet.segments)
    clock = bool(re.search(r"(?<!\d)(?:[01]?\d|2[0-3]):[0-5]\d", texts))
    paid = any("~cash_given" in hit.owners or "~change" in hit.owners for hit in view.hits[0] if hit.strength >= 0.7)
    return widest <= 64 and (clock or paid)


def _wants_slip(root: Want) -> bool:
    concepts = {want.concept for want in root.leaves()}
    return bool(concepts & {"time", "payment_method"}) and not any(one.role == "buyer" for one in root.nodes("object"))


def _wants(root: Want) -> list[Want]:
    leaves = [leaf for leaf in root.leaves() if leaf.concept not in ("name", "address")]
    return [*leaves, *(one for one in root.nodes("object") if one.role), *root.nodes("rows")]


def _key(want: Want) -> str:
    if want.kind == "rows":
        return "rows:" + ",".join(sorted(child.concept or child.name for child in want.children)[:3])
    return want.concept or want.role or "/".join(want.path)


def _seen(want: Want, view: View) -> bool:
    """Whether a labelled value of the field stands on the pages."""
    if want.kind == "rows":
        heads = [find_head(sheet, want, item_lexicon(want)) for sheet in view.sheets]
        return any(head is not None and head.fields >= min(3, len(want.children)) for head in heads)
    if want.kind == "object":
        hits = [hit for _, found in view.of("/".join(want.path)) for hit, _ in found]
        return any(hit.strength >= 0.7 and hit.start <= 1 for hit in hits)
    if want.concept == "payment_method":
        return pick_leaf(want, view, {}) is not None
    owners = ["/".join(want.path), "~amount_due"] if want.concept == "gross_total" else ["/".join(want.path)]
    return any(one.score >= 0.6 for owner in owners for one in label_candidates(want, view, owner)[:1])


def _titled(target: Candidacy, view: View) -> bool:
    """Whether the schema's name stands in the upper half of the first page, alone or at the start of a line."""
    names = {squeeze_label(target.name), squeeze_label(str(target.json_schema.get("title") or ""))} - {""}
    sheet = view.sheets[0] if view.sheets else None
    if sheet is None:
        return False
    tops = [squeeze_label(s.text) for s in sheet.segments if s.y0 < 0.5 * sheet.height and len(s.words) <= 6]
    return any(len(name) > 3 and (top.startswith(name) or top.endswith(name)) for name in names for top in tops)


def _is_tabular(pages: Sequence[Words]) -> bool:
    """Whether several lines have three or more cells with numbers in most."""
    rows = sum(
        len(line) >= 3 and sum(any(c.isdigit() for c in s.text) for s in line) >= 2
        for page in pages
        for line in sheet_of(page).lines
    )
    return rows >= 4
