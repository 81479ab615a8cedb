from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from docextract.errors import ConfigError, DocextractError
from docextract.pages.pool import Pool

WORKER = """
import os, subprocess, sys, time
from docextract.errors import InputError, PageError

def handle(op, args, blobs):
    if op == "echo":
        return args, blobs
    if op == "pid":
        return {"pid": os.getpid(), "pgid": os.getpgid(0)}, []
    if op == "abort":
        os.write(2, b"assertion failed: deep inside\\n")
        os.abort()
    if op == "exit":
        os._exit(3)
    if op == "hang":
        child = subprocess.Popen(["sleep", "60"])
        open(args["note"], "w").write(f"{os.getpid()} {child.pid}")
        time.sleep(60)
    if op == "slow":
        time.sleep(args["seconds"])
        return {}, []
    if op == "flood":
        os.write(1, b"native noise " * 100_000)
        print("printed " * 100_000)
        print("shouted " * 100_000, file=sys.stderr)
        return {}, []
    if op == "scribble":
        os.closerange(3, 200)
        return {}, []
    if op == "typed":
        raise InputError("it needs a password", code="encrypted")
    if op == "page":
        raise PageError("no", code="page_too_large")
    if op == "untyped":
        raise KeyError("/Root")
    if op == "memory":
        bytearray(8 << 30)
    if op == "surroundings":
        main = sys.modules["__main__"].__file__
        return {"env": dict(os.environ), "path": sys.path, "cwd": os.getcwd(), "main": main}, []
    raise AssertionError(op)
"""

Use = Callable[[Pool], Coroutine[Any, Any, Any]]


