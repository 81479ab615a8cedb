"""A folder through the fake endpoint: CPU a page, wall over ideal, memory; ours beside other tools, in one run.

    python benchmarks/end_to_end.py [--documents 120] [--pages 3] [--repeats 5] [--peers PYTHON] [--long 1000]

The endpoint answers after 200 ms, in a process of its own, and has read every image before anything is
measured. Everybody sends one page a call, 32 at a time. CPU is that of the client and its children; the
peak is of the client's own process. Ideal: calls / 32 rounds of 200 ms, and for ours one more round, in
which the first call warms the prefix alone. PYTHON is an interpreter with the peers; left out they are skipped.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from measure import Took, about, command, endpoint

from docextract.testing.documents import write_pdf
from docextract.testing.ledgers import LEDGER_SCHEMA, make_ledger, rows_per_page

LATENCY_S, AT_ONCE = 0.2, 32


def documents(folder: Path, count: int, pages: int) -> Path:
    """Ledgers of so many pages each."""
    import json

    inbox = folder / f"in-{count}-{pages}"
    inbox.mkdir()
    for number in range(count):
        write_pdf(inbox / f"l{number:05d}.pdf", make_ledger(number, pages * rows_per_page() - 3))
    (folder / "schema.json").write_text(json.dumps(LEDGER_SCHEMA))
    return inbox


def ours(inbox: Path, folder: Path, url: str, key: str, *more: str) -> Took:
    with tempfile.TemporaryDirectory(dir=folder) as out:
        words = ["run", str(inbox), "--schema", str(folder / "schema.json"), "--out", f"{out}/out", "--quiet"]
        words += ["--model", "openai/gpt-5-mini", "--base-url", url, "--window-pages", "1", "--no-report"]
        words += ["--concurrency", str(AT_ONCE), *more]
        took = command([sys.executable, "-m", "docextract", *words], env={"OPENAI_API_KEY": key})
    if took.code:
        raise SystemExit(f"docextract ended with {took.code}")
    return took


def theirs(way: str, python: str, inbox: Path, url: str, key: str) -> Took:
    script = str(Path(__file__).parent / "peers.py")
    return command([python, script, way, str(inbox), url, key])


def shown(name: str, found: list[Took], pages: int, ideal_s: float, base: float) -> None:
    cpu = statistics.median(one.cpu_s for one in found) / pages * 1000
    wall = statistics.median(one.wall_s for one in found)
    best = min(one.wall_s for one in found)
    peak = statistics.median(one.peak_mib for one in found)
    print(
        f"{name:12} {cpu:7.1f} ms CPU a page ({cpu / base:5.1f} x)   wall {wall:6.1f} s = {wall / ideal_s:5.2f} x ideal"
        f" (best {best / ideal_s:.2f})   peak {peak:6.0f} MiB   n={len(found)}"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=120)
    options.add_argument("--pages", type=int, default=3)
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--long", type=int, default=0, help="also one PDF of so many pages")
    options.add_argument("--peers")
    chosen = options.parse_args()
    total = chosen.documents * chosen.pages
    print(about("httpx", "pypdfium2"))
    with tempfile.TemporaryDirectory() as place, endpoint("openai", str(LATENCY_S)) as (url, key):
        folder = Path(place)
        inbox = documents(folder, chosen.documents, chosen.pages)
        ways: dict[str, Callable[[], Took]] = {"docextract": partial(ours, inbox, folder, url, key)}
        for way in ("gather", "instructor", "zerox") if chosen.peers else ():
            ways[way] = partial(theirs, way, chosen.peers, inbox, url, key)
        usable = {}
        for name, way in ways.items():  # the endpoint reads every image for the first time
            took = way()
            usable |= {name: way} if not took.code else {}
            if took.code:
                print(f"{name}: skipped, it ended with {took.code}")
        found: dict[str, list[Took]] = {name: [] for name in usable}
        for _ in range(chosen.repeats):
            for name, way in usable.items():
                found[name].append(way())
        ideal = math.ceil(total / AT_ONCE) * LATENCY_S
        base = statistics.median(one.cpu_s for one in found["docextract"]) / total * 1000
        print(f"{chosen.documents} documents of {chosen.pages} pages, {AT_ONCE} at a time, {LATENCY_S * 1000:.0f} ms")
        for name, took in found.items():
            shown(name, took, total, ideal + (LATENCY_S if name == "docextract" else 0), base)
        if not chosen.peers:
            print("gather, instructor, zerox: skipped, no --peers PYTHON given")
        if chosen.long:
            inbox = documents(folder, 1, chosen.long)
            runs = [ours(inbox, folder, url, key) for _ in range(chosen.repeats + 1)][1:]
            ideal = (math.ceil(chosen.long / AT_ONCE) + 1) * LATENCY_S
            print(f"one PDF of {chosen.long} pages")
            shown("docextract", runs, chosen.long, ideal, statistics.median(o.cpu_s for o in runs) / chosen.long * 1000)


if __name__ == "__main__":
    main()
