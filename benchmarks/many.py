"""A folder of many small documents through the fake endpoint: memory, what is lost, and how long a resume takes.

    python benchmarks/many.py [--documents 100,10000] [--concurrency 16] [--kind pdf|txt]

For each size: the run's own peak memory (VmHWM of its process, children apart), CPU seconds with children,
answers asked for against documents; then the same command again: wall and CPU seconds, calls. Prints the
growth of the peak from the first size to the last. `txt` files cost a third of the CPU of PDFs, whose pages
are drawn. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from docextract.testing.documents import write_pdf
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import LEDGER_SCHEMA, make_ledger


def documents(folder: Path, count: int, kind: str) -> Path:
    """Ledgers of one page with two rows, each of its own, a thousand a folder."""
    for number in range(count):
        place = folder / f"{number // 1000:03d}"
        place.mkdir(parents=True, exist_ok=True)
        ledger = make_ledger(number, 2)
        if kind == "pdf":
            write_pdf(place / f"l{number:06d}.pdf", ledger)
            continue
        rows = [f"{row.id} {row.date} {row.description} {row.amount:.2f}" for row in ledger.rows]
        (place / f"l{number:06d}.txt").write_text("\n".join([f"Ledger {ledger.number}", *rows, ""]), encoding="utf-8")
    return folder


def run(endpoint: FakeEndpoint, folder: Path, schema: Path, words: list[str]) -> dict[str, float]:
    """One run in a process of its own; its peak memory in MiB, wall and CPU seconds, and calls."""
    before = len(endpoint.requests)
    command = [sys.executable, "-m", "docextract", "run", str(folder), "--schema", str(schema), "--quiet"]
    command += ["--model", "zai/glm-5v-turbo", "--base-url", endpoint.base_url, *words]
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, "ZAI_API_KEY": endpoint.key})
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, high_water(process.pid))
        time.sleep(0.2)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "exit": process.returncode,
        "peak_mib": round(peak, 1),
        "wall_s": round(time.perf_counter() - begun, 2),
        "cpu_s": round(after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime, 2),
        "calls": len(endpoint.requests) - before,
    }


def high_water(pid: int) -> float:
    """MiB; 0 once the process has gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


def main(words: list[str]) -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "--documents", type=lambda text: [int(each) for each in text.split(",")], default=[100, 10_000]
    )
    options.add_argument("--concurrency", type=int, default=16)
    options.add_argument("--kind", choices=["pdf", "txt"], default="pdf")
    chosen = options.parse_args(words)
    peaks = []
    for count in chosen.documents:
        with tempfile.TemporaryDirectory() as base, FakeEndpoint("zai") as endpoint:
            folder, schema, out = Path(base) / "in", Path(base) / "ledger.json", Path(base) / "out"
            documents(folder, count, chosen.kind)
            schema.write_text(json.dumps(LEDGER_SCHEMA), encoding="utf-8")
            flags = ["--out", str(out), "--concurrency", str(chosen.concurrency)]
            first = run(endpoint, folder, schema, flags)
            account = json.loads((out / "run.json").read_text(encoding="utf-8"))
            again = run(endpoint, folder, schema, flags)
        print(f"{count} documents: {first}; {account['documents']}", flush=True)
        print(f"{count} documents again: {again}", flush=True)
        peaks.append(first["peak_mib"])
    if len(peaks) > 1:
        growth = peaks[-1] - peaks[0]
        print(f"growth of the peak from {chosen.documents[0]} to {chosen.documents[-1]} documents: {growth:.1f} MiB")


if __name__ == "__main__":
    main(sys.argv[1:])
