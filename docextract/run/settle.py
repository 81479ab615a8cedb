"""The end of a document: its files written whole, its line in the journal. One at a time, and nothing else writes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Protocol

import anyio

from docextract.artifacts.registry import artifacts
from docextract.faultpoints import passing
from docextract.journal.rows import Claim, ResultRow
from docextract.output.place import Placement, Placer
from docextract.output.writer import write_document
from docextract.run.events import Event
from docextract.run.session import Session
from docextract.run.summary import summary_line
from docextract.types import DocumentResult


class Settler(Protocol):
    """What becomes of finished documents."""

    async def settle(self, claim: Claim, results: Sequence[DocumentResult]) -> None:
        """Called for one document at a time."""
        ...


class WritingSettler:
    """Writes data files, sidecars and artifacts below the output folder, then marks the unit done."""

    def __init__(self, session: Session, out: Path) -> None:
        self._session = session
        self._out = out
        self._placer = Placer()

    async def settle(self, claim: Claim, results: Sequence[DocumentResult]) -> None:
        """Raises OutputError where the folder cannot be written: the run ends, the answers are kept."""
        rows = []
        several = len(self._session.wanted) > 1
        for result in results:
            name = result.schema.name
            placement = self._placer.place(result.unit.name, schema=name if several else None)
            made = await self._artifacts(result, placement)
            outputs = await write_document(self._out, placement, result, self._session.job.format, made)
            rows.append(
                ResultRow(schema=name, state=result.state, summary=summary_line(result, outputs), outputs=outputs)
            )
        passing("written")
        if await self._session.journal.finish(claim, rows):
            passing("done")
            for row in rows:
                self._session.observe(Event("document_done", row.summary))

    async def _artifacts(self, result: DocumentResult, placement: Placement) -> Sequence[tuple[str, bytes]]:
        if result.data is None:
            return ()
        schema = self._session.target(result.schema.name).json_schema
        return await anyio.to_thread.run_sync(artifacts, schema, result.data, placement.stem)


class Collector:
    """Hands results to whoever iterates over it; at most one waits, so that memory stays flat."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._send, self._receive = anyio.create_memory_object_stream[DocumentResult](1)

    async def settle(self, claim: Claim, results: Sequence[DocumentResult]) -> None:
        """Waits until the results before it were taken."""
        for result in results:
            await self._send.send(result)
        rows = [ResultRow(schema=result.schema.name, state=result.state, summary={}) for result in results]
        await self._session.journal.finish(claim, rows)

    async def aclose(self) -> None:
        """No more results will come."""
        await self._send.aclose()

    async def __aiter__(self) -> AsyncIterator[DocumentResult]:
        async with self._receive:
            async for result in self._receive:
                yield result
