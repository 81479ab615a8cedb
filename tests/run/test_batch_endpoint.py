"""Runs by the provider's batch endpoint: submitted, polled, killed and resumed; nothing is paid twice."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from docextract.errors import ConfigError, DocextractError
from docextract.testing import script
from docextract.testing.batches import EXPIRED
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.launcher import Launcher


def options(shelf: Any, **more: Any) -> dict[str, Any]:
    return {"inputs": [shelf.folder], "schema": [shelf.schema], "window_pages": 1, "second_look": "off", **more}


@pytest.fixture(scope="module")
def few(make_shelf: Any) -> Any:
    """Return a shelf of a few small ledgers."""
    return make_shelf(4, 2)


def twice(endpoint: FakeEndpoint) -> list[str]:
    """What was answered, and paid, more than once."""
    counts = Counter(call.digest for call in endpoint.requests if call.finish is not None)
    return [digest for digest, count in counts.items() if count > 1]


def split_into(lines: int) -> dict[str, Any]:
    return {"openai/gpt-5-mini": {"batch": {"url": "/v1/chat/completions", "max_lines": lines, "share": 0.5}}}


@pytest.mark.parametrize("mode", ["openai", "zai"])
def test_what_is_submitted_is_polled_into_the_same_outputs(mode: Any, few: Any, tmp_path: Path, run: Any) -> None:
    with FakeEndpoint(mode, batch_looks=1) as endpoint:
        sent = run(endpoint, tmp_path / "out", **options(few, batch="submit"))
        paid = len(endpoint.requests)
        early = run(endpoint, tmp_path / "out", **options(few, batch="poll"))
        done = run(endpoint, tmp_path / "out", **options(few, batch="poll"))
        assert twice(endpoint) == []
        assert len(endpoint.requests) == paid == sum(few.pages.values())
        assert endpoint.peak_in_flight == 0  # no chat request was made
        live = run(endpoint, tmp_path / "live", **options(few))
    for waiting in (sent, early):
        assert waiting.summary.exit_code == 1
        assert waiting.summary.documents["pending"] == len(few.ledgers)
        assert waiting.summary.waiting == {"documents": len(few.ledgers), "batches": 1, "calls": paid}
    assert done.summary.exit_code == 0
    assert done.wrong(few) == []
    assert done.summary.waiting == {"documents": 0, "batches": 0, "calls": 0}
    for name in few.ledgers:
        ours, theirs = done.meta(name), live.meta(name)
        assert [ours[word] for word in ("evidence", "pages", "issues")] == [
            theirs[word] for word in ("evidence", "pages", "issues")
        ]
    if mode == "openai":  # half the list price, and the fake's batches find nothing in a cache
        price = sum(call.input_tokens * 0.25e-6 + call.output_tokens * 2e-6 for call in endpoint.requests[:paid])
        assert done.summary.usage.cost_usd == pytest.approx(price / 2)
    assert not list((tmp_path / "out" / ".docextract" / "batch").iterdir())


def test_files_are_split_by_lines_and_by_bytes_and_each_is_sent_once(shelf: Any, tmp_path: Path, run: Any) -> None:
    total = sum(shelf.pages.values())
    with FakeEndpoint("openai") as endpoint:
        sent = run(endpoint, tmp_path / "a", **options(shelf, batch="submit", models=split_into(4)))
        sizes = [event.fields["calls"] for event in sent.events if event.name == "batch_sent"]
        assert sum(sizes) == total
        assert max(sizes) == 4
        assert len(sizes) == -(-total // 4)
        assert run(endpoint, tmp_path / "a", **options(shelf, batch="poll", models=split_into(4))).wrong(shelf) == []
        most = 3 * max(event.fields["bytes"] for event in sent.events if event.name == "batch_sent") // 4
        facts = {"openai/gpt-5-mini": {"batch": {"url": "/v1/chat/completions", "max_bytes": most}}}
        sent = run(endpoint, tmp_path / "b", **options(shelf, batch="submit", models=facts))
        files = [event.fields for event in sent.events if event.name == "batch_sent"]
        assert len(files) > 1
        assert all(each["bytes"] <= most for each in files)
        assert sum(each["calls"] for each in files) == total


def test_a_live_run_leaves_alone_what_is_in_a_batch(few: Any, tmp_path: Path, run: Any) -> None:
    with FakeEndpoint("openai", batch_looks=1) as endpoint:
        run(endpoint, tmp_path / "out", **options(few, batch="submit"))
        paid = len(endpoint.requests)
        live = run(endpoint, tmp_path / "out", **options(few))
        assert len(endpoint.requests) == paid
        assert live.summary.waiting["documents"] == len(few.ledgers)
        again = run(endpoint, tmp_path / "out", **options(few, batch="submit"))
        assert len(endpoint.requests) == paid
        assert not [event for event in again.events if event.name == "batch_sent"]
        done = run(endpoint, tmp_path / "out", **options(few, batch="poll"))
        assert len(endpoint.requests) == paid
    assert done.wrong(few) == []


def test_bad_and_missing_answers_go_into_a_further_batch_and_end(few: Any, tmp_path: Path, run: Any) -> None:
    spoil = script.at({1: "wrong_schema", 2: EXPIRED, 3: "rate_limit", 4: "prose"})
    with FakeEndpoint("openai", script=spoil) as endpoint:
        run(endpoint, tmp_path / "out", **options(few, batch="submit"))
        second = run(endpoint, tmp_path / "out", **options(few, batch="poll"))
        assert [event.fields["calls"] for event in second.events if event.name == "batch_sent"] == [4]
        assert any("has expired without 1 of" in str(event.fields) for event in second.events)
        third = run(endpoint, tmp_path / "out", **options(few, batch="poll"))
        assert twice(endpoint) == []
    assert third.summary.exit_code == 0
    assert third.wrong(few) == []


def test_what_a_batch_never_answers_fails_after_three_of_them(few: Any, tmp_path: Path, run: Any) -> None:
    spoil = script.share(1.0, [EXPIRED])
    with FakeEndpoint("openai", script=spoil) as endpoint:
        run(endpoint, tmp_path / "out", **options(few, batch="submit"))
        for _ in range(3):
            last = run(endpoint, tmp_path / "out", **options(few, batch="poll"))
        assert endpoint.requests == []
    assert last.summary.documents["failed"] == len(few.ledgers)
    assert last.summary.usage.cost_usd == 0
    assert "the batch has expired" in last.meta(next(iter(few.ledgers)))["error"]["message"]


def test_a_refused_page_fails_alone_and_an_account_stops_the_run(few: Any, tmp_path: Path, run: Any) -> None:
    with FakeEndpoint("openai", script=script.at({1: "refused"})) as endpoint:
        run(endpoint, tmp_path / "a", **options(few, batch="submit"))
        done = run(endpoint, tmp_path / "a", **options(few, batch="poll"))
    assert done.summary.exit_code == 1
    assert done.summary.pages["failed"] == 1
    assert done.silent(few) == []
    with FakeEndpoint("openai", script=script.at({1: "balance"})) as endpoint:
        run(endpoint, tmp_path / "b", **options(few, batch="submit"))
        stopped = run(endpoint, tmp_path / "b", **options(few, batch="poll"))
        assert stopped.summary.exit_code == 3
        assert stopped.summary.error is not None
        assert stopped.summary.error.code == "quota_exhausted"
        run(endpoint, tmp_path / "b", **options(few, batch="submit"))
        done = run(endpoint, tmp_path / "b", **options(few, batch="poll"))
        assert twice(endpoint) == []
    assert done.wrong(few) == []


def test_a_refusal_of_the_json_mode_teaches_and_is_asked_again(few: Any, tmp_path: Path, run: Any) -> None:
    spoil = script.when(lambda question: question.rung == "json_schema", "bad_format")
    with FakeEndpoint("openai", script=spoil) as endpoint:
        for round_ in ("submit", "poll", "poll"):
            done = run(endpoint, tmp_path / "out", **options(few, batch=round_))
        assert {call.rung for call in endpoint.requests} == {"json_object"}
    assert done.wrong(few) == []


def test_polling_sends_nothing_new(few: Any, make_shelf: Any, tmp_path: Path, run: Any) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in few.ledgers:
        (folder / name).write_bytes((few.folder / name).read_bytes())
    with FakeEndpoint("openai") as endpoint:
        run(endpoint, tmp_path / "out", **options(few, inputs=[folder], batch="submit"))
        paid = len(endpoint.requests)
        (folder / "new.pdf").write_bytes((make_shelf(5, 1).folder / "l004.pdf").read_bytes())
        done = run(endpoint, tmp_path / "out", **options(few, inputs=[folder], batch="poll"))
        assert len(endpoint.requests) == paid
        assert done.wrong(few) == []
        assert done.summary.documents["pending"] == 1


def test_the_ceiling_counts_what_waits_in_batches(shelf: Any, tmp_path: Path, run: Any) -> None:
    with FakeEndpoint("openai") as endpoint:
        sent = run(endpoint, tmp_path / "out", **options(shelf, batch="submit", max_cost=0.02))
        assert sent.summary.exit_code == 3
        assert 0 < len(endpoint.requests) < sum(shelf.pages.values())
    ledger = sqlite3.connect(tmp_path / "out" / ".docextract" / "journal.db")
    spent, reserved, count = ledger.execute("SELECT spent, reserved, open FROM budget ORDER BY run").fetchone()
    worst = ledger.execute("SELECT SUM(cost) FROM call WHERE state=4").fetchone()[0]
    ledger.close()
    assert (spent, reserved, count) == (worst, 0, 0)


KILLED = [f"commit:{number}:kill" for number in (5, 8, 10, 12, 14, 18)] + [
    f"committed:{n}:kill" for n in (8, 10, 12, 16)
]


def test_a_process_killed_at_any_transaction_pays_nothing_twice(few: Any, tmp_path: Path, run: Any) -> None:
    died = 0
    with FakeEndpoint("openai") as endpoint, Launcher(one_cpu=True) as launcher:
        for number, fault in enumerate(KILLED):
            out = tmp_path / f"out{number}"
            endpoint.clear()
            words = ["run", str(few.folder), "--schema", str(few.schema), "--out", str(out), "--window-pages", "1"]
            words += ["--second-look", "off", "--model", "openai/gpt-5-mini", "--base-url", endpoint.base_url]
            extra = {"OPENAI_API_KEY": endpoint.key}
            for mode in ("submit", "poll"):
                ended = launcher.run([*words, "--batch", mode, "--no-report"], extra=extra, fault=fault)
                died += ended.code == -9
            for mode in ("submit", "poll"):
                done = run(endpoint, out, **options(few, batch=mode))
            assert twice(endpoint) == [], fault
            assert done.wrong(few) == [], fault
            assert done.summary.exit_code == 0
    assert died >= len(KILLED)


def test_options_that_make_no_sense_are_refused(few: Any, tmp_path: Path, run: Any) -> None:
    with FakeEndpoint("openai") as endpoint:
        for more in ({"workers": 2}, {"journal": ":memory:"}, {"fresh": True}, {"model": "local"}):
            with pytest.raises(ConfigError):
                run(endpoint, tmp_path / "out", **options(few, batch="poll", **more))
    with FakeEndpoint("anthropic") as endpoint, pytest.raises(ConfigError, match="no batch endpoint"):
        run(endpoint, tmp_path / "out2", **options(few, batch="submit"))


def test_an_endpoint_without_batches_says_so(few: Any, tmp_path: Path, run: Any) -> None:
    facts = {"openai/gpt-5-mini": {"batch": {"url": "/v1/chat/completions"}}}
    with FakeEndpoint("openai") as endpoint:
        base = endpoint.base_url.replace("/v1", "/v2")
        sent = run(endpoint, tmp_path / "out", **options(few, batch="submit", models=facts, base_url=base))
    assert sent.summary.error is not None
    assert isinstance(sent.summary.error.message, str)
    assert "no batch endpoint" in sent.summary.error.message
    assert sent.summary.exit_code == DocextractError.exit_code + 1


def test_the_lines_of_a_file_are_what_the_providers_document(few: Any, tmp_path: Path, run: Any) -> None:
    with FakeEndpoint("zai") as endpoint:
        run(endpoint, tmp_path / "out", **options(few, batch="submit"))
        batches = endpoint._extras._batches
        line = json.loads((batches.content("file-1") or b"").splitlines()[0])
    assert set(line) == {"custom_id", "method", "url", "body"}
    assert (line["method"], line["url"]) == ("POST", "/v4/chat/completions")
    assert 6 <= len(line["custom_id"]) <= 64
    assert "stream" not in line["body"]
    assert line["body"]["thinking"] == {"type": "disabled"}
