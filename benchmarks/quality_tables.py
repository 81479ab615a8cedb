"""Tables against hand-labelled cells (icdar2013): from the text layer, and from scans of the same pages."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from quality_reading import Answered, Reader, Sample, answer, cpu_per_page, schema
from quality_row import Row, average, f1, share

from docextract.evaluate.adjacency import GridText, adjacency, pair_tables, relations
from docextract.evaluate.counts import Counts, total
from docextract.evaluate.tables import cells_of, score_grids
from docextract.layout.analyse import find_tables
from docextract.layout.confirm import ACCEPTED
from docextract.local.upright import upright
from docextract.types import Json

DPI = 150
Pages = dict[int, list[list[GridText]]]
"""Tables by page."""


def samples(corpora: Path, limit: int | None) -> list[Sample]:
    files = sorted((corpora / "tables" / "icdar2013").glob("*.pdf"))[:limit]
    return [Sample(name=file.name, files=(file,), truth=_truth(file)) for file in files]


def measure_tables(reader: Reader, corpora: Path, limit: int | None) -> list[Row]:
    """Text layer."""
    read = reader.read(samples(corpora, limit))
    return _rows("tables, text layer", read, ("0.92", "0.92"))


def measure_scans(reader: Reader, corpora: Path, limit: int | None) -> list[Row]:
    """The same pages drawn at 150 DPI, read by OCR."""
    scans = [
        Sample(name=sample.name, files=(_scan(sample.files[0], reader.scratch / "scans"),), truth=sample.truth)
        for sample in samples(corpora, limit)
    ]
    return _rows(f"tables, {DPI} DPI scans", reader.read(scans), ("0.92", "0.90"))


def _rows(part: str, read: Sequence[Sample], goals: tuple[str, str]) -> list[Row]:
    counts: list[Counts] = []
    trusted: list[tuple[float, float]] = []
    likeness: list[float | None] = []
    layout_s, pages = 0.0, sum(len(sample.words) for sample in read)
    for sample in read:
        before = time.process_time()
        tables = {page.page: find_tables(upright(page).words) for page in sample.words}
        layout_s += time.process_time() - before
        found = {page: [_cells(table) for table in inside] for page, inside in tables.items()}
        wanted = _by_page(sample.truth)
        counts.append(total(_page(wanted.get(page, []), found.get(page, [])) for page in {*wanted, *found}))
        for page, inside in tables.items():
            trusted += zip(
                (table.confidence for table in inside), _each(wanted.get(page, []), found[page]), strict=True
            )
        # Pages are matched one by one here too; a document's TEDS is the mean over its tables.
        likeness.append(_teds(wanted, found))
    cpu_s = (sum(sample.reading_s for sample in read) + layout_s) / max(1, pages)
    target = schema("tables")
    answers = [answer(sample, target) for sample in read]
    written = [_written(each) for each in answers]
    return [
        Row(part=part, what="adjacency F1, macro", figure=average([_f1(each) for each in counts]), pages=pages,
            cpu_s=cpu_s, goal=goals[0]),
        Row(part=part, what="adjacency F1, micro", figure=f1(counts), pages=pages, cpu_s=cpu_s, goal=goals[1]),
        Row(part=part, what="TEDS", figure=average(likeness), pages=pages, cpu_s=cpu_s),
        Row(part=part, what="share of tables found that two readings agree on",
            figure=share([confidence >= ACCEPTED for confidence, _ in trusted]), pages=pages, cpu_s=cpu_s, goal="0.50"),
        Row(part=part, what="mean F1 of those", figure=average([f for sure, f in trusted if sure >= ACCEPTED]),
            pages=pages, cpu_s=cpu_s, goal="0.99"),
        Row(part=part, what="mean F1 of the others", figure=average([f for sure, f in trusted if sure < ACCEPTED]),
            pages=pages, cpu_s=cpu_s),
        Row(part=part, what="adjacency F1 of the JSON written, macro", figure=average([_f1(each) for each in written]),
            pages=pages, cpu_s=cpu_per_page(answers)),
    ]  # fmt: skip


def _each(wanted: Sequence[Sequence[GridText]], got: Sequence[Sequence[GridText]]) -> list[float]:
    """F1 of each table found, nought where it is none of the true ones."""
    left, right = [relations(cells) for cells in wanted], [relations(cells) for cells in got]
    scores = [0.0] * len(right)
    for i, j in pair_tables(left, right):
        scores[j] = _f1(adjacency([left[i]], [right[j]]))
    return scores


def _f1(counts: Counts) -> float:
    """No table wanted and none found is right."""
    return 1.0 if counts.f1 is None else counts.f1


def _page(wanted: Sequence[Sequence[GridText]], got: Sequence[Sequence[GridText]]) -> Counts:
    return adjacency([relations(cells) for cells in wanted], [relations(cells) for cells in got])


def _teds(wanted: Pages, found: Pages) -> float | None:
    scores = [score_grids(wanted.get(page, []), found.get(page, [])) for page in sorted({*wanted, *found})]
    tables = [(each.teds, max(each.wanted, each.got)) for each in scores if each.wanted or each.got]
    if not tables or any(each is None for each, _ in tables):
        return None
    return sum((each or 0.0) * n for each, n in tables) / sum(n for _, n in tables)


def _written(answered: Answered) -> Counts:
    """The JSON's cells, where only header cells span, against the truth with its spans, over a whole document."""
    value = answered.value if isinstance(answered.value, dict) else {}
    wanted = [relations(cells) for tables in _by_page(answered.sample.truth).values() for cells in tables]
    return adjacency(wanted, [relations(cells_of(table)) for table in value.get("tables", [])])


def _cells(table: object) -> list[GridText]:
    return [
        GridText(row=cell.row, column=cell.column, row_span=cell.row_span, column_span=cell.column_span, text=cell.text)
        for cell in table.cells  # type: ignore[attr-defined]  # layout.shapes.Table
    ]


def _truth(file: Path) -> Json:
    return json.loads(Path(f"{file}.gt.json").read_text(encoding="utf-8"))


def _by_page(truth: Json) -> Pages:
    pages: Pages = {}
    for table in truth["tables"]:
        parts: dict[int, list[GridText]] = {}
        for cell in table["cells"]:
            parts.setdefault(cell["page"], []).append(
                GridText(
                    row=cell["row"], column=cell["col"], row_span=cell["rowspan"], column_span=cell["colspan"],
                    text=cell["text"],
                )
            )  # fmt: skip
        for page, cells in parts.items():
            pages.setdefault(page, []).append(cells)
    return pages


def _scan(file: Path, folder: Path) -> Path:
    """A PDF of pictures of the pages, grey noise and skew left out: what a clean scanner makes. Kept."""
    folder.mkdir(parents=True, exist_ok=True)
    scan = folder / file.name
    if not scan.exists():
        document = pypdfium2.PdfDocument(file)
        pictures = [page.render(scale=DPI / 72).to_pil().convert("RGB") for page in document]
        document.close()
        part = scan.with_suffix(".part")
        pictures[0].save(part, "PDF", resolution=DPI, save_all=True, append_images=pictures[1:], quality=85)
        part.rename(scan)
    return scan
