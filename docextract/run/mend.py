"""Before a run begins: the journal it asked for, new, as it was, or made again; and what killed writers left, gone."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import anyio

from docextract.config.job import Job
from docextract.errors import ConfigError
from docextract.journal.rebuild import rebuild, set_aside
from docextract.journal.salvage import salvage
from docextract.journal.sqlite_file import is_damaged
from docextract.output.orphans import remove_orphans
from docextract.session.session import Session, journal_path

_BATCH = 200


def clear_the_way(job: Job) -> Path | None:
    """With --fresh, forget the journal's file; with --recover, set a damaged one aside (returns where it is kept).

    Call it with the output folder locked. Raises OutputError where a file cannot be moved.
    """
    path = journal_path(job)
    if path is None:
        if job.recover:
            raise ConfigError("--recover is for a journal in a file", hint="restore the database from its own backup")
        return None
    if job.fresh:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    return set_aside(path) if job.recover and is_damaged(path) else None


async def take_up(session: Session, out: Path | None, kept: Path | None) -> None:
    """Remove orphans in the output folder; fill the new journal from the damaged one that was `kept` and the outputs.

    `out` is None where the folder is not one of this machine's: nothing half-written can be in there.
    """
    if out is not None:
        await anyio.to_thread.run_sync(remove_orphans, out)
    if kept is None:
        if session.job.recover:
            session.warn("--recover: the journal is sound and was used as it is")
        return
    journal, answers = session.journal, 0
    found = salvage(kept)
    while batch := await anyio.to_thread.run_sync(lambda: list(islice(found, _BATCH))):
        answers += await journal.adopt_answers(batch)
    documents = await rebuild(out, journal) if out is not None else 0
    session.warn(f"the damaged journal is kept as {kept}; taken over: {answers} answers, {documents} documents")
