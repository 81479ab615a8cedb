"""A network that is gone for ten minutes, and an endpoint that says no for a while: nobody's attempts are used up."""

from __future__ import annotations

import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import anyio
import pytest

from docextract.model.clock import Clock
from docextract.testing import script
from docextract.testing.endpoint import FakeEndpoint, wait_until
from docextract.testing.relay import Relay

FASTER = 200.0
"""Seconds of the run's clock in one of ours: three of ours are ten minutes."""


@pytest.fixture
def fast_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(seconds: float) -> None:
        await anyio.sleep(seconds / FASTER)

    def clock() -> Clock:
        return Clock(now=lambda: time.monotonic() * FASTER, sleep=sleep)

    monkeypatch.setattr("docextract.model.retry.Clock", clock)
    monkeypatch.setattr("docextract.model.limiter.Clock", clock)


def attempts(done: Any, shelf: Any) -> Counter[int]:
    """How many attempts the windows of all documents took."""
    windows = Counter((name, one["window"]) for name in shelf.ledgers for one in done.meta(name)["attempts"])
    return Counter(windows.values())


@pytest.mark.usefixtures("fast_clock")
def test_ten_minutes_without_a_network_cost_no_document_an_attempt(shelf: Any, tmp_path: Path, run: Any) -> None:
    away: list[float] = []
    with FakeEndpoint("zai", latency_s=0.05) as endpoint, Relay(endpoint.base_url) as relay:

        def take_away() -> None:
            wait_until(lambda: len(endpoint.requests) >= 5, within_s=60)
            relay.down()
            begun = time.monotonic()
            time.sleep(620 / FASTER)
            away.append((time.monotonic() - begun) * FASTER)
            relay.up()

        thread = threading.Thread(target=take_away)
        thread.start()
        done = run(
            endpoint, tmp_path / "out", inputs=[shelf.folder], schema=[shelf.schema], concurrency=4, window_pages=1,
            retries=0, base_url=relay.base_url,
        )  # fmt: skip
        thread.join()
    pages = sum(shelf.pages.values())
    assert away[0] >= 600
    assert (done.summary.exit_code, done.wrong(shelf)) == (0, [])
    assert attempts(done, shelf) == {1: pages}
    assert len(done.requests) <= pages + 4, "only what was in flight when it went may be asked again"


@pytest.mark.usefixtures("fast_clock")
def test_an_outage_longer_than_is_waited_for_fails_pages_by_name_and_the_same_command_goes_on(
    few: Any, tmp_path: Path, run: Any
) -> None:
    options = {"inputs": [few.folder], "schema": [few.schema], "window_pages": 1, "concurrency": 2}
    with FakeEndpoint("zai") as endpoint:
        with Relay(endpoint.base_url) as relay:
            url = relay.base_url
        stopped = run(endpoint, tmp_path / "out", **options, base_url=url, max_outage=100)
        assert (stopped.summary.exit_code, stopped.requests) == (1, [])
        reasons = {page["reason"] for name in few.ledgers for page in stopped.meta(name)["pages"]}
        assert reasons | {stopped.meta(name)["error"]["code"] for name in few.ledgers} <= {"unavailable", None}
        done = run(endpoint, tmp_path / "out", **options)
    assert (done.summary.exit_code, done.wrong(few)) == (0, [])


@pytest.mark.usefixtures("fast_clock")
@pytest.mark.parametrize("kind", ["rate_limit", "overload"])
def test_a_storm_of_429_costs_no_document_an_attempt(kind: str, shelf: Any, tmp_path: Path, run: Any) -> None:
    storm = script.at(dict.fromkeys(range(4, 34), kind))
    with FakeEndpoint("zai", script=storm, retry_after="3") as endpoint:
        done = run(
            endpoint, tmp_path / "out", inputs=[shelf.folder], schema=[shelf.schema], concurrency=8, window_pages=1,
            retries=0,
        )  # fmt: skip
    pages = sum(shelf.pages.values())
    assert (done.summary.exit_code, done.wrong(shelf)) == (0, [])
    assert attempts(done, shelf) == {1: pages}
    assert len(done.answered) == pages


def test_an_endpoint_that_takes_one_call_at_a_time_is_found_out(shelf: Any, tmp_path: Path, run: Any) -> None:
    with FakeEndpoint("zai", most_in_flight=2, latency_s=0.01, retry_after="0.05") as endpoint:
        done = run(
            endpoint, tmp_path / "out", inputs=[shelf.folder], schema=[shelf.schema], concurrency=6, window_pages=1,
            retries=0,
        )  # fmt: skip
    assert (done.summary.exit_code, done.wrong(shelf)) == (0, [])
    assert attempts(done, shelf) == {1: sum(shelf.pages.values())}