@pytest.fixture
def in_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Run a coroutine function with an open pool whose children do as WORKER says."""
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "faulty_worker.py").write_text(WORKER)
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])

    def run(use: Use, **options: Any) -> Any:
        async def opened() -> Any:
            async with Pool("faulty_worker", **{"size": 1, **options}) as pool:
                return await use(pool)

        return asyncio.run(opened())

    return run


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_for(is_so: Callable[[], bool]) -> bool:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.02)
    return False


def code_of(pool: Pool, op: str) -> Coroutine[Any, Any, tuple[str, str, bool]]:
    async def call() -> tuple[str, str, bool]:
        with pytest.raises(DocextractError) as raised:
            await pool.call(op, {}, deadline_s=10)
        return raised.value.code, str(raised.value), raised.value.retryable

    return call()


def test_answers_come_back_with_their_blobs_and_calls_run_at_once(in_pool: Callable[..., Any]) -> None:
    async def use(pool: Pool) -> None:
        blobs = [b"", bytes(range(256)) * 8000]
        answers = await asyncio.gather(*(pool.call("echo", {"n": n}, blobs, deadline_s=10) for n in range(20)))
        assert [answer for answer, _ in answers] == [{"n": n} for n in range(20)]
        assert all(back == blobs for _, back in answers)

    in_pool(use, size=2)


def test_a_death_is_told_with_its_signal_and_last_words_and_the_next_call_works(in_pool: Callable[..., Any]) -> None:
    async def use(pool: Pool) -> None:
        code, message, retryable = await code_of(pool, "abort")
        assert (code, retryable) == ("render_crashed", True)
        assert "SIGABRT" in message
        assert "assertion failed: deep inside" in message
        assert "status 3" in (await code_of(pool, "exit"))[1]
        assert (await pool.call("echo", {"a": 1}, deadline_s=10))[0] == {"a": 1}

    in_pool(use)


def test_a_deadline_ends_the_child_and_all_it_started(in_pool: Callable[..., Any], tmp_path: Path) -> None:
    note = tmp_path / "pids"

    async def use(pool: Pool) -> None:
        with pytest.raises(DocextractError) as raised:
            await pool.call("hang", {"note": str(note)}, deadline_s=1)
        assert raised.value.code == "render_timed_out"
        pids = [int(pid) for pid in note.read_text().split()]
        assert await asyncio.to_thread(wait_for, lambda: not any(map(is_running, pids)))

    in_pool(use)


def test_a_cancelled_call_ends_its_child_and_frees_its_place(in_pool: Callable[..., Any], tmp_path: Path) -> None:
    note = tmp_path / "pids"

    async def use(pool: Pool) -> None:
        task = asyncio.create_task(pool.call("hang", {"note": str(note)}, deadline_s=60))
        assert await asyncio.to_thread(wait_for, lambda: note.exists() and len(note.read_text().split()) == 2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await pool.call("echo", {"a": 1}, deadline_s=10))[0] == {"a": 1}
        pids = [int(pid) for pid in note.read_text().split()]
        assert await asyncio.to_thread(wait_for, lambda: not any(map(is_running, pids)))

    in_pool(use)


def test_native_noise_never_reaches_the_channel(in_pool: Callable[..., Any]) -> None:
    async def use(pool: Pool) -> None:
        assert await pool.call("flood", {}, deadline_s=10) == ({}, [])

    in_pool(use)


def test_a_child_that_closes_its_channel_is_a_crash_not_a_hang(in_pool: Callable[..., Any]) -> None:
    async def use(pool: Pool) -> None:
        assert (await code_of(pool, "scribble"))[0] == "render_crashed"

    in_pool(use)


def test_errors_of_the_work_come_back_as_they_were(in_pool: Callable[..., Any]) -> None:
    async def use(pool: Pool) -> None:
        assert await code_of(pool, "typed") == ("encrypted", "it needs a password", False)
        assert (await code_of(pool, "page"))[0] == "page_too_large"
        code, message, _ = await code_of(pool, "untyped")
        assert code == "corrupt"
        assert "KeyError: '/Root'" in message

    in_pool(use)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to an address space limit")
def test_memory_beyond_the_ceiling_is_a_limit(in_pool: Callable[..., Any]) -> None:
    async def use(pool: Pool) -> None:
        assert (await code_of(pool, "memory"))[0] == "limit_reached"

    in_pool(use, memory_mb=512)


def test_a_child_gets_no_secret_and_imports_nothing_from_the_current_folder(
    in_pool: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = tmp_path / "downloads"
    hostile.mkdir()
    for name in ("json.py", "docextract.py", "faulty_worker.py", "sitecustomize.py"):
        (hostile / name).write_text("raise SystemExit('the wrong module was imported')")
    monkeypatch.chdir(hostile)
    monkeypatch.setattr(sys, "path", ["", str(hostile), *sys.path])
    for name in ("ZAI_API_KEY", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "ANYTHING_ELSE"):
        monkeypatch.setenv(name, "hush")

    async def use(pool: Pool) -> None:
        seen, _ = await pool.call("surroundings", {}, deadline_s=10)
        assert "hush" not in seen["env"].values()
        assert str(hostile) not in seen["path"]
        assert "" not in seen["path"]
        assert seen["cwd"].startswith(str(pool.scratch))
        assert seen["env"]["TMPDIR"].startswith(str(pool.scratch))
        assert seen["main"].endswith("child.py")

    in_pool(use)


def test_a_child_is_replaced_after_its_calls(in_pool: Callable[..., Any]) -> None:
    async def use(pool: Pool) -> None:
        pids = [(await pool.call("pid", {}, deadline_s=10))[0]["pid"] for _ in range(5)]
        assert len(set(pids)) == 3
        assert pids[0] == pids[1] != pids[2]

    in_pool(use, recycle_after=2)


def test_closing_ends_the_children_and_removes_the_scratch_folder(in_pool: Callable[..., Any]) -> None:
    async def use(pool: Pool) -> tuple[int, Path]:
        answer, _ = await pool.call("pid", {}, deadline_s=10)
        assert answer["pid"] == answer["pgid"]
        (pool.scratch / "left-behind").write_text("x")
        return answer["pid"], pool.scratch

    pid, scratch = in_pool(use)
    assert wait_for(lambda: not is_running(pid))
    assert not scratch.exists()


def test_what_cannot_start_is_a_usage_error_and_says_why() -> None:
    async def use() -> None:
        async with Pool("no.such.module", size=1) as pool:
            with pytest.raises(ConfigError, match="No module named 'no'"):
                await pool.call("echo", {}, deadline_s=10)

    asyncio.run(use())


def test_it_works_in_the_loop_of_a_thread(in_pool: Callable[..., Any]) -> None:
    answers: list[Any] = []

    async def use(pool: Pool) -> Any:
        return await pool.call("echo", {"a": 1}, deadline_s=10)

    thread = threading.Thread(target=lambda: answers.append(in_pool(use)))
    thread.start()
    thread.join()
    assert answers == [({"a": 1}, [])]


SCRIPT = """
import asyncio, sys
from docextract.pages.pool import Pool

print("ran")

async def main():
    async with Pool("render", size=1) as pool:
        print((await pool.call("digest", {"path": sys.argv[1]}, deadline_s=30))[0]["sha256"][:8])

asyncio.run(main())
"""


def test_it_works_from_a_script_without_a_guard(tmp_path: Path) -> None:
    script, data = tmp_path / "script.py", tmp_path / "data"
    script.write_text(SCRIPT)
    data.write_bytes(b"abc")
    done = subprocess.run(
        [sys.executable, str(script), str(data)], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["ran", "ba7816bf"], "")


KILLED = """
import asyncio, os, sys
from docextract.pages.pool import Pool

async def main():
    async with Pool("faulty_worker", size=1) as pool:
        await pool.call("hang", {"note": sys.argv[1]}, deadline_s=60)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_a_killed_parent_takes_its_children_along(tmp_path: Path) -> None:
    (tmp_path / "faulty_worker.py").write_text(WORKER)
    (tmp_path / "script.py").write_text(KILLED)
    note = tmp_path / "pids"
    parent = subprocess.Popen([sys.executable, str(tmp_path / "script.py"), str(note)], stderr=subprocess.DEVNULL)
    try:
        assert wait_for(lambda: note.exists() and len(note.read_text().split()) == 2)
        child, grandchild = map(int, note.read_text().split())
    finally:
        parent.kill()
        parent.wait()
    assert wait_for(lambda: not is_running(child))
    os.kill(grandchild, 9)  # what a renderer started outlives a killed parent, but no answer of it is awaited
