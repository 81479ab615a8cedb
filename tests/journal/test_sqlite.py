"""What is special to the ledger on a SQLite file: shared commits, its indexes, what it refuses to open."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from docextract.errors import ConfigError
from docextract.journal import calls, members, units
from docextract.journal.owner import Owner, _start
from docextract.journal.rows import UnitRow
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


def test_many_waiters_share_commits(tmp_path: Path) -> None:
    async def main() -> None:
        async with opened(tmp_path / "journal.db") as journal:
            async with anyio.create_task_group() as group:
                for number in range(200):
                    group.start_soon(journal.intend, f"key {number}", 1)
            assert journal._thread.commits < 100

    anyio.run(main)


def test_a_start_that_is_cancelled_leaves_no_thread() -> None:
    import threading

    from docextract.journal.thread import DatabaseThread, Terms

    go_on, is_opening = threading.Event(), threading.Event()

    def slowly() -> sqlite3.Connection:
        is_opening.set()
        go_on.wait(60)
        return sqlite3.connect(":memory:")

    async def main() -> None:
        thread = DatabaseThread(Terms(open=slowly, translate=OSError, make_room=lambda _: False))
        async with anyio.create_task_group() as group:
            group.start_soon(thread.start)
            await anyio.to_thread.run_sync(is_opening.wait)
            served = thread._thread
            group.cancel_scope.cancel()
        assert served is not None
        go_on.set()
        await anyio.to_thread.run_sync(served.join, 60)
        assert not served.is_alive()

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


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (units.NEXT, "unit_open"),
        ("SELECT COUNT(*) FROM unit WHERE state=1 AND run=?", "unit_claimed"),
        ("SELECT reserved FROM call WHERE " + calls.ORPHANS, "call_open"),  # noqa: S608 - a constant
        (calls.UNSEEN, "call_open"),
        (units.LEFT_OVER, "unit_open"),
        (calls.REPLIES, "call_key"),
        ("SELECT COUNT(*) FROM call WHERE state=3 AND noticed=?", "call_doubt"),
        ("SELECT COUNT(*) FROM slot WHERE run=? AND lane=?", "slot_lane"),
        ("SELECT id, name FROM unit WHERE name IN (?,?)", "sqlite_autoindex_unit_1"),
    ],
)
def test_what_is_asked_often_uses_its_index(tmp_path: Path, query: str, index: str) -> None:
    async def main() -> None:
        async with opened(tmp_path / "journal.db") as journal:
            values = ["1"] * query.count("?")
            rows = await journal._thread.do(lambda db: db.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall())
            steps = [row[3] for row in rows]
            assert any(index in step for step in steps), steps
            assert not any("TEMP B-TREE" in step for step in steps), steps
            scans = [step for step in steps if step.startswith("SCAN") and "INDEX" not in step]
            assert [step for step in scans if "member" not in step] == [], "members are few, all else is many"

    anyio.run(main)


def test_a_process_that_ended_and_was_not_reaped_is_gone() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    owner = Owner(Owner.of_this_process().boot, child.pid, _start(child.pid))
    assert owner.alive()
    assert not Owner(owner.boot, owner.pid, "1").alive(), "another process with the same number"
    assert not Owner("another-boot", owner.pid, owner.start).alive()
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # waits for its end and leaves it a zombie
    assert not owner.alive()
    child.communicate()
    assert Owner.parse(str(owner)) == owner
    assert members.shown(str(owner)) == str(child.pid)


def test_two_processes_that_begin_a_file_at_once_leave_one_at_work(tmp_path: Path, root: Path) -> None:
    script = (
        "import sys, anyio, pathlib\n"
        "from docextract.errors import ConfigError\n"
        "from docextract.journal.sqlite import SqliteJournal\n"
        "async def main():\n"
        "    journal = SqliteJournal(pathlib.Path(sys.argv[1]))\n"
        "    try:\n"
        "        print(await journal.start(), flush=True)\n"
        "    except ConfigError:\n"
        "        print('refused', flush=True)\n"
        "    sys.stdin.readline()\n"
        "    await journal.aclose()\n"
        "anyio.run(main)\n"
    )
    words = [sys.executable, "-c", script, str(tmp_path / "journal.db")]
    pipe = subprocess.PIPE
    children = [subprocess.Popen(words, cwd=root, text=True, stdin=pipe, stdout=pipe) for _ in range(3)]
    said = [child.stdout.readline().strip() for child in children if child.stdout is not None]
    for child in children:
        child.communicate("\n")
    assert sorted(said) == ["1", "refused", "refused"]


def test_the_answer_that_comes_late_is_kept_and_the_money_corrected(tmp_path: Path) -> None:
    async def main() -> None:
        path = tmp_path / "journal.db"
        async with opened(path) as journal:
            made = await journal.intend("key", 1, 0.5)
            assert made is not None
            with sqlite3.connect(path) as db:
                db.execute("INSERT INTO member(id, run, owner) VALUES(9, 1, ?)", (str(Owner("another-boot", 1, "1")),))
                db.execute("UPDATE call SET member=9")
            db.close()
            await journal.progress()
            assert (await journal.in_doubt()).calls == 1
            assert (await journal.budget()).spent == 0.5
            await journal.answered(made[0], b"late", {}, 0.125)
            assert (await journal.in_doubt()).calls == 0
            assert (await journal.budget()).spent == 0.125
            assert [reply.body for reply in await journal.replies("key")] == [b"late"]

    anyio.run(main)


def test_a_stored_answer_that_the_disk_damaged_is_asked_for_again(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"

    async def store() -> None:
        async with opened(path) as journal:
            for number in (1, 2):
                made = await journal.intend(f"q{number}", 1)
                assert made is not None
                await journal.answered(made[0], b"an answer " * 20, {}, 0.0)

    async def look() -> None:
        async with opened(path) as journal:
            assert await journal.replies("q1") == []
            assert [reply.body for reply in await journal.replies("q2")] == [b"an answer " * 20]
            assert await journal.intend("q1", 1) is not None

    anyio.run(store)
    db = sqlite3.connect(path)
    body = bytearray(db.execute("SELECT body FROM reply WHERE id=1").fetchone()[0])
    body[9] ^= 0x55
    db.execute("UPDATE reply SET body=? WHERE id=1", (bytes(body),))
    db.commit()
    db.close()
    anyio.run(look)
