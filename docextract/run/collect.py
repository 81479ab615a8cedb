"""What batches have given: results looked for at the provider, stored in the journal as any other answer."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import anyio

from docextract.errors import DocextractError
from docextract.journal.rows import BatchAnswer
from docextract.model.batch import Standing, Word, read_line, shape_of
from docextract.session.clients import Engine
from docextract.session.events import Event
from docextract.session.session import Session
from docextract.session.spool import Record, Spool, endpoint_of, record_of
from docextract.steps.stored import encode

_AT_ONCE = 200  # answers a transaction


@dataclass(slots=True)
class Collected:
    """Batches `open` at the provider with their `calls`, those that `ended` now, and what one said that stops a run."""

    open: int = 0
    calls: int = 0
    ended: int = 0
    error: DocextractError | None = field(default=None, repr=False)


async def collect(session: Session, spool: Spool, folder: Path) -> Collected:
    """Look at every batch that has not ended, and take what those that have give.

    A batch that an earlier process wrote down and did not send is sent. Raises DocextractError where the
    endpoint cannot be asked.
    """
    found = Collected()
    engines = {engine.identity: engine for engine in session.engines()}
    for name, text in (await session.journal.batches()).items():
        record = record_of(text)
        if record.state == "ended":
            continue
        engine = engines.get(record.engine)
        if engine is None:
            session.warn(f"a batch of {record.calls} calls to {record.engine} is left alone: this run asks another")
            found.open, found.calls = found.open + 1, found.calls + record.calls
            continue
        if record.state != "created":
            record = await spool.send(engine, name, record)
        stands = await endpoint_of(engine, session.job.max_outage).look(record.batch)
        fields = {"batch": record.batch, "status": stands.status, "done": stands.done, "calls": record.calls}
        session.observe(Event("batch_looked_at", fields))
        if not stands.has_ended:
            found.open, found.calls = found.open + 1, found.calls + record.calls
            continue
        await _take(session, (engine, name, record), stands, folder, found)
        found.ended += 1
    _remove_strays(folder, {name for name, text in (await session.journal.batches()).items() if _needs_file(text)})
    return found


async def _take(
    session: Session, batch: tuple[Engine, str, Record], stands: Standing, folder: Path, found: Collected
) -> None:
    engine, name, record = batch
    profile, ladder = engine.profile, engine.ladder
    if profile is None or profile.batch is None or ladder is None:
        return
    endpoint, sent = endpoint_of(engine, session.job.max_outage), shape_of(ladder)
    path = _results(folder, name)
    for file in stands.files:
        await endpoint.download(file, path)
        with path.open("rb") as lines:
            words = (read_line(line, profile, ladder, sent, profile.batch.share) for line in lines)
            answers = _answers(words, found)
            while some := await anyio.to_thread.run_sync(lambda source: list(islice(source, _AT_ONCE)), answers):
                await session.journal.take_batch(name, some)
        path.unlink()
    said = f"unavailable: the batch has {stands.status}" + (f": {stands.message}" if stands.message else "")
    ended = replace(record, state="ended", status=stands.status)
    missing = await session.journal.close_batch(name, ended.text(), said)
    if missing:
        session.warn(f"batch {record.batch} has {stands.status} without {missing} of {record.calls} answers; {said}")


def _answers(words: Iterator[Word | None], found: Collected) -> Iterator[BatchAnswer]:
    for word in words:
        if word is None:
            continue
        if word.reply is not None:
            usage = dataclasses.asdict(word.reply.usage)
            cost = word.reply.usage.cost_usd if word.is_measured else None
            yield BatchAnswer(key=word.key, body=encode(word.reply), usage=usage, cost=cost)
        elif word.error is not None:
            stops = word.error.scope == "run" and not word.learned
            if stops:
                found.error = found.error or word.error
            code = "stopped" if stops else "learned" if word.learned else word.error.code
            yield BatchAnswer(key=word.key, cost=0.0, outcome=f"{code}: {word.error}"[:1000])


def _results(folder: Path, name: str) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{name}.results"


def _needs_file(text: str) -> bool:
    return record_of(text).state == "written"


def _remove_strays(folder: Path, needed: set[str]) -> None:
    """Files that a killed process was still filling, or was reading: the journal knows nothing of what is in them."""
    if not folder.is_dir():
        return
    for entry in os.scandir(folder):
        if Path(entry.name).stem not in needed:
            Path(entry.path).unlink(missing_ok=True)
