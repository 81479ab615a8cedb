"""Pages of a document as pictures, drawn in children. A page that ends its child costs nothing but itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import Any

from docextract.errors import CODES, DocextractError
from docextract.pages.layers import Layers
from docextract.pages.limits import BAD_PAGES, RENDER_PAGES
from docextract.pages.pool import Pool
from docextract.pages.small import Smaller
from docextract.types import Box, Document, Fault, Page, PageImage, RenderedPage

Result = RenderedPage | Fault


async def render(
    pool: Pool,
    document: Document,
    images: Sequence[PageImage],
    *,
    deadline_s: float | None = None,
    smaller: Smaller | None = None,
    layers: Layers | None = None,
) -> tuple[Result, ...]:
    """Every image asked for, in that order: a picture of exactly its size, or the fault of its page.

    About four pages go to a child at once, within `deadline_s` (seconds; by default the limit page_seconds).
    Where that call fails its pages are asked for once more, one by one, and one that ends its child alone is
    asked of poppler too where that is installed. When BAD_PAGES pages of a document have failed so, its
    remaining ones are `quarantined`.

    `smaller` collects a small picture of every whole page whose bitmap was drawn for `images`, `layers` the text
    layers of pages that were opened for it.
    """
    ask = _Ask(pool, document, deadline_s or pool.limit("page_seconds"), smaller, layers)
    pages = {page.number: page for page in document.pages}
    results: list[Result] = []
    # Neighbours in one file go together; a page that is known to be unusable stands alone.
    for source, run in groupby(images, key=lambda image: _place(pages.get(image.page))):
        asked = list(run)
        if source is None:
            results += [_unusable(pages.get(image.page)) for image in asked]
            continue
        for start in range(0, len(asked), RENDER_PAGES):
            results += await _chunk(ask, asked[start : start + RENDER_PAGES])
    return tuple(results)


@dataclass(frozen=True, slots=True)
class _Ask:
    pool: Pool
    document: Document
    deadline_s: float
    smaller: Smaller | None
    layers: Layers | None

    @property
    def is_over(self) -> bool:
        """Whether too many pages of the document have ended a child."""
        return self.pool.bad_pages[self.document.digest] >= BAD_PAGES


async def _chunk(ask: _Ask, images: list[PageImage]) -> list[Result]:
    if ask.is_over:
        return [_quarantined() for _ in images]
    try:
        return await _call(ask, images)
    except DocextractError as error:
        if error.scope == "run":
            raise
        if len(images) == 1 and not error.retryable and ask.layers is None:
            return [replace(error.fault, scope="page")]
    results: list[Result] = []
    ask = replace(ask, layers=None)
    for image in images:
        if ask.is_over:
            results.append(_quarantined())
        else:
            results.append(await _alone(ask, image))
    return results


async def _alone(ask: _Ask, image: PageImage) -> Result:
    """A page of a call that failed, once more in a fresh child, then by the other renderer where there is one."""
    attempts = [image]
    is_known = any(page.number == image.page and page.only_poppler for page in ask.document.pages)
    if image.spec.renderer == "pdfium" and not is_known and shutil.which("pdftoppm"):
        attempts.append(replace(image, spec=replace(image.spec, renderer="poppler")))
    fault = None
    for attempt in attempts:
        try:
            return (await _call(ask, [attempt]))[0]
        except DocextractError as error:
            if error.scope == "run":
                raise
            fault = replace(error.fault, scope="page")
            if not error.retryable:
                return fault
    ask.pool.bad_pages[ask.document.digest] += 1
    assert fault is not None  # noqa: S101  there is at least one attempt, and each ends in a return or a fault
    return fault


async def _call(ask: _Ask, images: list[PageImage]) -> list[Result]:
    document, smaller, layers = ask.document, ask.smaller, ask.layers
    pages = {page.number: page for page in document.pages}
    source = document.unit.sources[pages[images[0].page].source]
    args: dict[str, Any] = {
        "path": os.path.abspath(source.path),  # noqa: PTH100, ASYNC240  Path.absolute keeps `..`; no disk is touched
        "kind": source.kind,
        "password": document.password,
        "pages": [
            {
                "index": pages[image.page].index,
                "spec": _spec(pages[image.page], image),
                "small": smaller.asked(pages[image.page], image) if smaller is not None else None,
                "layer": layers.asked(document, pages[image.page], image) if layers is not None else None,
            }
            for image in images
        ],
    }
    answer, blobs = await ask.pool.call("render", args, deadline_s=ask.deadline_s)
    pictures = iter(blobs)
    results: list[Result] = []
    for image, head in zip(images, answer["pages"], strict=True):
        if "fault" in head:
            results.append(Fault(**head["fault"], scope="page"))
            continue
        results.append(_picture(image.page, head, next(pictures), image.spec.crop))
        for small in head["small"]:
            picture = _picture(image.page, small, next(pictures), None)
            if smaller is not None:
                smaller.pages[image.page] = picture
        if layers is not None and "layer" in head:
            layers.found[image.page] = head["layer"], next(pictures)
    return results


def _picture(page: int, head: dict[str, Any], data: bytes, crop: Box | None) -> RenderedPage:
    return RenderedPage(
        page=page,
        media_type=head["media_type"],
        data=data,
        width=head["width"],
        height=head["height"],
        crop=crop,
        blank=head["blank"],
    )


def _spec(page: Page, image: PageImage) -> dict[str, Any]:
    """What the child is told; a page that is known to end pdfium goes to poppler at once."""
    spec = asdict(image.spec)
    return {**spec, "renderer": "poppler"} if page.only_poppler else spec


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
