"""Actors on a real local Ray cluster: the same bytes as one process, and no kill loses or buys anything twice."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docextract.testing.endpoint import FakeEndpoint, wait_until
from tests.cluster.conftest import Shelf, actors, below, promised

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(autouse=True)
def _ray(need_module: Callable[[str], None]) -> None:
    need_module("ray")


def words(shelf: Shelf, out: Path) -> list[str]:
    return [str(shelf.folder), "--schema", str(shelf.schema), "--out", str(out)]


ON_RAY = ["--ray", "auto", "--workers", "2", "--concurrency", "4"]


def bought_again(endpoint: FakeEndpoint) -> int:
    """Answers that were sent whole, and asked for once more all the same."""
    answered = Counter(call.digest for call in endpoint.requests if call.status == 200 and call.finish is not None)
    return sum(count - 1 for count in answered.values())


def test_a_killed_actor_costs_what_was_in_flight_and_the_bytes_are_those_of_one_process(
    shelf: Shelf, tmp_path: Path, start: Any
) -> None:
    with FakeEndpoint("zai") as endpoint:
        alone = start(endpoint, *words(shelf, tmp_path / "alone"), "--concurrency", "8")
        assert alone.communicate(timeout=200)[1] is None
        assert alone.returncode == 0
    with FakeEndpoint("zai", latency_s=0.4) as endpoint:
        process = start(endpoint, *words(shelf, tmp_path / "ray"), *ON_RAY)
        assert wait_until(lambda: len(endpoint.requests) > 6, within_s=120)
        at_work = actors(process.pid)
        assert len(at_work) == 2
        os.kill(at_work[0], signal.SIGKILL)
        said, _ = process.communicate(timeout=200)
        twice = sum(count - 1 for count in Counter(call.digest for call in endpoint.requests).values())
        peak = endpoint.peak_in_flight
    assert process.returncode == 0, said
    assert "taken over" in said
    assert twice <= 4  # what was in flight
    assert peak <= 4 + twice  # a call whose sender is dead may still be with the endpoint
    assert promised(tmp_path / "ray") == promised(tmp_path / "alone")
    assert all(
        json.loads((tmp_path / "ray" / f"{name}.json").read_text()) == ledger.data
        for name, ledger in shelf.ledgers.items()
    )


def test_a_killed_head_ends_the_run_with_a_word_and_the_same_command_goes_on(
    shelf: Shelf, tmp_path: Path, start: Any
) -> None:
    with FakeEndpoint("zai", latency_s=0.4) as endpoint:
        process = start(endpoint, *words(shelf, tmp_path / "out"), *ON_RAY)
        assert wait_until(lambda: len(endpoint.requests) > 6, within_s=120)
        for pid, command in below(process.pid).items():
            if "gcs_server" in command.split(" ")[0] or "raylet" in command.split(" ")[0]:
                os.kill(pid, signal.SIGKILL)
        said, _ = process.communicate(timeout=200)
        assert process.returncode == 1, said
        assert "the Ray cluster went away" in said
        assert "same command again" in said
        again = start(endpoint, *words(shelf, tmp_path / "out"), "--concurrency", "4")
        said, _ = again.communicate(timeout=200)
        asked = Counter(call.digest for call in endpoint.requests)
    assert again.returncode == 0, said
    assert sum(count - 1 for count in asked.values()) <= 4  # what was in flight
    assert len(asked) == shelf.pages
    done = json.loads((tmp_path / "out" / "run.json").read_text())
    assert done["documents"] == {"complete": 16, "partial": 0, "failed": 0, "pending": 0}


def test_an_interrupted_run_drains_and_a_dead_driver_loses_nothing(shelf: Shelf, tmp_path: Path, start: Any) -> None:
    with FakeEndpoint("zai", latency_s=0.4) as endpoint:
        process = start(endpoint, *words(shelf, tmp_path / "out"), *ON_RAY)
        assert wait_until(lambda: len(endpoint.requests) > 4, within_s=120)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=200)
        assert process.returncode == 130, said
        assert bought_again(endpoint) == 0
        stopped_at = len(endpoint.requests)
        assert stopped_at < shelf.pages
        killed = start(endpoint, *words(shelf, tmp_path / "out"), *ON_RAY)
        assert wait_until(lambda: len(endpoint.requests) > stopped_at + 4, within_s=120)
        killed.kill()
        killed.communicate(timeout=60)
        again = start(endpoint, *words(shelf, tmp_path / "out"), "--concurrency", "4")
        said, _ = again.communicate(timeout=200)
        asked = Counter(call.digest for call in endpoint.requests)
    assert again.returncode == 0, said
    assert len(asked) == shelf.pages
    assert sum(count - 1 for count in asked.values()) <= 4


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--ray", "127.0.0.1:1"], "nothing answers there"),
        (["--ray", "somewhere"], "not an address"),
        (["--ray", "auto", "--journal", ":memory:"], "journal"),
    ],
)
def test_what_cannot_be_is_said(more: list[str], said: str, shelf: Shelf, tmp_path: Path, start: Any) -> None:
    with FakeEndpoint("zai") as endpoint:
        process = start(endpoint, *words(shelf, tmp_path / "out"), *more)
        heard, _ = process.communicate(timeout=200)
        assert endpoint.requests == []
    assert process.returncode == 2, heard
    assert said in heard
    assert "Traceback" not in heard
