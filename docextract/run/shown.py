"""What a run keeps for those who look at it: small pictures of pages, the plan's cost, report.html as it goes."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread

from docextract.config.job import Job
from docextract.errors import DocextractError
from docextract.model.price import cost
from docextract.output.atomic import write_atomic
from docextract.output.folder import LocalFolder
from docextract.output.sidecar import shown
from docextract.pages.pool import Pool
from docextract.pages.render import render
from docextract.pages.small import Smaller, small_spec
from docextract.report.facts import LAST_RUN, facts_of
from docextract.report.lines import run_head
from docextract.report.pictures import Pictures
from docextract.report.write import ReportFile, Room
from docextract.run.source import DocumentPages
from docextract.types import Document, DocumentResult, Json, ModelProfile, PageImage, RenderedPage, Usage, Window

if TYPE_CHECKING:
    from docextract.run.session import Session

EVERY_S = 30.0
"""Seconds between two reports of a run at work, at least."""

SHARE = 0.02
"""Of a run's time that may go into writing its report again and again."""

MOST_BYTES = 24 << 20
"""Pictures kept for everybody; as much again for documents that need a person's eyes. The review draws the others."""

_LINES_AT_ONCE = 50
_DOUBTED = {"absent", "contradicted"}


class Shown:
    """Belongs to a session whose outputs go to a folder of this machine. `out` is that folder."""

    def __init__(self, out: Path, job: Job) -> None:
        self._out = out
        self._job = job
        self._pictures = Pictures(out)
        self._most = MOST_BYTES // max(1, job.workers)
        self._held: int | None = None
        self._planned: dict[str, list[float]] = {}
        self._began = time.monotonic()

    # --- pictures

    def smaller(self) -> Smaller | None:
        """What collects pictures from bitmaps that are drawn for the model, while there is room for more."""
        return Smaller(most=Room().pages) if (self._held or 0) < self._most else None

    async def keep(
        self, pool: Pool, source: DocumentPages, document: Document, results: Sequence[DocumentResult]
    ) -> None:
        """Keep pictures of the pages where something was found or is amiss, and the texts of kinds without layout.

        Nothing that goes wrong here is the document's fault, or of any weight: a page stays without a picture.
        """
        if self._held is None:
            self._held = await anyio.to_thread.run_sync(self._pictures.size)
        if self._held >= self._most * (2 if any(_is_doubted(result) for result in results) else 1):
            return
        have = await anyio.to_thread.run_sync(self._pictures.of, document.digest)
        wanted = [number for number in _wanted(document, results) if number not in have][: Room().pages]
        drawn = source.smaller.pages if source.smaller is not None else {}
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

    async def _texts(self, source: DocumentPages, document: Document) -> dict[int, str]:
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

    # --- the report

    async def watch(self, session: Session) -> None:
        """Write the report again and again while the run goes on, ever more seldom the longer that takes."""
        pause = EVERY_S
        while True:
            await anyio.sleep(pause)
            began = time.monotonic()
            await self.write(session, live=True)
            pause = max(EVERY_S, (time.monotonic() - began) / SHARE)

    async def write(self, session: Session, *, live: bool = False) -> None:
        """Write OUT/report.html. A report that cannot be written is told and ends nothing: the outputs stand."""
        try:
            if not live:
                await self._note(session)
            inputs = tuple(shown(name) for name in self._job.inputs)
            with ReportFile(self._out, inputs=inputs) as report:
                lines: list[Any] = []
                async for name, state, results in session.journal.results():
                    lines += [result.summary for result in results]
                    if state != "done":
                        lines.append({"name": shown(name), "state": "pending"})
                    if len(lines) >= _LINES_AT_ONCE:
                        await anyio.to_thread.run_sync(_add, report, lines)
                        lines = []
                await anyio.to_thread.run_sync(_add, report, lines)
                head = self._head(session) if live else await anyio.to_thread.run_sync(run_head, self._out)
                facts = facts_of(self._out, head, {"seconds": time.monotonic() - self._began, **_now()}, live=live)
                await anyio.to_thread.run_sync(report.finish, facts)
        except DocextractError as error:
            session.warn(f"no report: {error}")

    def _head(self, session: Session) -> dict[str, Json]:
        names = [wanted.name for wanted in session.wanted]
        return {
            "model": session.engine.name,
            "schema": names,
            "inputs": [shown(name) for name in self._job.inputs],
        }

    async def _note(self, session: Session) -> None:
        """Leave what later looks need: the job, where it was started, how long it took, the schemas."""
        note = {
            "cwd": str(Path.cwd()),
            "job": _told(self._job),
            "seconds": round(time.monotonic() - self._began, 3),
            **_now(),
        }
        await write_atomic(self._out / LAST_RUN, json.dumps(note, indent=1).encode("utf-8", "replace"), root=self._out)
        folder = self._out / LAST_RUN.parent / "schemas"
        for target in (target for wanted in session.wanted for target in wanted.targets):
            path = folder / f"{target.sha256}.json"
            if not await anyio.Path(path).exists():
                await write_atomic(path, json.dumps(target.json_schema).encode("utf-8", "replace"), root=self._out)


def shown_of(session: Session) -> Shown | None:
    """What a run keeps, if it is to keep anything: not with --no-report, nor for a folder in an object store."""
    if session.job.no_report or not isinstance(session.out, LocalFolder):
        return None
    return Shown(session.out.root, session.job)


def _add(report: ReportFile, lines: Sequence[Any]) -> None:
    for line in lines:
        report.add(line)


def _now() -> dict[str, Json]:
    return {"finished": datetime.now(UTC).isoformat(timespec="seconds")}


def _told(job: Job) -> dict[str, Json] | None:
    """The job, unless an address in it holds a password: that is written nowhere."""
    values = dataclasses.asdict(job)
    texts = [text for value in values.values() for text in (value if isinstance(value, tuple | list) else (value,))]
    return None if any(isinstance(text, str) and "://" in text and "@" in text for text in texts) else values


def _is_doubted(result: DocumentResult) -> bool:
    return result.state != "complete" or bool(result.issues) or any(item.status in _DOUBTED for item in result.evidence)


def _wanted(document: Document, results: Sequence[DocumentResult]) -> list[int]:
    """Page numbers: first those that values or issues name, then the others that were asked about."""
    named = {item.page for result in results for item in result.evidence}
    named |= {issue.page for result in results for issue in result.issues}
    asked = {entry.page for result in results for entry in result.pages if entry.state in {"extracted", "failed"}}
    numbers = [page.number for page in document.pages if page.number in named | asked]
    return sorted(numbers, key=lambda number: (number not in named, number))
