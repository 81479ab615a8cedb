"""Questions on their way to a provider's batch endpoint: put off into files, the files sent when they are full.

Until a file is full (or the run ends) its questions are nowhere but in it. Then the journal gets the
batch and its calls in one transaction, and only after that it is sent: a process that dies before has
asked nothing, and one that dies after has its batch sent or found by the next run, never sent twice.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Literal

import anyio

from docextract.errors import AccountError, ConfigError, DocextractError, OutputError, ReplyError
from docextract.journal.protocol import Journal
from docextract.journal.rows import Deferred
from docextract.model.batch import line_of
from docextract.model.batch_endpoint import BatchEndpoint
from docextract.model.price import worst_cost
from docextract.model.wire import fetch_images
from docextract.session.clients import Engine
from docextract.session.events import Event, Observer
from docextract.types import BatchFacts, ExtractionRequest

_TRIES = 3
_FINAL = frozenset({"refused", "page_too_large", "config_error", "limit_reached"})
"""What a batch may say of one question that it will say again."""


class PutOff(Exception):  # noqa: N818 - no error: the answer comes later
    """The question waits for a batch: nothing more to do about this document now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A batch as the journal keeps it. `file` is the provider's id of the upload, `batch` that of the batch.

    `written`: the file stands in the private folder; `uploaded`: the provider has it; `created`: it is
    being worked off; `ended`: its answers are in the journal.
    """

    engine: str
    state: Literal["written", "uploaded", "created", "ended"]
    calls: int
    bytes: int
    file: str = ""
    batch: str = ""
    status: str = ""

    def text(self) -> str:
        """As a note."""
        return json.dumps(asdict(self))


def record_of(text: str) -> Record:
    """The reverse of `Record.text`."""
    return Record(**json.loads(text))


@dataclass(slots=True)
class _Open:
    """A file that is being filled."""

    name: str
    path: Path
    file: BinaryIO
    engine: Engine
    facts: BatchFacts
    calls: list[Deferred] = field(default_factory=list)
    bytes: int = 0


class Spool:
    """Takes questions in place of a model client. `sends_new` is False where only what follows up may go out."""

    def __init__(
        self, journal: Journal, folder: Path, observe: Observer, *, sends_new: bool, max_outage_s: float
    ) -> None:
        self._journal = journal
        self._folder = folder
        self._observe = observe
        self._sends_new = sends_new
        self._max_outage_s = max_outage_s
        self._files: dict[str, _Open] = {}
        self._keys: set[str] = set()
        self._lock = anyio.Lock()

    async def check(self, engine: Engine, request_key: str, *, is_first: bool) -> None:
        """Raises PutOff where the question need not be prepared, or what batches have said of it for good."""
        if request_key in self._keys or await self._journal.is_put_off(request_key):
            raise PutOff
        failures = await self._journal.batch_failures(request_key)
        if failures:
            code, _, message = failures[-1].partition(": ")
            ended = [each for each in failures if not each.startswith(("stopped", "learned"))]
            if code in _FINAL or len(ended) >= _TRIES:
                raise ReplyError(message, code=code, hint=f"{engine.name} said so in a batch; try another --model")
        elif is_first and not self._sends_new:
            raise PutOff

    async def put(self, engine: Engine, request: ExtractionRequest, unit: int, ceiling: float | None) -> None:
        """Write the question into a file. Always raises: PutOff, or AccountError where --max-cost does not allow it."""
        profile = engine.profile
        facts = profile.batch if profile is not None else None
        if facts is None or profile is None or engine.ladder is None:
            raise ConfigError(f"{engine.name} has no batch endpoint", hint="run without --batch")
        images = await fetch_images(request)
        worst = worst_cost(
            profile, input_tokens=request.window.tokens_high, output_tokens=int(request.params["max_tokens"])
        )
        call = Deferred(key=request.key, unit=unit, reserved=worst * facts.share)
        async with self._lock:
            if request.key in self._keys:
                raise PutOff
            await self._afford(call, ceiling)
            open_file = self._open(engine, facts)
            name = hashlib.sha256(f"{request.key} {open_file.name}".encode()).hexdigest()[:32]
            line = line_of(replace(request, request_id=name), images, profile, facts, engine.ladder)
            if len(line) > facts.max_bytes:
                raise ReplyError(f"a request of {len(line)} bytes fits no batch file", code="page_too_large")
            if open_file.bytes + len(line) > facts.max_bytes or len(open_file.calls) >= facts.max_lines:
                await self._send(open_file)
                open_file = self._open(engine, facts)
            try:
                open_file.file.write(line)
            except OSError as error:
                raise _unwritable(open_file.path, error) from error
            open_file.calls.append(call)
            open_file.bytes += len(line)
            self._keys.add(request.key)
        raise PutOff

    async def _afford(self, call: Deferred, ceiling: float | None) -> None:
        if ceiling is None:
            return
        budget = await self._journal.budget()
        waiting = sum(each.reserved for open_file in self._files.values() for each in open_file.calls)
        if budget.spent + budget.reserved + waiting + call.reserved > ceiling:
            message = f"the next call may cost ${call.reserved:.4f}, which does not fit --max-cost {ceiling}"
            raise AccountError(message, code="cost_ceiling")

    def _open(self, engine: Engine, facts: BatchFacts) -> _Open:
        if engine.identity not in self._files:
            name = secrets.token_hex(8)
            path = self._folder / f"{name}.jsonl"
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                file = path.open("xb")
            except OSError as error:
                raise _unwritable(path, error) from error
            self._files[engine.identity] = _Open(name, path, file, engine, facts)
        return self._files[engine.identity]

    async def _send(self, open_file: _Open) -> None:
        """Close a file, write the batch and its calls down, and send it."""
        del self._files[open_file.engine.identity]
        try:
            open_file.file.flush()
            os.fsync(open_file.file.fileno())
            open_file.file.close()
        except OSError as error:
            raise _unwritable(open_file.path, error) from error
        record = Record(
            engine=open_file.engine.identity, state="written", calls=len(open_file.calls), bytes=open_file.bytes
        )
        await self._journal.put_off(open_file.name, record.text(), open_file.calls)
        await self.send(open_file.engine, open_file.name, record, is_new=True)

    async def send(self, engine: Engine, name: str, record: Record, *, is_new: bool = False) -> Record:
        """Take a batch to `created`, from wherever an earlier process left it (`is_new` where none did)."""
        endpoint = endpoint_of(engine, self._max_outage_s)
        path = self._folder / f"{name}.jsonl"
        try:
            if record.state == "written":
                record = replace(record, file=await endpoint.upload(path), state="uploaded")
                await self._journal.note_batch(name, record.text())
            if record.state == "uploaded":
                batch = await endpoint.create(record.file, name, may_exist=not is_new)
                record = replace(record, batch=batch, state="created", status="validating")
                await self._journal.note_batch(name, record.text())
        except OSError as error:
            raise _unwritable(path, error) from error
        except DocextractError as error:
            error.scope = "run"
            raise
        path.unlink(missing_ok=True)
        self._observe(Event("batch_sent", {"batch": record.batch, "calls": record.calls, "bytes": record.bytes}))
        return record

    async def flush(self) -> None:
        """Send what is in files that are not full."""
        async with self._lock:
            for open_file in list(self._files.values()):
                await self._send(open_file)

    def discard(self) -> None:
        """Forget what was not written down as sent; safe to call after `flush`."""
        for open_file in self._files.values():
            open_file.file.close()
            open_file.path.unlink(missing_ok=True)
        self._files.clear()


def endpoint_of(engine: Engine, max_outage_s: float) -> BatchEndpoint:
    """The engine's batch endpoint. Raises ConfigError where it has none."""
    profile = engine.profile
    if profile is None or profile.batch is None or engine.address is None:
        raise ConfigError(
            f"--batch: {engine.name} has no batch endpoint that is spoken here",
            hint="run without --batch, or ask a model of OpenAI or Zhipu",
        )
    return BatchEndpoint(profile, profile.batch, engine.address, engine.key, max_outage_s=max_outage_s)


def _unwritable(path: Path, error: OSError) -> OutputError:
    code = "disk_full" if error.errno == 28 else "path_refused"  # ENOSPC
    return OutputError(f"{path} cannot be written: {error.strerror}", code=code)
