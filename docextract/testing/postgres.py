"""A PostgreSQL server with a data folder of its own on a free port of this machine, for tests and benchmarks."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self


class PostgresServer:
    """PostgreSQL refuses root: as root it is run as the account `postgres`. `folder` holds initdb and pg_ctl."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder
        self.folder = Path(tempfile.mkdtemp(prefix="docextract-pg-"))
        self.account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        if self.account is not None:
            os.chown(self.folder, self.account.pw_uid, self.account.pw_gid)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._names = 0

    def run(self, *words: str) -> None:
        """Run one of the server's programs. Raises RuntimeError with what it said."""
        user = self.account.pw_uid if self.account is not None else None
        group = self.account.pw_gid if self.account is not None else None
        log = self.folder / "commands.log"
        with log.open("ab") as out:  # a file: the server keeps what pg_ctl was given open
            done = subprocess.run(
                [str(self.programs / words[0]), *words[1:]],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=120, check=False,
                user=user, group=group,
            )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(log.read_text(encoding="utf-8", errors="replace"))

    def __enter__(self) -> Self:
        self.create()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    def create(self) -> None:
        """Make the data folder, and start."""
        self.run("initdb", "-D", str(self.folder / "data"), "-U", "tester", "--auth=trust", "-E", "UTF8", "--no-sync")
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off"
        data, log = str(self.folder / "data"), str(self.folder / "server.log")
        self.run("pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")

    def stop(self) -> None:
        """Stop at once, as a crash would."""
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "immediate", "stop")

    def remove(self) -> None:
        """Stop, and remove the data folder."""
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def url(self) -> str:
        """A journal that nobody has used."""
        self._names += 1
        return f"postgresql://tester@127.0.0.1:{self.port}/postgres?journal=j{self._names}"

    def count(self, url: str, table: str) -> int:
        """Rows in a table of the journal at a URL."""
        import psycopg
        from psycopg import sql

        from docextract.journal.postgres_server import address_of

        address = address_of(url)
        query = sql.SQL("SELECT COUNT(*) FROM {}.{}").format(sql.Identifier(address.schema), sql.Identifier(table))
        with psycopg.connect(address.conninfo) as connection:
            row = connection.execute(query).fetchone()
        return int(row[0]) if row is not None else 0


def programs() -> Path | None:
    """Where Debian puts what only a server needs, else wherever it is on the path."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    found = versions[-1] if versions else shutil.which("initdb")
    return Path(found).parent if found else None
