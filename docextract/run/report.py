"""OUT/report.html as a run goes, and what later looks at the folder need: the job, its times, its schemas."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread

from docextract.config.job import Job
from docextract.errors import DocextractError
from docextract.output.atomic import write_atomic
from docextract.output.folder import LocalFolder
from docextract.output.sidecar import shown
from docextract.report.facts import LAST_RUN, facts_of
from docextract.report.lines import run_head
from docextract.report.write import ReportFile
from docextract.session.session import Session
from docextract.types import Json

EVERY_S = 30.0
"""Seconds between two reports of a run at work, at least."""

SHARE = 0.02
"""Of a run's time that may go into writing its report again and again."""

_LINES_AT_ONCE = 50


class RunReport:
    """Of one run, into `out`, a folder of this machine. Its clock starts when it is made."""

    def __init__(self, session: Session, out: Path) -> None:
        self._session = session
        self._out = out
        self._began = time.monotonic()

    async def watch(self) -> None:
        """Write the report again and again while the run goes on, ever more seldom the longer that takes."""
        pause = EVERY_S
        while True:
            await anyio.sleep(pause)
            began = time.monotonic()
            await self.write(live=True)
            pause = max(EVERY_S, (time.monotonic() - began) / SHARE)

    async def write(self, *, live: bool = False) -> None:
        """Write OUT/report.html. A report that cannot be written is told and ends nothing: the outputs stand."""
        try:
            if not live:
                await self._note()
            inputs = tuple(shown(name) for name in self._session.job.inputs)
            with ReportFile(self._out, inputs=inputs) as report:
                lines: list[Any] = []
                async for name, state, results in self._session.journal.results():
                    lines += [result.summary for result in results]
                    if state != "done":
                        lines.append({"name": shown(name), "state": "pending"})
                    if len(lines) >= _LINES_AT_ONCE:
                        await anyio.to_thread.run_sync(_add, report, lines)
                        lines = []
                await anyio.to_thread.run_sync(_add, report, lines)
                head = self._head() if live else await anyio.to_thread.run_sync(run_head, self._out)
                facts = facts_of(self._out, head, {"seconds": time.monotonic() - self._began, **_now()}, live=live)
                await anyio.to_thread.run_sync(report.finish, facts)
        except DocextractError as error:
            self._session.warn(f"no report: {error}")

    def _head(self) -> dict[str, Json]:
        names = [wanted.name for wanted in self._session.wanted]
        return {
            "model": self._session.engine.name,
            "schema": names,
            "inputs": [shown(name) for name in self._session.job.inputs],
        }

    async def _note(self) -> None:
        """Leave what later looks need: the job, where it was started, how long it took, the schemas."""
        note = {
            "cwd": str(Path.cwd()),
            "job": _told(self._session.job),
            "seconds": round(time.monotonic() - self._began, 3),
            **_now(),
        }
        await write_atomic(self._out / LAST_RUN, json.dumps(note, indent=1).encode("utf-8", "replace"), root=self._out)
        folder = self._out / LAST_RUN.parent / "schemas"
        for target in (target for wanted in self._session.wanted for target in wanted.targets):
            path = folder / f"{target.sha256}.json"
            if not await anyio.Path(path).exists():
                await write_atomic(path, json.dumps(target.json_schema).encode("utf-8", "replace"), root=self._out)


def report_of(session: Session) -> RunReport | None:
    """The run's report, where one is wanted: not with --no-report, nor for a folder in an object store."""
    if session.job.no_report or not isinstance(session.out, LocalFolder):
        return None
    return RunReport(session, session.out.root)


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
