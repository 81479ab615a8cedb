"""One thread owns the database: it takes all that waits into one transaction, so one fsync serves many rows."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], Any]
Entry = tuple[Work, asyncio.Future[Any], asyncio.AbstractEventLoop]

_MOST_IN_ONE_TRANSACTION = 256


class DatabaseThread:
    """Runs functions on a connection that no other thread sees, each in its own savepoint.

    A function's exception undoes that function alone and is raised where `do` was awaited. `do`
    returns only after the commit, so with `synchronous=FULL` what it returned is on the disk.
    """

    def __init__(self, path: str | Path, open_database: Callable[[str | Path], sqlite3.Connection]) -> None:
        self._path = path
        self._open = open_database
        self._queue: queue.SimpleQueue[Entry | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self.commits = 0

    async def start(self) -> None:
        """Open the database; raises what opening raised."""
        loop = asyncio.get_running_loop()
        opened: asyncio.Future[None] = loop.create_future()
        self._thread = threading.Thread(target=self._serve, args=(opened, loop), name="docextract-journal", daemon=True)
        self._thread.start()
        await opened

    async def do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` on the database thread and wait for the commit. Not undone by cancellation."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._queue.put((work, future, loop))
        return await future

    async def stop(self) -> None:
        """Finish what waits, then close."""
        if self._thread is not None:
            self._queue.put(None)
            await asyncio.to_thread(self._thread.join)
            self._thread = None

    def _serve(self, opened: asyncio.Future[None], loop: asyncio.AbstractEventLoop) -> None:
        try:
            connection = self._open(self._path)
        except BaseException as error:  # noqa: BLE001 - boundary: whatever opening raised belongs to the caller of start()
            loop.call_soon_threadsafe(_settle, opened, None, error)
            return
        loop.call_soon_threadsafe(_settle, opened, None, None)
        running = True
        while running:
            batch = [self._queue.get()]
            with contextlib.suppress(queue.Empty):
                while len(batch) < _MOST_IN_ONE_TRANSACTION:
                    batch.append(self._queue.get_nowait())
            running = None not in batch
            self._commit(connection, [entry for entry in batch if entry is not None])
        connection.close()

    def _commit(
        self,
        connection: sqlite3.Connection,
        batch: list[Entry],
    ) -> None:
        if not batch:
            return
        outcomes: list[tuple[Any, BaseException | None]] = []
        failure: BaseException | None = None
        try:
            connection.execute("BEGIN IMMEDIATE")
            for work, _, _ in batch:
                outcomes.append(_in_savepoint(connection, work))
            connection.execute("COMMIT")
            self.commits += 1
        except sqlite3.Error as error:
            failure = error
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        for index, (_, future, loop) in enumerate(batch):
            value, raised = outcomes[index] if failure is None else (None, failure)
            # The loop may be closed already when a run was torn down; the commit stands all the same.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_settle, future, value, raised)


def _in_savepoint(connection: sqlite3.Connection, work: Work) -> tuple[Any, BaseException | None]:
    connection.execute("SAVEPOINT one")
    try:
        value = work(connection)
    except Exception as error:  # noqa: BLE001 - boundary: the error is handed to whoever awaits this piece of work
        connection.execute("ROLLBACK TO one")
        connection.execute("RELEASE one")
        return None, error
    connection.execute("RELEASE one")
    return value, None


def _settle(future: asyncio.Future[Any], value: Any, error: BaseException | None) -> None:
    if future.cancelled():
        return
    if error is None:
        future.set_result(value)
    else:
        future.set_exception(error)
