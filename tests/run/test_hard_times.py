"""Files that change or vanish, a second run, a folder that cannot be written, a full disk, a clock, a ceiling."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docextract.errors import OutputError
from docextract.model.profiles import resolve
from docextract.testing import script
from docextract.testing.documents import write_pdf
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import make_ledger


def copied(shelf: Any, to: Path) -> Path:
    shutil.copytree(shelf.folder, to)
    return to


def when_first_asked(act: Any) -> script.Script:
    """Do something once, when the endpoint gets its first request."""
    acted: list[bool] = []

    def rule(_: Any) -> None:
        if not acted:
            acted.append(True)
            act()

    return script.Script((rule,))


def test_files_that_change_or_vanish_while_a_run_works_are_named_and_done_by_the_next(
    shelf: Any, make_shelf: Any, tmp_path: Path, run: Any
) -> None:
    folder = copied(shelf, tmp_path / "in")
    other = make_shelf(5, 1)
    options = {"inputs": [folder], "schema": [shelf.schema], "concurrency": 1}

    def meddle() -> None:
        for file in folder.glob("*.pdf"):  # also those that were opened ahead
            file.write_bytes((other.folder / "l004.pdf").read_bytes())
        (folder / "l011.pdf").unlink()

    with FakeEndpoint("zai", script=when_first_asked(meddle)) as endpoint:
        first = run(endpoint, tmp_path / "out", **options)
        states = {name: first.meta(name)["state"] for name in shelf.ledgers}
        errors = {name: first.meta(name)["error"] for name in shelf.ledgers if states[name] == "failed"}
        assert states["l011.pdf"] == "failed"
        assert first.summary.exit_code == 1
        assert {error["code"] for error in errors.values()} <= {"unreadable", "corrupt"}
        assert any("changed while it was worked on" in error["message"] for error in errors.values())
        for name, state in states.items():  # whatever was taken as complete is the file as it now is
            assert state == "failed" or first.data(name) == other.ledgers["l004.pdf"].data
        second = run(endpoint, tmp_path / "out", **options)
    assert second.summary.exit_code == 0
    left = [name for name in shelf.ledgers if name != "l011.pdf"]
    assert all(second.data(name) == other.ledgers["l004.pdf"].data for name in left)


def test_a_second_run_on_a_folder_is_told_who_holds_it_and_buys_nothing(shelf: Any, tmp_path: Path, start: Any) -> None:
    arguments = ["run", str(shelf.folder), "--schema", str(shelf.schema), "--out", str(tmp_path / "out")]
    arguments += ["--window-pages", "1", "--concurrency", "2"]
    is_asked, may_answer = threading.Event(), threading.Event()

    def hold() -> None:
        is_asked.set()
        may_answer.wait(250)

    with FakeEndpoint("zai", script=when_first_asked(hold)) as endpoint:
        first = start(endpoint, arguments)
        assert is_asked.wait(100)
        for more in ([], ["--fresh"], ["--recover"]):
            second = start(endpoint, [*arguments, *more])
            said, _ = second.communicate(timeout=100)
            assert (second.returncode, f"in use by process {first.pid}" in said) == (2, True), said
        may_answer.set()
        said, _ = first.communicate(timeout=200)
        digests = Counter(call.digest for call in endpoint.requests)
    assert first.returncode == 0, said
    assert (len(digests), max(digests.values())) == (sum(shelf.pages.values()), 1)


def test_an_output_folder_that_may_not_be_written_is_told_before_the_first_call(
    few: Any, tmp_path: Path, run: Any
) -> None:
    out = tmp_path / "out"
    out.write_bytes(b"a file stands where the folder should be")
    with FakeEndpoint("zai") as endpoint:
        with pytest.raises(OutputError, match="cannot be written") as refused:
            run(endpoint, out, inputs=[few.folder], schema=[few.schema])
        assert endpoint.requests == []
    assert refused.value.exit_code == 4


def test_a_clock_that_jumps_by_a_day_changes_nothing(
    few: Any, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, jumps = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() + jumps[0])

    def jump(question: Any) -> None:
        jumps[0] = 86_400.0 * (-1) ** question.number

    with FakeEndpoint("zai", script=script.Script((jump,))) as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[few.folder], schema=[few.schema], window_pages=1)
        again = run(endpoint, tmp_path / "out", inputs=[few.folder], schema=[few.schema], window_pages=1)
    assert (done.summary.exit_code, done.wrong(few), again.requests) == (0, [], [])


@pytest.mark.timeout(600)
def test_a_ceiling_over_five_hundred_documents_and_two_workers_is_never_passed(
    few: Any, tmp_path: Path, run: Any
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(500):
        write_pdf(folder / f"l{number:03d}.pdf", make_ledger(number, 2))
    price = resolve("zai/glm-5v-turbo").price
    assert price is not None
    options = {"inputs": [folder], "schema": [few.schema], "workers": 2, "concurrency": 8, "max_cost": 0.05}
    options |= {"page_input": "text", "ocr": "off"}  # nothing is drawn: the calls are what this is about
    with FakeEndpoint("zai", latency_s=0.02) as endpoint:
        for _ in range(2):  # the second one goes on where the first one stopped, with as much again
            stopped = run(endpoint, tmp_path / "out", **options, no_report=True)
            spent = sum(
                call.cached_tokens * price.cached
                + (call.input_tokens - call.cached_tokens) * price.input
                + call.output_tokens * price.output
                for call in stopped.requests
            )
            assert (stopped.summary.exit_code, stopped.summary.error.code) == (3, "cost_ceiling")
            assert 0.03 < spent / 1e6 <= 0.05  # a call more would be reserved with 0.013
        digests = Counter(call.digest for call in endpoint.requests)
        assert stopped.summary.documents["complete"] == len(digests)
        assert sum(stopped.summary.documents.values()) == 500
        rest = run(endpoint, tmp_path / "out", **{**options, "max_cost": None}, no_report=True)
        digests = Counter(call.digest for call in endpoint.requests)
    assert (rest.summary.exit_code, rest.summary.documents) == (0, {"complete": 500})
    assert (len(digests), max(digests.values())) == (500, 1)  # no question was asked twice


def ended(go: Callable[[], Any]) -> tuple[str, int]:
    """Error code and exit code, whether or not there was room for the account of the run."""
    try:
        summary = go().summary
    except OutputError as error:
        return error.code, error.exit_code
    return summary.error.code if summary.error is not None else "", summary.exit_code


def test_a_disk_that_fills_up_ends_the_run_and_keeps_what_was_paid_for(few: Any, tmp_path: Path, run: Any) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount, umount = shutil.which("mount") or "mount", shutil.which("umount") or "umount"
    words = [mount, "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(words, check=False, capture_output=True).returncode != 0:
        pytest.skip("a small file system cannot be mounted here (needs root)")
    try:
        filler = disk / "filler"

        def fill() -> None:
            with filler.open("wb", buffering=0) as file:
                try:
                    while True:
                        file.write(bytes(4096))
                except OSError:
                    return

        options = {"inputs": [few.folder], "schema": [few.schema], "window_pages": 1, "no_report": True}
        with FakeEndpoint("zai", script=when_first_asked(fill)) as endpoint:
            assert ended(lambda: run(endpoint, disk / "out", **options)) == ("disk_full", 4)
            filler.unlink()
            done = run(endpoint, disk / "out", **options)
            digests = Counter(call.digest for call in endpoint.requests)
        assert (done.summary.exit_code, done.wrong(few)) == (0, [])
        assert max(digests.values()) == 1, "what was paid for was kept on the full disk"
    finally:
        subprocess.run([umount, str(disk)], check=True)
