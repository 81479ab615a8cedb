"""The ledger on a real SQLite file."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from docextract.errors import ConfigError
from docextract.journal.owner import Owner
from docextract.journal.rows import ResultRow, UnitRow
from docextract.journal.sqlite import SqliteJournal


@asynccontextmanager
async def opened(path: Path | None) -> AsyncIterator[SqliteJournal]:
    journal = SqliteJournal(path)
    await journal.start()
    try:
        yield journal
    finally:
        await journal.aclose()


def unit(name: str, fingerprint: str = "f", signature: str = "s") -> UnitRow:
    return UnitRow(name=name, sources="[]", fingerprint=fingerprint, signature=signature)


def result(state: str = "complete") -> ResultRow:
    return ResultRow(schema="invoice", state=state, summary={"name": "a"}, outputs={"a.json": [1, 2, "x"]})


def test_a_unit_is_claimed_once_and_finished_once(tmp_path: Path) -> None:
    async def main() -> None:
        async with opened(tmp_path / "journal.db") as journal:
            await journal.add([(unit("a.pdf"), False, False)])
            claim = await journal.claim()
            assert claim is not None
            assert claim.name == "a.pdf"
            assert await journal.claim() is None
            assert await journal.finish(claim, [result()])
            assert not await journal.finish(claim, [result()])
            assert await journal.pending() == 0

    anyio.run(main)


def test_a_released_unit_can_be_claimed_again_and_the_old_claim_no_longer_finishes_it(tmp_path: Path) -> None:
    async def main() -> None:
        async with opened(tmp_path / "journal.db") as journal:
            await journal.add([(unit("a.pdf"), False, False)])
            first = await journal.claim()
            assert first is not None
            await journal.release(first)
            second = await journal.claim()
            assert second is not None
            assert second.fence > first.fence
            assert not await journal.finish(first, [result("failed")])
            assert await journal.finish(second, [result()])

    anyio.run(main)


def test_failed_and_partial_units_come_first(tmp_path: Path) -> None:
    async def main() -> None:
        async with opened(tmp_path / "journal.db") as journal:
            await journal.add([(unit("new.pdf"), False, False), (unit("failed.pdf"), False, True)])
            claims = [await journal.claim(), await journal.claim()]
            assert [claim.name for claim in claims if claim] == ["failed.pdf", "new.pdf"]

    anyio.run(main)


def test_what_a_later_run_knows(tmp_path: Path) -> None:
    async def main() -> None:
        async with opened(tmp_path / "journal.db") as journal:
            await journal.add([(unit("a.pdf"), False, False), (unit("b.pdf"), False, False)])
            claim = await journal.claim()
            assert claim is not None
            await journal.finish(claim, [result()])
        async with opened(tmp_path / "journal.db") as journal:
            known = await journal.known(["a.pdf", "b.pdf", "c.pdf"])
            assert known["a.pdf"].state == "done"
            assert known["a.pdf"].results == (result(),)
            assert known["b.pdf"].state == "pending"
            assert "c.pdf" not in known
            assert await journal.claim() is None, "units of an earlier run wait until this run has found them"

    anyio.run(main)


def test_claims_of_a_dead_process_are_free_again(tmp_path: Path) -> None:
    async def main() -> None:
        path = tmp_path / "journal.db"
        async with opened(path) as journal:
            await journal.add([(unit("a.pdf"), False, False)])
            assert await journal.claim() is not None
        with sqlite3.connect(path) as db:
            me = Owner.of_this_process()
            db.execute("UPDATE unit SET owner=?", (str(Owner(me.boot, me.pid, "1")),))
        db.close()
        async with opened(path) as journal:
            assert (await journal.known(["a.pdf"]))["a.pdf"].state == "pending"

    anyio.run(main)


def test_an_answer_is_there_after_a_reopen_and_attempts_count_up(tmp_path: Path) -> None:
    async def main() -> None:
        async with opened(tmp_path / "journal.db") as journal:
            intent = await journal.intend("key", 1)
            assert intent is not None
            call, attempt = intent
            assert attempt == 1
            await journal.answered(call, b'{"text": "42"}', {"calls": 1}, 0.5)
            again = await journal.intend("key", 1)
            assert again is not None
            assert again[1] == 2
        async with opened(tmp_path / "journal.db") as journal:
            assert [reply.body for reply in await journal.replies("key")] == [b'{"text": "42"}']
            assert await journal.replies("other") == []

    anyio.run(main)


def test_the_first_plan_stands(tmp_path: Path) -> None:
    async def main() -> None:
        async with opened(None) as journal:
            assert await journal.plan("k") is None
            assert await journal.plan("k", "first") == "first"
            assert await journal.plan("k", "second") == "first"

    anyio.run(main)


def test_names_that_are_no_text_survive() -> None:
    async def main() -> None:
        name = b"caf\xe9\n\xf0\x9f\x8e\x89.pdf".decode("utf-8", "surrogateescape")
        async with opened(None) as journal:
            await journal.add([(unit(name), False, False)])
            claim = await journal.claim()
            assert claim is not None
            assert claim.name == name

    anyio.run(main)


def test_many_waiters_share_commits(tmp_path: Path) -> None:
    async def main() -> None:
        async with opened(tmp_path / "journal.db") as journal:
            async with anyio.create_task_group() as group:
                for number in range(200):
                    group.start_soon(journal.intend, f"key {number}", 1)
            assert journal._thread.commits < 100

    anyio.run(main)


def test_one_bad_piece_of_work_does_not_undo_its_neighbours(tmp_path: Path) -> None:
    async def main() -> None:
        async with opened(tmp_path / "journal.db") as journal:

            def bad(db: sqlite3.Connection) -> None:
                db.execute("INSERT INTO plan VALUES('bad', 'x')")
                raise ValueError("no")

            async with anyio.create_task_group() as group:
                group.start_soon(journal.plan, "good", "kept")
                with pytest.raises(ValueError, match="no"):
                    await journal._thread.do(bad)
            assert await journal.plan("good") == "kept"
            assert await journal.plan("bad") is None

    anyio.run(main)


@pytest.mark.parametrize(
    "content", [b"this is no database at all, not even close to one", b"SQLite format 3\0garbage" * 99]
)
def test_a_file_that_is_no_journal_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="journal"):
        anyio.run(SqliteJournal(path).start)
    assert path.read_bytes() == content


def test_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE t(x)")
        db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(ConfigError, match="another version"):
        anyio.run(SqliteJournal(path).start)


def test_the_query_for_the_next_unit_uses_the_open_index(tmp_path: Path) -> None:
    async def main() -> None:
        async with opened(tmp_path / "journal.db") as journal:
            plan = await journal._thread.do(
                lambda db: db.execute(
                    "EXPLAIN QUERY PLAN SELECT id FROM unit WHERE state=0 AND run=1 ORDER BY urgent DESC, id LIMIT 1"
                ).fetchall()
            )
            assert any("unit_open" in row[3] for row in plan)
            assert not any("TEMP B-TREE" in row[3] for row in plan)

    anyio.run(main)


def test_the_worst_cost_is_reserved_and_a_ceiling_is_never_passed() -> None:
    async def main() -> None:
        async with opened(None) as journal:
            first = await journal.intend("a", 1, 0.6, 1.0)
            assert first is not None
            assert await journal.intend("b", 1, 0.6, 1.0) is None
            assert await journal.in_flight() == 1
            await journal.answered(first[0], b"{}", {}, 0.1)
            assert await journal.in_flight() == 0
            second = await journal.intend("b", 1, 0.6, 1.0)
            assert second is not None
            await journal.call_failed(second[0], "timed_out", 0.6)
            assert await journal.intend("c", 1, 0.4, 1.0) is None
            assert await journal.intend("c", 1, 0.2, 1.0) is not None

    anyio.run(main)
