"""What a JSON Schema asks for: its leaves with their kinds, labels and concepts, as a tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from docextract.local.lexicon import CONCEPTS, INNER_CONCEPTS, LINE_CONCEPTS
from docextract.types import Json

Kind = Literal[
    "object", "rows", "list",
    "date", "time", "money", "number", "integer", "boolean", "enum", "currency",
    "email", "phone", "url", "iban", "vat_id", "bic", "id", "name", "address", "text",
]  # fmt: skip

Place = Literal["root", "party", "rows"]

_ROLES = ("seller", "buyer", "ship_to", "payee")
_INNER = frozenset(["name", "address", "vat_id", "phone", "email", "url", "iban", "bic"])
# Words that say nothing about which thing is meant.
_FILLER = frozenset(
    [
        "the",
        "of",
        "a",
        "total",
        "value",
        "amount",
        "document",
        "invoice",
        "receipt",
        "field",
        "info",
        "main",
        "issue",
        "full",
        "in",
        "no",
        "number",
    ]
)
_MONEY_CONCEPTS = frozenset(
    ["net_total", "line_sum", "tax_total", "gross_total", "amount_due", "prepaid", "cash_given", "change", "rounding",
     "discount", "charge", "unit_price", "line_amount", "net_base"]
)  # fmt: skip
_KIND_OF_CONCEPT: dict[str, Kind] = {
    "document_number": "id", "order_number": "id", "other_number": "id", "article_number": "id", "position": "id",
    "issue_date": "date", "due_date": "date", "delivery_date": "date", "order_date": "date", "birth_date": "date",
    "vat_id": "vat_id", "iban": "iban", "bic": "bic", "phone": "phone", "email": "email", "url": "url",
    "currency": "currency", "time": "time", "name": "name", "address": "address",
}  # fmt: skip
_KIND_OF_WORD: dict[str, Kind] = {
    "date": "date", "email": "email", "mail": "email", "phone": "phone", "telephone": "phone", "iban": "iban",
    "url": "url", "website": "url", "currency": "currency",
}  # fmt: skip
_ID_WORDS = frozenset(["number", "no", "id", "code", "reference", "ref", "nr", "sku", "isbn", "serial"])
# What is called so is worded, whatever it refers to: a reference range, the name of a code.
_WORDED = frozenset(["range", "interval", "name", "description", "note", "comment", "text"])
_SHORT_WORDS = {"number": ("no", "nr", "#"), "reference": ("ref",), "quantity": ("qty",)}
_UNITS = frozenset(
    ["kg", "g", "mg", "lb", "lbs", "oz", "t", "m", "mm", "cm", "km", "ft", "in", "l", "ml", "w", "kw", "kwh", "v", "a",
     "hz", "c", "f", "s", "ms", "min", "hours", "days", "eur", "usd", "gbp", "chf", "percent", "pct"]
)  # fmt: skip
_BEGINS, _ENDS = frozenset(["start", "from", "begin"]), frozenset(["end", "to", "until"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """One node of the schema. `path` is the way to it from the root, without list indexes.

    `labels` are what may stand before it on a page, as printed, its own first; `own` is how many of
    them the schema itself gives. `role` says whose it is (seller, buyer, ...), for parties and for
    flat fields such as `vendor_name`. `inferred` is not looked for.
    """

    path: tuple[str, ...]
    kind: Kind
    labels: tuple[str, ...] = ()
    own: int = 0
    concept: str | None = None
    role: str | None = None
    schema: Mapping[str, Json]
    nullable: bool = True
    inferred: bool = False
    children: tuple[Want, ...] = ()

    @property
    def name(self) -> str:
        """The field's name, empty for the root."""
        return self.path[-1] if self.path else ""

    @property
    def is_end(self) -> bool:
        """Whether it is the last day of a period: of two days that stand together the second."""
        return self.kind == "date" and self.name.casefold().rpartition("_")[2] in _ENDS

    def leaves(self) -> Iterator[Want]:
        """Scalar fields of this object and of plain nested objects; parties and lists are left out."""
        for child in self.children:
            if child.kind == "object" and not child.role:
                yield from child.leaves()
            elif child.kind not in ("object", "rows", "list"):
                yield child

    def nodes(self, kind: Kind) -> Iterator[Want]:
        """Objects, rows or lists under this object, through plain nested objects."""
        for child in self.children:
            if child.kind == kind:
                yield child
            if child.kind == "object" and not child.role:
                yield from child.nodes(kind)


