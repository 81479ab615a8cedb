"""From flags, environment and job.toml to a checked `Job`: flags beat environment beats file."""

from __future__ import annotations

import dataclasses
import json
import os
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from docextract.config.job import Job
from docextract.errors import ConfigError
from docextract.pages.bounds import parse_settings
from docextract.pages.options import parse_page_range
from docextract.remote.url import plain

PREFIX = "DOCEXTRACT_"
_FIELDS = {f.name for f in dataclasses.fields(Job)}
_LISTS = {"inputs", "schema", "limit", "only"}


def from_file(path: Path) -> dict[str, Any]:
    """The options of a job file, TOML or (`.json`) JSON. Keys may be written with hyphens or underscores."""
    try:
        text = path.read_text(encoding="utf-8")
        raw = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except FileNotFoundError:
        raise ConfigError(f"job file {path} does not exist", hint="run `docextract init` to write one") from None
    except (OSError, ValueError) as error:  # of a file that is no UTF-8, no TOML, no JSON too
        raise ConfigError(
            f"job file {path} cannot be read: {(isinstance(error, OSError) and error.strerror) or error}",
            hint="mend it, or write a new one with `docextract init other.toml`",
        ) from error
    if not isinstance(raw, dict):
        raise ConfigError(f"job file {path} holds no options", hint="see `docextract init` for an example")
    values = {key.replace("-", "_"): value for key, value in raw.items()}
    unknown = sorted(set(values) - _FIELDS)
    if unknown:
        raise ConfigError(f"job file {path} has unknown keys: {', '.join(unknown)}", hint=_meant(unknown[0]))
    return values


def _meant(key: str) -> str:
    near = get_close_matches(key, sorted(_FIELDS), n=1)
    return f"did you mean {near[0]}?" if near else "run `docextract run --help` for the names"


def from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """Options given as DOCEXTRACT_NAME variables; lists are separated by the path separator."""
    values: dict[str, Any] = {}
    for name in _FIELDS - {"models"}:
        raw = environ.get(PREFIX + name.upper())
        if raw is not None:
            values[name] = raw.split(os.pathsep) if name in _LISTS else raw
    return values


def load_job(
    flags: Mapping[str, Any], *, job_file: Path | None = None, environ: Mapping[str, str] | None = None
) -> Job:
    """A checked job. Raises ConfigError naming the option that is wrong and the values it takes."""
    from_job = from_file(job_file) if job_file is not None else {}
    from_variables = from_environment(os.environ if environ is None else environ)
    given = {key: f"{key} in {job_file}" for key in from_job}
    given |= {key: PREFIX + key.upper() for key in from_variables}
    given |= {key: _flag(key) for key in flags}
    return checked(from_job | from_variables | dict(flags), given=given)


def checked(values: Mapping[str, Any], *, given: Mapping[str, str] | None = None) -> Job:
    """Turn plain values into a `Job`, with pydantic's conversions and errors in the user's words.

    `given` says where each option was given: the flag, the variable, or the key of the job file.
    """
    from pydantic import TypeAdapter, ValidationError

    adapter = TypeAdapter(Job)
    values = {**values, "out": plain(values["out"])} if isinstance(values.get("out"), str) else values
    prepared = {key: [value] if key in _LISTS and isinstance(value, str) else value for key, value in values.items()}
    try:
        job = adapter.validate_python(prepared)
    except ValidationError as error:
        first = error.errors()[0]
        option = str(first["loc"][0]) if first["loc"] else "job"
        name = (given or {}).get(option, _flag(option))
        message = first["msg"].removeprefix("Input ")
        raise ConfigError(f"{name}: {message} (got {first['input']!r})", hint="run `docextract run --help`") from error
    _check_ranges(job, given or {})
    return job


def _flag(option: str) -> str:
    return "--" + option.replace("_", "-")


def _check_ranges(job: Job, given: Mapping[str, str]) -> None:
    parse_settings(job.limit)
    if job.pages is not None:
        parse_page_range(job.pages)
    for name, least in _LEAST.items():
        value = getattr(job, name)
        if value is not None and value < least:
            raise ConfigError(f"{given.get(name, _flag(name))}: must be at least {least} (got {value})")


_LEAST = {
    "max_pages": 1,
    "max_tokens_per_image": 64,
    "window_pages": 1,
    "overlap": 0,
    "retries": 0,
    "concurrency": 1,
    "rpm": 1,
    "tpm": 1,
    "max_outage": 0,
    "max_cost": 0,
    "workers": 1,
}
