"""Runs that end in the middle: the answers that were stored are never asked for again."""

from __future__ import annotations

import signal
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from docextract.testing import script
from docextract.testing.endpoint import FakeEndpoint, wait_until


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_was_ended_goes_on_without_asking_stored_answers_again(
    how: signal.Signals, shelf: Any, tmp_path: Path, start: Any, run: Any
) -> None:
    out = tmp_path / "out"
    options = {"inputs": [shelf.folder], "schema": [shelf.schema], "concurrency": 2, "window_pages": 1}
    with FakeEndpoint("zai", latency_s=0.1) as endpoint:
        arguments = ["run", str(shelf.folder), "--schema", str(shelf.schema), "--out", str(out)]
        process = start(endpoint, [*arguments, "--concurrency", "2", "--window-pages", "1"])
        try:
            wait_until(
                lambda: sum(call.ended > 0 for call in endpoint.requests) >= 7 or process.poll() is not None,
                within_s=60,
            )
        finally:
            process.send_signal(how)
            said, _ = process.communicate(timeout=60)
        assert process.returncode == (130 if how == signal.SIGINT else -signal.SIGKILL), said
        stored = _stored(out)
        before = len(endpoint.requests)
        assert before - 2 <= stored <= before < sum(shelf.pages.values())
        done = run(endpoint, out, **options)
    assert done.summary.exit_code == 0
    assert done.wrong(shelf) == []
    assert len(done.requests) == sum(shelf.pages.values()) - stored
    repeated = {call.digest for call in endpoint.requests[:before]} & {call.digest for call in done.requests}
    assert len(repeated) <= 2  # those in flight


def test_the_account_of_a_resumed_run_holds_what_was_paid_before(
    few: Any, tmp_path: Path, start: Any, run: Any
) -> None:
    stop = [True]
    spoil = script.when(lambda question: stop[0] and question.number == 3, "balance")
    arguments = ["run", str(few.folder), "--schema", str(few.schema), "--out", str(tmp_path / "out")]
    with FakeEndpoint("zai", script=spoil) as endpoint:
        process = start(endpoint, [*arguments, "--concurrency", "1", "--window-pages", "1"])
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 3, said
        stop[0] = False
        done = run(endpoint, tmp_path / "out", inputs=[few.folder], schema=[few.schema], concurrency=1, window_pages=1)
        answered = [call for call in endpoint.requests if call.status == 200]
    assert done.wrong(few) == []
    assert len(answered) == sum(few.pages.values())
    assert done.summary.usage.calls == len(answered)
    assert done.summary.usage.input_tokens == sum(call.input_tokens for call in answered)


def test_fresh_asks_everything_again(few: Any, tmp_path: Path, run: Any) -> None:
    options = {"inputs": [few.folder], "schema": [few.schema]}
    with FakeEndpoint("zai") as endpoint:
        first = run(endpoint, tmp_path / "out", **options)
        again = run(endpoint, tmp_path / "out", **options, fresh=True)
    assert len(again.requests) == len(first.requests) == len(few.ledgers)
    assert again.wrong(few) == []


def test_another_schema_asks_again_and_a_new_document_only_itself(
    few: Any, make_shelf: Any, tmp_path: Path, run: Any
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in few.ledgers:
        (folder / name).write_bytes((few.folder / name).read_bytes())
    with FakeEndpoint("zai") as endpoint:
        run(endpoint, tmp_path / "out", inputs=[folder], schema=[few.schema])
        other = make_shelf(5, 1)
        (folder / "new.pdf").write_bytes((other.folder / "l004.pdf").read_bytes())
        done = run(endpoint, tmp_path / "out", inputs=[folder], schema=[few.schema])
    assert len(done.requests) == 1
    assert done.data("new.pdf") == other.ledgers["l004.pdf"].data
    assert done.wrong(few) == []


def _stored(out: Path) -> int:
    """Answers in the journal."""
    connection = sqlite3.connect(f"file:{out / '.docextract' / 'journal.db'}?mode=ro", uri=True)
    try:
        return int(connection.execute("SELECT count(*) FROM reply").fetchone()[0])
    finally:
        connection.close()