def want_of(schema: Mapping[str, Json]) -> Want:
    """The tree of a root schema. References that are left (recursion) are not looked for."""
    return _node(dict(schema), (), "root", 0)


def words_of(name: str) -> frozenset[str]:
    """`invoiceDate`, `invoice_date`, `Invoice date` -> {invoice, date}; a plural s is dropped."""
    spaced = re.sub(r"([a-z\d])([A-Z])", r"\1 \2", name)
    words = re.findall(r"[a-z]+|%", spaced.casefold())
    return frozenset(
        word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word for word in words
    )


def without_null(schema: Mapping[str, Json]) -> tuple[dict[str, Json], bool]:
    """A schema without its null alternative, and whether it had one. Of several others the first counts."""
    options = schema.get("anyOf") or schema.get("oneOf")
    if isinstance(options, list):
        others = [o for o in options if isinstance(o, Mapping) and o.get("type") != "null"]
        outer = {k: v for k, v in schema.items() if k not in ("anyOf", "oneOf", "default")}
        return {**(others[0] if others else {}), **outer}, len(others) < len(options)
    kind = schema.get("type")
    if isinstance(kind, list):
        others_named = [name for name in kind if name != "null"]
        return {**schema, "type": others_named[0] if others_named else "string"}, "null" in kind
    return dict(schema), kind == "null"


def _node(raw: Mapping[str, Json], path: tuple[str, ...], place: Place, depth: int) -> Want:
    schema, nullable = without_null(raw)
    # A reference that is left is recursion: there is no telling where on a page it would end.
    inferred = raw.get("x-evidence") == "inferred" or "$ref" in schema
    own = _own_labels(path[-1] if path else "", schema)
    want = Want(
        path=path,
        kind="text",
        labels=own,
        own=len(own),
        schema=schema,
        nullable=nullable,
        inferred=inferred,
    )
    if schema.get("type") == "object" and isinstance(schema.get("properties"), Mapping) and depth < 6:
        return _object(want, place, depth)
    if schema.get("type") == "array":
        items, _ = without_null(schema.get("items") or {})
        inside = _node(items, path, "rows", depth + 1)
        if inside.kind == "object":
            return replace(want, kind="rows", children=inside.children)
        return replace(want, kind="list", children=(inside,))
    return _leaf(want, place)


def _object(want: Want, place: Place, depth: int) -> Want:
    concept = concept_of(want, place) if want.path else None
    properties = want.schema["properties"]
    inside: Place = place if place == "rows" else "party" if concept in _ROLES else "root"

    def build(inside: Place) -> tuple[Want, ...]:
        return tuple(
            _node(child, (*want.path, name), inside, depth + 1)
            for name, child in properties.items()
            if isinstance(child, Mapping)
        )

    children = _with_stems(build(inside))
    # A nested model with a name and an address is someone, whatever it is called.
    someone = bool(want.path) and place != "rows" and any(child.concept == "address" for child in build("party"))
    if concept in _ROLES or someone:
        labels = want.labels + (CONCEPTS[concept].labels if concept in _ROLES else ())
        role = concept if concept in _ROLES else want.name
        return replace(want, kind="object", concept=concept, role=role, labels=labels, children=build("party"))
    return replace(want, kind="object", children=_with_roles(children) if place != "rows" else children)


def _with_roles(children: tuple[Want, ...]) -> tuple[Want, ...]:
    """A plain `address` beside one company's name is that company's."""
    roles = {child.role for child in children if child.role and child.concept == "name"}
    if len(roles) != 1:
        return children
    role = next(iter(roles))
    return tuple(
        replace(child, role=role)
        if child.role is None and child.concept in ("address", "vat_id", "phone", "email")
        else child
        for child in children
    )


def _leaf(want: Want, place: Place) -> Want:
    role, inner = _flat_role(want.name, place) if want.schema.get("type", "string") == "string" else (None, None)
    concept = inner or concept_of(want, place)
    kind = _kind(want, concept)
    more = CONCEPTS[role].labels if role and inner == "name" else CONCEPTS[concept].labels if concept else ()
    return replace(
        want, kind=kind, concept=concept, role=role, labels=want.labels + more + _other_forms(want.name, kind)
    )


