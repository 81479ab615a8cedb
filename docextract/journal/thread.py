"""One thread owns the database: it takes all that waits into one transaction, so one fsync serves many rows."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from docextract.faultpoints import passing

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], Any]
_Outcome: TypeAlias = tuple[asyncio.Future[Any], Any, BaseException | None]

_MOST_IN_ONE_TRANSACTION = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How the thread opens its database, what it says of an error, and what it does when the disk is full.

    `make_room` is called once a failed transaction says so; True has the transaction tried again.
    """

    open: Callable[[], sqlite3.Connection]
    translate: Callable[[sqlite3.Error], Exception]
    make_room: Callable[[sqlite3.Error], bool]


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    work: Work
    is_read: bool
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop


class DatabaseThread:
    """Runs functions on a connection that no other thread sees, each in its own savepoint.

    A function's exception undoes that function alone and is raised where `do` was awaited. `do`
    returns only after the commit, so with `synchronous=FULL` what it returned is on the disk. A
    function may be run twice (when room had to be made), so it must do nothing but use its connection.
    """

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._queue: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self.commits = 0

    async def start(self) -> None:
        """Open the database; raises what opening raised."""
        loop = asyncio.get_running_loop()
        opened: asyncio.Future[Any] = loop.create_future()
        self._thread = threading.Thread(target=self._serve, args=(opened, loop), name="docextract-journal", daemon=True)
        self._thread.start()
        try:
            await opened
        except asyncio.CancelledError:
            self._thread = None
            self._queue.put(None)  # once it is open it is closed
            raise
        except Exception:
            self._thread = None
            raise

    async def do(self, work: Callable[[sqlite3.Connection], T], *, is_read: bool = False) -> T:
        """Run `work` on the database thread and wait for the commit. Not undone by cancellation.

        Only reads (`is_read`) in a row leave other processes' writers alone.
        """
        if self._thread is None:
            raise RuntimeError("the journal is closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._queue.put(_Entry(work, is_read, future, loop))
        return await future

    async def stop(self) -> None:
        """Finish what waits, then close. Safe to call twice."""
        thread, self._thread = self._thread, None  # nothing may be put behind the end
        if thread is not None:
            self._queue.put(None)
            await asyncio.to_thread(thread.join)

    def _serve(self, opened: asyncio.Future[Any], loop: asyncio.AbstractEventLoop) -> None:
        try:
            connection = self._terms.open()
        except BaseException as error:  # noqa: BLE001 - boundary: whatever opening raised belongs to the caller of start()
            failed: list[_Outcome] = [(opened, None, error)]
            loop.call_soon_threadsafe(_settle, failed)
            return
        stands: list[_Outcome] = [(opened, None, None)]
        loop.call_soon_threadsafe(_settle, stands)
        running = True
        while running:
            batch = [self._queue.get()]
            with contextlib.suppress(queue.Empty):
                while len(batch) < _MOST_IN_ONE_TRANSACTION:
                    batch.append(self._queue.get_nowait())
            running = None not in batch
            self._serve_batch(connection, [entry for entry in batch if entry is not None])
        connection.close()

    def _serve_batch(self, connection: sqlite3.Connection, batch: list[_Entry]) -> None:
        if not batch:
            return
        outcomes: list[tuple[Any, BaseException | None]]
        try:
            try:
                outcomes = self._commit(connection, batch)
            except sqlite3.Error as error:
                if not self._terms.make_room(error):
                    raise
                outcomes = self._commit(connection, batch)
        except sqlite3.Error as error:
            failure = self._terms.translate(error)
            failure.__cause__ = error
            outcomes = [(None, failure)] * len(batch)
        # One call a loop: every one of them wakes it up.
        told: dict[asyncio.AbstractEventLoop, list[_Outcome]] = {}
        for entry, (value, raised) in zip(batch, outcomes, strict=True):
            told.setdefault(entry.loop, []).append((entry.future, value, raised))
        for loop, settled in told.items():
            # The loop may be closed already when a run was torn down; the commit stands all the same.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_settle, settled)

    def _commit(self, connection: sqlite3.Connection, batch: list[_Entry]) -> list[tuple[Any, BaseException | None]]:
        """All of the batch in one transaction. An error of the database undoes, and is raised for, all of it."""
        only_reads = all(entry.is_read for entry in batch)
        try:
            connection.execute("BEGIN" if only_reads else "BEGIN IMMEDIATE")
            outcomes = [_in_savepoint(connection, entry.work) for entry in batch]
            if not only_reads:
                _pass("commit")
            connection.execute("COMMIT")
        except sqlite3.Error:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        self.commits += 1
        if not only_reads:
            _pass("committed")
        return outcomes


def _in_savepoint(connection: sqlite3.Connection, work: Work) -> tuple[Any, BaseException | None]:
    connection.execute("SAVEPOINT one")
    try:
        value = work(connection)
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError) as error:
        connection.execute("ROLLBACK TO one")
        connection.execute("RELEASE one")
        return None, error
    except sqlite3.Error:
        raise  # full, locked, unreadable: that is everybody's trouble, and SQLite may have undone everything
    except Exception as error:  # noqa: BLE001 - boundary: the error is handed to whoever awaits this piece of work
        connection.execute("ROLLBACK TO one")
        connection.execute("RELEASE one")
        return None, error
    connection.execute("RELEASE one")
    return value, None


def _pass(point: str) -> None:
    """A fault point whose OSError is met as SQLite would tell it."""
    try:
        passing(point)
    except OSError as error:
        told = sqlite3.OperationalError(str(error))
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        told.sqlite_errorcode = sqlite3.SQLITE_FULL if is_full else sqlite3.SQLITE_IOERR
        raise told from error


def _settle(outcomes: list[_Outcome]) -> None:
    for future, value, error in outcomes:
        if future.cancelled():
            continue
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)
