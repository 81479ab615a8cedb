"""The built-in schema `tables`, filled from the layout: every table with its header, rows, title, notes and places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docextract.layout.analyse import analyse
from docextract.layout.lines import group_rows
from docextract.layout.shapes import Cell, PageLayout, Table, box_of
from docextract.local.table_joins import Joined, join_pages
from docextract.types import Box, Evidence, Json, Word, Words


def extract_tables(pages: Sequence[Words]) -> tuple[list[dict[str, Json]], list[Evidence]]:
    """The value of `tables` (one dict a table) and evidence for its leaves, paths beginning with /tables.

    Cells, titles and notes are `verbatim` with a box a line (a span for kinds without layout); pages
    and column names are `inferred`. Tables that go on over a page break are one.
    """
    return tables_of([analyse(page) for page in pages], pages)


def tables_of(layouts: Sequence[PageLayout], pages: Sequence[Words]) -> tuple[list[dict[str, Json]], list[Evidence]]:
    """Like `extract_tables`, for pages that are analysed already (same order as `pages`)."""
    views = {layout.page: _View(layout, words) for layout, words in zip(layouts, pages, strict=True)}
    tables: list[dict[str, Json]] = []
    evidence: list[Evidence] = []
    for joined in join_pages(layouts):
        path = f"/tables/{len(tables)}"
        tables.append(value_of(joined))
        evidence.extend(_evidence(joined, path, views))
    return tables, evidence


@dataclass(frozen=True, slots=True)
class _View:
    layout: PageLayout
    words: Words


def value_of(joined: Joined) -> dict[str, Json]:
    """The JSON value of one table."""
    return {
        "title": joined.first.title,
        "pages": list(joined.pages),
        "header": [[cell.text if cell else None for cell in row] for row in joined.header],
        "columns": column_names(joined.header, joined.width),
        "rows": [[cell.text if cell else None for cell in row] for row in joined.rows],
        "notes": [note for _, note, _ in _notes(joined)],
    }


def column_names(header: Sequence[Sequence[Cell | None]], width: int) -> list[str]:
    """One name for each column: what the header rows say over it, joined by ` / `; "" where they say nothing."""
    names: list[list[str]] = [[] for _ in range(width)]
    for row in header:
        for column, cell in enumerate(row):
            if cell is not None:
                for covered in range(column, min(width, column + cell.column_span)):
                    names[covered].append(cell.text)
    return [" / ".join(parts) for parts in names]


def _notes(joined: Joined) -> list[tuple[Table, str, tuple[Word, ...]]]:
    found: list[tuple[Table, str, tuple[Word, ...]]] = []
    seen: set[str] = set()
    for table in joined.parts:
        for index, note in enumerate(table.notes):
            if note not in seen:
                seen.add(note)
                words = table.note_words[index] if index < len(table.note_words) else ()
                found.append((table, note, words))
    return found


def _evidence(joined: Joined, path: str, views: dict[int, _View]) -> Iterator[Evidence]:
    first = joined.first
    if first.title is not None:
        words = first.title_words or _find(views[first.page].words, first.title)
        yield _located(f"{path}/title", first.title, words, views[first.page], first.confidence)
    for index, _ in enumerate(joined.pages):
        yield Evidence(path=f"{path}/pages/{index}", status="inferred", confidence=first.confidence)
    for row_index, row in enumerate(joined.header):
        for column, cell in enumerate(row):
            if cell is not None:
                place = f"{path}/header/{row_index}/{column}"
                yield _located(place, cell.text, cell.words, views[first.page], first.confidence)
    for index in range(joined.width):
        yield Evidence(path=f"{path}/columns/{index}", status="inferred", confidence=first.confidence)
    for row_index, (row, part) in enumerate(zip(joined.rows, joined.origins, strict=True)):
        for column, cell in enumerate(row):
            if cell is not None:
                place = f"{path}/rows/{row_index}/{column}"
                yield _located(place, cell.text, cell.words, views[part.page], part.confidence)
    for index, (table, note, words) in enumerate(_notes(joined)):
        yield _located(f"{path}/notes/{index}", note, words, views[table.page], table.confidence)


def _located(path: str, text: str, words: Sequence[Word], view: _View, confidence: float) -> Evidence:
    """Evidence for text that stands in these words."""
    if not words:
        return Evidence(path=path, page=view.layout.page, quote=text, status="unchecked", confidence=0.5 * confidence)
    sure = round(confidence * sum(w.confidence for w in words) / len(words), 4)
    spans = [w.span for w in words if w.span is not None]
    if spans:
        span = (min(s[0] for s in spans), max(s[1] for s in spans))
        return Evidence(path=path, page=view.layout.page, span=span, quote=text, status="verbatim", confidence=sure)
    boxes = tuple(view.layout.place(box_of(tuple(row))) for row in group_rows(words))
    return Evidence(
        path=path,
        page=view.layout.page,
        box=_around(boxes),
        boxes=boxes,
        quote=text,
        status="verbatim",
        confidence=sure,
    )


def _around(boxes: Sequence[Box]) -> Box:
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )


def _find(page: Words, text: str) -> tuple[Word, ...]:
    """The words of a caption that the file declares, where they stand one after the other."""
    wanted = text.split()
    for start in range(len(page.words) - len(wanted) + 1):
        if all(page.words[start + i].text == token for i, token in enumerate(wanted)):
            return page.words[start : start + len(wanted)]
    return ()
