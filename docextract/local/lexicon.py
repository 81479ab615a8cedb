"""What things are called on documents, in the languages they are met in: `lexicon.toml`, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

_DATA = tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One thing that documents name. `names` are alternatives, each a set of words; `labels` as printed."""

    names: tuple[frozenset[str], ...]
    labels: tuple[str, ...]


CONCEPTS: dict[str, Concept] = {
    concept: Concept(names=tuple(frozenset(name.split()) for name in facts["names"]), labels=tuple(facts["labels"]))
    for concept, facts in _DATA["concepts"].items()
}
"""Concept to its names and labels, in the order of the file: where two fit a field equally, the first is taken."""

LINE_CONCEPTS: frozenset[str] = frozenset(
    [
        "description", "quantity", "unit", "unit_price", "line_amount", "tax_rate", "position", "article_number",
        "line_discount", "net_base",
    ]
)  # fmt: skip
"""Concepts that head a column of a table of items; never labels of a document's own fields."""

INNER_CONCEPTS: frozenset[str] = frozenset(["name", "address"])
"""Concepts whose labels mean something only inside a party's block."""

TITLES: frozenset[str] = frozenset(_DATA["words"]["titles"])
"""What a document calls itself, squeezed: a number beside it is the document's number."""

YES: frozenset[str] = frozenset(_DATA["words"]["yes"])
NO: frozenset[str] = frozenset(_DATA["words"]["no"])

SECTIONS: tuple[str, ...] = tuple(_DATA["words"]["sections"])
"""Headings of a resume, squeezed."""
