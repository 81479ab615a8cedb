"""Runs of the command line on a local Ray cluster that each of them starts, and the processes that make it up."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from docextract.testing.documents import write_pdf
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import LEDGER_SCHEMA, Ledger, make_ledger, rows_per_page

# Ray's own patience with a head that is gone, shortened: a test waits for it.
_QUICK = {"RAY_gcs_rpc_server_reconnect_timeout_s": "5", "RAY_USAGE_STATS_ENABLED": "0"}
_PROMISED = ("state", "pages", "evidence", "conflicts", "issues")


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A folder of PDF ledgers with their truth."""

    folder: Path
    schema: Path
    ledgers: Mapping[str, Ledger]
    pages: int


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Return sixteen ledgers of 1 to 3 pages."""
    base = tmp_path_factory.mktemp("shelf")
    (base / "in").mkdir()
    chance = random.Random(7)
    ledgers, pages = {}, 0
    for number in range(16):
        name = f"l{number:03d}.pdf"
        ledgers[name] = make_ledger(number, chance.randint(1, 3) * rows_per_page() - 2)
        pages += write_pdf(base / "in" / name, ledgers[name])
    (base / "ledger.json").write_text(json.dumps(LEDGER_SCHEMA), encoding="utf-8")
    return Shelf(folder=base / "in", schema=base / "ledger.json", ledgers=ledgers, pages=pages)


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Return a function that starts `docextract run` against an endpoint, with the endpoint's key."""

    def go(endpoint: FakeEndpoint, *words: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOCEXTRACT_", "RAY_"))}
        model = ["--model", "zai/glm-5v-turbo", "--base-url", endpoint.base_url, "--window-pages", "1"]
        return subprocess.Popen(
            [sys.executable, "-m", "docextract", "run", *words, *model],
            env={**kept, **_QUICK, "ZAI_API_KEY": endpoint.key},
            cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    return go


def below(pid: int) -> dict[int, str]:
    """Processes that descend from one, each with its command line (Linux)."""
    parents, found = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    for child in parents:
        above = child
        while above in parents and above != pid:
            above = parents[above]
        if above == pid and child != pid:
            try:
                found[child] = (Path("/proc") / str(child) / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
    return found


def actors(pid: int) -> list[int]:
    """The worker actors of a run."""
    return [child for child, command in below(pid).items() if command.startswith("ray::Actor")]


def promised(out: Path) -> dict[str, Any]:
    """What must be equal of two runs: data files byte for byte, and the promised parts of the sidecars."""
    found: dict[str, Any] = {}
    for file in sorted(out.glob("*.pdf*")):
        if file.name.endswith(".meta.json"):
            meta = json.loads(file.read_text(encoding="utf-8"))
            found[file.name] = {name: meta[name] for name in _PROMISED}
        else:
            found[file.name] = file.read_bytes()
    return found
