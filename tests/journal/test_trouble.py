"""A disk that is full, a file that may not be written, one that another program holds, one that is cut short."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from docextract.errors import ConfigError, DocextractError, OutputError
from docextract.journal.protocol import Journal
from docextract.journal.rows import Limits, UnitRow
from docextract.journal.sqlite import SqliteJournal


def unit(name: str) -> UnitRow:
    return UnitRow(name=name, sources="[]", fingerprint="f", signature="s")


async def open_call(journal: Journal, key: str) -> int:
    made = await journal.intend(key, 1, 0.1)
    assert made is not None
    return made[0]


def filled(path: Path, replies: int = 40) -> None:
    """A journal with answers in it, closed in order."""

    async def main() -> None:
        journal = SqliteJournal(path)
        await journal.start()
        await journal.add([(unit(f"{number}.pdf"), False, False) for number in range(200)])
        for number in range(replies):
            await journal.answered(await open_call(journal, f"key {number}"), os.urandom(5000), {}, 0.0)
        await journal.aclose()

    anyio.run(main)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a file system of 24 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount, umount = shutil.which("mount") or "mount", shutil.which("umount") or "umount"
    words = [mount, "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(words, check=False, capture_output=True).returncode != 0:
        pytest.skip("a small file system cannot be mounted here (needs root)")
    yield folder
    subprocess.run([umount, str(folder)], check=True)


def fill_up(folder: Path) -> Path:
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            pass
    return filler


def test_on_a_full_disk_answers_in_flight_are_kept_and_no_call_is_made(small_disk: Path) -> None:
    path = small_disk / "journal.db"
    bodies = {f"key {number}": os.urandom(100_000) for number in range(20)}

    async def main() -> None:
        journal = SqliteJournal(path)
        await journal.start()
        await journal.add([(unit("a.pdf"), False, False)])
        claim = await journal.claim()
        assert claim is not None
        ids = {key: await open_call(journal, key) for key in bodies}
        filler = fill_up(small_disk)
        for key, body in bodies.items():
            await journal.answered(ids[key], body, {}, 0.1)
        with pytest.raises(OutputError) as full:
            await journal.intend("another", 1)
        assert full.value.code == "disk_full"
        with pytest.raises(OutputError):
            await journal.claim()
        assert await journal.finish(claim, [])
        await journal.aclose()
        filler.unlink()
        again = SqliteJournal(path)
        await again.start()
        for key, body in bodies.items():
            assert [reply.body for reply in await again.replies(key)] == [body]
        assert await again.intend("another", 1) is not None
        await again.aclose()

    anyio.run(main)


def test_a_disk_without_any_room_is_told_before_the_first_call(small_disk: Path) -> None:
    fill_up(small_disk)
    with pytest.raises(OutputError) as full:
        anyio.run(SqliteJournal(small_disk / "journal.db").start)
    assert full.value.code == "disk_full"


LIMITED = """
import resource, sys, os, anyio
from pathlib import Path
from docextract.errors import OutputError
from docextract.journal.sqlite import SqliteJournal

async def main():
    journal = SqliteJournal(Path(sys.argv[1]))
    await journal.start()
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
    stored = 0
    try:
        while stored < 1000:
            call, _ = await journal.intend(f"key {stored}", 1)
            await journal.answered(call, os.urandom(10_000), {}, 0.0)
            stored += 1
    except OutputError as error:
        print(stored, error.code, flush=True)
    os._exit(0)

anyio.run(main)
"""


def test_what_was_said_to_be_stored_is_there_after_a_size_limit_was_hit(tmp_path: Path, root: Path) -> None:
    path = tmp_path / "journal.db"
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )
    stored, code = done.stdout.split()
    assert (int(stored) > 5, code) == (True, "disk_full"), done.stderr

    async def main() -> None:
        journal = SqliteJournal(path)
        await journal.start()
        counts = [len(await journal.replies(f"key {number}")) for number in range(int(stored))]
        assert counts == [1] * int(stored)
        await journal.aclose()

    anyio.run(main)


READ_ONLY = """
import asyncio, os, sys
from pathlib import Path
from docextract.errors import OutputError
from docextract.journal.sqlite import SqliteJournal

async def nothing():
    journal = SqliteJournal(None)
    await journal.start()
    await journal.aclose()

asyncio.run(nothing())  # imports what only root may see: where Python itself lies in root's home
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    asyncio.run(SqliteJournal(Path(sys.argv[1])).start())
except OutputError as error:
    print(error.code, error)
