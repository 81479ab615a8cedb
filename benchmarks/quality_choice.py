"""Which schema `auto` picks for documents of every corpus, by itself and with schemas of a user's own.

    python benchmarks/quality_choice.py [--limit N] [--jobs N] [--scratch DIR] [--to docs/quality.md]

`--to` puts the whole confusion table into that page.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from quality_fields import with_truth
from quality_openapi import pdfs, pictures
from quality_reading import Reader, Sample
from quality_row import Row, share
from quality_tables import samples as tables

from docextract.local.classify import classify
from docextract.schema.load import load
from docextract.schema.target import Target

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


TITLE = "## Which schema auto picks"
OWN = Path(__file__).parent / "own"
PLACED = {"invoice": "Bill"}
"""Own schemas that stand in the place of a built-in one."""


def candidates() -> dict[str, tuple[Target, ...]]:
    """The schemas to choose from, by what they are called in the table."""
    built_in = load("auto")
    kept = [target for target in built_in if target.name not in PLACED]
    own = [target for file in sorted(OWN.glob("*.py")) for target in load(str(file))]
    # Built-in schemas that are chosen by name only are as foreign to the documents as a user's own.
    more = [target for name in ("bank_statement", "contract", "form", "letter") for target in load(name)]
    return {"the built-in schemas": built_in, "own schemas among them": (*own, *kept, *more)}


def confusion(reader: Reader, corpora: Path, limit: int | None) -> dict[str, dict[str, Counter[str]]]:
    """How often each schema is picked, by the schemas to choose from and by set."""
    found: dict[str, dict[str, Counter[str]]] = {}
    for name, find in SETS.items():
        samples = reader.read(find(corpora, limit))
        for called, targets in candidates().items():
            picked = Counter(classify(sample.words, targets).name for sample in samples)
            found.setdefault(called, {})[name] = picked
    return found


def section(found: Mapping[str, Mapping[str, Counter[str]]]) -> str:
    """The confusion tables as Markdown."""
    lines = [TITLE, "", "Documents of each set, by the schema that `--schema auto` picks; the right one first.", ""]
    for called, sets in found.items():
        own = called.startswith("own")
        right = {name: PLACED.get(name, name) if own else name for name in sets}
        every = Counter(each for picked in sets.values() for each in picked.elements())
        names = [*right.values(), *sorted(set(every) - set(right.values()))]
        total, good = every.total(), sum(picked[right[name]] for name, picked in sets.items())
        lines += [f"Out of {called}: {good} of {total} right.", ""]
        lines += [f"| set | n | {' | '.join(names)} |", f"| --- |{' --- |' * (len(names) + 1)}"]
        for name, picked in sets.items():
            cells = " | ".join(str(picked[each] or "") for each in names)
            lines.append(f"| {name} | {picked.total()} | {cells} |")
        lines.append("")
    own_names = "`, `".join(sorted(each.name for file in OWN.glob("*.py") for each in load(str(file))))
    note = (
        f"The own schemas are `{own_names}`"
        " of `benchmarks/own`, the first in the place of `invoice`, and the built-in ones that are else chosen by name"
        " only (`bank_statement`, `contract`, `form`, `letter`)."
    )
    return "\n".join([*lines, note, ""])


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


def main() -> int:
    """Print the tables, and write them with --to."""
    from quality import ROOT, section_replaced

    parser = argparse.ArgumentParser()
    parser.add_argument("--limit", type=int)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--scratch", default=str(Path(tempfile.gettempdir()) / "docextract-quality"))
    parser.add_argument("--to", type=Path)
    options = parser.parse_args()
    corpora = Path(os.environ.get("DOCEXTRACT_CORPORA") or ROOT.parent / "shared" / "corpora")
    if not corpora.is_dir():
        print(f"skipped: there are no documents in {corpora} (set DOCEXTRACT_CORPORA)")
        return 0
    made = section(confusion(Reader(Path(options.scratch), jobs=options.jobs), corpora, options.limit))
    print(made)
    if options.to:
        options.to.write_text(section_replaced(options.to.read_text(encoding="utf-8"), TITLE, made), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
