"""What a run keeps of its documents for those who look at it: small pictures of pages, and the plan's cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import anyio.to_thread

from docextract.config.job import Job
from docextract.errors import DocextractError
from docextract.model.price import cost
from docextract.output.folder import Folder, LocalFolder
from docextract.pages.pool import Pool
from docextract.pages.render import render
from docextract.pages.small import Smaller, small_spec
from docextract.report.pictures import Pictures
from docextract.report.write import Room
from docextract.types import (
    Document,
    DocumentResult,
    Json,
    ModelProfile,
    PageImage,
    PageSource,
    RenderedPage,
    Usage,
    Window,
)

MOST_BYTES = 24 << 20
"""Pictures kept for everybody; as much again for documents that need a person's eyes. The review draws the others."""

_DOUBTED = {"absent", "contradicted"}


class Shown:
    """Belongs to a session whose outputs go to a folder of this machine. `out` is that folder."""

    def __init__(self, out: Path, job: Job) -> None:
        self._pictures = Pictures(out)
        self._most = MOST_BYTES // max(1, job.workers)
        self._held: int | None = None
        self._planned: dict[str, list[float]] = {}

    # --- pictures

    def smaller(self) -> Smaller | None:
        """What collects pictures from bitmaps that are drawn for the model, while there is room for more."""
        return Smaller(most=Room().pages) if (self._held or 0) < self._most else None

    async def keep(
        self,
        document: Document,
        results: Sequence[DocumentResult],
        *,
        pool: Pool,
        source: PageSource,
        drawn: Mapping[int, RenderedPage],
    ) -> None:
        """Keep pictures of the pages where something was found or is amiss, and the texts of kinds without layout.

        Those in `drawn` are at hand; others that are wanted are drawn by `pool`, and words come from `source`.
        Nothing that goes wrong here is the document's fault, or of any weight: a page stays without a picture.
        """
        if self._held is None:
            self._held = await anyio.to_thread.run_sync(self._pictures.size)
        if self._held >= self._most * (2 if any(_is_doubted(result) for result in results) else 1):
            return
        have = await anyio.to_thread.run_sync(self._pictures.of, document.digest)
        wanted = [number for number in _wanted(document, results) if number not in have][: Room().pages]
        pictures = {number: drawn[number] for number in wanted if number in drawn}
        try:
            pictures |= await self._draw(pool, document, [number for number in wanted if number not in drawn])
            texts = await self._texts(source, document)
            put = self._pictures.put
            self._held += await anyio.to_thread.run_sync(lambda: put(document.digest, pictures, texts))
        except DocextractError as error:
            if error.scope == "run":
                raise
        except OSError:
            self._held = 2 * MOST_BYTES  # no room on the disk: the outputs come first

    async def _draw(self, pool: Pool, document: Document, numbers: Sequence[int]) -> dict[int, RenderedPage]:
        pages = {page.number: page for page in document.pages if page.width > 0 and page.fault is None}
        images = [PageImage(page=each, spec=small_spec(pages[each]), tokens=0) for each in numbers if each in pages]
        drawn = await render(pool, document, images)
        return {each.page: each for each in drawn if isinstance(each, RenderedPage)}

    async def _texts(self, source: PageSource, document: Document) -> dict[int, str]:
        flowing = [page.number for page in document.pages if page.width == 0 or not document.has_layout]
        words = await source.words(flowing[: Room().pages]) if flowing else ()
        return {each.page: each.text for each in words if each.text}

    # --- the plan

    def expect(self, document: Document, windows: Sequence[Window], profile: ModelProfile | None) -> None:
        """Note what these windows may cost, reckoned as `docextract plan` does."""
        if profile is None or profile.price is None:
            return
        planned = self._planned.setdefault(document.unit.title, [0.0, 0.0])
        for window in windows:
            low = Usage(
                input_tokens=window.tokens_low,
                cached_tokens=window.tokens_low,
                output_tokens=window.answer_tokens // 4,
            )
            high = Usage(input_tokens=window.tokens_high, output_tokens=2 * window.answer_tokens)
            planned[0] += cost(profile, low)
            planned[1] += cost(profile, high)

    def planned(self, result: DocumentResult) -> dict[str, Json]:
        """What is added to a document's line: [low, high] in USD, told with its first result."""
        planned = self._planned.pop(result.unit.title, None)
        return {"planned_usd": [round(each, 6) for each in planned]} if planned else {}


def shown_of(job: Job, out: Folder) -> Shown | None:
    """What a run keeps, if it is to keep anything: not with --no-report, nor for a folder in an object store."""
    if job.no_report or not isinstance(out, LocalFolder):
        return None
    return Shown(out.root, job)


def _is_doubted(result: DocumentResult) -> bool:
    return result.state != "complete" or bool(result.issues) or any(item.status in _DOUBTED for item in result.evidence)


def _wanted(document: Document, results: Sequence[DocumentResult]) -> list[int]:
    """Page numbers: first those that values or issues name, then the others that were asked about."""
    named = {item.page for result in results for item in result.evidence}
    named |= {issue.page for result in results for issue in result.issues}
    asked = {entry.page for result in results for entry in result.pages if entry.state in {"extracted", "failed"}}
    numbers = [page.number for page in document.pages if page.number in named | asked]
    return sorted(numbers, key=lambda number: (number not in named, number))
