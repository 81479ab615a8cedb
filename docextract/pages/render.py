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
    asked for once more, one by one, and one that ends its child alone is asked of poppler too where that is
    installed. When BAD_PAGES pages of a document have failed so, its remaining ones are `quarantined`.
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
        if len(images) == 1 and not error.retryable:
            return [replace(error.fault, scope="page")]
    results: list[Result] = []
    for image in images:
        if pool.bad_pages[document.digest] >= BAD_PAGES:
            results.append(_quarantined())
        else:
            results.append(await _alone(pool, document, image, deadline_s))
    return results


async def _alone(pool: Pool, document: Document, image: PageImage, deadline_s: float) -> Result:
    """A page of a call that failed, once more in a fresh child, then by the other renderer where there is one."""
    attempts = [image]
    if image.spec.renderer == "pdfium" and shutil.which("pdftoppm"):
        attempts.append(replace(image, spec=replace(image.spec, renderer="poppler")))
    fault = None
    for attempt in attempts:
        try:
            return (await _call(pool, document, [attempt], deadline_s))[0]
        except DocextractError as error:
            if error.scope == "run":
                raise
            fault = replace(error.fault, scope="page")
            if not error.retryable:
                return fault
    pool.bad_pages[document.digest] += 1
    assert fault is not None  # noqa: S101  there is at least one attempt, and each ends in a return or a fault
    return fault


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
