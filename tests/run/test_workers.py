"""Several processes on one journal."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from docextract.errors import ConfigError
from docextract.testing.endpoint import FakeEndpoint, wait_until


def test_two_workers_share_the_documents_the_limit_and_the_budget(shelf: Any, tmp_path: Path, run: Any) -> None:
    options = {"inputs": [shelf.folder], "schema": [shelf.schema], "workers": 2, "concurrency": 4, "window_pages": 1}
    with FakeEndpoint("zai", latency_s=0.05) as endpoint:
        done = run(endpoint, tmp_path / "out", **options)
        peak = endpoint.peak_in_flight
    assert done.summary.exit_code == 0
    assert done.wrong(shelf) == []
    assert peak <= 4
    assert len(done.requests) == sum(shelf.pages.values())
    assert max(Counter(call.digest for call in done.requests).values()) == 1


def test_workers_never_overspend_together(shelf: Any, tmp_path: Path, run: Any) -> None:
    options = {"inputs": [shelf.folder], "schema": [shelf.schema], "workers": 2, "concurrency": 4, "window_pages": 1}
    with FakeEndpoint("zai", latency_s=0.02) as endpoint:
        stopped = run(endpoint, tmp_path / "out", **options, max_cost=0.1)
        paid = len(stopped.requests)
        rest = run(endpoint, tmp_path / "out", **options)
    assert stopped.summary.exit_code == 3
    assert stopped.summary.error.code == "cost_ceiling"
    assert stopped.summary.usage.cost_usd <= 0.1
    assert rest.summary.exit_code == 0
    assert rest.wrong(shelf) == []
    assert paid + len(rest.requests) == sum(shelf.pages.values())


def test_the_work_of_a_worker_that_dies_is_taken_over(shelf: Any, tmp_path: Path, start: Any) -> None:
    out = tmp_path / "out"
    arguments = ["run", str(shelf.folder), "--schema", str(shelf.schema), "--out", str(out), "--workers", "2"]
    with FakeEndpoint("zai", latency_s=0.2) as endpoint:
        process = start(endpoint, [*arguments, "--concurrency", "2", "--window-pages", "1"])
        assert wait_until(lambda: len(_workers(process.pid)) == 1 and len(endpoint.requests) > 6, within_s=60)
        os.kill(_workers(process.pid)[0], signal.SIGKILL)
        said, _ = process.communicate(timeout=120)
        twice = sum(count - 1 for count in Counter(call.digest for call in endpoint.requests).values())
    assert process.returncode == 0, said
    assert "taken over" in said
    assert twice <= 2  # what was in flight


def test_workers_need_a_journal_they_can_open(shelf: Any, tmp_path: Path, run: Any) -> None:
    with FakeEndpoint("zai") as endpoint, pytest.raises(ConfigError, match="--workers"):
        run(
            endpoint, tmp_path / "out", inputs=[shelf.folder], schema=[shelf.schema], workers=2, journal=":memory:"
        )  # fmt: skip


def _workers(parent: int) -> list[int]:
    """Process ids of the joined workers among a process's children (Linux)."""
    children = [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    return [pid for pid in children if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]
