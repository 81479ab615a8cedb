"""What a run would do, without a call: documents, pages, windows."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio

from docextract.config.job import Job
from docextract.errors import ConfigError, DocextractError
from docextract.intake.discover import discover
from docextract.intake.group import units
from docextract.output.sidecar import shown
from docextract.pages.loader import load
from docextract.run.selection import select
from docextract.run.session import Session
from docextract.run.source import DocumentPages
from docextract.run.wanted import wanted_from
from docextract.run.windows import plan_windows
from docextract.schema.wire import translate
from docextract.types import Unit, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDocument:
    """One document's share of the plan. `pages` counts them by what will become of them; `ask` are sent."""

    name: str
    kind: str
    pages: dict[str, int] = field(default_factory=dict)
    calls: int = 0
    tokens_low: int = 0
    tokens_high: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The whole run before it starts."""

    model: str
    documents: tuple[PlannedDocument, ...]

    def as_json(self) -> dict[str, Any]:
        """Totals first, then a line a document."""
        pages: Counter[str] = Counter()
        for document in self.documents:
            pages.update(document.pages)
        return {
            "model": self.model,
            "documents": len(self.documents),
            "failed": sum(1 for document in self.documents if document.error),
            "pages": dict(pages),
            "calls": sum(document.calls for document in self.documents),
            "tokens": {
                "low": sum(document.tokens_low for document in self.documents),
                "high": sum(document.tokens_high for document in self.documents),
            },
            "results": [dataclasses.asdict(document) for document in self.documents],
        }


async def plan_job(job: Job) -> Plan:
    """Open every document, as many at once as there are children, and plan its windows. Asks nobody."""
    if not job.inputs:
        raise ConfigError("no INPUT given", hint="docextract plan FOLDER --schema auto")
    job = dataclasses.replace(job, journal=":memory:")
    async with Session(job, wanted_from(job.schema)) as session:
        found = await anyio.to_thread.run_sync(_found, job)
        planned: list[PlannedDocument | None] = [None] * len(found)
        waiting = iter(enumerate(found))

        async def plan_next() -> None:
            for index, unit in waiting:
                planned[index] = await _plan(session, unit)

        async with anyio.create_task_group() as group:
            for _ in range(4):
                group.start_soon(plan_next)
    return Plan(model=session.engine.name, documents=tuple(each for each in planned if each is not None))


def _found(job: Job) -> list[Unit]:
    return list(units(discover(job.inputs, exclude=[Path(job.out)]), job.group))


async def _plan(session: Session, unit: Unit) -> PlannedDocument:
    kind = unit.sources[0].kind
    try:
        document = await load(session.render_pool, unit, session.pages_options, passwords=session.passwords)
    except DocextractError as error:
        if error.scope == "run":
            raise
        return PlannedDocument(name=shown(unit.name), kind=kind, error=error.code)
    selection = select(document, session.job)
    pages = Counter(entry.state for entry in selection.entries)
    windows: list[Window] = []
    source = DocumentPages(document, session.render_pool, session.read_pool, session.read_options)
    for wanted in session.wanted:
        target = wanted.targets[0]
        profile = session.engine.profile
        wire = translate(target.json_schema, profile.schema_dialect) if profile is not None else None
        planned = await plan_windows(session, document, selection.ask, target, (wire, source))
        windows += planned.windows
    return PlannedDocument(
        name=shown(unit.name),
        kind=document.kind,
        pages=dict(pages) | {"ask": len(selection.ask)},
        calls=0 if session.engine.is_local else len(windows),
        tokens_low=sum(window.tokens_low for window in windows),
        tokens_high=sum(window.tokens_high for window in windows),
    )
