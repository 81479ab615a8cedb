"""How good the embedded engine is on public documents with known truth; `--to docs/quality.md` writes the table.

    python benchmarks/quality.py [--only PART] [--limit N] [--jobs N] [--scratch DIR] [--to FILE]

The documents are not part of this repository: they are looked for in ../shared/corpora beside the
checkout, or where DOCEXTRACT_CORPORA says. Reading is done once and kept below --scratch.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from quality_choice import measure_choice
from quality_fields import measure_invoices, measure_receipts
from quality_openapi import measure_pdfs, measure_pictures
from quality_reading import Reader
from quality_resumes import measure_resumes
from quality_row import Row
from quality_tables import measure_scans, measure_tables
from quality_turned import measure_turned
from quality_words import measure_ocr, measure_words

ROOT = Path(__file__).resolve().parent.parent

PARTS: dict[str, Callable[[Reader, Path, int | None], list[Row]]] = {
    "tables": measure_tables,
    "scans": measure_scans,
    "words": measure_words,
    "ocr": measure_ocr,
    "receipts": measure_receipts,
    "invoices": measure_invoices,
    "resumes": measure_resumes,
    "openapi": measure_pdfs,
    "screenshots": measure_pictures,
    "orientation": measure_turned,
    "schema": measure_choice,
}

NOTES = """\
Written by `benchmarks/quality.py`; the documents are public data sets, not part of this repository. n is
documents (tables, where a row is about tables found). Intervals are 95 % bootstrap intervals over them: with
20 to 60 documents a difference of less than about 5 points means little. These documents were looked at while
the engine was made, so documents that nobody looked at may score a few points lower. CPU seconds are per
page, of one core, reading included (starting the children too, except for words with boxes), on a machine
that did other work besides. Pages are read with a longer deadline than a run gives them.

- Tables: ICDAR 2013 adjacency relations, end to end: a table that is not there costs precision, a missed
  one recall; macro is the mean over documents, micro pools all relations. In JSON a spanning cell stands
  once, and only header cells can be told to span. TEDS has every row in the body, since the truth marks
  no headers. Two readings: a drawn grid is read again from white space as if nothing were drawn, a table
  without one from its ink alone; where the cells are the same the table is accepted (confidence 0.97).
  So is a grid that lines draw whole, where no cell's text looks like several: the lines and the text are then
  the two readings. OCR must not doubt more than one word in fifty. A table found that is none of the true
  ones has F1 nought.
- Scans: the same pages drawn at 150 DPI as JPEG pictures, read by OCR.
- Words with boxes: against poppler's `pdftotext -bbox`; the same text with its centre within 3 points
  across and 5 down. What differs is cut otherwise on purpose: `(S)` where poppler has three words, a title
  set in spaced letters as one word.
- Receipts: text by its letters and digits, dates as ISO, totals as exact decimals. Invoices: fields that
  the text layer shows; `due payable` does not count where it equals the total and the answer leaves it null,
  as the schema asks; lines by the best pairing, leaves that the pages show. The attached XML is never read.
- Resumes: leaves that the theme prints; dates to the month, paragraphs by sentence. Where the truth and the
  schema cut differently, the schema's cut was taken after looking at what differed, which raised the figure:
  unpaid positions count neither way, `Bachelor's in X` may be degree and area, a bullet's own bullets stand
  by themselves. Text of five words or more counts as printed when nine in ten of them are.
- OpenAPI: operations by (method, path), parameters by (operation, name, where it is sent), pooled.
  14 of the 116 operations of the screenshots, in two documents, stand there with a path that the page itself
  cuts short with dots (25 of the 127 parameters). The truth has them whole; they are given with path null,
  which counts as wrong, so that 0.879 and 0.803 are the most that can be had. Two more rows leave the
  operations without a path out of the answer: a path that is not given is not claimed, but still missed.
