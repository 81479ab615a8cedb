"""The account of a run: a line a document, counts that add up, the exit code; written as run.json."""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from docextract.errors import EXIT_INTERRUPTED, EXIT_OK, EXIT_PARTIAL, DocextractError
from docextract.journal.rows import InDoubt
from docextract.output.folder import Folder
from docextract.output.sidecar import shown
from docextract.run.batched import open_batches
from docextract.run.tally import Lines, Tally
from docextract.session.caching import CacheAccount
from docextract.session.events import Event, Observer
from docextract.session.session import Session
from docextract.types import Fault, Usage
from docextract.version import __version__

_STATES = ("complete", "partial", "failed", "pending")


@dataclass(slots=True, kw_only=True)
class Summary:
    """Counts of a run. `documents` counts results (a unit under two schemas is two), by state.

    `usage` is what the answers behind the documents cost, whenever they were bought; `cache` is of this
    run's calls alone. `first_pass` (empty without --first-pass) counts results `kept` and `asked`,
    `calls_spared`, and their price `usd_low` to `usd_high`. `waiting` (empty where nothing waits for a
    batch) counts the `documents` that wait, the `batches` at the provider and the `calls` in them.
    `spent_usd` is what this run's own calls have cost, for certain or at worst, whether a document needs
    their answers or not. `is_joined` where all this is of one worker that joined a run.
    """

    exit_code: int
    error: Fault | None = None
    documents: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    usage: Usage = field(default_factory=Usage)
    cache: CacheAccount = field(default_factory=CacheAccount)
    in_doubt: InDoubt = field(default_factory=lambda: InDoubt(calls=0, cost=0.0))
    first_pass: dict[str, float] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    spent_usd: float = 0.0
    is_joined: bool = False

    def as_json(self) -> dict[str, Any]:
        """As it stands in run.json and in the last event."""
        return {
            "exit_code": self.exit_code,
            "error": asdict(self.error) if self.error else None,
            "documents": {state: self.documents[state] for state in _STATES},
            "pages": dict(sorted(self.pages.items())),
            "failures": dict(sorted(self.failures.items())),
            "causes": self.tally.as_json(),
            "slowest": self.tally.slowest(),
            "usage": asdict(self.usage),
            "cost_usd": self.usage.cost_usd,
            "spent_usd": self.spent_usd,
            "cache": {
                "cached_tokens": self.cache.cached,
                "cacheable_tokens": self.cache.cacheable,
                "share": self.cache.share,
                "saved_usd": self.cache.saved_usd,
            },
            "in_doubt": {"calls": self.in_doubt.calls, "cost_usd": self.in_doubt.cost},
            **({"first_pass": self.first_pass} if self.first_pass else {}),
            **({"batch": self.waiting} if self.waiting else {}),
        }


class OwnDocuments:
    """What one worker of several did itself, counted as its events pass by on their way to `observe`."""

    def __init__(self, observe: Observer) -> None:
        self._observe = observe
        self._summary = Summary(exit_code=EXIT_OK, is_joined=True)

    def observe(self, event: Event) -> None:
        """Count it and hand it on."""
        if event.name == "document_done":
            _count(self._summary, event.fields)
        self._observe(event)

    def summary(self, session: Session, error: DocextractError | None) -> Summary:
        """Its documents, its calls' cache account, and what stopped it."""
        summary = self._summary
        summary.error, summary.cache = error.fault if error else None, session.cache
        summary.exit_code = _exit_code(summary, error)
        return summary


async def summarise(session: Session, out: Folder, error: DocextractError | None) -> Summary:
    """Count what the journal says of this run, write run.json, and return the counts."""
    summary = Summary(exit_code=EXIT_OK, error=error.fault if error else None, cache=session.cache)
    summary.in_doubt = await session.journal.in_doubt()
    summary.spent_usd = (await session.journal.budget()).spent
    if session.waiting or session.spool is not None:
        batches, calls = await open_batches(session)
        summary.waiting = {"documents": session.waiting, "batches": batches, "calls": calls}
    lines = Lines()
    async for name, state, results in session.journal.results():
        if state != "done":
            summary.documents["pending"] += 1
            lines.add(json.dumps({"name": shown(name), "state": "pending"}))
        for result in results:
            _count(summary, result.summary)
            lines.add(json.dumps(result.summary, ensure_ascii=False))
    summary.exit_code = _exit_code(summary, error)
    await out.write_pieces("run.json", _document(session, summary, lines))
    return summary


def _count(summary: Summary, line: Mapping[str, Any]) -> None:
    summary.tally.take(line)
    summary.documents[line["state"]] += 1
    summary.pages.update(line["pages"])
    if line["error"]:
        summary.failures[line["error"]["code"]] += 1
    summary.usage += Usage(**line["usage"])
    if line.get("first_pass"):
        _count_first_pass(summary.first_pass, line["first_pass"])


def _count_first_pass(counts: dict[str, float], one: Mapping[str, Any]) -> None:
    """Results that the embedded engine ended or did not, calls spared, and their price at least and at most."""
    counts["kept"] = counts.get("kept", 0) + bool(one["kept"])
    counts["asked"] = counts.get("asked", 0) + (not one["kept"])
    counts["calls_spared"] = counts.get("calls_spared", 0) + one["calls"]
    for name in ("usd_low", "usd_high"):
        counts[name] = round(counts.get(name, 0.0) + one[name], 6)


def _exit_code(summary: Summary, error: DocextractError | None) -> int:
    """The highest that applies of 130, 4, 3, 2, 1 and 0."""
    codes = [EXIT_OK]
    if summary.documents["partial"] or summary.documents["failed"] or summary.documents["pending"]:
        codes.append(EXIT_PARTIAL)
    if error is not None:
        codes.append(EXIT_INTERRUPTED if error.code == "interrupted" else error.exit_code)
    return max(codes)


def _document(session: Session, summary: Summary, lines: Lines) -> Iterator[bytes]:
    head = {
        "version": 1,
        "docextract": __version__,
        "python": platform.python_version(),
        "model": session.engine.name,
        "schema": [wanted.name for wanted in session.wanted],
        "inputs": [shown(name) for name in session.job.inputs],
        **summary.as_json(),
    }
    text = json.dumps(head, ensure_ascii=False, indent=2)
    yield f'{text[:-2]},\n  "results": [\n    '.encode()
    yield from lines.pieces()
    yield b"\n  ]\n}\n"
