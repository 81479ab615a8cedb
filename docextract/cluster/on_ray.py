"""`docextract run --ray`: this process finds the documents and sums up, actors on a cluster do them."""

from __future__ import annotations

import json
import sys

from docextract.config.job import Job
from docextract.errors import ConfigError, DocextractError
from docextract.journal.owner import Owner
from docextract.remote.url import is_url
from docextract.run.batch import run_job
from docextract.run.places import at_any_place
from docextract.run.summary import Summary
from docextract.run.workers import Workers
from docextract.session.events import Observer
from docextract.session.session import Session

_OURS = ("journal", "schema", "out")


async def run_on_ray(job: Job, observe: Observer) -> Summary:
    """Extract everything that the job names with `job.workers` actors at `job.ray`. Raises as `run_job`."""
    if job.journal in {":memory:", "none"}:
        raise ConfigError("--ray needs a journal that other processes can open", hint="leave --journal out")
    if is_url(job.out) and job.out.startswith("memory:"):
        raise ConfigError("--out memory:// is in this process alone", hint="pass a shared folder or an object store")
    return await run_job(job, observe, elsewhere=Actors)


class Actors(Workers):
    """The workers of a run as one child process, which talks to the cluster (`cluster.launch`)."""

    do_all = True

    def __init__(self, session: Session) -> None:
        super().__init__(session, 1, session.run)

    def command(self) -> list[str]:
        """The launcher with its order."""
        job = at_any_place(self.session.job)
        path = self.session.journal_path
        asked = {name: getattr(job, name) for name in _OURS} | {"journal": job.journal or f"sqlite:///{path}"}
        out = [] if is_url(job.out) else [job.out]
        order = {
            "run": self.run,
            "workers": job.workers,
            "asked": asked,
            "paths": out,
            "boot": Owner.of_this_process().boot if path is not None else None,
        }
        request = json.dumps({"address": job.ray, "order": order})
        return [sys.executable, "-m", "docextract.cluster.launch", request]

    def ended(self, number: int, code: int) -> None:  # noqa: ARG002 - there is one
        """The cluster went away, or it took the launcher with it."""
        if code != 0 and self.error is None:
            error = {
                "code": "unavailable",
                "message": f"the Ray cluster went away (its driver ended with {code})",
                "hint": "run the same command again to resume: finished documents and stored answers are kept",
            }
            self.take({"error": error, "exit_code": DocextractError.exit_code, "cache": None})
