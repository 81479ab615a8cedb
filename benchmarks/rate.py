"""Three whole processes of one run on PostgreSQL under one rate: the most requests that the endpoint saw in a second.

    python benchmarks/rate.py [--rpm 6000] [--documents 900] [--repeats 5]

`docextract run` and two `docextract worker` share `--rpm` through the ledger of a server of their own (fsync off);
the documents are text files of some rows each, the endpoint answers after 50 ms. The worst second is any second,
wherever it begins, by the moments at which requests reached the endpoint.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path

from measure import about

from docextract.testing.endpoint import FakeEndpoint, wait_until
from docextract.testing.ledgers import LEDGER_SCHEMA, make_ledger
from docextract.testing.postgres import PostgresServer, programs

_AT_ONCE = "48"


def documents(folder: Path, count: int) -> None:
    """Text files below `in`, and their schema."""
    (folder / "in").mkdir()
    for number in range(count):
        rows = [f"{row.id} {row.date} {row.description} {row.amount:.2f}" for row in make_ledger(number, 2).rows]
        (folder / "in" / f"l{number:05d}.txt").write_text("\n".join([f"Ledger {number}", *rows]))
    (folder / "schema.json").write_text(json.dumps(LEDGER_SCHEMA))


def worst_second(moments: Sequence[float]) -> int:
    """The most of them within one second, wherever it begins."""
    ordered = sorted(moments)
    return max(bisect_left(ordered, moment + 1.0) - place for place, moment in enumerate(ordered))


def one_run(rpm: int, count: int) -> str:
    """What one run of three processes came to."""
    found = programs()
    if found is None:
        raise SystemExit("PostgreSQL's programs are not installed: apt install postgresql")
    with (
        tempfile.TemporaryDirectory() as place,
        PostgresServer(found) as server,
        FakeEndpoint("zai", latency_s=0.05) as endpoint,
    ):
        folder, url = Path(place), server.url()
        documents(folder, count)
        same = ["--journal", url, "--schema", "schema.json", "--out", "out", "--quiet"]
        more = ["--model", "zai/glm-5v-turbo", "--base-url", endpoint.base_url, "--rpm", str(rpm), "--no-report"]

        def start(*words: str) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", "docextract", *words]
            return subprocess.Popen(command, cwd=folder, env={**os.environ, "ZAI_API_KEY": endpoint.key})

        run = start("run", "in", *same, *more, "--concurrency", _AT_ONCE)
        wait_until(lambda: bool(endpoint.requests) or run.poll() is not None, within_s=60)
        workers = [start("worker", *same) for _ in range(2)]
        codes = [run.wait(), *(worker.wait() for worker in workers)]
        moments = [call.started for call in endpoint.requests]
        asked = len({call.digest for call in endpoint.requests})
    took = max(moments) - min(moments)
    return f"{len(moments)} requests, {asked} different, in {took:.1f} s: worst second {worst_second(moments)}; {codes}"


def main() -> None:
    """Print a line a run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rpm", type=int, default=6000)
    parser.add_argument("--documents", type=int, default=900)
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    print(about())
    for _ in range(given.repeats):
        print(one_run(given.rpm, given.documents), flush=True)


if __name__ == "__main__":
    main()
