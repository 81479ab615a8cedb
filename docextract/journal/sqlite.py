"""The ledger in one SQLite file (WAL, synchronous=FULL): what makes the same command resume."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from docextract.errors import ConfigError, OutputError
from docextract.journal.owner import Owner
from docextract.journal.rows import Claim, Known, ResultRow, StoredReply, UnitRow, UnitState
from docextract.journal.thread import DatabaseThread

VERSION = 1

_TABLES = """
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE unit(
  id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE, sources TEXT NOT NULL, fingerprint TEXT NOT NULL,
  signature TEXT NOT NULL, state INTEGER NOT NULL, urgent INTEGER NOT NULL DEFAULT 0, run INTEGER NOT NULL,
  owner TEXT, fence INTEGER NOT NULL DEFAULT 0);
CREATE INDEX unit_open ON unit(run, urgent DESC, id) WHERE state = 0;
CREATE INDEX unit_claimed ON unit(owner) WHERE state = 1;
CREATE TABLE result(
  unit INTEGER NOT NULL, schema TEXT NOT NULL, state TEXT NOT NULL, summary TEXT NOT NULL, outputs TEXT NOT NULL,
  PRIMARY KEY(unit, schema)) WITHOUT ROWID;
CREATE TABLE plan(key TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE call(
  id INTEGER PRIMARY KEY, key TEXT NOT NULL, attempt INTEGER NOT NULL, unit INTEGER, state INTEGER NOT NULL,
  outcome TEXT, reserved REAL NOT NULL DEFAULT 0, cost REAL NOT NULL DEFAULT 0, usage TEXT);
CREATE UNIQUE INDEX call_key ON call(key, attempt);
CREATE INDEX call_open ON call(unit) WHERE state = 0;
CREATE TABLE budget(run INTEGER PRIMARY KEY, spent REAL NOT NULL, reserved REAL NOT NULL, open INTEGER NOT NULL);
CREATE TABLE reply(id INTEGER PRIMARY KEY, body BLOB NOT NULL);
"""

_PENDING, _CLAIMED, _DONE = 0, 1, 2
_STATES: dict[int, UnitState] = {_PENDING: "pending", _CLAIMED: "claimed", _DONE: "done"}
_SENT, _ANSWERED, _FAILED = 0, 1, 2


class SqliteJournal:
    """All methods run on the database thread and return after the commit. `path` None keeps it in memory."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._thread = DatabaseThread(path if path is not None else ":memory:", _open)
        self._owner = Owner.of_this_process()
        self._run = 0

    async def start(self) -> None:
        """Open or create. Raises ConfigError for a file that is not a sound journal of this version."""
        await self._thread.start()
        self._run = await self._thread.do(_next_run)

    async def aclose(self) -> None:
        """Finish what waits and close the file."""
        await self._thread.stop()

    async def known(self, names: Sequence[str]) -> dict[str, Known]:
        """What earlier runs left of these units."""
        return await self._thread.do(lambda db: {name: known for name in names if (known := _known(db, name))})

    async def add(self, units: Sequence[tuple[UnitRow, bool, bool]]) -> None:
        """Units of this run, each with `done` (nothing to do) and `urgent` (failed or partial before)."""

        def work(db: sqlite3.Connection) -> None:
            db.executemany(
                "INSERT INTO unit(name, sources, fingerprint, signature, state, urgent, run) VALUES(?,?,?,?,?,?,?) "
                "ON CONFLICT(name) DO UPDATE SET sources=excluded.sources, fingerprint=excluded.fingerprint, "
                "signature=excluded.signature, state=excluded.state, urgent=excluded.urgent, run=excluded.run, "
                "owner=NULL",
                [
                    (
                        _blob(u.name),
                        u.sources,
                        u.fingerprint,
                        u.signature,
                        _DONE if done else _PENDING,
                        urgent,
                        self._run,
                    )
                    for u, done, urgent in units
                ],
            )

        await self._thread.do(work)

    async def claim(self) -> Claim | None:
        """The next pending unit of this run, once failed or partial ones first; None when there is none now."""

        def work(db: sqlite3.Connection) -> Claim | None:
            row = db.execute(
                "UPDATE unit SET state=1, owner=?, fence=fence+1 WHERE id = (SELECT id FROM unit "
                "WHERE state=0 AND run=? ORDER BY urgent DESC, id LIMIT 1) RETURNING id, name, sources, fence",
                (str(self._owner), self._run),
            ).fetchone()
            return None if row is None else Claim(unit=row[0], name=_name(row[1]), sources=row[2], fence=row[3])

        return await self._thread.do(work)

    async def finish(self, claim: Claim, results: Sequence[ResultRow]) -> bool:
        """Mark done with its results; False (and nothing written) where another worker holds it by now."""

        def work(db: sqlite3.Connection) -> bool:
            held = db.execute(
                "UPDATE unit SET state=2, owner=NULL WHERE id=? AND fence=? AND state=1", (claim.unit, claim.fence)
            ).rowcount
            if held:
                db.execute("DELETE FROM result WHERE unit=?", (claim.unit,))
                db.executemany(
                    "INSERT INTO result VALUES(?,?,?,?,?)",
                    [(claim.unit, r.schema, r.state, json.dumps(r.summary), json.dumps(r.outputs)) for r in results],
                )
            return bool(held)

        return await self._thread.do(work)

    async def release(self, claim: Claim) -> None:
        """Give a claimed unit back, undone."""
        await self._thread.do(
            lambda db: (
                db.execute("UPDATE unit SET state=0, owner=NULL WHERE id=? AND fence=?", (claim.unit, claim.fence))
                and None
            )
        )

    async def plan(self, key: str, proposed: str | None = None) -> str | None:
        """The stored plan under `key`; where there is none, `proposed` becomes it."""

        def work(db: sqlite3.Connection) -> str | None:
            if proposed is not None:
                db.execute("INSERT INTO plan VALUES(?,?) ON CONFLICT(key) DO NOTHING", (key, proposed))
            row = db.execute("SELECT body FROM plan WHERE key=?", (key,)).fetchone()
            return None if row is None else str(row[0])

        return await self._thread.do(work)

    async def replies(self, key: str) -> list[StoredReply]:
        """Every stored answer under this key, first attempt first."""

        def work(db: sqlite3.Connection) -> list[StoredReply]:
            rows = db.execute(
                "SELECT call.id, attempt, body FROM call JOIN reply ON reply.id = call.id WHERE key=? ORDER BY attempt",
                (key,),
            ).fetchall()
            return [StoredReply(call=row[0], attempt=row[1], body=zlib.decompress(row[2])) for row in rows]

        return await self._thread.do(work)

    async def intend(
        self, key: str, unit: int, reserved: float = 0.0, ceiling: float | None = None
    ) -> tuple[int, int] | None:
        """Write down that a call is about to be made, and reserve its worst cost (USD), in one transaction.

        Returns its id and attempt number (from 1), or None where spent and reserved would pass `ceiling`.
        """

        def work(db: sqlite3.Connection) -> tuple[int, int] | None:
            spent, held = db.execute("SELECT spent, reserved FROM budget WHERE run=?", (self._run,)).fetchone()
            if ceiling is not None and spent + held + reserved > ceiling:
                return None
            attempt = db.execute("SELECT COALESCE(MAX(attempt), 0) + 1 FROM call WHERE key=?", (key,)).fetchone()[0]
            cursor = db.execute(
                "INSERT INTO call(key, attempt, unit, state, reserved) VALUES(?,?,?,?,?)",
                (key, attempt, unit, _SENT, reserved),
            )
            db.execute("UPDATE budget SET reserved=reserved+?, open=open+1 WHERE run=?", (reserved, self._run))
            return int(cursor.lastrowid or 0), int(attempt)

        return await self._thread.do(work)

    async def answered(self, call: int, body: bytes, usage: dict[str, Any], cost: float) -> None:
        """Store an answer before anything reads it. On the disk when this returns."""
        packed = zlib.compress(body, 1)

        def work(db: sqlite3.Connection) -> None:
            db.execute("INSERT OR REPLACE INTO reply VALUES(?,?)", (call, packed))
            db.execute("UPDATE call SET usage=? WHERE id=?", (json.dumps(usage), call))
            self._settle_call(db, call, _ANSWERED, cost)

        await self._thread.do(work)

    async def call_failed(self, call: int, outcome: str, cost: float = 0.0) -> None:
        """The call ended without an answer; `cost` is what it may have been billed."""

        def work(db: sqlite3.Connection) -> None:
            db.execute("UPDATE call SET outcome=? WHERE id=?", (outcome, call))
            self._settle_call(db, call, _FAILED, cost)

        await self._thread.do(work)

    def _settle_call(self, db: sqlite3.Connection, call: int, state: int, cost: float) -> None:
        row = db.execute("SELECT reserved FROM call WHERE id=? AND state=?", (call, _SENT)).fetchone()
        db.execute("UPDATE call SET state=?, cost=? WHERE id=?", (state, cost, call))
        if row is not None:
            db.execute(
                "UPDATE budget SET spent=spent+?, reserved=reserved-?, open=open-1 WHERE run=?",
                (cost, row[0], self._run),
            )

    async def in_flight(self) -> int:
        """Calls of this run that were sent and have not ended."""
        query = "SELECT open FROM budget WHERE run=?"
        return int(await self._thread.do(lambda db: db.execute(query, (self._run,)).fetchone()[0]))

    async def note(self, name: str, value: str | None = None) -> str | None:
        """Read (or set) a fact kept over runs, such as a learned JSON mode."""

        def work(db: sqlite3.Connection) -> str | None:
            if value is not None:
                db.execute("INSERT OR REPLACE INTO meta VALUES(?,?)", (name, value))
            row = db.execute("SELECT value FROM meta WHERE name=?", (name,)).fetchone()
            return None if row is None else str(row[0])

        return await self._thread.do(work)

    async def pending(self) -> int:
        """Units of this run that are not done."""
        query = "SELECT COUNT(*) FROM unit WHERE run=? AND state<>2"
        return int(await self._thread.do(lambda db: db.execute(query, (self._run,)).fetchone()[0]))

    async def results(self, page: int = 500) -> AsyncIterator[tuple[str, UnitState, tuple[ResultRow, ...]]]:
        """Every unit of this run in the order found, with its results, read in pages to keep memory flat."""
        last = 0
        while True:

            def work(db: sqlite3.Connection, after: int = last) -> list[tuple[int, bytes, int, tuple[ResultRow, ...]]]:
                units = db.execute(
                    "SELECT id, name, state FROM unit WHERE run=? AND id>? ORDER BY id LIMIT ?",
                    (self._run, after, page),
                ).fetchall()
                return [(u[0], u[1], u[2], _results(db, u[0]) if u[2] == _DONE else ()) for u in units]

            rows = await self._thread.do(work)
            for _, name, state, results in rows:
                yield _name(name), _STATES[state], results
            if len(rows) < page:
                return
            last = rows[-1][0]


def _open(path: str | Path) -> sqlite3.Connection:
    try:
        db = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        found = db.execute("PRAGMA user_version").fetchone()[0]
        if found == 0 and not db.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]:
            db.executescript(f"BEGIN; {_TABLES} PRAGMA user_version={VERSION}; COMMIT;")
            found = VERSION
        sound = db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.DatabaseError as error:
        raise _cannot_open(path, error) from error
    if found != VERSION or not sound:
        db.close()
        raise ConfigError(
            f"journal {path} is damaged or of another version ({found}); it was left as it is",
            hint="move it aside and run again (answers stored in it are then asked anew), or pass another --out",
        )
    return db


