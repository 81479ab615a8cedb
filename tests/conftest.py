"""What every test stands on: no connection leaves this machine, and a missing tool is told, never hidden.

Under `CI=true` a missing tool or module fails the test that needs it; elsewhere it skips with the reason.
Use the fixtures: `def test_office(need_tool): soffice = need_tool("soffice")`. `run_python` starts Python as
a user would; with `extra=seal().variables` that Python and all its children have no network at all.
"""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from docextract.testing.postgres import PostgresServer, programs

PACKAGES = {
    "pdftoppm": "poppler-utils",
    "soffice": "libreoffice-writer-nogui",
    "tesseract": "tesseract-ocr",
    "chromium": "chromium",
    "zsh": "zsh",
    "fish": "fish",
}

# The same examples on every run and machine, and no verdict from how busy the machine is.
settings.register_profile(
    "docextract", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("docextract")


def _missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and under CI=true nothing may be left untested", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def need_tool() -> Callable[[str], str]:
    """Return a function from a program's name to its path; where it is not installed the test skips, or fails in CI."""

    def need(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            _missing(f"{name} is not installed (apt-get install {PACKAGES.get(name, name)})")
        assert path is not None
        return path

    return need


@pytest.fixture(scope="session")
def need_module() -> Callable[[str], None]:
    """Return a function that skips the test, or in CI fails it, where a Python module is not installed."""

    def need(name: str) -> None:
        if find_spec(name) is None:
            _missing(f"the Python module {name} is not installed")

    return need


@pytest.fixture(scope="session")
def server(need_module: Callable[[str], None]) -> Iterator[PostgresServer]:
    """Return a running PostgreSQL server; without one the test skips, or fails in CI."""
    need_module("psycopg")
    need_module("psycopg_pool")
    folder = programs()
    if folder is None:
        _missing("initdb is not installed (apt-get install postgresql)")
    assert folder is not None
    with PostgresServer(folder) as server:
        yield server


def _is_loopback(host: object) -> bool:
    if not isinstance(host, str):
        return False
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    """Refuse every connection and name look-up that is not for this machine."""
    real_connect, real_connect_ex, real_lookup = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse(address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else None
        if host is not None and not _is_loopback(host):
            raise AssertionError(f"a test tried to reach {address}: tests stay on this machine")

    def connect(self: socket.socket, address: Any) -> None:
        refuse(address)
        real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        refuse(address)
        return real_connect_ex(self, address)

    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        if host is not None:
            refuse((host.decode() if isinstance(host, bytes) else host,))
        return real_lookup(host, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def run_python() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs this Python as a user would: no keys, no job variables, its output as text."""

    def run(
        arguments: Sequence[str], cwd: Path, *, extra: Mapping[str, str] | None = None, timeout: float = 280
    ) -> subprocess.CompletedProcess[str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DOCEXTRACT_", "PYTHON", "COLUMNS")) and not name.endswith("_API_KEY")
        }
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=cwd,
            env={**kept, **(extra or {})},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return run


SEAL = """
import pathlib, socket, sys

folder = pathlib.Path(__file__).parent
with open(folder / "started", "a") as started:
    started.write(" ".join(sys.orig_argv) + "\\n")

def sealed(*arguments, **options):
    with open(folder / "tried", "a") as tried:
        tried.write(repr(arguments) + "\\n")
    raise OSError("this process has no network")

real = socket.socket

class Sealed(real):
    def __init__(self, family=-1, *arguments, **options):
        if family in (-1, socket.AF_INET, socket.AF_INET6) and "fileno" not in options and len(arguments) < 3:
            sealed("socket", family)
        super().__init__(family, *arguments, **options)

socket.socket = Sealed
socket.getaddrinfo = socket.create_connection = socket.gethostbyname = sealed
"""


@dataclass(frozen=True, kw_only=True)
class Seal:
    """A folder for PYTHONPATH: every Python that starts with it is listed, and can open no internet socket."""

    folder: Path

    @property
    def variables(self) -> dict[str, str]:
        """For `run_python(..., extra=...)`."""
        return {"PYTHONPATH": str(self.folder)}

    def started(self) -> list[str]:
        """The command lines of the processes that started sealed."""
        file = self.folder / "started"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

    def tried(self) -> list[str]:
        """What was refused."""
        file = self.folder / "tried"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


@pytest.fixture(scope="session")
def seal(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Seal]:
    """Return a function that makes a new seal: processes without network, children included."""

    def make() -> Seal:
        folder = tmp_path_factory.mktemp("seal")
        (folder / "sitecustomize.py").write_text(SEAL, encoding="utf-8")
        return Seal(folder=folder)

    return make
