"""From what --journal says to a ledger that can be started."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from docextract.errors import ConfigError
from docextract.journal.protocol import Journal
from docextract.journal.sqlite import SqliteJournal

_SERVER = ("postgresql://", "postgres://")


def open_journal(where: str | Path | None) -> Journal:
    """The ledger at `where`, not yet started.

    `None`, `:memory:` or `none`: in memory. `sqlite:///relative`, `sqlite:////absolute` or a path: a
    file. `postgresql://...`: a server, where `?journal=NAME` sets several journals of one database
    apart. Raises ConfigError for any other URL, and where psycopg is not installed.
    """
    if isinstance(where, Path):
        return SqliteJournal(where)
    if where is None or where in {":memory:", "none", "sqlite://", "sqlite:///:memory:"}:
        return SqliteJournal(None)
    if where.startswith("sqlite:///"):
        return SqliteJournal(Path(unquote(where.removeprefix("sqlite:///"))))
    if where.startswith(_SERVER):
        return _on_a_server(where)
    if re.match(r"[a-z][a-z0-9+.-]*://", where, re.IGNORECASE):
        raise ConfigError(
            f"--journal {where.partition('://')[0]}://: there are SQLite and PostgreSQL",
            hint="pass a path, sqlite:///PATH, postgresql://USER@HOST/DATABASE or :memory:",
        )
    return SqliteJournal(Path(where))


def _on_a_server(url: str) -> Journal:
    try:
        from docextract.journal.postgres import PostgresJournal
    except ImportError as error:
        raise ConfigError(
            f"--journal postgresql://: psycopg cannot be used: {error}", hint="pip install 'docextract[postgres]'"
        ) from error
    return PostgresJournal(url)