def _cannot_open(path: str | Path, error: sqlite3.DatabaseError) -> Exception:
    if isinstance(error, sqlite3.OperationalError):
        code = "disk_full" if "full" in str(error) else "path_refused"
        return OutputError(f"journal {path} cannot be opened: {error}", code=code)
    return ConfigError(
        f"journal {path} is not a journal: {error}; it was left as it is",
        hint="move it aside and run again, or pass another --out",
    )


def _next_run(db: sqlite3.Connection) -> int:
    """A new run number; claims of processes that are gone are free again."""
    owners = [row[0] for row in db.execute("SELECT DISTINCT owner FROM unit WHERE state=1").fetchall()]
    for owner in owners:
        if not Owner.parse(owner).alive():
            db.execute("UPDATE unit SET state=0, owner=NULL WHERE state=1 AND owner=?", (owner,))
    run = int(
        db.execute(
            "SELECT MAX(COALESCE((SELECT MAX(run) FROM unit), 0), COALESCE((SELECT MAX(run) FROM budget), 0)) + 1"
        ).fetchone()[0]
    )
    db.execute("INSERT INTO budget VALUES(?,0,0,0)", (run,))
    return run


def _known(db: sqlite3.Connection, name: str) -> Known | None:
    row = db.execute("SELECT id, state, fingerprint, signature FROM unit WHERE name=?", (_blob(name),)).fetchone()
    if row is None:
        return None
    return Known(state=_STATES[row[1]], fingerprint=row[2], signature=row[3], results=_results(db, row[0]))


def _results(db: sqlite3.Connection, unit: int) -> tuple[ResultRow, ...]:
    rows = db.execute(
        "SELECT schema, state, summary, outputs FROM result WHERE unit=? ORDER BY schema", (unit,)
    ).fetchall()
    return tuple(ResultRow(schema=r[0], state=r[1], summary=json.loads(r[2]), outputs=json.loads(r[3])) for r in rows)


def _blob(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _name(blob: bytes) -> str:
    return blob.decode("utf-8", "surrogateescape")
