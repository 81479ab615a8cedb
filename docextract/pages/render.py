"""Pages of a document as pictures, drawn in children. A page that ends its child costs nothing but itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import groupby
from typing import Any

from docextract.errors import CODES, DocextractError
from docextract.pages.limits import BAD_PAGES, RENDER_PAGES
from docextract.pages.pool import Pool
from docextract.types import Document, Fault, Page, PageImage, RenderedPage

Result = RenderedPage | Fault


async def render(
    pool: Pool, document: Document, images: Sequence[PageImage], *, deadline_s: float = 20.0
) -> tuple[Result, ...]:
    """Every image asked for, in that order: a picture of exactly its size, or the fault of its page.

    About four pages go to a child at once, within `deadline_s` (seconds). Where that call fails its pages are
    asked for one by one, and one that fails alone is asked of poppler too where it is installed. When
    BAD_PAGES pages of a document have failed so, its remaining ones are `quarantined`.
    """
    pages = {page.number: page for page in document.pages}
    results: list[Result] = []
    # Neighbours in one file go together; a page that is known to be unusable stands alone.
    for source, run in groupby(images, key=lambda image: _place(pages.get(image.page))):
        asked = list(run)
        if source is None:
            results += [_unusable(pages.get(image.page)) for image in asked]
            continue
        for start in range(0, len(asked), RENDER_PAGES):
            results += await _chunk(pool, document, asked[start : start + RENDER_PAGES], deadline_s)
    return tuple(results)


async def _chunk(pool: Pool, document: Document, images: list[PageImage], deadline_s: float) -> list[Result]:
    if pool.bad_pages[document.digest] >= BAD_PAGES:
        return [_quarantined() for _ in images]
    try:
        return await _call(pool, document, images, deadline_s)
    except DocextractError as error:
        if error.scope == "run":
            raise
        if len(images) == 1:
            return [await _last_try(pool, document, images[0], error, deadline_s)]
    return [result for image in images for result in await _chunk(pool, document, [image], deadline_s)]


async def _last_try(
    pool: Pool, document: Document, image: PageImage, error: DocextractError, deadline_s: float
) -> Result:
    """A page that failed alone: once more in a fresh child, by the other renderer where there is one."""
    if error.retryable:
        if image.spec.renderer == "pdfium" and shutil.which("pdftoppm"):
            image = replace(image, spec=replace(image.spec, renderer="poppler"))
        try:
            return (await _call(pool, document, [image], deadline_s))[0]
        except DocextractError as again:
            if again.scope == "run":
                raise
            if again.retryable:
                pool.bad_pages[document.digest] += 1
    return replace(error.fault, scope="page")


async def _call(pool: Pool, document: Document, images: list[PageImage], deadline_s: float) -> list[Result]:
    pages = {page.number: page for page in document.pages}
    source = document.unit.sources[pages[images[0].page].source]
    args: dict[str, Any] = {
        "path": os.path.abspath(source.path),  # noqa: PTH100, ASYNC240  Path.absolute keeps `..`; no disk is touched
        "kind": source.kind,
        "password": document.password,
        "pages": [{"index": pages[image.page].index, "spec": asdict(image.spec)} for image in images],
    }
    answer, blobs = await pool.call("render", args, deadline_s=deadline_s)
    pictures = iter(blobs)
    results: list[Result] = []
    for image, head in zip(images, answer["pages"], strict=True):
        if "fault" in head:
            results.append(Fault(**head["fault"], scope="page"))
            continue
        results.append(
            RenderedPage(
                page=image.page,
                media_type=head["media_type"],
                data=next(pictures),
                width=head["width"],
                height=head["height"],
                crop=image.spec.crop,
                blank=head["blank"],
            )
        )
    return results


def _place(page: Page | None) -> int | None:
    """The file of a page that can be drawn, None of one that cannot."""
    return page.source if page is not None and page.fault is None and page.width > 0 else None


def _unusable(page: Page | None) -> Fault:
    if page is None:
        return Fault(code="limit_reached", message="the page is beyond --max-pages", hint="raise it", scope="page")
    if page.fault is not None:
        return page.fault
    return Fault(
        code="unsupported", message="the page has no picture: its kind is text", hint="send it as text", scope="page"
    )


def _quarantined() -> Fault:
    message = f"not drawn: {BAD_PAGES} other pages of this document ended the renderer"
    return Fault(code="quarantined", message=message, hint=CODES["quarantined"], scope="page")
