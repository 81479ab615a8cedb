"""A process that is told to stop twice, and one that stands still for longer than its deadlines and goes on."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

import anyio
import pytest

from docextract.run.interrupt import DRAIN_S
from docextract.testing import script
from docextract.testing.endpoint import FakeEndpoint, wait_until

HASTY = """
import sys
from docextract.types import ExtractionRequest
ExtractionRequest.__init__.__kwdefaults__["deadline_s"] = {deadline_s}
from docextract.__main__ import main
sys.exit(main())
"""
"""The command line with another deadline for calls than five minutes."""


def family(parent: int) -> list[int]:
    """A process and all that descend from it, from the top."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (ValueError, OSError):
            continue
    found = [parent]
    for process in found:
        found += [child for child, its in parents.items() if its == process]
    return found


@contextmanager
def standing_still(parent: int) -> Iterator[None]:
    """All processes of a run are stopped, as those of a machine are that sleeps."""
    stopped = family(parent)
    for process in stopped:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in reversed(stopped):
            os.kill(process, signal.SIGCONT)


def until(lines: IO[str], words: str) -> str:
    """What is said up to a line with these words."""
    said = ""
    for line in lines:
        said += line
        if words in line:
            break
    return said


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_told_once_it_drains_told_twice_it_stops_at_once(
    how: signal.Signals, few: Any, tmp_path: Path, start: Any, run: Any
) -> None:
    out, pages = tmp_path / "out", sum(few.pages.values())
    arguments = ["run", str(few.folder), "--schema", str(few.schema), "--out", str(out), "--window-pages", "1"]
    with FakeEndpoint("zai", script=script.at({2: "hang"}), hang_s=4 * DRAIN_S) as endpoint:
        process = start(endpoint, [*arguments, "--concurrency", "2"])
        children = []
        try:
            assert wait_until(lambda: len(endpoint.requests) >= 3 or process.poll() is not None, within_s=60)
            children = family(process.pid)[1:]
            process.send_signal(how)
            said = until(process.stdout, "once more to stop at once")
            assert process.poll() is None, "it waits for the call that hangs"
            told = time.monotonic()
            process.send_signal(how)
        finally:
            rest, _ = process.communicate(timeout=60)
        took = time.monotonic() - told
        assert process.returncode == 130, said + rest
        assert "Traceback" not in said + rest
        assert took < DRAIN_S / 2
        assert children
        assert wait_until(lambda: not any(Path(f"/proc/{child}").exists() for child in children), within_s=20)
        account = json.loads((out / "run.json").read_text(encoding="utf-8"))
        assert account["exit_code"] == 130
        cut_off = account["in_doubt"]["calls"]
        assert 1 <= cut_off <= 2, "what was in flight may have been billed, and it is said"
        before = len(endpoint.requests)
        done = run(endpoint, out, inputs=[few.folder], schema=[few.schema], window_pages=1)
    assert done.summary.exit_code == 0
    assert done.wrong(few) == []
    assert len(done.requests) == pages - (before - cut_off), "all the others were stored"


def test_a_call_that_is_stopped_before_it_left_is_no_doubt(
    few: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from docextract.model.limiter import Gate
    from docextract.run.batch import run_job
    from tests.run.conftest import environment, job_of

    waits = anyio.Event()

    async def turn(_: Gate) -> None:
        waits.set()
        await anyio.sleep_forever()

    async def main(job: Any) -> None:
        before = set(family(os.getpid()))
        async with anyio.create_task_group() as group:
            group.start_soon(run_job, job, lambda _: None)
            await waits.wait()
            group.cancel_scope.cancel()
        with anyio.fail_after(30):  # the loop is to see its children end
            while set(family(os.getpid())) - before:  # noqa: ASYNC110 - a process says nothing when it ends
                await anyio.sleep(0.05)
        await anyio.sleep(0.1)

    monkeypatch.setattr(Gate, "turn", turn)
    with FakeEndpoint("zai") as endpoint, environment({"ZAI_API_KEY": endpoint.key}):
        options = {"inputs": [few.folder], "schema": [few.schema], "concurrency": 1}
        anyio.run(main, job_of(endpoint, tmp_path / "out", options))
        assert endpoint.requests == []
    with closing(sqlite3.connect(tmp_path / "out/.docextract/journal.db")) as db:
        assert db.execute("SELECT outcome, cost FROM call").fetchall() == [("not_sent", 0)]
        assert db.execute("SELECT spent, reserved, open FROM budget").fetchall() == [(0, 0, 0)]


def test_a_run_that_stands_still_for_longer_than_its_deadlines_loses_and_buys_nothing_twice(
    few: Any, tmp_path: Path
) -> None:
    out, pages, deadline_s = tmp_path / "out", sum(few.pages.values()), 4
    arguments = ["run", str(few.folder), "--schema", str(few.schema), "--out", str(out), "--window-pages", "1"]
    limits = ["--limit", "page_seconds=2", "--limit", "open_seconds=2", "--concurrency", "2"]
    with FakeEndpoint("zai", latency_s=1.0) as endpoint:
        model = ["--model", "zai/glm-5v-turbo", "--base-url", endpoint.base_url]
        command = [sys.executable, "-c", HASTY.format(deadline_s=deadline_s), *arguments, *limits, *model]
        process = subprocess.Popen(
            command, env={**os.environ, "ZAI_API_KEY": endpoint.key}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip
        for number in (1, 3):
            assert wait_until(lambda: len(endpoint.requests) >= number or process.poll() is not None, within_s=60)  # noqa: B023 - asked at once
            with standing_still(process.pid):
                # The answers come while nobody listens.
                time.sleep(deadline_s * 1.5)
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    meta = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(out.glob("*.meta.json"))]
    assert [each["state"] for each in meta] == ["complete"] * len(few.ledgers)
    assert [attempt["outcome"] for each in meta for attempt in each["attempts"]] == ["ok"] * pages
    assert len({call.digest for call in endpoint.requests}) == len(endpoint.requests) == pages
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["in_doubt"]["calls"] == 0
