"""What a run would do, without a call: documents, pages, windows."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import anyio

from docextract.budget.learned import Learned
from docextract.budget.text import Bounds, text_tokens
from docextract.config.job import Job
from docextract.errors import ConfigError, DocextractError
from docextract.intake.discover import discover
from docextract.intake.group import units
from docextract.output.sidecar import shown
from docextract.pages.loader import load
from docextract.prompt.build import prefix_text
from docextract.schema.wire import translate
from docextract.session.learning import learned_of
from docextract.session.session import Session
from docextract.session.wanted import wanted_from
from docextract.steps.fetch import at_hand
from docextract.steps.gather import side_by_side
from docextract.steps.parts import shares
from docextract.steps.selection import OTHER
from docextract.steps.source import DocumentPages
from docextract.steps.windows import plan_windows
from docextract.types import Price, Unit, Window

_SECONDS_A_CALL = 2.0  # before the first token, as seen at hosted vision models
_TOKENS_A_SECOND = 60.0  # of output, for one call


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDocument:
    """One file's share of the plan. `pages` counts them by what will become of them; `ask` are sent.

    `parts` are the pages of its documents, where --split finds several: `1-3`.
    """

    name: str
    kind: str
    pages: dict[str, int] = field(default_factory=dict)
    calls: int = 0
    tokens_low: int = 0
    tokens_high: int = 0
    answer_tokens: int = 0
    error: str | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The whole run before it starts. `prefix_tokens` are what every call repeats, at least."""

    model: str
    documents: tuple[PlannedDocument, ...]
    prefix_tokens: int = 0
    price: Price | None = None
    slots: int = 1

    def as_json(self) -> dict[str, Any]:
        """Totals first, then a line a document. Costs are USD, times seconds."""
        pages: Counter[str] = Counter()
        for document in self.documents:
            pages.update(document.pages)
        calls = sum(document.calls for document in self.documents)
        low = sum(document.tokens_low for document in self.documents)
        high = sum(document.tokens_high for document in self.documents)
        answer = sum(document.answer_tokens for document in self.documents)
        cached = min(low, max(0, calls - 1) * self.prefix_tokens)
        seconds = calls * _SECONDS_A_CALL + answer / _TOKENS_A_SECOND
        return {
            "model": self.model,
            "documents": len(self.documents),
            "failed": sum(1 for document in self.documents if document.error),
            "pages": dict(pages),
            "calls": calls,
            "tokens": {"low": low, "high": high},
            "answer_tokens": {"low": answer // 4, "high": 2 * answer},
            "cached_share": round(cached / low, 4) if low else 0.0,
            "cost_usd": {
                "low": self._cost(low - cached, cached, answer // 4),
                "high": self._cost(high, 0, 2 * answer),
            },
            "seconds": {"low": round(seconds / max(self.slots, 1), 1), "high": round(seconds, 1)},
            "results": [dataclasses.asdict(document) for document in self.documents],
        }

    def _cost(self, fresh: int, cached: int, answer: int) -> float | None:
        """USD; None where the price is not known, 0 for the embedded engine."""
        if self.model == "local":
            return 0.0
        if self.price is None:
            return None
        total = fresh * self.price.input + cached * self.price.cached + answer * self.price.output
        return round(total / 1_000_000, 6)


async def plan_job(job: Job) -> Plan:
    """Open every document, as many at once as there are children, and plan its windows. Asks nobody."""
    if not job.inputs:
        raise ConfigError("no INPUT given", hint="docextract plan FOLDER --schema auto")
    job = dataclasses.replace(job, journal=":memory:")
    async with Session(job, wanted_from(job.schema), asks=False) as session:
        found = await anyio.to_thread.run_sync(_found, job)
        learned = learned_of(job.out, session.engine.identity)
        planned: list[PlannedDocument | None] = [None] * len(found)
        waiting = iter(enumerate(found))

        async def plan_next() -> None:
            for index, unit in waiting:
                planned[index] = await _plan(session, unit, learned)

        await side_by_side(4, plan_next)
        profile = session.engine.profile
        return Plan(
            model=session.engine.name,
            documents=tuple(each for each in planned if each is not None),
            prefix_tokens=_prefix_tokens(session) if profile is not None else 0,
            price=profile.price if profile is not None else None,
            slots=session.engine.slots,
        )


def _prefix_tokens(session: Session) -> int:
    """What calls share at least: instructions, context, and the smallest schema in question."""
    profile = session.engine.profile
    dialect = profile.schema_dialect if profile is not None else "none"
    wires = [translate(target.json_schema, dialect) for wanted in session.wanted for target in wanted.targets]
    return min(text_tokens(prefix_text(session.fixed, wire.schema)).low for wire in wires)


def _found(job: Job) -> list[Unit]:
    return list(units(discover(job.inputs, exclude=[job.out]), job.group))


def _expected(window: Window, learned: Learned) -> Bounds:
    return learned.narrow(Bounds(window.tokens_low, window.tokens_high), images=bool(window.images))


async def _plan(session: Session, unit: Unit, learned: Learned) -> PlannedDocument:
    async with at_hand(unit, session.render_pool.scratch, session.job.max_outage) as fetched:
        return await _plan_at_hand(session, fetched, learned)


async def _plan_at_hand(session: Session, unit: Unit, learned: Learned) -> PlannedDocument:
    kind = unit.sources[0].kind
    try:
        document = await load(session.render_pool, unit, session.pages_options, passwords=session.passwords)
    except DocextractError as error:
        if error.scope == "run":
            raise
        return PlannedDocument(name=shown(unit.name), kind=kind, error=error.code)
    source = DocumentPages(document, session.render_pool, session.read_pool, session.read_options)
    found = await shares(document, session.job, source)
    states = {entry.page: entry.state for each in found for entry in each.selection.entries if entry.reason != OTHER}
    pages: Counter[str] = Counter(states.values())
    pages["ask"] = sum(len(each.selection.ask) for each in found)
    windows: list[Window] = []
    for each in found:
        for wanted in session.wanted:
            target = wanted.targets[0]
            profile = session.engine.profile
            wire = translate(target.json_schema, profile.schema_dialect) if profile is not None else None
            planned = await plan_windows(session, document, each.selection.ask, target, (wire, source))
            windows += planned.windows
    expected = [_expected(window, learned) for window in windows]
    return PlannedDocument(
        name=shown(unit.name),
        kind=document.kind,
        pages=dict(pages),
        calls=0 if session.engine.is_local else len(windows),
        tokens_low=sum(bounds.low for bounds in expected),
        tokens_high=sum(bounds.high for bounds in expected),
        answer_tokens=sum(window.answer_tokens for window in windows),
        parts=tuple(f"{part.first}-{part.last}" for each in found if (part := each.document.unit.part) is not None),
    )
