"""Words of a document's pages, from the parent's side: text layers four pages a call, pixels one page a call."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from docextract.errors import CODES, DocextractError
from docextract.pages.layers import Layer
from docextract.pages.limits import BAD_PAGES
from docextract.pages.pool import Pool
from docextract.read.combine import Use, combined
from docextract.read.engines import how_to_install, is_installed
from docextract.read.options import ReadOptions
from docextract.read.wire import words_from_bytes
from docextract.types import Document, Fault, Page, Words

PAGES_A_CALL = 4
"""Text layers read in one call: a kill loses little, and the hop between processes is shared out."""

FLOWING = frozenset({"docx", "text", "markdown", "html"})

PICTURES = frozenset({"png", "jpeg", "webp", "gif", "bmp", "tiff"})

Result = Words | Fault

RemoteReader = Callable[[Page], Awaitable[Words]]
"""Reads the pixels of a page by a service over the network; runs in the parent, raises what asking raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """What all calls of one `read` share. `engine` is the OCR engine to use in the child, None for none."""

    pool: Pool
    document: Document
    options: ReadOptions
    engine: str | None
    pages: dict[int, Page]
    remote: RemoteReader | None


async def read(
    pool: Pool,
    document: Document,
    numbers: Sequence[int],
    options: ReadOptions,
    *,
    remote: RemoteReader | None = None,
    layers: Mapping[int, Layer] | None = None,
) -> dict[int, Result]:
    """Words of these pages (1-based numbers), or the fault of a page that cannot be read.

    The text layer where it is sound, OCR where it is not (or always, with `verify="ocr"`), the file's
    own structure for kinds without layout. Where OCR is wanted and not installed the page is what its
    text layer gives, with a note. A page that ends its child costs nothing but itself. `remote` reads
    pixels in the place of an engine of this machine; `layers` are text layers that are at hand.
    """
    engine = options.ocr if options.ocr in {"local", "tesseract"} and is_installed(options.ocr) else None
    pages = {page.number: page for page in document.pages}
    job = _Job(pool=pool, document=document, options=options, engine=engine, pages=pages, remote=remote)
    results: dict[int, Result] = {}
    flows: list[Page] = []
    images: list[Page] = []
    closed: dict[int, list[Page]] = {}
    near: list[Page] = []
    for number in dict.fromkeys(numbers):
        page = pages.get(number)
        if page is None:
            results[number] = _fault("limit_reached", f"page {number} is beyond --max-pages")
        elif page.fault is not None:
            results[number] = page.fault
        elif (kind := document.unit.sources[page.source].kind) in FLOWING:
            flows.append(page)
        elif page.blank:
            results[number] = _empty(page, None)
        elif kind == "pdf" and not page.only_poppler:
            (near if layers is not None and number in layers else closed.setdefault(page.source, [])).append(page)
        else:
            images.append(page)
    chunks = [
        run[start : start + PAGES_A_CALL] for run in closed.values() for start in range(0, len(run), PAGES_A_CALL)
    ]
    work = [_layers(job, chunk) for chunk in chunks]
    if layers is not None and near:
        at_hand = [layers[page.number] for page in near]
        work.append(_judged(job, near, [row for row, _ in at_hand], [words for _, words in at_hand]))
    work += [_pixels(job, page, _empty(page, None), "ocr", None) for page in images]
    work += [_flow(job, page) for page in flows]
    for answer in await _all(work):
        results.update(answer)
    return {number: results[number] for number in dict.fromkeys(numbers)}


