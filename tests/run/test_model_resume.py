"""Runs that end in the middle: the answers that were stored are never asked for again."""

from __future__ import annotations

import signal
import sqlite3
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest

from docextract.journal.sqlite import SqliteJournal
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


def test_what_a_worker_of_a_dead_run_still_has_in_hand_is_waited_for(shelf: Any, tmp_path: Path, start: Any) -> None:
    out = tmp_path / "out"
    arguments = ["run", str(shelf.folder), "--schema", str(shelf.schema), "--out", str(out), "--concurrency", "1"]

    async def main(endpoint: FakeEndpoint) -> tuple[int, str]:
        first = start(endpoint, arguments)
        await anyio.to_thread.run_sync(lambda: wait_until(lambda: len(endpoint.requests) > 1, within_s=60))
        orphan = SqliteJournal(out / ".docextract/journal.db")
        await orphan.start(join="any")
        try:
            claim = await orphan.claim()
            assert claim is not None
            first.kill()
            first.communicate(timeout=60)
            again = start(endpoint, arguments)
            said = [""]

            def listen() -> None:
                assert again.stdout is not None
                with again.stdout as lines:
                    for line in lines:
                        said[0] += line

            async with anyio.create_task_group() as group:
                group.start_soon(anyio.to_thread.run_sync, listen)
                with anyio.fail_after(120):
                    while "still works on 1 documents" not in said[0]:
                        assert again.poll() is None, said[0]
                        await anyio.sleep(0.05)
                await anyio.sleep(2)
                assert again.poll() is None, "it waits"
                await orphan.release(claim)
            return again.wait(timeout=60), said[0]
        finally:
            await orphan.aclose()

    with FakeEndpoint("zai", latency_s=0.05) as endpoint:
        code, said = anyio.run(main, endpoint)
    assert code == 0, said
    assert f"documents  {len(shelf.ledgers)}: {len(shelf.ledgers)} complete" in said


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
