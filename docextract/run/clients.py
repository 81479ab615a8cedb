"""Who is asked, from what the job says and which keys are set."""

from __future__ import annotations

import os
from dataclasses import dataclass

from docextract import __version__
from docextract.config.job import Job
from docextract.errors import ConfigError
from docextract.types import ModelClient

DEFAULT_MODEL = "zai/glm-5v-turbo"
DEFAULT_KEY = "ZAI_API_KEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A client with what the run must know of it. `identity` stands in cache keys; `why` says how it was chosen."""

    name: str
    why: str
    identity: str
    client: ModelClient
    is_local: bool
    slots: int


def model_name(job: Job) -> tuple[str, str]:
    """The model's name and why it is this one."""
    if job.model:
        return job.model, "as asked"
    if os.environ.get(DEFAULT_KEY):
        return DEFAULT_MODEL, f"{DEFAULT_KEY} is set"
    return "local", f"{DEFAULT_KEY} is not set: the embedded engine, no network"


def engine_for(job: Job) -> Engine:
    """Make the client. Raises ConfigError for a model that cannot be asked."""
    name, why = model_name(job)
    if name == "local":
        from docextract.local.engine import LocalModel

        slots = job.concurrency or max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)
        return Engine(
            name=name, why=why, identity=f"local {__version__}", client=LocalModel(), is_local=True, slots=slots
        )
    raise ConfigError(f"--model {name}: unknown model", hint="pass --model local")
