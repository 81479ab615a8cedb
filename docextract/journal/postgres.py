"""The ledger in a PostgreSQL database, for processes on any number of machines."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool

from docextract.errors import OutputError
from docextract.faultpoints import passing
from docextract.journal.ledger import Ledger
from docextract.journal.owner import Owner
from docextract.journal.postgres_server import Address, address_of, pool_of, prepare
from docextract.journal.steps import Make, Query, Steps, T

LEASE_S = 360.0  # longer than a call may take (300 s), so that a worker that is only slow keeps what it pays for
OUTAGE_S = 900.0
_CLOSE_S = 30.0
_FIRST_WAIT_S, _LAST_WAIT_S = 0.05, 5.0
_NOW = "extract(epoch FROM clock_timestamp())::double precision"


class PostgresJournal(Ledger):
    """`url` as libpq takes it; `journal=NAME` in its query names the journal (default `docextract`).

    A worker that shows no sign of life for `lease_s` loses what it holds; it shows one three times in
    that time. The server may be away for `outage_s` before OutputError (`unavailable`) is raised.
    """

    def __init__(self, url: str, *, lease_s: float = LEASE_S, outage_s: float = OUTAGE_S) -> None:
        super().__init__(PostgresStore(address_of(url), lease_s=lease_s, outage_s=outage_s))


class PostgresStore:
    """Runs the ledger's steps on connections of a pool, again where a connection broke."""

    def __init__(self, address: Address, *, lease_s: float, outage_s: float) -> None:
        self._address = address
        self._lease_s = lease_s
        self._outage_s = outage_s
        self._pool: AsyncConnectionPool | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._beat: asyncio.Task[None] | None = None
        self.owner = f"{socket.gethostname()}/{Owner.of_this_process()}"

    async def open(self) -> None:
        """Connect, and bring the tables to this version. Raises ConfigError or OutputError."""
        await prepare(self._address)
        self._pool = pool_of(self._address)
        await self._pool.open()

    async def close(self, *, last: bool = False) -> None:  # noqa: ARG002 - a server stays
        """Finish what was begun, then disconnect."""
        if self._beat is not None:
            self._beat.cancel()
            with contextlib.suppress(asyncio.CancelledError, OutputError):
                await self._beat
            self._beat = None
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_CLOSE_S)
            for task in late:
                task.cancel()
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    def check_room(self) -> None:
        """A server minds its own disk."""

    async def read(self, steps: Callable[[], Steps[T]]) -> T:
        """One transaction."""
        return await self._shielded(lambda _: steps(), is_read=True)

    async def write(self, make: Make[T]) -> T:
        """One transaction, finished even where the caller is cancelled."""
        return await self._shielded(make, is_read=False)

    async def _shielded(self, make: Make[T], *, is_read: bool) -> T:
        task = asyncio.ensure_future(self._through_outages(make, is_read=is_read))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    def now(self) -> Steps[float]:
        """The server's clock."""
        rows = yield Query(f"SELECT {_NOW}")
        return float(rows[0][0])

    def find_dead(self) -> Steps[list[int]]:
        """Members whose lease has run out, and those of this machine that have ended."""
        rows = yield Query(f"SELECT id, owner, until < {_NOW} FROM member")  # noqa: S608 - constants only
        return [row[0] for row in rows if row[2] or (row[1] != self.owner and self._is_gone(row[1]))]

    def _is_gone(self, owner: str) -> bool:
        """Whether a process of this very machine has ended: known at once, without waiting for its lease."""
        host, _, process = owner.rpartition("/")
        if host != socket.gethostname():
            return False
        other = Owner.parse(process)
        return other.boot == Owner.of_this_process().boot != "" and not other.alive()

    def settle_in(self, member: int) -> Steps[None]:
        """The first lease."""
        query = f"UPDATE member SET until={_NOW}+? WHERE id=?"  # noqa: S608 - constants only
        yield Query(query, (self._lease_s, member))

    async def keep_alive(self, member: int, run: int) -> None:
        """Renew the lease three times in its length, from now on."""
        self._beat = asyncio.ensure_future(self._renew(member, run))

    async def _renew(self, member: int, run: int) -> None:
        def renewal(_: bool) -> Steps[None]:
            # One that was taken for dead comes back as itself: what it held is gone, its fences say so.
            yield Query(
                f"INSERT INTO member(id, run, owner, until) VALUES(?,?,?,{_NOW}+?) "
                "ON CONFLICT(id) DO UPDATE SET until=excluded.until",
                (member, run, self.owner, self._lease_s),
            )

        while True:
            await asyncio.sleep(self._lease_s / 3)
            with contextlib.suppress(OutputError):  # said by whatever else is asked of the server
                await self.write(renewal)

    async def _through_outages(self, make: Make[T], *, is_read: bool) -> T:
        """Run until it is committed. A connection that breaks may have committed unseen: the steps are told."""
        begun = time.monotonic()
        wait_s = _FIRST_WAIT_S
        unseen = False
        while True:
            try:
                return await self._once(make, unseen, is_read=is_read)
            except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure):
                pass  # undone by the server: at once again
            except psycopg.OperationalError as error:
                if time.monotonic() - begun + wait_s > self._outage_s:
                    raise OutputError(
                        f"journal {self._address.shown} does not answer: {error}",
                        code="unavailable",
                        hint="start the database and run the same command again to resume",
                    ) from error
                unseen = True
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, _LAST_WAIT_S)
            except psycopg.Error as error:
                raise OutputError(f"journal {self._address.shown}: {error}") from error

    async def _once(self, make: Make[T], unseen: bool, *, is_read: bool) -> T:
        if self._pool is None:
            raise RuntimeError("the journal is closed")
        async with self._pool.connection() as connection:
            async with connection.transaction():
                result = await _run(connection, make(unseen))
                if not is_read:
                    _pass("commit")
            if not is_read:
                _pass("committed")
        return result


def _pass(point: str) -> None:
    """A fault point whose OSError is met as a connection that broke."""
    try:
        passing(point)
    except OSError as error:
        raise psycopg.OperationalError(str(error)) from error


async def _run(connection: psycopg.AsyncConnection[Any], steps: Steps[T]) -> T:
    rows: list[tuple[Any, ...]] | None = None
    async with connection.cursor() as cursor:
        try:
            while True:
                step = steps.send(rows) if rows is not None else next(steps)
                if isinstance(step, Query):
                    await cursor.execute(_sql(step.sql), tuple(step.values) or None)
                    rows = await cursor.fetchall() if cursor.description is not None else []
                else:
                    await cursor.executemany(_sql(step.sql), step.rows)
                    rows = []
        except StopIteration as end:
            result: T = end.value
            return result


@cache
def _sql(text: str) -> bytes:
    return (
        text.replace("{lock}", " FOR UPDATE").replace("{skip}", " FOR UPDATE SKIP LOCKED").replace("?", "%s").encode()
    )
