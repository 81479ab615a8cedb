"""A folder of documents against a faultless endpoint: everything right, nothing twice, as planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docextract.testing.endpoint import FakeEndpoint


@pytest.fixture(scope="module")
def endpoint() -> Any:
    with FakeEndpoint("zai", latency_s=0.05) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def options(shelf: Any) -> dict[str, Any]:
    return {"inputs": [shelf.folder], "schema": [shelf.schema], "concurrency": 3}


@pytest.fixture(scope="module")
def plan(endpoint: Any, options: Any, tmp_path_factory: Any, planned: Any) -> dict[str, Any]:
    made: dict[str, Any] = planned(endpoint, tmp_path_factory.mktemp("plan"), **options)
    assert not endpoint.requests  # a plan asks nothing
    return made


@pytest.fixture(scope="module")
def done(plan: Any, endpoint: Any, options: Any, tmp_path_factory: Any, run: Any) -> Any:
    return run(endpoint, tmp_path_factory.mktemp("folder") / "out", **options)


def test_every_row_is_right_and_in_order(done: Any, shelf: Any) -> None:
    assert done.summary.exit_code == 0
    assert done.wrong(shelf) == []
    assert done.summary.pages == {"extracted": sum(shelf.pages.values())}


def test_no_page_is_sent_twice(done: Any, shelf: Any) -> None:
    sent = Counter(image for call in done.requests for image in call.images)
    assert len(sent) == sum(shelf.pages.values())
    assert set(sent.values()) == {1}


def test_calls_and_input_tokens_are_as_planned(done: Any, plan: Any) -> None:
    assert len(done.requests) == plan["calls"]
    used = sum(call.input_tokens for call in done.requests)
    assert plan["tokens"]["low"] <= used <= plan["tokens"]["high"]


def test_calls_in_flight_stay_within_the_limit_and_reach_it(done: Any) -> None:
    assert done.peak == 3


def test_the_account_agrees_with_the_endpoint(done: Any, shelf: Any) -> None:
    usage = done.summary.usage
    assert usage.calls == len(done.requests)
    assert usage.input_tokens == sum(call.input_tokens for call in done.requests)
    assert usage.cached_tokens == sum(call.cached_tokens for call in done.requests)
    assert usage.output_tokens == sum(call.output_tokens for call in done.requests)
    metas = [done.meta(name) for name in shelf.ledgers]
    assert sum(meta["usage"]["input_tokens"] for meta in metas) == usage.input_tokens
    assert sum(len(meta["attempts"]) for meta in metas) == len(done.requests)
    assert usage.cost_usd == pytest.approx(sum(meta["usage"]["cost_usd"] for meta in metas))
    assert usage.cost_usd > 0


def test_the_shared_prefix_is_found_in_the_cache(done: Any) -> None:
    could = sum(call.could_cache for call in done.requests)
    assert could > 0
    assert sum(call.cached_tokens for call in done.requests) >= 0.98 * could
    assert all(call.could_cache > 0 for call in done.requests[1:])  # the first request goes alone
    first = done.requests[0]
    assert all(call.started >= first.ended for call in done.requests[1:])


def test_thinking_is_switched_off_on_a_first_ask(done: Any) -> None:
    assert {call.thinking for call in done.requests} == {"disabled"}


def test_a_second_run_asks_nothing_and_leaves_the_files_as_they_are(
    done: Any, endpoint: Any, options: Any, run: Callable[..., Any], shelf: Any
) -> None:
    before = {path: path.read_bytes() for path in sorted(done.out.glob("*.pdf*.json"))}
    again = run(endpoint, done.out, **options)
    assert again.requests == []
    assert again.summary.exit_code == 0
    assert again.summary.documents["complete"] == len(shelf.ledgers)
    assert {path: path.read_bytes() for path in sorted(done.out.glob("*.pdf*.json"))} == before


def test_another_format_asks_nothing(
    done: Any, endpoint: Any, options: Any, run: Callable[..., Any], shelf: Any
) -> None:
    import yaml

    again = run(endpoint, done.out, **{**options, "format": "yaml"})
    assert again.requests == []
    for name, ledger in shelf.ledgers.items():
        assert yaml.safe_load((Path(again.out) / f"{name}.yaml").read_text(encoding="utf-8")) == ledger.data
