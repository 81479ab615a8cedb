"""Actors on a local Ray cluster against one plain process, on work that waits: throughput, bytes, kills.

    python benchmarks/ray_runs.py [--documents 1000] [--latency 3] [--concurrency 16] [--kill]

Four of five documents are text, which goes as text; the others are PDFs. The endpoint is the fake one and
answers after `--latency` seconds, so a run is as quick as its calls in
flight allow: documents / concurrency * latency. Throughput is counted from the first request to the last
answer, since Ray takes seconds to start; the whole wall time is printed too. With `--kill` the second run
has an actor killed at a third of the work and its head at two thirds, and is begun again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from docextract.testing.documents import write_pdf
from docextract.testing.endpoint import FakeEndpoint, wait_until
from docextract.testing.ledgers import LEDGER_SCHEMA, Ledger, make_ledger

PROMISED = ("state", "pages", "evidence", "conflicts", "issues")


def outputs(out: Path) -> dict[str, str]:
    """Digests of the data files, and of the promised parts of the sidecars."""
    found = {}
    for file in sorted(out.rglob("l[0-9]*")):
        data = file.read_bytes()
        if file.name.endswith(".meta.json"):
            meta = json.loads(data)
            data = json.dumps({name: meta[name] for name in PROMISED}, sort_keys=True).encode()
        found[file.relative_to(out).as_posix()] = hashlib.sha256(data).hexdigest()
    return found


def write_text(file: Path, ledger: Ledger) -> None:
    """A ledger as plain text, which costs no rendering: work that waits."""
    rows = [f"{row.id} {row.date} {row.description} {row.amount:.2f}" for row in ledger.rows]
    file.write_text("\n".join([f"Ledger {ledger.number}", *rows]), encoding="utf-8")


def start(work: Path, endpoint: FakeEndpoint, out: str, *more: str) -> subprocess.Popen[bytes]:
    """`docextract run` in a process of its own."""
    words = ["run", "in", "--schema", "ledger.json", "--out", out, "--model", "zai/glm-5v-turbo", "--no-report"]
    environment = {**os.environ, "ZAI_API_KEY": endpoint.key, "RAY_gcs_rpc_server_reconnect_timeout_s": "5"}
    command = [sys.executable, "-m", "docextract", *words, "--base-url", endpoint.base_url, "--quiet", *more]
    return subprocess.Popen(command, cwd=work, env=environment)


def below(pid: int) -> dict[int, str]:
    """Processes that descend from one, with their command lines."""
    found: dict[int, str] = {}
    waiting = [pid]
    while waiting:
        above = waiting.pop()
        for task in Path(f"/proc/{above}/task").glob("*/children"):
            for child in map(int, task.read_text(encoding="ascii").split()):
                found[child] = Path(f"/proc/{child}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
                waiting.append(child)
    return found


def kill(pid: int, *names: str) -> int:
    """Kill the first process whose program is one of these, and all others with `names` of the head."""
    count = 0
    for child, command in below(pid).items():
        if any(name in command.split(" ")[0] for name in names):
            os.kill(child, signal.SIGKILL)
            count += 1
            if names[0].startswith("ray::"):
                break
    return count


def measured(endpoint: FakeEndpoint, begun: float) -> dict[str, Any]:
    """What the endpoint saw of a run."""
    calls = endpoint.requests
    busy = max(call.ended for call in calls) - min(call.started for call in calls)
    asked = Counter(call.digest for call in calls)
    return {
        "wall_s": round(time.monotonic() - begun, 1),
        "busy_s": round(busy, 1),
        "documents_a_second": round(len(asked) / busy, 2),
        "calls": len(calls),
        "asked": len(asked),
        "repeated": sum(asked.values()) - len(asked),
        "peak": endpoint.peak_in_flight,
    }


def killed_run(work: Path, endpoint: FakeEndpoint, count: int, ray: list[str]) -> dict[str, Any]:
    """An actor killed at a third, the head at two thirds, and the same command again."""
    process = start(work, endpoint, "killed", *ray)
    wait_until(lambda: len(endpoint.requests) > count // 3, within_s=3600)
    actors = kill(process.pid, "ray::Actor")
    wait_until(lambda: len(endpoint.requests) > 2 * count // 3, within_s=3600)
    head = kill(process.pid, "gcs_server", "raylet")
    first = process.wait()
    second = start(work, endpoint, "killed", *ray).wait()
    return {"killed_actors": actors, "killed_head": head, "exit_codes": [first, second]}


def main() -> int:
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--latency", type=float, default=3.0)
    parser.add_argument("--concurrency", type=int, default=16)
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="docextract-ray-"))
    (work / "in").mkdir()
    for number in range(options.documents):
        ledger = make_ledger(number, 8)
        if number % 5:
            write_text(work / "in" / f"l{number:04d}.txt", ledger)
        else:
            write_pdf(work / "in" / f"l{number:04d}.pdf", ledger)
    (work / "ledger.json").write_text(json.dumps(LEDGER_SCHEMA), encoding="utf-8")
    limit = ["--concurrency", str(options.concurrency)]
    ray = [*limit, "--ray", "auto", "--workers", "2"]
    for turn in range(options.rounds):
        for name, more in (("plain", limit), ("ray", ray)):
            shutil.rmtree(work / name, ignore_errors=True)
            with FakeEndpoint("zai", latency_s=options.latency) as endpoint:
                begun = time.monotonic()
                code = start(work, endpoint, name, *more).wait()
                print(json.dumps({"run": name, "turn": turn, "exit": code, **measured(endpoint, begun)}), flush=True)
    same = outputs(work / "plain") == outputs(work / "ray")
    print(json.dumps({"files": len(outputs(work / "plain")), "ray equals plain": same}), flush=True)
    if options.kill:
        with FakeEndpoint("zai", latency_s=options.latency) as endpoint:
            begun = time.monotonic()
            told = killed_run(work, endpoint, options.documents, ray)
            print(json.dumps({"run": "killed", **told, **measured(endpoint, begun)}), flush=True)
        print(json.dumps({"killed equals plain": outputs(work / "killed") == outputs(work / "plain")}), flush=True)
    shutil.rmtree(work)
    return 0


if __name__ == "__main__":
    sys.exit(main())
