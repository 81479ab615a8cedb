"""The end of a document: its files written whole, its line in the journal. Nothing else writes outputs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

import anyio

from docextract.artifacts.registry import artifacts
from docextract.faultpoints import passing
from docextract.journal.rows import Claim, ResultRow
from docextract.output.place import Placement, Placer
from docextract.output.writer import write_document
from docextract.session.events import Event
from docextract.session.session import Session
from docextract.steps.line import summary_line
from docextract.types import DocumentResult

_PART = "/part/"


class Settler(Protocol):
    """What becomes of finished documents. `at_once` of them may be given to `settle` side by side."""

    at_once: int

    async def settle(self, claim: Claim, results: Sequence[DocumentResult]) -> None:
        """The end of one document."""
        ...


class WritingSettler:
    """Writes data files, sidecars and artifacts into the output folder, then marks the unit done."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._out = session.out
        self.at_once = self._out.at_once
        self._placer = Placer()

    async def settle(self, claim: Claim, results: Sequence[DocumentResult]) -> None:
        """Raises OutputError where the folder cannot be written: the run ends, the answers are kept."""
        rows = []
        several = len(self._session.wanted) > 1
        for result in results:
            name = result.schema.name
            part = result.unit.part
            pages = (part.first, part.last) if part is not None else None
            placement = self._placer.place(result.unit.name, schema=name if several else None, part=pages)
            made = await self._artifacts(result, placement)
            outputs = await write_document(self._out, placement, result, self._session.job.format, made)
            line = summary_line(result, outputs)
            if self._session.shown is not None:
                line |= self._session.shown.planned(result)
            rows.append(ResultRow(schema=_row_name(result), state=result.state, summary=line, outputs=outputs))
        passing("written")
        await self._remove_others(claim, rows)
        if await self._session.journal.finish(claim, rows):
            passing("done")
            for row in rows:
                self._session.observe(Event("document_done", row.summary))

    async def _remove_others(self, claim: Claim, rows: Sequence[ResultRow]) -> None:
        """Remove what a file left when it was taken apart otherwise: into other documents, into none, or not at all."""
        before = await self._session.journal.known([claim.name])
        earlier = [result for known in before.values() for result in known.results]
        if any(_PART in row.schema for row in (*earlier, *rows)):
            stands = {name for row in rows for name in row.outputs}
            await self._out.remove(sorted({name for result in earlier for name in result.outputs} - stands))

    async def _artifacts(self, result: DocumentResult, placement: Placement) -> Sequence[tuple[str, bytes]]:
        if result.data is None:
            return ()
        schema = self._session.target(result.schema.name).json_schema
        if not schema.get("x-artifacts"):
            return ()
        return await anyio.to_thread.run_sync(artifacts, schema, result.data, placement.stem)


def _row_name(result: DocumentResult) -> str:
    """What tells a unit's results apart: the schema, and which of the documents in the file."""
    part = result.unit.part
    return result.schema.name if part is None else f"{result.schema.name}{_PART}{part.number:06d}"


class Collector:
    """Hands results to whoever iterates over it; at most one waits, so that memory stays flat."""

    at_once = 1

    def __init__(self, session: Session) -> None:
        self._session = session
        self._send, self._receive = anyio.create_memory_object_stream[DocumentResult](1)

    async def settle(self, claim: Claim, results: Sequence[DocumentResult]) -> None:
        """Waits until the results before it were taken."""
        for result in results:
            await self._send.send(result)
        rows = [ResultRow(schema=_row_name(result), state=result.state, summary={}) for result in results]
        await self._session.journal.finish(claim, rows)

    async def aclose(self) -> None:
        """No more results will come."""
        await self._send.aclose()

    async def __aiter__(self) -> AsyncIterator[DocumentResult]:
        async with self._receive:
            async for result in self._receive:
                yield result