def _flat_role(name: str, place: Place) -> tuple[str | None, str | None]:
    """`vendor_name` -> seller, name; `customer_email` -> buyer, email; `company` -> seller, name."""
    words = words_of(name)
    if place != "root" or any(
        words >= set_ for c in ("other_number", "order_number", "document_number") for set_ in CONCEPTS[c].names
    ):
        return None, None
    for role in _ROLES:
        for said in CONCEPTS[role].names:
            rest = words - said
            if said <= words and not (rest - {"name"}):
                return role, "name"
            inner = next((c for c in _INNER if said <= words and rest in CONCEPTS[c].names), None)
            if inner:
                return role, inner
    return None, None


def concept_of(want: Want, place: Place) -> str | None:
    """The concept that a field's name, else its title, says; the one with the most words in common."""
    for text in (want.name, str(want.schema.get("title") or "")):
        words = words_of(text)
        best: tuple[int, str] | None = None
        for concept, facts in CONCEPTS.items():
            if not _fits(concept, place):
                continue
            for said in facts.names:
                exact = said <= words and (len(said) > 1 or not (words - said - _FILLER))
                if exact and (best is None or len(said) > best[0]):
                    best = (len(said), concept)
        if best:
            return best[1]
    if want.schema.get("format") == "date" and words_of(want.name) == {"date"}:
        return "issue_date"
    return None


def _fits(concept: str, place: Place) -> bool:
    if place == "rows":
        return concept in LINE_CONCEPTS or concept in (
            "order_date",
            "delivery_date",
            "issue_date",
            "url",
            "email",
            "phone",
            "currency",
        )
    if concept in LINE_CONCEPTS:
        return False
    return place == "party" or concept not in INNER_CONCEPTS or concept == "address"


def _kind(want: Want, concept: str | None) -> Kind:
    schema, words = want.schema, words_of(want.name)
    kind, form = schema.get("type"), schema.get("format")
    if isinstance(schema.get("enum"), list) or "const" in schema:
        return "enum"
    if kind == "boolean":
        return "boolean"
    if kind == "integer":
        return "integer"
    if kind == "number":
        return (
            "money" if concept in _MONEY_CONCEPTS or words & {"amount", "price", "total", "cost", "fee"} else "number"
        )
    by_format: dict[str, Kind] = {"date": "date", "date-time": "date", "time": "time", "email": "email", "uri": "url"}
    if form in by_format:
        return by_format[str(form)]
    if concept in _KIND_OF_CONCEPT:
        return _KIND_OF_CONCEPT[concept]
    for word, told in _KIND_OF_WORD.items():
        if word in words:
            return told
    return "id" if words & _ID_WORDS and not words & _WORDED else "text"


def _other_forms(name: str, kind: Kind) -> tuple[str, ...]:
    """What else a name is printed as: `Booking ref`, `Date of expiry`, the `Period` from its start to its end."""
    words = re.sub(r"([a-z\d])([A-Z])", r"\1 \2", name).replace("_", " ").casefold().split()
    if len(words) < 2:
        return ()
    stem = " ".join(words[:-1])
    if kind == "date" and words[-1] in _BEGINS | _ENDS:
        return (stem,)
    if words[-1] == "date":
        return (f"date of {stem}",)
    if words[-1] in _UNITS:
        return (stem,)
    return tuple(f"{stem} {short}" for short in _SHORT_WORDS.get(words[-1], ()))


def _with_stems(children: tuple[Want, ...]) -> tuple[Want, ...]:
    """A `flight_number` may stand beside `Flight`, where nothing else in the schema is called that."""
    names = {child.name for child in children}
    return tuple(
        replace(child, labels=(*child.labels, stem.replace("_", " ")))
        if child.kind == "id" and last == "number" and stem and not names & {stem, f"{stem}_name", f"{stem}_code"}
        else child
        for child in children
        for stem, _, last in [child.name.rpartition("_")]
    )


def _own_labels(name: str, schema: Mapping[str, Json]) -> tuple[str, ...]:
    """Aliases, title and name, each once; a name such as `number` alone labels nothing."""
    aliases = schema.get("x-aliases")
    spaced = re.sub(r"([a-z\d])([A-Z])", r"\1 \2", name).replace("_", " ").strip()
    labels = [str(alias) for alias in aliases] if isinstance(aliases, list) else []
    labels.append(str(schema.get("title") or ""))
    labels.append("" if spaced.casefold() in ("number", "id", "type", "value", "text", "name", "no") else spaced)
    return tuple(dict.fromkeys(label for label in labels if label.strip()))
