"""The ledger in one SQLite file (WAL, synchronous=FULL), for any number of processes of one machine."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from docextract.errors import OutputError
from docextract.journal.ledger import Ledger
from docextract.journal.margin import Margin
from docextract.journal.owner import Owner
from docextract.journal.sqlite_file import is_full, open_file, translated
from docextract.journal.steps import Make, Query, Steps, T
from docextract.journal.thread import DatabaseThread, Terms

_BUSY_S = 30.0


class SqliteJournal(Ledger):
    """`path` None keeps it in memory. Not for a file on a network: owners are processes of this machine.

    `clock` is monotonic seconds that all processes since one boot share; `busy_s` is how long another
    program may hold the file.
    """

    def __init__(
        self, path: Path | None, *, clock: Callable[[], float] = time.monotonic, busy_s: float = _BUSY_S
    ) -> None:
        store = SqliteStore(path, clock, busy_s)
        super().__init__(store, clock=clock)
        self._thread = store.thread


class SqliteStore:
    """Runs the ledger's steps on the database thread."""

    def __init__(self, path: Path | None, clock: Callable[[], float], busy_s: float) -> None:
        self._path = path
        self._clock = clock
        self._margin = Margin(path.with_name(path.name + "-margin")) if path is not None else None
        self.owner = str(Owner.of_this_process())
        self.thread = DatabaseThread(
            Terms(
                open=lambda: open_file(path, busy_s),
                translate=lambda error: translated(path, error),
                make_room=self._make_room,
            )
        )

    async def open(self) -> None:
        """Open or create, with space aside for a full disk."""
        await self.thread.start()
        try:
            if self._margin is not None:
                self._margin.take()
        except OSError as error:
            await self.thread.stop()
            raise OutputError(
                f"journal {self._path}: no space beside it: {error.strerror}", code="disk_full"
            ) from error

    async def close(self, *, last: bool = False) -> None:
        """Finish what waits, then close."""
        await self.thread.stop()
        if last and self._margin is not None:
            self._margin.remove()

    def check_room(self) -> None:
        """Raises OutputError once the space that was kept aside had to be given up."""
        if self._margin is not None and self._margin.given_up:
            raise OutputError(f"no space left beside the journal {self._path}", code="disk_full")

    async def read(self, steps: Callable[[], Steps[T]]) -> T:
        """One snapshot."""
        return await self.thread.do(lambda db: _run(db, steps()), is_read=True)

    async def write(self, make: Make[T]) -> T:
        """Part of the next commit."""
        return await self.thread.do(lambda db: _run(db, make(False)))

    def now(self) -> Steps[float]:
        """Monotonic seconds since this boot."""
        yield from ()
        return self._clock()

    def find_dead(self) -> Steps[list[int]]:
        """Members whose process is gone."""
        rows = yield Query("SELECT id, owner FROM member")
        return [row[0] for row in rows if row[1] != self.owner and not Owner.parse(row[1]).alive()]

    def settle_in(self, member: int) -> Steps[None]:  # noqa: ARG002 - the other store needs it
        """A process shows by itself that it lives."""
        yield from ()

    async def keep_alive(self, member: int, run: int) -> None:
        """A process shows by itself that it lives."""

    def _make_room(self, error: sqlite3.Error) -> bool:
        return self._margin is not None and is_full(error) and self._margin.give_up()


def _run(db: sqlite3.Connection, steps: Steps[T]) -> T:
    rows: list[tuple[object, ...]] | None = None
    try:
        while True:
            step = steps.send(rows) if rows is not None else next(steps)
            if isinstance(step, Query):
                rows = db.execute(_sql(step.sql), tuple(step.values)).fetchall()
            else:
                db.executemany(_sql(step.sql), step.rows)
                rows = []
    except StopIteration as end:
        result: T = end.value
        return result


@cache
def _sql(text: str) -> str:
    return text.replace("{lock}", "").replace("{skip}", "")
