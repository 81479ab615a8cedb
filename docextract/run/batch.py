"""A whole run: find, work, settle, sum up. The exit code says how it went."""

from __future__ import annotations

from pathlib import Path

import anyio

from docextract.config.job import Job
from docextract.errors import ConfigError, DocextractError, OutputError
from docextract.run.discovery import find
from docextract.run.events import Event, Observer
from docextract.run.gather import foremost
from docextract.run.interrupt import Interruption
from docextract.run.lock import locked
from docextract.run.session import Session, journal_path
from docextract.run.settle import Settler, WritingSettler
from docextract.run.summary import Summary, summarise
from docextract.run.wanted import Wanted, wanted_from
from docextract.run.worker import Worker


async def run_job(job: Job, observe: Observer, *, wanted: tuple[Wanted, ...] | None = None) -> Summary:
    """Extract everything that the job names. Raises DocextractError for what stops a run before it starts."""
    wanted = wanted if wanted is not None else wanted_from(job.schema)
    out = Path(job.out)
    _prepare(out, job)
    with locked(out):
        async with Session(job, wanted, observe=observe) as session:
            fields = {
                "model": session.engine.name,
                "why": session.engine.why,
                "schema": [each.name for each in wanted],
                "out": job.out,
            }
            observe(Event("run_started", fields))
            error = await work_off(session, WritingSettler(session, out))
            summary = await summarise(session, out, error)
            observe(Event("run_finished", summary.as_json()))
            return summary


async def work_off(session: Session, settler: Settler, *, watch_signals: bool = True) -> DocextractError | None:
    """Discovery beside the worker loop, until all is done; the error that ended it early, if any."""
    worker = Worker(session, settler)

    def stop() -> None:
        worker.stop()
        session.halt(DocextractError("the run was interrupted", code="interrupted", scope="run"))

    interruption = Interruption(stop, session.warn)
    error: DocextractError | None = None
    try:
        async with anyio.create_task_group() as group:
            if watch_signals:
                await group.start(interruption.watch, group.cancel_scope)
            group.start_soon(_find, session, worker)
            await worker.run()
            group.cancel_scope.cancel()
    except BaseExceptionGroup as errors:
        cause = foremost(errors)
        if not isinstance(cause, DocextractError):
            raise cause from None
        error = cause
    if interruption.happened:
        return DocextractError("the run was interrupted", code="interrupted", scope="run")
    return error


async def _find(session: Session, worker: Worker) -> None:
    try:
        await find(session)
    finally:
        worker.all_found.set()


def _prepare(out: Path, job: Job) -> None:
    """Make the output folder, and find out now whether it can be written."""
    if not job.inputs:
        raise ConfigError("no INPUT given", hint="docextract run FOLDER --schema auto")
    _refuse_what_is_missing(job)
    private = out / ".docextract"
    try:
        private.mkdir(parents=True, exist_ok=True)
        private.chmod(0o700)
        probe = private / "probe"
        probe.write_bytes(b"")
        probe.unlink()
        journal = journal_path(job)
        if job.fresh and journal is not None:
            for suffix in ("", "-wal", "-shm"):
                journal.with_name(journal.name + suffix).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror}", hint="pass another --out") from error


def _refuse_what_is_missing(job: Job) -> None:
    """Options that are named in the reference and not built yet are refused, never ignored."""
    asked = {
        "--workers": job.workers > 1,
        "--ray": job.ray is not None,
        "--batch": job.batch is not None,
        "--split auto": job.split != "none",
        "--first-pass": job.first_pass is not None,
        "--ocr glm-ocr": job.ocr == "glm-ocr",
    }
    missing = [flag for flag, is_asked in asked.items() if is_asked]
    if missing:
        raise ConfigError(f"{', '.join(missing)}: not available in this version", hint="run without it")
