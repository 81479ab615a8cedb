"""Runs against the fake endpoint: a real server, real files, real child processes; `run_job` or the command line."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import pytest

from docextract.config.load import load_job
from docextract.run.batch import run_job
from docextract.run.plan import plan_job
from docextract.run.summary import Summary
from docextract.session.events import Event
from docextract.testing.behaviour import Mode
from docextract.testing.documents import write_pdf
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import LEDGER_SCHEMA, Ledger, make_ledger, rows_per_page
from docextract.testing.log import Call

MODELS: dict[Mode, str] = {
    "zai": "zai/glm-5v-turbo",
    "openai": "openai/gpt-5-mini",
    "anthropic": "anthropic/claude-sonnet-5",
    "llamacpp": "llamacpp/any",
}
VARIABLES: dict[Mode, str] = {
    "zai": "ZAI_API_KEY",
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "llamacpp": "LLAMACPP_API_KEY",
}


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A folder of PDF ledgers with their truth; `schema` is a JSON Schema file."""

    folder: Path
    schema: Path
    ledgers: Mapping[str, Ledger]
    pages: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What a run left behind, and what the endpoint saw of it."""

    summary: Summary
    out: Path
    requests: list[Call]
    peak: int
    events: list[Event] = field(default_factory=list)

    @property
    def answered(self) -> list[Call]:
        """The requests that got an answer."""
        return [call for call in self.requests if call.status == 200 and call.finish is not None]

    def meta(self, name: str) -> dict[str, Any]:
        """A document's sidecar."""
        return dict(json.loads((self.out / f"{name}.meta.json").read_text(encoding="utf-8")))

    def data(self, name: str) -> Any:
        """A document's data, also of a partial one; None where it has none."""
        for suffix in (".json", ".partial.json"):
            file = self.out / f"{name}{suffix}"
            if file.exists():
                return json.loads(file.read_text(encoding="utf-8"))
        return None

    def wrong(self, shelf: Shelf) -> list[str]:
        """Documents that are not complete and right."""
        return [
            name
            for name, ledger in shelf.ledgers.items()
            if self.meta(name)["state"] != "complete" or self.data(name) != ledger.data
        ]

    def silent(self, shelf: Shelf) -> list[str]:
        """What is wrong without being named: rows that differ on pages that are not said to have failed."""
        found = []
        for name, ledger in shelf.ledgers.items():
            meta, per_page = self.meta(name), rows_per_page()
            states = {entry["page"]: entry["state"] for entry in meta["pages"]}
            if sorted(states) != list(range(1, shelf.pages[name] + 1)) and meta["state"] != "failed":
                found.append(f"{name}: pages {sorted(states)}")
            if meta["state"] == "failed":
                found += [] if meta["error"] else [f"{name}: failed without a cause"]
                continue
            good = [row for at, row in enumerate(ledger.data["rows"]) if states.get(1 + at // per_page) == "extracted"]
            if (self.data(name) or {}).get("rows") != good:
                found.append(f"{name}: rows")
            if (meta["state"] == "complete") != (set(states.values()) == {"extracted"}):
                found.append(f"{name}: {meta['state']} with pages {states}")
        return found


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """These variables, and none else that names a key or a setting."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.endswith("_API_KEY") or name.startswith("DOCEXTRACT_")]:
            patch.delenv(name)
        for name, value in variables.items():
            patch.setenv(name, value)
        yield


def job_of(endpoint: FakeEndpoint, out: Path, options: Mapping[str, Any]) -> Any:
    """A job that asks this endpoint: options as keys of a job."""
    mode = endpoint.behaviour.mode
    given = {"model": MODELS[mode], "base_url": endpoint.base_url, "out": str(out), **options}
    given["inputs"] = [str(each) for each in given["inputs"]]
    given["schema"] = [str(each) for each in given["schema"]]
    return load_job(given, environ={})


@pytest.fixture(scope="session")
def run() -> Callable[..., Ran]:
    """Return a function that runs a job against an endpoint: options as keys of a job; the key is set if not `key`."""

    def go(endpoint: FakeEndpoint, out: Path, *, key: str | None = None, **options: Any) -> Ran:
        events: list[Event] = []
        before = len(endpoint.requests)
        with environment({VARIABLES[endpoint.behaviour.mode]: key or endpoint.key}):
            summary = anyio.run(run_job, job_of(endpoint, out, options), events.append)
        requests = endpoint.requests[before:]
        return Ran(summary=summary, out=out, requests=requests, peak=endpoint.peak_in_flight, events=events)

    return go


@pytest.fixture(scope="session")
def planned() -> Callable[..., dict[str, Any]]:
    """Return a function that plans the same job."""

    def go(endpoint: FakeEndpoint, out: Path, **options: Any) -> dict[str, Any]:
        with environment({VARIABLES[endpoint.behaviour.mode]: endpoint.key}):
            return anyio.run(plan_job, job_of(endpoint, out, options)).as_json()

    return go


@pytest.fixture(scope="session")
def start() -> Callable[..., subprocess.Popen[str]]:
    """Return a function that starts the command line with the endpoint's key in the environment."""

    def go(endpoint: FakeEndpoint, arguments: list[str], *, key: str | None = None) -> subprocess.Popen[str]:
        mode = endpoint.behaviour.mode
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("DOCEXTRACT_") and not name.endswith("_API_KEY")
        }
        base = ["--model", MODELS[mode], "--base-url", endpoint.base_url]
        return subprocess.Popen(
            [sys.executable, "-m", "docextract", *arguments, *base],
            env={**kept, VARIABLES[mode]: key or endpoint.key},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return go


@pytest.fixture(scope="session")
def make_shelf(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Shelf]:
    """Return a function that makes `count` ledgers of 1 to `most` pages, seeded."""

    def make(count: int, most: int, *, least: int = 1) -> Shelf:
        base = tmp_path_factory.mktemp("shelf")
        folder = base / "in"
        folder.mkdir()
        chance = random.Random(count * 1000 + most)
        ledgers, pages = {}, {}
        for number in range(count):
            name = f"l{number:03d}.pdf"
            rows = chance.randint(least, most) * rows_per_page() - chance.randint(0, 10)
            ledgers[name] = make_ledger(number, rows)
            pages[name] = write_pdf(folder / name, ledgers[name])
        schema = base / "ledger.json"
        schema.write_text(json.dumps(LEDGER_SCHEMA), encoding="utf-8")
        return Shelf(folder=folder, schema=schema, ledgers=ledgers, pages=pages)

    return make


@pytest.fixture(scope="session")
def shelf(make_shelf: Callable[..., Shelf]) -> Shelf:
    """Twelve ledgers of 1 to 3 pages."""
    return make_shelf(12, 3)


@pytest.fixture(scope="session")
def few(make_shelf: Callable[..., Shelf]) -> Shelf:
    """Three ledgers of 1 or 2 pages."""
    return make_shelf(3, 2)
