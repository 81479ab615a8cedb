"""Opening a journal's file: made private, found sound, or refused and left as it is."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from pathlib import Path

from docextract.errors import ConfigError, DocextractError, OutputError
from docextract.journal.tables import VERSION, statements

_WORDS = {
    "id": "INTEGER PRIMARY KEY",
    "serial": "INTEGER PRIMARY KEY AUTOINCREMENT",  # a member's number is never given twice
    "key": "INTEGER PRIMARY KEY",
    "bytes": "BLOB",
    "real": "REAL",
    "flat": " WITHOUT ROWID",
}
# Everything but `reply`, which is most of the file and whose rows carry checksums of their own.
_CHECKED = ("meta", "note", "run", "member", "unit", "result", "plan", "budget")
_LOOKS, _LOOK_AGAIN_S = 10, 0.05
_BUSY_TRIES = 50


def open_file(path: Path | None, busy_s: float) -> sqlite3.Connection:
    """A connection to a sound journal of this version, new where there was none; None keeps it in memory.

    Raises ConfigError for a file that is something else or damaged, OutputError for one that cannot
    be written. Neither changes it.
    """
    if path is None:
        db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        _create(db)
        return db
    _look_at(path)
    try:
        db = sqlite3.connect(path, isolation_level=None, timeout=busy_s, check_same_thread=False)
    except sqlite3.Error as error:
        raise translated(path, error) from error
    try:
        _set_up(db)
        found = _create(db)
        if found != VERSION:
            raise _refused(path, f"is of another version ({found}, this is {VERSION})")
        trouble = _damage(db, path)
        if trouble:
            raise _refused(path, f"is damaged: {trouble}")
    except sqlite3.Error as error:
        db.close()
        raise translated(path, error) from error
    except DocextractError:
        db.close()
        raise
    return db


def translated(path: Path | None, error: sqlite3.Error) -> DocextractError:
    """What SQLite said, as an error of ours."""
    code = getattr(error, "sqlite_errorcode", 0)
    kind = code & 0xFF  # the primary code; the higher bits tell which call it was
    name = str(path or "in memory")
    if is_full(error):
        return OutputError(f"journal {name} cannot be written: {error}", code="disk_full")
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return OutputError(
            f"journal {name} is held by another program: {error}",
            hint="end what holds it (`fuser` names it) and run the same command again",
        )
    if kind in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return _refused(path, f"is not a journal or damaged: {error}")
    if isinstance(error, sqlite3.OperationalError):
        return OutputError(f"journal {name} cannot be used: {error}")
    return _refused(path, f"cannot be used: {error}")


def is_damaged(path: Path) -> bool:
    """Whether a journal lies there that `open_file` refuses; one that is missing, or in use, is not damaged."""
    if not path.exists() and not path.with_name(path.name + "-wal").exists():
        return False
    try:
        open_file(path, busy_s=1.0).close()
    except ConfigError:
        return True
    except OutputError:
        return False
    return False


def is_full(error: sqlite3.Error) -> bool:
    """No space: said by the file system, or by a quota or size limit (which SQLite calls a write error)."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code == sqlite3.SQLITE_FULL or code in (sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)


def _refused(path: Path | None, why: str) -> ConfigError:
    return ConfigError(
        f"journal {path} {why}; it was left as it is",
        hint="run the same command with --recover (it is kept; its answers and outputs are taken over), "
        "or pass another --journal",
    )


def _look_at(path: Path) -> None:
    """Make a new file private before anything is written into it. Raises where answers would be lost unseen."""
    log = path.with_name(path.name + "-wal")
    with contextlib.suppress(OSError):
        if log.stat().st_size > 0 and (not path.exists() or path.stat().st_size == 0):
            # SQLite would delete the log, and with it the answers that stand only there.
            raise _refused(path, f"is gone or empty, while {log.name} still holds what belongs to it")
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        code = "disk_full" if error.errno in (28, 122) else "path_refused"  # ENOSPC, EDQUOT
        raise OutputError(f"journal {path} cannot be opened: {error.strerror}", code=code) from error


def _set_up(db: sqlite3.Connection) -> None:
    for tries in range(_BUSY_TRIES):
        try:
            db.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError as error:
            # Two processes that open a new file at once: SQLite does not wait here by itself.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or tries == _BUSY_TRIES - 1:
                raise
            time.sleep(0.02)
    db.execute("PRAGMA synchronous=FULL")


def _create(db: sqlite3.Connection) -> int:
    """The version found, or made where the database is empty."""
    found = int(db.execute("PRAGMA user_version").fetchone()[0])
    if found:
        return found
    db.execute("BEGIN IMMEDIATE")
    found = int(db.execute("PRAGMA user_version").fetchone()[0])
    if found == 0 and not db.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]:
        for statement in statements(**_WORDS):
            db.execute(statement)
        db.execute(f"PRAGMA user_version={VERSION}")
        found = VERSION
    db.execute("COMMIT")
    return found


def _damage(db: sqlite3.Connection, path: Path) -> str | None:
    for table in _CHECKED:
        found = db.execute(f"PRAGMA quick_check('{table}')").fetchone()[0]
        if found != "ok":
            return str(found)
    for _ in range(_LOOKS):
        trouble = _cut_short(db, path)
        if trouble is None:
            return None
        # Another process may be bringing its log into the file just now: what is cut short stays so.
        time.sleep(_LOOK_AGAIN_S)
    return trouble


def _cut_short(db: sqlite3.Connection, path: Path) -> str | None:
    """With all of the log brought into the file, the file must be as long as its pages.

    The file itself is never opened here: closing it would drop the locks that SQLite holds on it for
    this process (POSIX locks belong to the process, sqlite.org/howtocorrupt.html, 2.2).
    """
    busy, in_log, brought = db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    if busy or in_log != brought:
        return None
    size = db.execute("PRAGMA page_count").fetchone()[0] * db.execute("PRAGMA page_size").fetchone()[0]
    found = path.stat().st_size
    return f"it has {found} of {size} bytes" if found < size else None
