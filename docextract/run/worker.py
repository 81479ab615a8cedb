"""The one loop that executes documents: claim from the journal, process, hand to settle, until nothing is pending."""

from __future__ import annotations

from dataclasses import dataclass

import anyio
import anyio.to_thread
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from docextract.errors import DocextractError
from docextract.faultpoints import passing
from docextract.journal.rows import Claim
from docextract.output.sidecar import shown
from docextract.run.discovery import unit_from_row
from docextract.run.halt import halt_error, halt_text
from docextract.session.events import Event
from docextract.session.session import Session
from docextract.session.spool import PutOff
from docextract.steps.assemble import failed
from docextract.steps.document import process
from docextract.steps.gather import side_by_side
from docextract.steps.settle import Settler
from docextract.types import DocumentResult

_IDLE_S, _IDLE_SHARED_S = 0.02, 0.1
_LONGEST_WAIT_S = 60.0
_SPARE = 2  # documents opened ahead, so that a slot never waits for a render


@dataclass(frozen=True, slots=True)
class Settled:
    """A document whose windows have all ended."""

    claim: Claim
    results: list[DocumentResult]


class Worker:
    """Feeds on the journal until discovery has ended and no unit is pending; `stop()` drains.

    With `leaves_last` a run that was halted is left once no other worker has a document in hand either.
    """

    def __init__(self, session: Session, settler: Settler, *, leaves_last: bool = False) -> None:
        self._session = session
        self._settler = settler
        self._leaves_last = leaves_last
        self._stopping = self._is_told = False
        self._heard: str | None = None
        self._in_hand = 0
        self._waits_since: float | None = None
        self._looking = anyio.Lock()
        self.all_found = anyio.Event()

    def stop(self) -> None:
        """Claim nothing more; what is in flight is finished."""
        self._stopping = self._is_told = True

    async def run(self) -> None:
        """Until everything is done. The first run-wide error ends it, after what was finished has been written."""
        send, receive = anyio.create_memory_object_stream[Settled](max_buffer_size=4)
        async with anyio.create_task_group() as group:
            for _ in range(self._settler.at_once):
                group.start_soon(self._settle, receive.clone())
            receive.close()
            failures = await self._claim_all(send)
        if self._leaves_last and self._session.is_shared:
            await self._see_others_out()
        # Raised only now: inside the group it would end the writing of what is finished.
        if failures:
            raise failures[0]
        if self._heard is not None:  # another worker met it
            raise halt_error(self._heard)

    async def _see_others_out(self) -> None:
        """Wait for what others have in flight when the run is halted: it is paid for, and belongs in the account."""
        while not self._is_told:
            progress = await self._session.journal.progress()
            if progress.halted is None or not progress.claimed:
                return
            await anyio.sleep(_IDLE_SHARED_S)

    async def _claim_all(self, send: MemoryObjectSendStream[Settled]) -> list[DocextractError]:
        failures: list[DocextractError] = []
        async with send:
            await side_by_side(self._session.engine.slots + _SPARE, lambda: self._work(send, failures))
        return failures

    async def _work(self, send: MemoryObjectSendStream[Settled], failures: list[DocextractError]) -> None:
        while (claim := await self._next()) is not None:
            passing("claimed")
            try:
                results = await self._process(claim)
            except PutOff:
                self._session.waiting += 1
                self._session.observe(Event("document_waits", {"name": shown(claim.name)}))
                await self._session.journal.wait(claim)
                self._in_hand -= 1
                continue
            except DocextractError as error:
                failures.append(error)
                self._stopping = True
                await self._session.journal.release(claim)
                await self._session.journal.halt(halt_text(error))
                return
            await send.send(Settled(claim, results))

    async def _next(self) -> Claim | None:
        """The next unit to do; None at the end. One task at a time looks, so that waiting costs the journal little."""
        journal, is_shared = self._session.journal, self._session.is_shared
        async with self._looking:
            while not self._stopping:
                finished = self.all_found.is_set()
                progress = await journal.progress() if is_shared else None
                if progress is not None and progress.halted is not None:
                    self._heard = progress.halted
                    return None
                claim = await journal.claim()
                if claim is not None:
                    self._in_hand += 1
                    return claim
                # With others, one of them may die and leave its units.
                if finished and (progress.is_over if progress is not None else await self._nobody_else()):
                    return None
                await anyio.sleep(_IDLE_SHARED_S if is_shared or finished else _IDLE_S)
        return None

    async def _nobody_else(self) -> bool:
        """Alone: whether no process of an earlier run still has a document in hand, as one that is just ending may.

        It finishes the document or dies and leaves it; one that does neither is not waited for for ever.
        """
        claimed = (await self._session.journal.progress()).claimed
        if claimed <= self._in_hand:
            return True
        if self._waits_since is None:
            self._waits_since = anyio.current_time()
            self._session.warn(f"a process of an earlier run still works on {claimed - self._in_hand} documents")
        return anyio.current_time() - self._waits_since > _LONGEST_WAIT_S

    async def _process(self, claim: Claim) -> list[DocumentResult]:
        session = self._session
        session.observe(Event("document_started", {"name": shown(claim.name)}))
        unit = await anyio.to_thread.run_sync(unit_from_row, claim.name, claim.sources)
        try:
            return await process(session, claim, unit)
        except (DocextractError, PutOff):
            raise
        except Exception as error:  # noqa: BLE001 - boundary: whatever a document brings about, its neighbours go on
            fault = session.crashed(unit.name, error)
            return [failed(unit, wanted.name, session.engine.name, fault) for wanted in session.wanted]

    async def _settle(self, receive: MemoryObjectReceiveStream[Settled]) -> None:
        async with receive:
            async for settled in receive:
                await self._settler.settle(settled.claim, settled.results)
                self._in_hand -= 1
                if self._session.job.fail_fast and any(result.state == "failed" for result in settled.results):
                    self.stop()
