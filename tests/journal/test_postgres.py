"""What is special to the ledger in PostgreSQL: a server that goes away, a worker that was only slow, versions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest

from docextract.errors import ConfigError, OutputError
from docextract.journal.open import open_journal
from docextract.journal.rows import UnitRow

UNIT = UnitRow(name="a.pdf", sources="[]", fingerprint="f", signature="s")


def test_a_server_that_restarts_is_waited_for(server: Any) -> None:
    async def main() -> None:
        journal = open_journal(server.url())
        await journal.start()
        await journal.add([(UNIT, False, False)])
        claim = await journal.claim()
        assert claim is not None
        made = await journal.intend("key", claim.unit, 0.5)
        assert made is not None
        await anyio.to_thread.run_sync(server.stop)
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(journal.answered, made[0], b"paid", {}, 0.25)
                await anyio.sleep(0.3)
                await anyio.to_thread.run_sync(server.start)
        finally:
            if (server.folder / "data/postmaster.pid").exists() is False:
                await anyio.to_thread.run_sync(server.start)
        assert await journal.finish(claim, [])
        assert [reply.body for reply in await journal.replies("key")] == [b"paid"]
        assert (await journal.budget()).spent == 0.25
        await journal.aclose()

    anyio.run(main)


def test_a_server_that_stays_away_is_an_error_without_the_password(server: Any) -> None:
    from docextract.journal.postgres import PostgresJournal

    async def main() -> None:
        journal = PostgresJournal("postgresql://me:hunter2@127.0.0.1:1/db")
        with pytest.raises(OutputError) as away:
            await journal.start()
        assert away.value.code == "unavailable"
        assert "hunter2" not in f"{away.value} {away.value.hint}"

    anyio.run(main)


def test_a_worker_that_was_only_slow_keeps_what_it_paid_for_and_finishes_nothing(server: Any) -> None:
    from docextract.journal.postgres import PostgresJournal

    async def main() -> None:
        url = server.url()
        slow, other = PostgresJournal(url, lease_s=0.6), PostgresJournal(url, lease_s=60.0)
        await slow.start()
        await slow.add([(UNIT, False, False)])
        claim = await slow.claim()
        assert claim is not None
        made = await slow.intend("key", claim.unit, 0.5)
        assert made is not None
        await other.start(join="any")
        beat: Any = slow._store
        beat._beat.cancel()  # as if the machine slept
        with anyio.fail_after(10):
            while (again := await other.claim()) is None:  # noqa: ASYNC110 - a lease that runs out tells nobody
                await anyio.sleep(0.05)
        assert again.fence > claim.fence
        assert (await other.in_doubt()).cost == 0.5
        await slow.answered(made[0], b"late", {}, 0.25)
        assert not await slow.finish(claim, [])
        assert [reply.body for reply in await other.replies("key")] == [b"late"]
        assert (await other.budget()).spent == 0.25
        assert await other.finish(again, [])
        await other.aclose()
        await slow.aclose()

    anyio.run(main)


def test_journals_of_one_database_stand_apart(server: Any) -> None:
    async def main() -> None:
        one, two = open_journal(server.url()), open_journal(server.url())
        await one.start()
        await two.start()
        await one.note("n", "1")
        assert await two.note("n") is None
        await one.aclose()
        await two.aclose()

    anyio.run(main)


def test_a_later_version_is_refused(server: Any) -> None:
    import psycopg

    url = server.url()

    async def main() -> None:
        journal = open_journal(url)
        await journal.start()
        await journal.aclose()
        with psycopg.connect(url.partition("?")[0], autocommit=True) as connection:
            connection.execute(f"INSERT INTO {url.rpartition('=')[2]}.migration VALUES(99, now())".encode())
        with pytest.raises(ConfigError, match="later version"):
            await open_journal(url).start()

    anyio.run(main)


def test_a_lease_outlives_a_call(server: Any) -> None:
    from docextract.journal.postgres import LEASE_S
    from docextract.types import ExtractionRequest

    deadline: Any = ExtractionRequest.__dataclass_fields__["deadline_s"].default
    assert deadline < LEASE_S


@pytest.mark.parametrize(
    "where", ["mysql://host/db", "postgresql://h/db?journal=No-Such", "postgresql://h/db?nothing=1"]
)
def test_what_is_no_journal_is_refused(where: str, server: Any) -> None:
    with pytest.raises(ConfigError, match="--journal"):
        open_journal(where)


def test_where_a_journal_may_be(tmp_path: Path) -> None:
    async def main() -> None:
        for where in (
            None,
            ":memory:",
            "none",
            f"sqlite:///{tmp_path}/a%20b.db",
            str(tmp_path / "c.db"),
            tmp_path / "d",
        ):
            journal = open_journal(where)
            assert await journal.start() == "1"
            await journal.aclose()

    anyio.run(main)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a b.db", "c.db", "d"]
