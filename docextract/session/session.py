"""What one run holds open: the job, what is wanted, child pools, the journal, who is asked."""

from __future__ import annotations

import hashlib
import json
import secrets
import traceback
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import anyio

from docextract.budget.learned import Learned
from docextract.budget.text import Bounds, text_tokens
from docextract.config.job import Job
from docextract.errors import ConfigError, DocextractError
from docextract.journal.open import open_journal
from docextract.journal.protocol import Journal
from docextract.model.tokenizer import count_tokens
from docextract.output.folder import LocalFolder, folder_at
from docextract.pages.bounds import bound, parse_settings
from docextract.pages.options import PagesOptions
from docextract.pages.pool import Pool
from docextract.prompt import texts as prompt_texts
from docextract.prompt.build import Fixed
from docextract.read.options import ReadOptions
from docextract.schema.target import Target
from docextract.session.caching import CacheAccount
from docextract.session.calibrated import calibration_of
from docextract.session.clients import Engine, engine_for, first_engine_for, ocr_engine_for, shared
from docextract.session.clients import cpus as cpus_here
from docextract.session.events import Event, Observer, ignore
from docextract.session.kept_words import KeptWords
from docextract.session.learning import keep
from docextract.session.prefixes import Prefixes
from docextract.session.shared import SharedPrefixes
from docextract.session.shown import Shown
from docextract.session.slack import Slack
from docextract.session.spool import Spool
from docextract.session.wanted import Wanted
from docextract.types import Fault

_AHEAD = 2
_RENDER_CALLS = 1000
"""After so many a drawing child is replaced: it grows to its size within 400 calls and then no more (1,200 calls on 90
PDFs), and to start one takes the time of ten pages."""
_REPORT_IT = "please report it with .docextract/crashes.log of the output folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Digests of what the job asks: another signature means that a document is to be done again."""

    answer: str
    output: str


