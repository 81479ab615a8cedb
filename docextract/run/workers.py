"""More workers on this machine: child processes that join the run and tell what they do, a JSON line an event."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress

import anyio
from anyio.abc import Process
from anyio.streams.text import TextReceiveStream

from docextract.errors import DocextractError
from docextract.run.halt import halted_by
from docextract.session.events import Event
from docextract.session.session import Session

_RELAYED = {"document_started", "document_done", "paused", "warning"}


class Workers:
    """`count` further processes, each running the one worker loop on the same journal."""

    do_all = False
    """Whether they do every document, and this process none."""

    def __init__(self, session: Session, count: int, run: str) -> None:
        self.session = session
        self._count = count
        self.run = run
        self._processes: list[Process] = []
        self.error: DocextractError | None = None

    async def work(self) -> None:
        """Start them, and relay what they say until they end. A worker that dies is told; its work is taken over."""
        async with anyio.create_task_group() as group:
            for number in range(self._count):
                group.start_soon(self._one, number + 2)

    def stop(self) -> None:
        """Have each drain, as Ctrl-C would."""
        for process in self._processes:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.terminate()

    async def _one(self, number: int) -> None:
        process = await anyio.open_process(
            self.command(), stdin=subprocess.DEVNULL, stderr=None, start_new_session=True
        )
        self._processes.append(process)
        try:
            assert process.stdout is not None  # noqa: S101 - a pipe, by the default of open_process
            buffered = ""
            async for text in TextReceiveStream(process.stdout):
                *lines, buffered = (buffered + text).split("\n")
                self._relay(lines)
            code = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
        self.ended(number, code)

    def ended(self, number: int, code: int) -> None:
        """A process has ended: `code` is its exit code, or minus the signal that killed it."""
        if code < 0:
            self.session.warn(f"worker {number} died (signal {-code}): its documents are taken over")

    def _relay(self, lines: Sequence[str]) -> None:
        for line in lines:
            with suppress(ValueError, KeyError, TypeError):
                fields = json.loads(line)
                name = fields.pop("event")
                if name in _RELAYED:
                    self.session.observe(Event(name, fields))
                elif name == "run_finished":
                    self.take(fields)

    def take(self, fields: Mapping[str, object]) -> None:
        """How a worker ended: what stopped it, and what its calls found in the prefix cache."""
        error, cache = fields["error"], fields["cache"]
        if isinstance(error, dict):
            stopped = halted_by(error, fields["exit_code"])
            self.error = self.error or stopped
            self.session.halt(stopped)
        if isinstance(cache, dict):
            account = self.session.cache
            account.cached += int(cache["cached_tokens"])
            account.cacheable += int(cache["cacheable_tokens"])
            account.saved_usd += float(cache["saved_usd"])

    def command(self) -> list[str]:
        """What each process is started with."""
        job = self.session.job
        schemas = [word for spec in job.schema for word in ("--schema", spec)]
        journal = job.journal or f"sqlite:///{self.session.journal_path}"
        command = [sys.executable, "-m", "docextract", "worker", "--journal", journal, "--run", self.run]
        return [*command, *schemas, "--out", job.out, "--parent", str(os.getpid()), "--json-events"]
