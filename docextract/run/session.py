"""What one run holds open: the job, what is wanted, child pools, the journal, who is asked."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import anyio

from docextract.config.job import Job
from docextract.errors import ConfigError
from docextract.journal.sqlite import SqliteJournal
from docextract.pages.options import PagesOptions
from docextract.pages.pool import Pool
from docextract.read.options import ReadOptions
from docextract.run.clients import Engine, engine_for
from docextract.run.events import Event, Observer, ignore
from docextract.run.wanted import Wanted
from docextract.schema.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Digests of what the job asks: another signature means that a document is to be done again."""

    answer: str
    output: str


class Session:
    """Open it with `async with`. Everything in it is shared by all documents of the run."""

    def __init__(self, job: Job, wanted: tuple[Wanted, ...], *, observe: Observer = ignore) -> None:
        self.job = job
        self.wanted = wanted
        self.observe = observe
        self.passwords = _passwords(job)
        self.pages_options = PagesOptions(renderer=job.renderer, max_pages=job.max_pages)
        self.read_options = ReadOptions(ocr=job.ocr, verify=job.verify)
        self.engine: Engine = engine_for(job)
        self.render_pool = Pool("render", size=_cpus())
        self.read_pool = Pool("read", size=_cpus())
        self.journal = SqliteJournal(journal_path(job))
        self.slots = anyio.CapacityLimiter(self.engine.slots)
        self._stack = AsyncExitStack()
        self._found = [0, 0]

    async def __aenter__(self) -> Self:
        await self.journal.start()
        self._stack.push_async_callback(self.journal.aclose)
        await self._stack.enter_async_context(self.render_pool)
        await self._stack.enter_async_context(self.read_pool)
        self._stack.push_async_callback(self.engine.client.aclose)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    def warn(self, message: str) -> None:
        """Tell the person who watches."""
        self.observe(Event("warning", {"message": message}))

    def target(self, name: str) -> Target:
        """A loaded schema by its name."""
        for wanted in self.wanted:
            for target in wanted.targets:
                if target.name == name:
                    return target
        raise KeyError(name)

    def count_found(self, documents: int, done: int) -> None:
        """Tell how many documents are known by now, and for how many nothing is to be done."""
        self._found = [self._found[0] + documents, self._found[1] + done]
        self.observe(Event("found", {"documents": self._found[0], "done": self._found[1]}))

    def signature(self) -> Signature:
        """What this job asks of every document."""
        job = self.job
        answer = {
            "schema": [wanted.digest for wanted in self.wanted],
            "model": self.engine.identity,
            "params": [job.pages, job.max_pages, job.page_input, job.renderer, job.ocr, job.verify, job.window_pages],
            "more": [job.max_tokens_per_image, job.overlap, job.keep_duplicates, job.split, job.group],
            "prompt": [_digest_of(job.context), job.examples, job.first_pass, job.second_look, job.strict],
        }
        digest = hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest()
        return Signature(answer=digest, output=f"{digest}:{job.format}")


def journal_path(job: Job) -> Path | None:
    """Where the journal lies; None for one in memory."""
    if job.journal in {":memory:", "none"}:
        return None
    if job.journal is None:
        return Path(job.out) / ".docextract" / "journal.db"
    if job.journal.startswith("sqlite:///"):
        return Path(job.journal.removeprefix("sqlite:///"))
    if "://" in job.journal:
        raise ConfigError(
            f"--journal {job.journal}: only SQLite files are supported", hint="pass sqlite:///PATH or :memory:"
        )
    return Path(job.journal)


def _passwords(job: Job) -> tuple[str, ...]:
    if job.password_file is None:
        return ()
    try:
        text = Path(job.password_file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"--password-file {job.password_file} cannot be read: {error}") from error
    return tuple(line for line in text.splitlines() if line)


def _digest_of(path: str | None) -> str | None:
    if path is None:
        return None
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error


def _cpus() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        return os.cpu_count() or 1
