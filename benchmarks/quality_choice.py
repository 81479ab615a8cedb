"""Which schema `auto` picks for documents of every corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from quality_fields import with_truth
from quality_openapi import pdfs, pictures
from quality_reading import Reader, Sample
from quality_row import Row, share
from quality_tables import samples as tables

from docextract.local.classify import classify
from docextract.schema.load import load

SETS: dict[str, Callable[[Path, int | None], Sequence[Sample]]] = {
    "invoice": lambda corpora, limit: [
        *with_truth(corpora, "invoices/zugferd", "*.pdf", limit),
        *with_truth(corpora, "invoices/invoice2data", "*.pdf", limit),
    ],
    "receipt": lambda corpora, limit: with_truth(corpora, "receipts/sroie", "*.jpg", limit),
    "resume": lambda corpora, limit: [
        *with_truth(corpora, "resumes", "*/*.pdf", limit),
        *with_truth(corpora, "resumes", "*/*.jpg", limit),
    ],
    "openapi": lambda corpora, limit: [*pdfs(corpora, limit), *pictures(corpora, limit)],
    "tables": tables,
}


def measure_choice(reader: Reader, corpora: Path, limit: int | None) -> list[Row]:
    """The share of documents for which the schema of their corpus is picked, and what else is picked."""
    targets = load("auto")
    rows = []
    for name, find in SETS.items():
        read = reader.read(find(corpora, limit))
        picked = [classify(sample.words, targets).name for sample in read]
        others = Counter(each for each in picked if each != name)
        what = f"{name} picked" + "".join(f"; {other} {n}" for other, n in others.most_common())
        pages = sum(len(sample.words) for sample in read)
        rows.append(Row(part="schema auto", what=what, figure=share([each == name for each in picked]), pages=pages))
    return rows
