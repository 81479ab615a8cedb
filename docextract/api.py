"""Extraction from Python: one document, or a folder as its documents end. Nothing is written to disk.

Works from a plain script without a `__main__` guard, from a notebook, and inside a running event loop.
"""

from __future__ import annotations

import asyncio
import dataclasses
import threading
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, overload

import anyio
from pydantic import BaseModel

from docextract.config.job import Job
from docextract.config.load import checked
from docextract.errors import DocextractError
from docextract.run.batch import work_off
from docextract.schema.target import target_of
from docextract.session.session import Session
from docextract.session.wanted import Wanted, wanted_from
from docextract.steps.settle import Collector
from docextract.types import Conflict, DocumentResult, DocumentState, Evidence, Fault, Issue, PageEntry, Usage

T = TypeVar("T")
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction(Generic[T]):
    """One document, extracted.

    `data` is an instance of the model asked for (a dict for schemas that are no pydantic model) and
    None when the document failed; `json` is the same as plain JSON values, also where a partial
    document does not validate. The rest is what the sidecar holds.
    """

    name: str
    schema: str
    data: T | None
    json: Any
    state: DocumentState
    error: Fault | None
    pages: tuple[PageEntry, ...]
    evidence: tuple[Evidence, ...]
    conflicts: tuple[Conflict, ...]
    issues: tuple[Issue, ...]
    usage: Usage


@overload
async def aextract(path: str | Path, schema: type[Model], **options: Any) -> Extraction[Model]: ...
@overload
async def aextract(path: str | Path, schema: str = "auto", **options: Any) -> Extraction[Any]: ...
async def aextract(path: str | Path, schema: type[BaseModel] | str = "auto", **options: Any) -> Extraction[Any]:
    """Extract one document. `options` are fields of `Job`. Raises DocextractError where nothing could be tried.

    A document that fails is no exception: its `state` is failed and `error` says why.
    """
    wanted = _wanted(schema)
    job = checked({"inputs": [str(path)], "journal": ":memory:", **options})
    results = [result async for result in _stream(job, wanted)]
    if len(results) != 1:
        raise DocextractError(
            f"{path} holds {len(results)} documents", code="config_error", hint="use extract_folder() for folders"
        )
    return results[0]


@overload
def extract(path: str | Path, schema: type[Model], **options: Any) -> Extraction[Model]: ...
@overload
def extract(path: str | Path, schema: str = "auto", **options: Any) -> Extraction[Any]: ...
def extract(path: str | Path, schema: type[BaseModel] | str = "auto", **options: Any) -> Extraction[Any]:
    """`aextract` for code that is not asynchronous; also from inside a running loop, in a thread of its own."""
    return _run(aextract(path, schema, **options))


async def extract_folder(job: Job, schema: type[BaseModel] | None = None) -> AsyncIterator[Extraction[Any]]:
    """Every document that the job names, as it ends. `schema` may give a model class in place of `job.schema`."""
    checked_job = checked(dataclasses.asdict(dataclasses.replace(job, journal=job.journal or ":memory:")))
    wanted = _wanted(schema) if schema is not None else wanted_from(job.schema)
    async for result in _stream(checked_job, wanted):
        yield result


def _wanted(schema: type[BaseModel] | str) -> tuple[Wanted, ...]:
    return wanted_from((schema,)) if isinstance(schema, str) else (Wanted(target=target_of(schema)),)


async def _stream(job: Job, wanted: tuple[Wanted, ...]) -> AsyncIterator[Extraction[Any]]:
    async with Session(job, wanted) as session:
        collector = Collector(session)

        async def work() -> DocextractError | None:
            try:
                return await work_off(session, collector, watch_signals=False)
            finally:
                await collector.aclose()

        # A plain task and no task group: a generator may be closed by another task than the one that began it.
        task = asyncio.create_task(work())
        try:
            async for result in collector:
                yield _extraction(session, result)
            error = await task
            if error is not None:
                raise error
        finally:
            task.cancel()
            await asyncio.wait([task])


def _extraction(session: Session, result: DocumentResult) -> Extraction[Any]:
    data: Any = None
    if result.data is not None:
        target = session.target(result.schema.name)
        outcome = target.validate(result.data)
        data = (outcome.instance if target.model is not None else outcome.data) if outcome.ok else None
    return Extraction(
        name=result.unit.title,
        schema=result.schema.name,
        data=data,
        json=result.data,
        state=result.state,
        error=result.error,
        pages=result.pages,
        evidence=tuple(result.evidence),
        conflicts=result.conflicts,
        issues=result.issues,
        usage=result.usage,
    )


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end, on this thread where it has no running loop, else on one of its own."""

    async def main() -> T:
        return await work

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return anyio.run(main)
    outcome: list[T] = []
    failure: list[BaseException] = []

    def in_thread() -> None:
        try:
            outcome.append(anyio.run(main))
        except BaseException as error:  # noqa: BLE001 - boundary: raised again on the caller's thread
            failure.append(error)

    thread = threading.Thread(target=in_thread, name="docextract")
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return outcome[0]
