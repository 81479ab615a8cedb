"""Both stores, real: a file, and a PostgreSQL server of the tests' own on a free port."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from docextract.journal.open import open_journal
from docextract.journal.protocol import Journal

Opener = Callable[..., AbstractAsyncContextManager[Journal]]


@asynccontextmanager
async def opened(journal: Journal, **words: Any) -> AsyncIterator[Journal]:
    await journal.start(**words)
    try:
        yield journal
    finally:
        await journal.aclose()


class Server:
    """A PostgreSQL server with a data folder of its own; it refuses root, so as root it runs as `postgres`."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="docextract-pg-"))
        self.account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        if self.account is not None:
            os.chown(self.folder, self.account.pw_uid, self.account.pw_gid)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._names = 0

    def run(self, *words: str) -> None:
        user = self.account.pw_uid if self.account is not None else None
        group = self.account.pw_gid if self.account is not None else None
        log = self.folder / "commands.log"
        with log.open("ab") as out:  # a file: the server keeps what pg_ctl was given open
            done = subprocess.run(
                [str(self.programs / words[0]), *words[1:]],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=120, check=False,
                user=user, group=group,
            )  # fmt: skip
        assert done.returncode == 0, log.read_text(encoding="utf-8", errors="replace")

    def create(self) -> None:
        self.run("initdb", "-D", str(self.folder / "data"), "-U", "tester", "--auth=trust", "-E", "UTF8", "--no-sync")
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off"
        data, log = str(self.folder / "data"), str(self.folder / "server.log")
        self.run("pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "immediate", "stop")

    def remove(self) -> None:
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def url(self) -> str:
        """A journal that nobody has used."""
        self._names += 1
        return f"postgresql://tester@127.0.0.1:{self.port}/postgres?journal=j{self._names}"


def _programs() -> Path | None:
    """Where Debian puts what only a server needs, else wherever it is on the path."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    found = versions[-1] if versions else shutil.which("initdb")
    return Path(found).parent if found else None


@pytest.fixture(scope="session")
def server(need_module: Callable[[str], None]) -> Iterator[Server]:
    """Return a running server."""
    need_module("psycopg")
    need_module("psycopg_pool")
    programs = _programs()
    if programs is None:
        what = "initdb is not installed (apt-get install postgresql)"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{what}, and under CI=true nothing may be left untested", pytrace=False)
        pytest.skip(what)
    assert programs is not None
    server = Server(programs)
    server.create()
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a new journal."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/journal.db"
    found: Server = request.getfixturevalue("server")
    return found.url()


@pytest.fixture
def journal_at(where: str) -> Opener:
    """Return a function that opens the journal at `where`; the words are those of `start`."""
    return lambda **words: opened(open_journal(where), **words)


@pytest.fixture
def python(root: Path) -> Callable[..., subprocess.Popen[str]]:
    """Return a function that starts a script beside the test, with a pipe to it and from it."""

    def start(script: str, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", script, *words],
            cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    return start