"""


@pytest.mark.parametrize("there", [True, False])
def test_what_may_not_be_written_is_refused(root: Path, there: bool) -> None:
    folder = Path(tempfile.mkdtemp())  # others may look into this one, unlike into the tests' own
    try:
        path = folder / "journal.db"
        if there:
            filled(path, 1)
            path.chmod(0o444)
        folder.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(path)],
            cwd=root, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.stdout.startswith("path_refused"), done.stdout + done.stderr
        assert str(path) in done.stdout
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def held(path: Path, seconds: float) -> threading.Thread:
    """Another connection writes, and takes its time."""
    has_it = threading.Event()

    def hold() -> None:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        has_it.set()
        time.sleep(seconds)
        other.execute("ROLLBACK")
        other.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert has_it.wait(10)
    return thread


def test_a_file_that_another_program_holds_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"

    async def main() -> None:
        journal = SqliteJournal(path, busy_s=20)
        await journal.start()
        thread = held(path, 0.3)
        assert await journal.intend("key", 1) is not None
        thread.join()
        await journal.aclose()

    anyio.run(main)


def test_a_file_that_is_held_too_long_is_told_and_used_again_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"

    async def main() -> None:
        journal = SqliteJournal(path, busy_s=0.1)
        await journal.start()
        thread = held(path, 1.0)
        with pytest.raises(OutputError, match="held by another program"):
            await journal.intend("key", 1)
        assert await journal.replies("key") == [], "reading goes on"
        await anyio.to_thread.run_sync(thread.join)
        assert await journal.intend("key", 1) == (1, 1)
        await journal.aclose()

    anyio.run(main)


@pytest.mark.parametrize("keep", [0.0, 0.001, 0.5, 0.999])
def test_a_file_that_was_cut_short_is_refused_and_kept(tmp_path: Path, keep: float) -> None:
    path = tmp_path / "journal.db"
    filled(path)
    whole = path.read_bytes()
    cut = whole[: int(len(whole) * keep)]
    path.write_bytes(cut)
    if keep == 0.0:
        path.with_name("journal.db-wal").write_bytes(b"what was not yet in the file")
    with pytest.raises(ConfigError, match="it was left as it is"):
        anyio.run(SqliteJournal(path).start)
    assert path.read_bytes() == cut


def test_a_log_without_its_file_is_refused_and_kept(tmp_path: Path) -> None:
    path, log = tmp_path / "journal.db", tmp_path / "journal.db-wal"
    log.write_bytes(b"answers")
    with pytest.raises(ConfigError, match=r"journal\.db-wal still holds"):
        anyio.run(SqliteJournal(path).start)
    assert log.read_bytes() == b"answers"
    assert not path.exists()


def test_a_log_that_was_torn_costs_its_last_commit_at_most(tmp_path: Path) -> None:
    path, copy = tmp_path / "journal.db", tmp_path / "copy.db"

    async def main() -> None:
        journal = SqliteJournal(path)
        await journal.start()
        for number in range(10):
            await journal.answered(await open_call(journal, f"key {number}"), b"x" * 100, {}, 0.0)
        shutil.copy(path, copy)
        log = path.with_name("journal.db-wal").read_bytes()
        copy.with_name("copy.db-wal").write_bytes(log[:-10])
        await journal.aclose()
        torn = SqliteJournal(copy)
        with pytest.raises(ConfigError, match="in use"):  # by this very process, says the copy
            await torn.start()
        with sqlite3.connect(copy) as db:
            assert db.execute("SELECT COUNT(*) FROM reply").fetchone()[0] >= 9
        db.close()

    anyio.run(main)


def test_a_damaged_page_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    filled(path)
    with sqlite3.connect(path) as db:
        page = db.execute("SELECT rootpage FROM sqlite_master WHERE name='unit'").fetchone()[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
    db.close()
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : (page - 1) * size + 64] = b"\xff" * 64
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="damaged"):
        anyio.run(SqliteJournal(path).start)
    assert path.read_bytes() == bytes(content)


def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    filled(path, 1)
    assert path.stat().st_mode & 0o077 == 0


def test_a_clock_that_jumps_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        journal = SqliteJournal(tmp_path / "journal.db")
        await journal.start(job="j")
        await journal.add([(unit("a.pdf"), False, False)])
        limits = Limits(start=1, ceiling=1, rpm=60)
        now = time.time()
        for jump in (86_400.0, -86_400.0, 0.0):
            monkeypatch.setattr(time, "time", lambda jump=jump: now + jump)
            claim = await journal.claim()
            assert claim is not None
            leave = await journal.enter("m", limits)
            assert leave.slot is not None
            assert leave.wait_s <= 2.0
            assert await journal.lead(f"prefix {jump}") == "lead"
            other = SqliteJournal(tmp_path / "journal.db")
            await other.start(join="any")
            assert await other.claim() is None, "the claim of a process that lives stays its own"
            await other.aclose()
            await journal.leave(leave.slot)
            await journal.release(claim)
        await journal.aclose()

    anyio.run(main)


def test_a_journal_that_was_closed_says_so(tmp_path: Path) -> None:
    async def main() -> None:
        journal = SqliteJournal(tmp_path / "journal.db")
        await journal.start()
        await journal.aclose()
        await journal.aclose()
        with pytest.raises(RuntimeError, match="closed"):
            await journal.claim()

    anyio.run(main)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["journal.db"], "nothing else is left lying about"


def test_an_error_of_the_file_reaches_every_waiter_as_ours(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"

    async def main() -> None:
        journal = SqliteJournal(path, busy_s=0.1)
        await journal.start()
        thread = held(path, 1.0)
        met: list[Any] = []

        async def ask(number: int) -> None:
            try:
                await journal.intend(f"key {number}", 1)
            except DocextractError as error:
                met.append(error.exit_code)

        async with anyio.create_task_group() as group:
            for number in range(5):
                group.start_soon(ask, number)
        assert met == [4] * 5
        await anyio.to_thread.run_sync(thread.join)
        await journal.aclose()

    anyio.run(main)
