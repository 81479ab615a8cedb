"""`docextract run`: a job from the flags, a run, a display of it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from docextract.cli.display import Display, display_for
from docextract.config.job import Job
from docextract.config.load import load_job
from docextract.run.summary import Summary
from docextract.session.events import Observer


def job_from(values: dict[str, Any]) -> Job:
    """The job of parsed arguments; `inputs` given as flags beat those of a job file."""
    file = values.pop("job", None)
    if not values.get("inputs"):
        values.pop("inputs", None)
    return load_job(values, job_file=Path(file) if file else None)


def command(values: dict[str, Any]) -> int:
    """Run; returns the run's exit code."""
    import anyio

    job = job_from(values)
    display: Display = display_for(job, resume=_same_command())
    with display:
        summary = anyio.run(_run_of(job), job, display.observe)
    display.finish(summary)
    return summary.exit_code


def _run_of(job: Job) -> Callable[[Job, Observer], Awaitable[Summary]]:
    """Here, or on a cluster."""
    if job.ray is not None:
        from docextract.cluster.on_ray import run_on_ray

        return run_on_ray
    from docextract.run.batch import run_job

    return run_job


def _same_command() -> str:
    return shlex.join(["docextract", *sys.argv[1:]])
