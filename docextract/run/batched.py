"""--batch: what a run does before and after its documents when it asks by the provider's batch endpoint."""

from __future__ import annotations

from pathlib import Path

from docextract.config.job import Job
from docextract.errors import ConfigError, DocextractError
from docextract.run.collect import collect
from docextract.session.session import Session, journal_path
from docextract.session.spool import Spool, endpoint_of, record_of

_PRIVATE = ".docextract"


def check_batch(job: Job) -> None:
    """Raises ConfigError for options that do not go with --batch."""
    if job.batch is None:
        return
    if job.workers > 1 or job.ray is not None:
        raise ConfigError("--batch needs no --workers: the provider does the work", hint="leave --workers out")
    if job.journal in {":memory:", "none"}:
        raise ConfigError("--batch needs a journal that outlives the command", hint="leave --journal out")
    if job.fresh and job.batch == "poll":
        raise ConfigError("--fresh would forget the batches that --batch poll is to look at", hint="leave --fresh out")


async def begin_batch(session: Session) -> None:
    """Take what earlier batches have given, and have further questions put off; nothing without --batch.

    A refusal of the account found in a batch halts the run once what is stored has been used.
    """
    job = session.job
    if job.batch is None:
        return
    endpoint_of(session.engine, job.max_outage)
    folder = _folder(job)
    spool = Spool(
        session.journal, folder, session.observe, sends_new=job.batch == "submit", max_outage_s=job.max_outage
    )
    found = await collect(session, spool, folder)
    if found.error is not None:
        session.halt(found.error)
    session.spool = spool


async def end_batch(session: Session, error: DocextractError | None) -> DocextractError | None:
    """Send what was put off, unless the run was ended by something that forbids it; the error that stands then."""
    spool = session.spool
    if spool is None:
        return error
    try:
        if error is None or error.code == "cost_ceiling":
            await spool.flush()
    except DocextractError as failure:
        return error or failure
    finally:
        spool.discard()
    return error


async def open_batches(session: Session) -> tuple[int, int]:
    """Batches whose answers are still to come, and how many calls are in them."""
    records = [record_of(text) for text in (await session.journal.batches()).values()]
    waiting = [record.calls for record in records if record.state != "ended"]
    return len(waiting), sum(waiting)


def _folder(job: Job) -> Path:
    """Where batch files lie on this machine: in the private folder, or beside the journal where that is elsewhere."""
    if "://" not in job.out:
        return Path(job.out) / _PRIVATE / "batch"
    path = journal_path(job)
    if path is None:
        raise ConfigError("--batch needs a folder of this machine", hint="pass a local --out, or --journal FILE")
    return path.with_name(f"{path.name}.batch")
