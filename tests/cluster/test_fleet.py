"""Three worker processes on one PostgreSQL ledger: one rate, one pause, one purse."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import pytest

from docextract.errors import ConfigError
from docextract.testing.documents import write_pdf
from docextract.testing.endpoint import FakeEndpoint, wait_until
from docextract.testing.ledgers import LEDGER_SCHEMA, make_ledger
from docextract.testing.script import at

SENDER = """
import sys, time, anyio
from docextract.journal.open import open_journal
from docextract.journal.rows import Limits

url, run, rate, count, tasks = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])

async def main():
    journal = open_journal(url)
    await journal.start(job="j", join=run)
    limits = Limits(start=64, ceiling=64, rpm=60 * rate)
    print("ready", flush=True)
    await anyio.to_thread.run_sync(sys.stdin.readline)
    sent, late = [], [0.0]

    async def send():
        while len(sent) < count:
            asked = time.monotonic()
            leave = await journal.enter("m", limits)
            if leave.slot is None:
                await anyio.sleep(0.05)
                continue
            await anyio.sleep(leave.wait_s)
            sent.append(time.monotonic())
            late.append(sent[-1] - asked - leave.wait_s)
            await journal.leave(leave.slot)

    async with anyio.create_task_group() as group:
        for _ in range(tasks):
            group.start_soon(send)
    print(max(late), *sent, flush=True)
    await journal.aclose()

anyio.run(main)
"""


def worst_second(moments: Sequence[float]) -> int:
    """The most of them within one second, wherever it begins."""
    ordered = sorted(moments)
    return max(bisect_left(ordered, moment + 1.0) - place for place, moment in enumerate(ordered))


def test_the_worst_second_is_found() -> None:
    assert worst_second([0.0, 0.5, 0.99, 1.0, 1.2, 1.49, 5.0]) == 5
    assert worst_second([3.0]) == 1


def test_three_processes_keep_one_rate(server: Any, root: Path) -> None:
    from docextract.journal.open import open_journal

    url = server.url()
    words = [sys.executable, "-c", SENDER, url, "any", "100", "100", "16"]

    async def main() -> tuple[list[float], float]:
        journal = open_journal(url)
        await journal.start(job="j")
        senders = [
            subprocess.Popen(words, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: ASYNC220
            for _ in range(3)
        ]
        sent: list[float] = []
        late = 0.0
        for sender in senders:
            assert sender.stdout is not None
            assert sender.stdout.readline() == "ready\n"
        for sender in senders:
            assert sender.stdin is not None
            sender.stdin.write("go\n")
            sender.stdin.flush()
        for sender in senders:
            slowest, *moments = [float(word) for word in sender.communicate(timeout=120)[0].split()]
            sent, late = sent + moments, max(late, slowest)
            assert sender.returncode == 0
        await journal.aclose()
        return sent, late

    sent, late = anyio.run(main)
    assert len(sent) >= 300
    # A process that the machine holds up sends late what was due before: 105 where none is.
    assert worst_second(sent) <= 105 + 100 * late
    assert max(sent) - min(sent) >= (len(sent) - 5) / 100 - late


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with 60 ledgers of one page in `in`, and their schema."""
    base = tmp_path_factory.mktemp("fleet")
    (base / "in").mkdir()
    for number in range(60):
        write_pdf(base / "in" / f"l{number:03d}.pdf", make_ledger(number, 8))
    (base / "ledger.json").write_text(json.dumps(LEDGER_SCHEMA), encoding="utf-8")
    return base


