"""A job whose paths mean the same from every folder that a worker may be started in."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import Any

from docextract.config.job import Job
from docextract.remote.url import is_url

_FILES = ("context", "examples", "password_file")


def at_any_place(job: Job) -> Job:
    """The job with absolute paths, where they are paths of this machine. Inputs stay: only their finder reads them."""
    changes: dict[str, Any] = {name: _absolute(value) for name in _FILES if (value := getattr(job, name)) is not None}
    if not is_url(job.out):
        changes["out"] = _absolute(job.out)
    schema = tuple(_spec(spec) for spec in job.schema)
    return dataclasses.replace(job, **changes, schema=schema, journal=_journal(job.journal))


def _absolute(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - resolve() would follow links


def _journal(journal: str | None) -> str | None:
    if journal is None or journal in {":memory:", "none"}:
        return journal
    if journal.startswith("sqlite:///"):
        return f"sqlite:///{_absolute(journal.removeprefix('sqlite:///'))}"
    return journal if "://" in journal else _absolute(journal)


def _spec(spec: str) -> str:
    """A schema's name with the path in it made absolute."""
    if spec.startswith("auto:"):
        return "auto:" + ",".join(_spec(part.strip()) for part in spec[5:].split(","))
    path, mark, name = spec.rpartition(":")
    if Path(spec).suffix in {".py", ".json"}:
        return _absolute(spec)
    return f"{_absolute(path)}{mark}{name}" if Path(path).suffix == ".py" else spec