class Session:
    """Open it with `async with`. Everything in it is shared by all documents of the run."""

    def __init__(
        self,
        job: Job,
        wanted: tuple[Wanted, ...],
        *,
        observe: Observer = ignore,
        join: str | None = None,
        cpus: int | None = None,
        asks: bool = True,
    ) -> None:
        """`join` names the run that this process becomes one more worker of; `cpus` are processors for children.

        Without `asks` no model is called, and no key is needed.
        """
        self.job = job
        self._join = join
        # Workers of other machines may join: a path relative to this process's folder says nothing to them.
        self.is_elsewhere = job.ray is not None or (job.journal or "").startswith(("postgres:", "postgresql:"))
        self.is_shared = join is not None or job.workers > 1 or self.is_elsewhere
        self.wanted = wanted
        self.observe = observe
        self.passwords = _passwords(job)
        self.confidence = calibration_of(job.out)
        self.out = folder_at(job.out)
        self.fixed = _fixed(job, schemas=len(wanted))
        limits = parse_settings(job.limit)
        page_s, open_s = float(bound("page_seconds", limits)), float(bound("open_seconds", limits))
        self.pages_options = PagesOptions(
            renderer=job.renderer, max_pages=job.max_pages, page_deadline_s=page_s, load_deadline_s=open_s
        )
        self.read_options = ReadOptions(ocr=job.ocr, verify=job.verify, page_deadline_s=page_s)
        size = cpus or cpus_here()
        self.local_pool = Pool("docextract.local.service", size=size, limits=limits)
        self.engine: Engine = engine_for(job, self.warn, self.local_pool, asks=asks)
        self.first = first_engine_for(job, self.engine, self.local_pool)
        self.ocr_engine = ocr_engine_for(job, self.engine, self.warn)
        has_folder = isinstance(self.out, LocalFolder) and not job.fresh
        private = Path(job.out) / ".docextract"
        self.kept_words = KeptWords(private / "words", self.read_options) if has_folder else None
        self.render_pool = Pool("render", size=size, limits=limits, recycle_after=_RENDER_CALLS)
        self.read_pool = Pool("read", size=size, limits=limits)
        self.journal_path = journal_path(job)
        self.journal: Journal = open_journal(self.journal_path if self.journal_path is not None else job.journal)
        self.run = ""
        self.run_id = secrets.token_hex(4)
        self.spool: Spool | None = None
        self.waiting = 0
        self.prefixes: Prefixes | SharedPrefixes = Prefixes()
        self.learned = Learned()
        self.cache = CacheAccount()
        self.room = anyio.CapacityLimiter(1)
        self.slack = Slack()
        self.budget_changed = anyio.Event()
        self.shown: Shown | None = None
        self._stack = AsyncExitStack()
        self._counted: dict[str, Bounds] = {}
        self._halted: DocextractError | None = None

    async def __aenter__(self) -> Self:
        self.run = await self.journal.start(job=self.signature().output, join=self._join)
        self._stack.push_async_callback(self.journal.aclose)
        if self.is_shared:
            self.prefixes = SharedPrefixes(self.journal)
            self.engine = shared(self.engine, self.journal, self.job)
            self.ocr_engine = shared(self.ocr_engine, self.journal, self.job) if self.ocr_engine else None
        for pool in (self.render_pool, self.read_pool, self.local_pool):
            await self._stack.enter_async_context(pool)
        for engine in self.engines():
            self._stack.push_async_callback(engine.client.aclose)
            if engine.ladder is not None:
                learned = await self.journal.note(f"ladder {engine.identity}")
                engine.ladder.load(json.loads(learned) if learned else {})
        self._stack.enter_context(self.slack)
        return self

    async def __aexit__(self, *error: object) -> None:
        for engine in self.engines():
            if engine.ladder is not None:
                await self.journal.note(f"ladder {engine.identity}", json.dumps(engine.ladder.dump()))
        await keep(self.job.out, self.engine.identity, self.learned)
        await self._stack.aclose()

    def engines(self) -> list[Engine]:
        """Who may be asked: the model, and the fallback where there is one."""
        return [engine for engine in (self.engine, self.engine.fallback, self.ocr_engine) if engine is not None]

    async def prompt_tokens(self, text: str) -> Bounds:
        """Tokens of a fixed prompt: counted by the provider with --tokenizer, else bounds by its bytes."""
        engine = self.engine
        if not self.job.tokenizer or engine.profile is None or engine.address is None:
            return text_tokens(text)
        if text not in self._counted:
            count = await count_tokens(engine.profile, engine.address, engine.key, text)
            # A margin for what the endpoint adds around messages.
            self._counted[text] = text_tokens(text) if count is None else Bounds(count - 8, count + 64)
        return self._counted[text]

    def make_room(self) -> None:
        """Let as many windows hold images as calls may be in flight now, and two that wait for a slot."""
        self.room.total_tokens = max(self.engine.gate.limit, 1) + _AHEAD

    def halt(self, error: DocextractError) -> None:
        """No call is made after this: the key, the account or the ceiling forbids it."""
        self._halted = self._halted or error

    def check_halted(self) -> None:
        """Raises what halted the run, if anything did."""
        if self._halted is not None:
            raise self._halted

    def budget_moved(self) -> None:
        """A call settled: whoever waits for money looks again."""
        self.budget_changed.set()
        self.budget_changed = anyio.Event()

    def warn(self, message: str) -> None:
        """Tell the person who watches."""
        self.observe(Event("warning", {"message": message}))

    def crashed(self, name: str, error: Exception) -> Fault:
        """What is said of a document that met a mistake of our own; its trace goes to the private folder."""
        trace = "".join(traceback.format_exception(error))
        path = Path(self.job.out) / ".docextract" / "crashes.log"
        if path.parent.is_dir():
            with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
                log.write(f"{name}\n{trace}\n")
        said = f"{type(error).__name__}: {error}"[:300]
        return Fault(code="plugin_error", message=f"a mistake in docextract or a plugin: {said}", hint=_REPORT_IT)

    def target(self, name: str) -> Target:
        """A loaded schema by its name."""
        for wanted in self.wanted:
            for target in wanted.targets:
                if target.name == name:
                    return target
        raise KeyError(name)

    def signature(self) -> Signature:
        """What this job asks of every document."""
        job = self.job
        answer = {
            "schema": [wanted.digest for wanted in self.wanted],
            "model": self.engine.identity,
            "params": [job.pages, job.max_pages, job.page_input, job.renderer, job.ocr, job.verify, job.window_pages],
            "more": [job.max_tokens_per_image, job.overlap, job.keep_duplicates, job.split, job.group],
            "prompt": [self.fixed.context, self.fixed.examples, self.fixed.schema_last, prompt_texts.DIGEST],
            "policy": [job.first_pass, job.second_look, job.strict, job.fallback, job.thinking],
        }
        digest = hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest()
        return Signature(answer=digest, output=f"{digest}:{job.format}")


def journal_path(job: Job) -> Path | None:
    """Where the journal's file lies; None where it is in memory or on a server."""
    if job.journal is None:
        return (Path(job.out) / ".docextract" / "journal.db").absolute()
    if job.journal.startswith("sqlite:///") and not job.journal.endswith(":memory:"):
        return Path(job.journal.removeprefix("sqlite:///"))
    return None if job.journal in {":memory:", "none"} or "://" in job.journal else Path(job.journal)


def _passwords(job: Job) -> tuple[str, ...]:
    if job.password_file is None:
        return ()
    return tuple(line for line in _text_of(job.password_file, "--password-file").splitlines() if line)


def _fixed(job: Job, *, schemas: int) -> Fixed:
    """What every prompt of the run shares."""
    context = None
    if job.context is not None:
        context = _text_of(job.context, "--context").strip()
    examples: list[str] = []
    if job.examples is not None:
        folder = Path(job.examples)
        # Hidden folders hold who said what of the gold, and no gold.
        files = sorted(file for file in folder.rglob("*.json") if not _is_hidden(file.relative_to(folder)))
        if not files:
            raise ConfigError(f"--examples {job.examples} holds no .json files", hint="pass a folder of gold files")
        examples = [_text_of(str(file), "--examples").strip() for file in files]
    return Fixed(context=context, examples=tuple(examples), schema_last=schemas > 1)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _text_of(path: str, flag: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = (isinstance(error, OSError) and error.strerror) or "it is not UTF-8"
        raise ConfigError(f"{flag} {path} cannot be read: {why}", hint="check the path, or leave it out") from error
