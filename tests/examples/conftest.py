"""The examples folder, and one run of the README's first command over it that several tests look at."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one command left behind."""

    done: CompletedProcess[str]
    out: Path
    inbox: Path
    refused: list[str] = field(default_factory=list)

    def data(self, name: str) -> Any:
        """The data file of an input."""
        return json.loads((self.out / f"{name}.json").read_text(encoding="utf-8"))

    def meta(self, name: str) -> Any:
        """The sidecar of an input."""
        return json.loads((self.out / f"{name}.meta.json").read_text(encoding="utf-8"))

    def run(self) -> Any:
        """run.json."""
        return json.loads((self.out / "run.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def examples(root: Path) -> Path:
    return root / "examples"


@pytest.fixture(scope="session")
def expected(examples: Path) -> Any:
    """Which schema fits each document of the inbox, and how each tricky file must end."""
    return json.loads((examples / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def first_run(root: Path, examples: Path, seal: Callable[[], Any], tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The README's first command without its install, in a copy of the inbox, without network and keys."""
    work, sealed = tmp_path_factory.mktemp("first"), seal()
    shutil.copytree(examples / "inbox", work / "examples/inbox")
    readme = (root / "README.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^pip install -e \S+ && (docextract run .*)$", readme, re.MULTILINE)
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],  # noqa: S607 - the README's words in the user's shell
        cwd=work,
        env={**kept, **sealed.variables, "PATH": path},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    return Outcome(done=done, out=work / "out", inbox=work / "examples/inbox", refused=sealed.tried())


@pytest.fixture(scope="session")
def tricky_run(
    examples: Path, run_python: Callable[..., CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory
) -> Outcome:
    """The same over the files that cannot be used."""
    work = tmp_path_factory.mktemp("tricky")
    shutil.copytree(examples / "tricky", work / "tricky")
    words = ["run", "tricky", "--schema", "auto", "--model", "local", "--out", "out"]
    return Outcome(done=run_python(["-m", "docextract", *words], work), out=work / "out", inbox=work / "tricky")