async def _all(work: Sequence[Awaitable[dict[int, Result]]]) -> list[dict[int, Result]]:
    """Run together; the pool bounds how many really do. The first error cancels the others."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_one(item)) for item in work]
    return [task.result() for task in tasks]


async def _one(item: Awaitable[dict[int, Result]]) -> dict[int, Result]:
    return await item


async def _layers(job: _Job, pages: list[Page]) -> dict[int, Result]:
    """Text layers of some pages of one file, and what they are good for."""
    if job.pool.bad_pages[job.document.digest] >= BAD_PAGES:
        return {page.number: _quarantined() for page in pages}
    args = {**_common(job, pages[0]), "pages": [_place(page) for page in pages]}
    try:
        answer, blobs = await job.pool.call("words", args, deadline_s=job.options.page_deadline_s * len(pages))
    except DocextractError as error:
        if error.scope == "run":
            raise
        if len(pages) == 1:
            return await _without_layer(job, pages[0], error)
        found: dict[int, Result] = {}
        for page in pages:
            found.update(await _layers(job, [page]))
        return found
    return await _judged(job, pages, answer["pages"], blobs)


async def _judged(
    job: _Job, pages: Sequence[Page], rows: Sequence[dict[str, Any]], blobs: Sequence[bytes]
) -> dict[int, Result]:
    """What stands in text layers; those that are not sound are read by OCR. `blobs` are of the rows without a fault."""
    results: dict[int, Result] = {}
    unread = []
    read_words = iter(blobs)
    for page, row in zip(pages, rows, strict=True):
        if "fault" in row:
            results[page.number] = _fault(row["fault"]["code"], row["fault"]["message"])
            unread.append(_pixels(job, page, _empty(page, None), "ocr", "the page cannot be opened"))
            continue
        words = words_from_bytes(next(read_words))
        results[page.number] = words
        use: Use = "ocr" if job.options.verify == "ocr" else row["use"]
        if use != "text":
            unread.append(_pixels(job, page, words, use, row["reason"]))
    for answer in await _all(unread):
        for number, words_or_fault in answer.items():
            # A text layer that is poor is better than none: it stands where the pixels cannot be read either.
            before = results[number]
            is_worse = isinstance(words_or_fault, Fault) and isinstance(before, Words) and before.words
            results[number] = before if is_worse else words_or_fault
    return results


async def _without_layer(job: _Job, page: Page, error: DocextractError) -> dict[int, Result]:
    """A page whose text layer ended its child or cannot be opened: its pixels, else its fault."""
    if error.retryable:
        job.pool.bad_pages[job.document.digest] += 1
    if job.engine is not None:
        result = (await _pixels(job, page, _empty(page, None), "ocr", "text layer cannot be read"))[page.number]
        if isinstance(result, Words):
            return {page.number: result}
    return {page.number: replace(error.fault, scope="page")}


async def _pixels(job: _Job, page: Page, layer: Words, use: Use, reason: str | None) -> dict[int, Result]:
    """A page by OCR. Where no engine is to be had: its text layer, with a note that says so."""
    if job.remote is not None:
        return {page.number: await _remotely(job.remote, page, layer, use, reason)}
    if job.engine is None:
        return {page.number: _as_it_is(job, layer, reason)}
    args = {**_common(job, page), "page": _place(page), "engine": job.engine, "use": use, "reason": reason}
    args |= _beside(job, page)
    # A tall page is read in tiles, each about a page of work.
    tiles = max(1, math.ceil(page.height / max(page.width, 1.0) / 2))
    for attempt in (1, 2):
        try:
            _, (seen,) = await job.pool.call("ocr", args, deadline_s=job.options.page_deadline_s * tiles)
        except DocextractError as error:
            if error.scope == "run":
                raise
            if error.code == "missing_tool":
                return {page.number: _as_it_is(job, layer, reason)}
            if attempt == 1 and error.retryable and error.code != "render_timed_out":
                continue
            if error.retryable:
                job.pool.bad_pages[job.document.digest] += 1
            return {page.number: replace(error.fault, scope="page")}
        return {page.number: words_from_bytes(seen)}
    raise AssertionError("the second attempt returns")


async def _remotely(remote: RemoteReader, page: Page, layer: Words, use: Use, reason: str | None) -> Result:
    try:
        seen = await remote(page)
    except DocextractError as error:
        if error.scope == "run":
            raise
        return replace(error.fault, scope="page")
    return combined(layer, seen, use, reason)


async def _flow(job: _Job, page: Page) -> dict[int, Result]:
    """A kind without layout. Its error is the page's."""
    args = {**_common(job, page), "number": page.number, "engine": job.engine, "why": _why_unread(job.options.ocr)}
    try:
        _, (said,) = await job.pool.call("flow", args, deadline_s=job.pool.limit("open_seconds"))
    except DocextractError as error:
        if error.scope == "run":
            raise
        return {page.number: replace(error.fault, scope="page")}
    return {page.number: words_from_bytes(said)}


def _common(job: _Job, page: Page) -> dict[str, Any]:
    source = job.document.unit.sources[page.source]
    path = os.path.abspath(source.path)  # noqa: PTH100  Path.absolute keeps `..`
    return {"path": path, "kind": source.kind, "password": job.document.password}


def _beside(job: _Job, page: Page) -> dict[str, Any]:
    """The image files before and after one of them: a long page may have been captured in slices."""
    if job.document.unit.sources[page.source].kind not in PICTURES:
        return {}
    found = {}
    for side, step in (("above", -1), ("below", 1)):
        other = job.pages.get(page.number + step)
        if other is None or other.fault is not None or other.source == page.source:
            continue
        if job.document.unit.sources[other.source].kind in PICTURES:
            found[side] = {**_common(job, other), "page": _place(other)}
    return found


def _place(page: Page) -> dict[str, Any]:
    place = {"index": page.index, "number": page.number, "width": page.width, "height": page.height}
    return {**place, "only_poppler": page.only_poppler}


def _as_it_is(job: _Job, layer: Words, reason: str | None) -> Words:
    note = "; ".join(part for part in (layer.note, reason, _why_unread(job.options.ocr)) if part)
    return replace(layer, note=note)


def _why_unread(name: str) -> str:
    if name == "glm-ocr":
        return "only pages are sent to GLM-OCR"
    return "OCR is off" if name == "off" else f"OCR ({name}) is not installed: {how_to_install(name)}"


def _empty(page: Page, note: str | None) -> Words:
    return Words(
        page=page.number, width=page.width, height=page.height, words=(), source="none", quality=0.0, note=note
    )


def _fault(code: str, message: str) -> Fault:
    return Fault(code=code, message=message, hint=CODES[code], scope="page")


def _quarantined() -> Fault:
    return _fault("quarantined", f"not read: {BAD_PAGES} other pages of this document ended the reader")
