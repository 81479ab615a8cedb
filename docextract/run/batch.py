"""A whole run: find, work, settle, sum up. The exit code says how it went."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import anyio
import anyio.lowlevel

from docextract.config.job import Job
from docextract.config.load import checked
from docextract.errors import ConfigError, DocextractError, OutputError
from docextract.faultpoints import passing
from docextract.intake.discover import check_there
from docextract.journal.open import open_journal
from docextract.output.folder import Folder, LocalFolder
from docextract.run.batched import begin_batch, check_batch, end_batch
from docextract.run.discovery import find
from docextract.run.interrupt import Drain, Interruption
from docextract.run.lock import locked
from docextract.run.mend import clear_the_way, take_up
from docextract.run.places import at_any_place
from docextract.run.report import RunReport, report_of
from docextract.run.summary import OwnDocuments, Summary, summarise
from docextract.run.worker import Worker
from docextract.run.workers import Workers
from docextract.session.events import Event, Observer
from docextract.session.session import Session, journal_path
from docextract.session.shown import shown_of
from docextract.session.wanted import Wanted, wanted_from
from docextract.steps.gather import foremost, side_by_side_with
from docextract.steps.settle import Settler, WritingSettler

_PROBE = ".docextract/probe"
JOB = "job"
"""The journal's note that holds the job (its options, never code or keys), for workers that join."""


Start = Callable[[Session], Workers]
"""Makes the workers that do a run's documents in the place of this process."""


async def run_job(
    job: Job, observe: Observer, *, wanted: tuple[Wanted, ...] | None = None, elsewhere: Start | None = None
) -> Summary:
    """Extract everything that the job names. Raises DocextractError for what stops a run before it starts.

    With `elsewhere` this process finds the documents and sums up, and the workers that it makes do the rest.
    """
    wanted = wanted if wanted is not None else wanted_from(job.schema)
    _check_options(job)
    await anyio.to_thread.run_sync(check_there, job.inputs)
    if job.ray is not None and elsewhere is None:
        raise ConfigError("--ray: from Python, call docextract.cluster.on_ray.run_on_ray(job, observe)")
    # Made before any file is: a key, a password file or an example that is missing leaves nothing behind.
    opening = Session(job, wanted, observe=observe)
    folder = opening.out
    await _prepare(folder, job)
    root = folder.root if isinstance(folder, LocalFolder) else None
    with locked(root) if root is not None else nullcontext():
        kept = await anyio.to_thread.run_sync(clear_the_way, job)
        async with opening as session:
            observe(Event("run_started", started(session)))
            await take_up(session, root, kept)
            await begin_batch(session)
            await session.journal.note(JOB, json.dumps(dataclasses.asdict(at_any_place(job))))
            workers = Workers(session, job.workers - 1, session.run) if job.workers > 1 else None
            if elsewhere is not None:
                workers = elsewhere(session)
            session.shown = shown_of(job, session.out)
            report = report_of(session)
            settler = WritingSettler(session)
            error = await work_off(session, settler, workers=workers, report=report)
            error = await end_batch(session, error)
            passing("summing")
            summary = await summarise(session, session.out, error)
            if report is not None:
                await report.write()
            passing("ended")
            observe(Event("run_finished", summary.as_json()))
            return summary


async def join_run(
    run: str, asked: Job, observe: Observer, *, drain: Drain | None = None, cpus: int | None = None
) -> Summary:
    """One more worker of a run that another process began; `asked` names the journal, the schema and the folder.

    `drain` lets the caller end it early; `cpus` are the processors it may use (None: all of this machine).
    Raises ConfigError where there is no such run, or where this process would ask for something else.
    """
    job = await _stored_job(run, asked)
    own = OwnDocuments(observe)
    async with Session(job, wanted_from(job.schema), observe=own.observe, join=run, cpus=cpus) as session:
        session.shown = shown_of(job, session.out)
        observe(Event("run_started", started(session)))
        error = await work_off(session, WritingSettler(session), finds=False, drain=drain)
        summary = own.summary(session, error)
        observe(Event("run_finished", summary.as_json()))
        return summary


