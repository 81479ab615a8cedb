"""Words with their boxes against poppler's, and OCR against hand-made transcripts (sroie)."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from quality_reading import Reader, Sample
from quality_row import Row, precision, recall

from docextract.evaluate.counts import Counts
from docextract.read.pdfpage import text_layer
from docextract.types import Words

WITHIN = (3.0, 5.0)
"""Points that the centres of two words may lie apart, across and down, to be in the same place."""

_WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')
Place = tuple[str, float, float]


def measure_words(reader: Reader, corpora: Path, limit: int | None) -> list[Row]:
    """Born-digital pages. Needs pdftotext."""
    if shutil.which("pdftotext") is None:
        print("  skipped: pdftotext is not installed")
        return []
    rows: list[Row] = []
    all_lettered: list[Counts] = []
    for name, folder in (("zugferd", "invoices/zugferd"), ("icdar2013", "tables/icdar2013")):
        files = sorted((corpora / folder).glob("*.pdf"))[:limit]
        read = reader.read([Sample(name=file.name, files=(file,), truth=None) for file in files])
        counts = [_count(_poppler(sample.files[0]), sample.words) for sample in read]
        lettered = [_count(_poppler(sample.files[0]), sample.words, lettered=True) for sample in read]
        all_lettered += lettered
        pages = sum(len(sample.words) for sample in read)
        cpu_s = sum(_layer_s(file) for file in files) / max(1, pages)
        part = f"words with boxes, {name}"
        for what, some, goal in (("", counts, ""), (" of words with a letter or digit", lettered, "0.995")):
            for which, figure in (("recall", recall(some)), ("precision", precision(some))):
                rows.append(Row(part=part, what=which + what, figure=figure, pages=pages, cpu_s=cpu_s, goal=goal))
        whole = [_letters(_poppler(sample.files[0]), sample.words) for sample in read]
        what = "recall of letters and digits, however they are cut into words"
        rows.append(Row(part=part, what=what, figure=recall(whole), pages=pages, cpu_s=cpu_s, goal="0.995"))
    return rows + _both(rows, all_lettered)


def _both(rows: Sequence[Row], lettered: Sequence[Counts]) -> list[Row]:
    """Words with a letter or digit over all documents of both sets."""
    sets = {row.part: row for row in rows}.values()
    pages = sum(row.pages for row in sets)
    cpu_s = sum((row.cpu_s or 0.0) * row.pages for row in sets) / max(1, pages)
    return [
        Row(
            part="words with boxes, both sets",
            what=f"{which} of words with a letter or digit",
            figure=figure,
            pages=pages,
            cpu_s=cpu_s,
            goal="0.995",
        )
        for which, figure in (("recall", recall(lettered)), ("precision", precision(lettered)))
    ]


def receipts(corpora: Path, limit: int | None) -> list[Sample]:
    files = sorted((corpora / "receipts" / "sroie").glob("*.jpg"))[:limit]
    return [
        Sample(name=file.name, files=(file,), truth=file.with_name(f"{file.name}.boxes.csv").read_text("utf-8-sig"))
        for file in files
    ]


def measure_ocr(reader: Reader, corpora: Path, limit: int | None) -> list[Row]:
    """Words of the transcripts, as bags of lower-case words, without regard to place."""
    read = reader.read(receipts(corpora, limit))
    counts = []
    for sample in read:
        lines = [line.split(",", 8)[8] for line in sample.truth.splitlines() if line.count(",") >= 8]
        wanted = Counter(_bag(" ".join(lines)))
        got = Counter(_bag(" ".join(word.text for page in sample.words for word in page.words)))
        counts.append(Counts(right=(wanted & got).total(), wanted=wanted.total(), got=got.total()))
    pages = sum(len(sample.words) for sample in read)
    cpu_s = sum(sample.reading_s for sample in read) / max(1, pages)
    part = "OCR, sroie"
    return [
        Row(part=part, what="word recall", figure=recall(counts), pages=pages, cpu_s=cpu_s, goal="0.96 at 1.0 s"),
        Row(part=part, what="word precision", figure=precision(counts), pages=pages, cpu_s=cpu_s),
    ]


def _layer_s(file: Path) -> float:
    """CPU seconds to read the text layers of a file, without the start of a child."""
    before = time.process_time()
    document = pypdfium2.PdfDocument(file)
    for index in range(len(document)):
        text_layer(document, index, index + 1)
    document.close()
    return time.process_time() - before


def _bag(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _poppler(file: Path) -> list[list[Place]]:
    """Words by page, with their centres."""
    command = ["pdftotext", "-bbox", str(file), "-"]
    shown = subprocess.run(command, capture_output=True, check=True, timeout=120).stdout.decode("utf-8", "replace")
    pages = []
    for page in shown.split("<page ")[1:]:
        words = []
        for x0, y0, x1, y1, text in _WORD.findall(page):
            words.append((html.unescape(text), (float(x0) + float(x1)) / 2, (float(y0) + float(y1)) / 2))
        pages.append(words)
    return pages


def _count(wanted: Sequence[Sequence[Place]], got: Sequence[Words], *, lettered: bool = False) -> Counts:
    """Words in their places; `lettered` only those with a letter or digit: leader dots are left out on purpose."""
    total = Counts()
    for page in got:
        theirs = wanted[page.page - 1] if page.page <= len(wanted) else []
        ours = [(word.text, (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2) for word in page.words]
        if lettered:
            theirs, ours = ([place for place in places if re.search(r"[^\W_]", place[0])] for places in (theirs, ours))
        total += Counts(right=_in_place(theirs, ours), wanted=len(theirs), got=len(ours))
    return total


def _letters(wanted: Sequence[Sequence[Place]], got: Sequence[Words]) -> Counts:
    """Letters and digits of the words that stand in place, or inside or around a word of ours: `(S)` for `S`."""
    total = Counts()
    for page in got:
        theirs = wanted[page.page - 1] if page.page <= len(wanted) else []
        for text, x, y in theirs:
            signs = len(re.findall(r"[^\W_]", text))
            there = any(
                word.x0 - WITHIN[0] <= x <= word.x1 + WITHIN[0]
                and abs((word.y0 + word.y1) / 2 - y) <= WITHIN[1]
                and text in word.text
                for word in page.words
            )
            total += Counts(right=signs * there, wanted=signs, got=signs * there)
    return total


def _in_place(wanted: Sequence[Place], got: Sequence[Place]) -> int:
    """How many words stand in the same place with the same text."""
    waiting: dict[str, list[tuple[float, float]]] = {}
    for text, x, y in got:
        waiting.setdefault(text, []).append((x, y))
    right = 0
    for text, x, y in wanted:
        near = [at for at in waiting.get(text, ()) if abs(at[0] - x) <= WITHIN[0] and abs(at[1] - y) <= WITHIN[1]]
        if near:
            waiting[text].remove(min(near, key=lambda at: abs(at[0] - x) + abs(at[1] - y)))
            right += 1
    return right
