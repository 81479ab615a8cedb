"""How well values are found on their pages again, and how often a wrong one passes for found.

    python benchmarks/grounding.py CORPORA [--limit N] [--jobs N] [--scratch DIR] [--to docs/quality.md]

CORPORA holds receipts/sroie and invoices/zugferd, public data that is not part of this repository.
The truth stands in for an answer, as it is and with one value at a time made wrong. Reading is done
once and kept below --scratch; `--to` replaces the section on grounding in that file.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grounding_boxes import Boxes, boxes_of
from grounding_cases import KINDS, Document, Verdict, invoices, receipts, verdicts
from quality import made_with, section_replaced
from quality_reading import Reader

from docextract.check import agreement, near
from docextract.evaluate.interval import interval

TITLE = "## Grounding"

NOTES = f"""\
Written by `benchmarks/grounding.py`, over all documents of both sets. The truth stands in for an answer to
the built-in schemas: first as it is, then with one value at a time made wrong. *By place*: the status of the
value is verbatim, normalised or approximate. *Unflagged*: so it is, and no issue speaks against the value:
no other field's label beside it, no other reading by the embedded engine, no failed sum. n is values.
Intervals are 95 % bootstrap intervals over documents.

- Thresholds: names and text are found approximately from a similarity of {near.ACCEPT:.0f} where their digits agree
  and every word has its twin; another reading by the engine speaks against a value from a confidence of
  {agreement.LEAST}, and makes it contradicted from {agreement.SURE} where the value stands beside no label of its
  own. Dates, money, numbers and identifiers are compared exactly.
- A changed digit: three changes of each value that has digits (dates that are none left out), drawn by chance;
  a number that comes out as another one printed on the page passes by place. Another amount: up to six of the
  other amounts printed in the document in place of each total, tax or sum; on lines, the amount of another line.
  An invented name or address is another document's (nearly the same ones are left out), an invented word stands
  in place of one of the true name's, an invented date or number is any that the page does not print.
- Alarms: true values that an issue or their status speaks against. Most on invoices are made-up VAT numbers
  whose check digits do not hold as they are printed; on lines, small quantities that cannot be told apart.
  Values of receipts that are not found were misread by OCR, or lie in lines that it lost.