async def _stored_job(run: str, asked: Job) -> Job:
    """What the run's first process was asked, with this process's own paths."""
    path = journal_path(asked)
    if path is not None and not await anyio.Path(path).exists():
        raise ConfigError(f"there is no journal {path}", hint="pass the --journal of a run that is at work")
    journal = open_journal(path if path is not None else asked.journal)
    await journal.start(join=run)
    try:
        stored = await journal.note(JOB)
    finally:
        await journal.aclose()
    if stored is None:
        raise ConfigError("the journal holds no run to join", hint="start one with `docextract run`")
    if path is not None and json.loads(stored)["workers"] < 2 and json.loads(stored)["ray"] is None:
        raise ConfigError(
            "the run keeps its limits in its own memory", hint="start it with --workers 2, or on postgresql://..."
        )
    return checked(json.loads(stored) | {"journal": asked.journal, "out": asked.out, "schema": asked.schema})


def started(session: Session) -> dict[str, object]:
    """What is told when a run begins."""
    return {
        "model": session.engine.name,
        "why": session.engine.why,
        "schema": [each.name for each in session.wanted],
        "out": session.job.out,
    }


async def work_off(
    session: Session,
    settler: Settler,
    *,
    watch_signals: bool = True,
    finds: bool = True,
    workers: Workers | None = None,
    report: RunReport | None = None,
    drain: Drain | None = None,
) -> DocextractError | None:
    """Discovery beside the worker loop, until all is done; the error that ended it early, if any.

    `finds` is False where another process finds the documents; `workers` are processes to help, or to do
    everything; `report` is written as it goes. `drain` ends it early.
    """
    worker = Worker(session, settler, leaves_last=finds)

    def stop() -> None:
        worker.stop()
        session.halt(DocextractError("the run was interrupted", code="interrupted", scope="run"))
        if workers is not None:
            workers.stop()

    if drain is not None:
        drain.attach(stop)
    interruption = Interruption(stop, session.warn)
    error: DocextractError | None = None
    try:
        async with anyio.create_task_group() as group:
            if watch_signals:
                await group.start(interruption.watch, group.cancel_scope)
            if finds:
                group.start_soon(_find, session, worker)
                if report is not None:
                    group.start_soon(report.watch)
            else:
                worker.all_found.set()
            await side_by_side_with(
                anyio.lowlevel.checkpoint if workers is not None and workers.do_all else worker.run,
                workers.work if workers is not None else None,
            )
            group.cancel_scope.cancel()
    except BaseExceptionGroup as errors:
        cause = foremost(errors)
        if not isinstance(cause, DocextractError):
            raise cause from None
        error = cause
    if interruption.happened:
        return DocextractError("the run was interrupted", code="interrupted", scope="run")
    return error or (workers.error if workers is not None else None)


async def _find(session: Session, worker: Worker) -> None:
    try:
        await find(session)
        await session.journal.all_found()
    finally:
        worker.all_found.set()


async def _prepare(folder: Folder, job: Job) -> None:
    """Make the output folder, and find out now whether it can be written."""
    if isinstance(folder, LocalFolder):
        _make(folder.root)
        return
    if job.journal is None:
        raise ConfigError(
            f"--out {folder.shown}: the journal cannot lie in there",
            hint="add --journal run.db for one machine, --journal postgresql://... for several",
        )
    await folder.write(_PROBE, b"probe")
    await folder.remove([_PROBE])


def _make(out: Path) -> None:
    private = out / ".docextract"
    try:
        private.mkdir(parents=True, exist_ok=True)
        private.chmod(0o700)
        probe = private / "probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror}", hint="pass another --out") from error


def _check_options(job: Job) -> None:
    """Options that make no sense together are refused, never ignored."""
    if not job.inputs:
        raise ConfigError("no INPUT given", hint="docextract run FOLDER --schema auto")
    check_batch(job)
    if job.workers > 1 and job.journal in {":memory:", "none"}:
        raise ConfigError("--workers needs a journal that several processes can open", hint="leave --journal out")