@pytest.fixture
def start(folder: Path) -> Callable[..., subprocess.Popen[str]]:
    """Return a function that starts `docextract` with the endpoint's key."""

    def go(endpoint: FakeEndpoint, *words: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DOCEXTRACT_")}
        return subprocess.Popen(
            [sys.executable, "-m", "docextract", *words],
            env={**kept, "ZAI_API_KEY": endpoint.key}, cwd=folder,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    return go


@dataclass(frozen=True)
class Fleet:
    """A run of one worker, and two more workers that joined it by its ledger."""

    run: subprocess.Popen[str]
    workers: list[subprocess.Popen[str]]

    def end(self) -> str:
        """What the run said, once all have ended."""
        said, _ = self.run.communicate(timeout=240)
        heard = [worker.communicate(timeout=60)[0] for worker in self.workers]
        assert "Traceback" not in said + "".join(heard)
        return said


def fleet(start: Any, endpoint: FakeEndpoint, url: str, out: Path, *more: str) -> Fleet:
    """Three processes at work, or as many as were needed."""
    same = ["--journal", url, "--schema", "ledger.json", "--out", str(out)]
    model = ["--model", "zai/glm-5v-turbo", "--base-url", endpoint.base_url]
    before = len(endpoint.requests)
    run = start(endpoint, "run", "in", *same, *model, *more)
    assert wait_until(lambda: len(endpoint.requests) > before, within_s=120)
    return Fleet(run, [start(endpoint, "worker", *same, "--quiet") for _ in range(2)])


def test_a_429_seen_by_one_stops_all_and_the_rate_holds(server: Any, folder: Path, start: Any) -> None:
    with FakeEndpoint("zai", latency_s=0.05, script=at({30: "rate_limit"}), retry_after="3") as endpoint:
        done = fleet(start, endpoint, server.url(), folder / "paused", "--rpm", "300", "--concurrency", "3")
        said = done.end()
        requests = endpoint.requests
    assert done.run.returncode == 0, said
    # Five a second, and those that a busy machine held up; a worker that kept a rate of its own would double it.
    assert worst_second([call.started for call in requests]) <= 5 + 2
    refused = next(call for call in requests if call.status == 429)
    # What held a slot when the word came is sent, then nothing for three seconds: 15 would be, else.
    during = [call for call in requests if 0 < call.started - refused.ended < 2.9]
    assert len(during) <= 3
    assert sum(call.status == 200 for call in requests) == 60


def test_three_workers_spend_no_cent_too_much_and_the_rest_resumes(server: Any, folder: Path, start: Any) -> None:
    url, out = server.url(), folder / "dear"
    with FakeEndpoint("zai", latency_s=0.8) as endpoint:
        stopped = fleet(start, endpoint, url, out, "--max-cost", "0.3", "--concurrency", "6")
        said = stopped.end()
        assert stopped.run.returncode == 3, said
        first = json.loads((out / "run.json").read_text())
        paid = len(endpoint.requests)
        rest = fleet(start, endpoint, url, out)
        said = rest.end()
        asked = Counter(call.digest for call in endpoint.requests)
    assert rest.run.returncode == 0, said
    assert first["cost_usd"] <= 0.3
    assert first["in_doubt"]["calls"] == 0
    assert 10 < paid < 60
    assert first["documents"]["complete"] == paid
    assert len(asked) == 60
    assert set(asked.values()) == {1}


def test_what_ended_a_run_elsewhere_ends_its_first_process_by_the_same_name(
    server: Any, folder: Path, start: Any
) -> None:
    from docextract.errors import AccountError
    from docextract.journal.open import open_journal
    from docextract.run.halt import halt_text

    url, out = server.url(), folder / "elsewhere"

    async def halt() -> None:
        journal = open_journal(url)
        await journal.start(join="any")
        await journal.halt(halt_text(AccountError("no money left", code="quota_exhausted")))
        await journal.aclose()

    with FakeEndpoint("zai", latency_s=0.3) as endpoint:
        same = ["--journal", url, "--schema", "ledger.json", "--out", str(out), "--no-report"]
        model = ["--model", "zai/glm-5v-turbo", "--base-url", endpoint.base_url]
        run = start(endpoint, "run", "in", *same, *model, "--concurrency", "2")
        wait_until(lambda: len(endpoint.requests) > 3 or run.poll() is not None, within_s=60)
        anyio.run(halt)
        said, _ = run.communicate(timeout=120)
    assert run.returncode == 3, said
    assert "no money left" in said
    written = json.loads((out / "run.json").read_text())
    assert written["error"]["code"] == "quota_exhausted"
    assert 0 < written["documents"]["complete"] < 60


def test_a_run_whose_first_process_died_is_taken_up_beside_its_workers(server: Any, folder: Path, start: Any) -> None:
    url, out = server.url(), folder / "killed"
    with FakeEndpoint("zai", latency_s=1.0) as endpoint:
        begun = fleet(start, endpoint, url, out, "--concurrency", "4")
        begun.run.kill()
        begun.run.communicate(timeout=60)
        more = ["--journal", url, "--schema", "ledger.json", "--out", str(out), "--concurrency", "4"]
        model = ["--model", "zai/glm-5v-turbo", "--base-url", endpoint.base_url]
        again = start(endpoint, "run", "in", *more, *model)
        said, _ = again.communicate(timeout=240)
        for worker in begun.workers:
            worker.communicate(timeout=60)
        asked = Counter(call.digest for call in endpoint.requests)
    assert again.returncode == 0, said
    assert json.loads((out / "run.json").read_text())["documents"]["complete"] == 60
    assert len(asked) == 60
    assert sum(count - 1 for count in asked.values()) <= 4  # what was in flight


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_only_a_run_without_its_first_process_is_taken_up(kind: str, server: Any, tmp_path: Path) -> None:
    from docextract.journal.open import open_journal

    url = server.url() if kind == "postgres" else f"sqlite:///{tmp_path}/j.db"

    async def main() -> None:
        head, worker, other, next_head = (open_journal(url) for _ in range(4))
        run = await head.start(job="j")
        assert await worker.start(job="j", join="any") == run
        with pytest.raises(ConfigError, match="in use"):
            await next_head.start(job="j")
        await head.aclose()
        with pytest.raises(ConfigError, match="in use"):
            await other.start(job="another")
        assert await next_head.start(job="j") == run
        with pytest.raises(ConfigError, match="in use"):
            await other.start(job="j")
        await worker.aclose()
        await next_head.aclose()
        assert await other.start(job="j") != run
        await other.aclose()

    anyio.run(main)