- Boxes: of the values found, the share of lines whose box lies in the line that people drew (no side stands out
  by more than a quarter of its height; drawings on a picture of another size are brought to this one), and the
  median overlap (IoU) for lines that the value fills.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table: `goal` empty where none was set."""

    part: str
    what: str
    value: float | None
    span: tuple[float, float] | None
    n: int
    goal: str = ""


def main() -> int:
    options = _options()
    corpora = Path(options.corpora)
    reader = Reader(Path(options.scratch), jobs=options.jobs)
    lines: list[Line] = []
    for part, find in (("receipts, OCR words", receipts), ("invoices, text layer", invoices)):
        documents = find(reader, corpora, options.limit)
        if not documents:
            print(f"skipped: there are no documents for {part} in {corpora}")
            continue
        found = [verdicts(document) for document in documents]
        lines += figures(part, found, is_ocr="OCR" in part)
        if options.verbose:
            tell(documents, found)
        boxes = [boxes_of(document) for document in documents]
        if any(each.lines for each in boxes):
            lines += _box_lines(part, boxes)
    for line in lines:
        print(" | ".join(_cells(line)))
    if options.to and lines:
        path = Path(options.to)
        path.write_text(section_replaced(path.read_text(encoding="utf-8"), TITLE, section(lines)), encoding="utf-8")
    return 0


def figures(part: str, found: Sequence[Sequence[Verdict]], *, is_ocr: bool) -> list[Line]:
    """Recall and alarms on true values, then false accepts for each kind of wrong value."""
    true = [[each for each in document if each.kind == "true"] for document in found]
    heads = [[each for each in document if not each.is_line] for document in true]
    goal = "0.98" if is_ocr else "0.995"
    lines = [_line(part, "recall", heads, [[v.is_located for v in d] for d in heads], goal)]
    for field in sorted({each.field for document in heads for each in document}):
        some = [[v for v in d if v.field == field] for d in heads]
        lines.append(_line(part, f"recall, {field}", some, [[v.is_located for v in d] for d in some]))
    lines.append(_line(part, "alarms on true values", heads, [[not v.is_accepted for v in d] for d in heads]))
    rows = [[each for each in document if each.is_line] for document in true]
    if any(rows):
        lines.append(_line(part, "recall, leaves of lines", rows, [[v.is_located for v in d] for d in rows]))
        alarms = [[not v.is_accepted for v in d] for d in rows]
        lines.append(_line(part, "alarms on leaves of lines", rows, alarms))
    for kind, wanted in KINDS.items():
        some = [[v for v in d if v.kind == kind] for d in found]
        if any(some):
            places = [[v.is_located for v in d] for d in some]
            lines.append(_line(part, f"{kind}, passes by place", some, places))
            lines.append(_line(part, f"{kind}, unflagged", some, [[v.is_accepted for v in d] for d in some], wanted))
    return lines


def _line(
    part: str, what: str, some: Sequence[Sequence[Verdict]], held: Sequence[Sequence[bool]], goal: str = ""
) -> Line:
    counts = [(sum(each), len(each)) for each in held if each]
    return Line(
        part=part,
        what=what,
        value=_share(counts),
        span=interval(counts, _share) if counts else None,
        n=sum(len(each) for each in some),
        goal=goal,
    )


def _share(counts: Sequence[tuple[int, int]]) -> float | None:
    whole = sum(count for _, count in counts)
    return sum(count for count, _ in counts) / whole if whole else None


def _box_lines(part: str, boxes: Sequence[Boxes]) -> list[Line]:
    inside = [(sum(each.inside), len(each.inside)) for each in boxes if each.inside]
    overlaps = [each.overlaps for each in boxes if each.overlaps]
    return [
        Line(
            part=part,
            what="boxes inside the truth's line",
            value=_share(inside),
            span=interval(inside, _share),
            n=sum(count for _, count in inside),
            goal="0.97",
        ),
        Line(
            part=part,
            what="median IoU of lines filled",
            value=_median(overlaps),
            span=interval(overlaps, _median),
            n=sum(len(each) for each in overlaps),
            goal="0.7",
        ),
    ]


def _median(overlaps: Sequence[Sequence[float]]) -> float | None:
    every = sorted(value for each in overlaps for value in each)
    return every[len(every) // 2] if every else None


def tell(documents: Sequence[Document], found: Sequence[Sequence[Verdict]]) -> None:
    """True values that were not accepted, and wrong ones that were."""
    for document, some in zip(documents, found, strict=True):
        for each in some:
            if each.is_accepted != (each.kind == "true"):
                print(f"  {document.name} {each.kind} {each.path} {each.value!r}: {each.status} {each.quote!r}")
                for why in each.why:
                    print(f"      {why}")


def section(lines: Sequence[Line]) -> str:
    """The section as Markdown."""
    head = ("part", "figure", "value", "95 % interval", "n", "goal")
    rows = [head, ("---",) * len(head), *map(_cells, lines)]
    return "\n".join([TITLE, "", made_with(), "", NOTES, *(f"| {' | '.join(row)} |" for row in rows), ""])


def _cells(line: Line) -> tuple[str, ...]:
    value = "-" if line.value is None else f"{line.value:.4f}"
    span = f"{line.span[0]:.3f} to {line.span[1]:.3f}" if line.span else "-"
    return line.part, line.what, value, span, str(line.n), line.goal or "-"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("corpora", help="the folder that holds receipts/sroie and invoices/zugferd")
    parser.add_argument("--limit", type=int, help="documents of each set")
    parser.add_argument("--jobs", type=int, default=1, help="children of each kind")
    parser.add_argument("--scratch", default=str(Path(tempfile.gettempdir()) / "docextract-quality"))
    parser.add_argument("--to", help="a Markdown file whose section on grounding is replaced")
    parser.add_argument("--verbose", action="store_true", help="name every value that came out wrong")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