- Orientation: eight pictures of each kind turned, against the answer for the upright one.
- Schema: the share of each set for which `auto` picks its schema, and what else was picked.
"""


def main() -> int:
    options = _options()
    corpora = Path(os.environ.get("DOCEXTRACT_CORPORA") or ROOT.parent / "shared" / "corpora")
    if not corpora.is_dir():
        print(f"skipped: there are no documents in {corpora} (set DOCEXTRACT_CORPORA)")
        return 0
    reader = Reader(Path(options.scratch), jobs=options.jobs)
    rows: list[Row] = []
    for name in options.only or PARTS:
        started = time.perf_counter()
        found = PARTS[name](reader, corpora, options.limit)
        rows += found
        print(f"{name}: {time.perf_counter() - started:.0f} s")
        for row in found:
            print("  " + " | ".join(_cells(row)), flush=True)
    if options.to:
        path = Path(options.to)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if options.only and "\n| --- |" in before:
            path.write_text(with_rows(before, rows, options.only), encoding="utf-8")
        else:
            # Sections that other benchmarks wrote below the table stay.
            kept = before[before.find("\n## ") :] if "\n## " in before else ""
            path.write_text(page(rows) + kept, encoding="utf-8")
    return 0


def section_replaced(text: str, title: str, section: str) -> str:
    """A Markdown text whose section under a second-level `title` is another one; at its end where there was none."""
    start = text.find(f"\n{title}\n")
    if start < 0:
        return f"{text.rstrip()}\n\n{section}"
    end = text.find("\n## ", start + 1)
    return f"{text[:start].rstrip()}\n\n{section}" + (text[end:] if end >= 0 else "")


def with_rows(before: str, rows: Sequence[Row], names: Sequence[str]) -> str:
    """A page whose rows of some parts are new ones, with a line that says which, and at which commit."""
    new = {(row.part, row.what): _line(_cells(row)) for row in rows}
    parts = {row.part for row in rows}
    told = f"Measured again: {', '.join(names)} (at commit {_commit()})."
    table, below, rest = before.partition("\n## ")
    lines: list[str] = []
    last = 0
    for line in table.split("\n"):
        cells = [cell.strip() for cell in line.split("|")[1:3]]
        if len(cells) == 2 and cells[0] in parts:
            kept = new.pop((cells[0], cells[1]), None)  # a figure that is measured no more is left out
            lines += [kept] if kept is not None else []
        else:
            lines.append(line)
        last = len(lines) if line.startswith("| ") else last
    lines[last:last] = new.values()  # figures that the page did not have
    lines.insert(3, told)
    return "\n".join(lines) + below + rest


def page(rows: Sequence[Row]) -> str:
    """The table as Markdown."""
    head = ("part", "figure", "value", "95 % interval", "n", "pages", "CPU s a page", "goal")
    lines = ["# Quality of the embedded engine", "", made_with(), "", NOTES, _line(head), _line(["---"] * len(head))]
    return "\n".join([*lines, *(_line(_cells(row)) for row in rows), ""])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(row: Row) -> tuple[str, ...]:
    figure = row.figure
    value = "-" if figure.value is None else f"{figure.value:.3f}"
    span = f"{figure.interval[0]:.3f} to {figure.interval[1]:.3f}" if figure.interval else "-"
    cpu_s = "-" if row.cpu_s is None else f"{row.cpu_s:.3f}"
    return row.part, row.what, value, span, str(figure.n), str(row.pages), cpu_s, row.goal or "-"


def made_with() -> str:
    """Date, commit and versions."""
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    packages = ("docextract", "pypdfium2", "rapidocr", "onnxruntime", "opencv-python-headless", "rapidfuzz")
    return f"{today}; commit {_commit()}; Python {platform.python_version()}, " + ", ".join(
        f"{name} {_version(name)}" for name in packages
    )


def _commit() -> str:
    """What was measured; `-dirty` where files were changed since."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude", "*"]
    try:
        return subprocess.run(command, capture_output=True, check=True, text=True, timeout=60).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return "unknown"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--only", action="append", choices=tuple(PARTS), help="repeatable; all by default")
    parser.add_argument("--limit", type=int, help="documents of each corpus")
    parser.add_argument("--jobs", type=int, default=1, help="children of each kind")
    parser.add_argument("--scratch", default=str(Path(tempfile.gettempdir()) / "docextract-quality"))
    parser.add_argument("--to", help="write the table here as Markdown; with --only the other rows stay")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
