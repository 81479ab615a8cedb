"""What the journal in a file costs a whole run: the same run with `--journal :memory:` beside it, in pairs.

    python benchmarks/journal_or_memory.py [--pairs 7] [--documents 60] [--latency 0.2] [--concurrency 16]

Both of a pair run one after the other in this process, in turn the one first and the other; printed are the
medians over the pairs of the ratios file / memory, of wall time and of this process's CPU time.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import anyio

from docextract.config.load import load_job
from docextract.run.batch import run_job
from docextract.session.events import ignore
from docextract.testing.documents import write_pdf
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import LEDGER_SCHEMA, make_ledger


def serve(latency_s: float) -> None:
    """The endpoint in a process of its own, until standard input ends."""
    with FakeEndpoint("zai", latency_s=latency_s) as endpoint:
        print(endpoint.base_url, endpoint.key, flush=True)
        sys.stdin.read()


def timed(base: Path, url: str, journal: str | None, concurrency: int) -> tuple[float, float]:
    """Wall and CPU seconds of one run into a new folder."""
    with tempfile.TemporaryDirectory(dir=base) as out:
        words = {
            "inputs": [str(base / "in")], "schema": [str(base / "ledger.json")], "out": out, "journal": journal,
            "model": "zai/glm-5v-turbo", "base_url": url, "concurrency": concurrency, "no_report": True,
        }  # fmt: skip
        wall, cpu = time.perf_counter(), time.process_time()
        summary = anyio.run(run_job, load_job(words, environ={}), ignore)
        took = time.perf_counter() - wall, time.process_time() - cpu
    if summary.exit_code != 0:
        raise RuntimeError(f"the run ended with {summary.exit_code}: {summary.error}")
    return took


def main(words: list[str]) -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pairs", type=int, default=7)
    options.add_argument("--documents", type=int, default=60)
    options.add_argument("--latency", type=float, default=0.2)
    options.add_argument("--concurrency", type=int, default=16)
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args(words)
    if chosen.serve:
        serve(chosen.latency)
        return
    command = [sys.executable, __file__, "--serve", "--latency", str(chosen.latency)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    url, os.environ["ZAI_API_KEY"] = server.stdout.readline().split() if server.stdout else ("", "")
    ratios: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        (base / "in").mkdir()
        for number in range(chosen.documents):
            write_pdf(base / "in" / f"l{number:04d}.pdf", make_ledger(number, 4), per_page=2)
        (base / "ledger.json").write_text(json.dumps(LEDGER_SCHEMA), encoding="utf-8")
        timed(base, url, ":memory:", chosen.concurrency)  # imports and caches
        for number in range(chosen.pairs):
            order: list[str | None] = [None, ":memory:"]
            took = {
                where: timed(base, url, where, chosen.concurrency) for where in (order if number % 2 else order[::-1])
            }
            file, memory = took[None], took[":memory:"]
            ratios.append((file[0] / memory[0], file[1] / memory[1]))
            print(f"wall {file[0]:.2f} / {memory[0]:.2f} s, CPU {file[1]:.2f} / {memory[1]:.2f} s", flush=True)
    server.communicate()
    wall, cpu = (statistics.median(each) for each in zip(*ratios, strict=True))
    print(f"file / memory, median of {chosen.pairs} pairs: wall {wall:.3f}, CPU of the parent {cpu:.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
