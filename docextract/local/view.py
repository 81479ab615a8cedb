"""A document as the field reader sees it: sheets, the labels on them, and the document's habits of writing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from docextract.local.labels import Hit, Lexicon, find_labels, lexicon_of
from docextract.local.lexicon import CONCEPTS, LINE_CONCEPTS
from docextract.local.segments import Sheet, sheet_of
from docextract.local.typed import Habits, habits_of
from docextract.local.wanted import Want
from docextract.types import Words

# What a claim on a label is worth: the schema's own words, its concept's, and concepts nobody asked for.
_OWN, _CONCEPT, _OTHER = 1.0, 0.97, 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Sheets with their labels.

    `by_line` has for every sheet its labels by line index; `concepts` the concept of every owner of labels;
    `amounts` are the owners that are single fields of money.
    """

    sheets: tuple[Sheet, ...]
    lexicon: Lexicon
    hits: tuple[tuple[Hit, ...], ...]
    by_line: tuple[Mapping[int, tuple[Hit, ...]], ...]
    habits: Habits
    concepts: Mapping[str, str]
    amounts: frozenset[str] = frozenset()

    def without(self, lines: Collection[tuple[int, int]]) -> View:
        """The same without the labels in these lines (sheet index, line): heads of tables label no single field."""
        hits = tuple(
            tuple(hit for hit in page if (index, hit.segment.line) not in lines) for index, page in enumerate(self.hits)
        )
        return replace(self, hits=hits, by_line=tuple(_by_line(page) for page in hits))

    def is_own_amount(self, hit: Hit) -> bool:
        """Whether a label with its colon is of a single field of money: what it names is no item of a list."""
        return hit.segment.text[hit.end :].strip()[:1] == ":" and not self.amounts.isdisjoint(hit.owners)

    def of(self, owner: str) -> Iterator[tuple[int, list[tuple[Hit, float]]]]:
        """Sheet index, and that sheet's labels of an owner with the weight of its claim."""
        for index, hits in enumerate(self.hits):
            mine = [(hit, self.lexicon.owners[hit.key][owner]) for hit in hits if owner in hit.owners]
            if mine:
                yield index, mine


def owner_of(want: Want) -> str:
    """The name under which a field claims labels."""
    return "/".join(want.path)


def view_of(root: Want, pages: Sequence[Words]) -> View:
    """Reads lines and finds the labels of the schema's fields, its parties and all other concepts."""
    sheets = tuple(sheet_of(page) for page in pages if page.words)
    lexicon = lexicon_of(_claims(root))
    hits = tuple(tuple(find_labels(sheet, lexicon)) for sheet in sheets)
    return View(
        sheets=sheets,
        lexicon=lexicon,
        hits=hits,
        by_line=tuple(_by_line(page) for page in hits),
        concepts={
            **{f"~{concept}": concept for concept in CONCEPTS},
            **{owner_of(want): want.concept for want in root.leaves() if want.concept},
            **{owner_of(want): want.role for want in root.nodes("object") if want.role},
        },
        amounts=frozenset(owner_of(want) for want in root.leaves() if want.kind in ("money", "number")),
        habits=habits_of([segment.text for sheet in sheets for segment in sheet.segments]),
    )


def _by_line(hits: Sequence[Hit]) -> Mapping[int, tuple[Hit, ...]]:
    lines: dict[int, list[Hit]] = {}
    for hit in hits:
        lines.setdefault(hit.segment.line, []).append(hit)
    return {line: tuple(found) for line, found in lines.items()}


def _claims(root: Want) -> Iterator[tuple[str, str, float]]:
    asked: set[str] = set()
    wants = [*root.leaves(), *(node for kind in ("object", "list") for node in root.nodes(kind))]
    for want in wants:
        asked.add(want.concept or "")
        for order, label in enumerate(want.labels):
            yield owner_of(want), label, _OWN if order < want.own else _CONCEPT
    for concept, facts in CONCEPTS.items():
        if concept not in asked and concept not in LINE_CONCEPTS and concept not in ("name", "address"):
            for label in facts.labels:
                yield f"~{concept}", label, _OTHER
    # Inside a party's block these head its lines; they belong to nobody in particular.
    for concept in ("name", "address", "vat_id", "phone", "email", "url"):
        for label in CONCEPTS[concept].labels:
            yield f"~{concept}", label, _OTHER
