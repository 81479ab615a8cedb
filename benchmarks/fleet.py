"""A ledger of many documents: how fast units are found, claimed and settled, its size, a resume, memory.

    python benchmarks/fleet.py ledger --journal sqlite:///big.db --documents 1000000
    python benchmarks/fleet.py ledger --journal postgresql://USER@HOST/DB --documents 1000000 --work 30000 --workers 3

The ledger, its transactions and its rows are the real ones; the model and the documents are not there:
an answer comes at once. `--work N` has only N documents claimed and settled one by one, and marks the
rest done with one statement, so that a resume can be measured on a full ledger. `resume` in the place
of `ledger` measures that alone.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

from docextract.journal.open import open_journal
from docextract.journal.protocol import Journal
from docextract.journal.rows import ResultRow, UnitRow

BATCH = 200
TASKS = 64


def unit(number: int) -> UnitRow:
    """A row as discovery writes it."""
    name = f"archive/{number // 1000:04d}/document-{number:07d}.pdf"
    source = {
        "path": f"/data/{name}", "name": name, "kind": "pdf", "bytes": 48_213 + number, "mtime_ns": 1, "sha256": None,
        "fault": None, "url": None, "version": "",
    }  # fmt: skip
    return UnitRow(name=name, sources=json.dumps([source]), fingerprint=f"{number:064x}", signature=f"{7:064x}")


def result(name: str) -> ResultRow:
    """A line of run.json and two files, as settling writes them."""
    usage = {
        "calls": 1, "input_tokens": 3342, "cached_tokens": 512, "output_tokens": 1137, "reasoning_tokens": 0,
        "cost_usd": 0.0081, "estimated": False,
    }  # fmt: skip
    outputs = {f"{name}.{end}": [4096, 1_700_000_000_000_000_000, "0" * 64] for end in ("json", "meta.json")}
    summary = {
        "name": name, "schema": "invoice", "state": "complete", "error": None, "pages": {"extracted": 1}, "issues": 0,
        "outputs": sorted(outputs), "ms": 5012, "usage": usage,
    }  # fmt: skip
    return ResultRow(schema="invoice", state="complete", summary=summary, outputs=outputs)


def answer(seed: int) -> bytes:
    """About 3 kB that compress like an answer."""
    chance = random.Random(seed)
    rows = [{"id": f"R{chance.randrange(99999)}", "amount": chance.randrange(10**6) / 100} for _ in range(60)]
    return json.dumps({"text": json.dumps({"rows": rows}), "finish_reason": "stop"}).encode()


def megabytes() -> float:
    """Resident memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def size_of(where: str) -> float:
    """Megabytes of the ledger on disk."""
    if where.startswith("postgresql:"):
        import psycopg

        with psycopg.connect(where.partition("?")[0]) as connection:
            row = connection.execute(
                "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid=c.relnamespace "
                "WHERE n.nspname=%s AND c.relkind='r'",
                (where.rpartition("journal=")[2] if "journal=" in where else "docextract",),
            ).fetchone()
        return float(row[0] or 0) / 1e6 if row else 0.0
    path = Path(where.removeprefix("sqlite:///"))
    return sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*")) / 1e6


async def find(journal: Journal, count: int) -> dict[str, float]:
    """What discovery does, for `count` units: look them up, write them down."""
    begun, cpu = time.perf_counter(), time.process_time()
    done = 0
    for start in range(0, count, BATCH):
        rows = [unit(number) for number in range(start, min(start + BATCH, count))]
        known = await journal.known([row.name for row in rows])
        found = [(row, (before := known.get(row.name)) is not None and before.state == "done", False) for row in rows]
        done += sum(1 for _, is_done, _ in found if is_done)
        await journal.add(found)
    await journal.all_found()
    seconds = time.perf_counter() - begun
    return {"seconds": seconds, "a_second": count / seconds, "cpu_s": time.process_time() - cpu, "done_before": done}


async def work(journal: Journal, most: int) -> dict[str, Any]:
    """Claim, intend, store, finish, by as many tasks as a worker keeps calls in flight; memory on the way."""
    begun, cpu = time.perf_counter(), time.process_time()
    left, done, seen = most, 0, [megabytes()]

    async def one() -> None:
        nonlocal left, done
        while left > 0:
            left -= 1
            claim = await journal.claim()
            if claim is None:
                return
            made = await journal.intend(f"{claim.unit:064x}", claim.unit, 0.01, alone=True)
            if made is None:
                raise RuntimeError("a call of this key is in flight")
            await journal.answered(made[0], answer(claim.unit), {"calls": 1, "output_tokens": 1137}, 0.0081)
            await journal.finish(claim, [result(claim.name)])
            done += 1
            if done % max(1, most // 20) == 0:
                seen.append(megabytes())

    await asyncio.gather(*(one() for _ in range(TASKS)))
    seconds = time.perf_counter() - begun
    memory = {"first": seen[min(1, len(seen) - 1)], "last": seen[-1], "most": max(seen)}
    return {
        "documents": done, "seconds": seconds, "a_second": done / seconds, "cpu_s": time.process_time() - cpu,
        "memory_mb": memory,
    }  # fmt: skip


def mark_done(where: str) -> None:
    """All units that are left, done with a result each, in one statement."""
    row = result("archive/0000/document-0000000.pdf")
    values = (json.dumps(row.summary), json.dumps(row.outputs))
    every = "INSERT INTO result SELECT id, 'invoice', 'complete', %s, %s FROM unit WHERE state=0"
    if not where.startswith("postgresql:"):
        with sqlite3.connect(where.removeprefix("sqlite:///")) as file:
            file.execute(every.replace("%s", "?"), values)
            file.execute("UPDATE unit SET state=2, owner=NULL, ticket=NULL WHERE state<>2")
        return
    import psycopg

    with psycopg.connect(where.partition("?")[0], autocommit=True) as connection:
        schema = where.rpartition("journal=")[2] if "journal=" in where else "docextract"
        connection.execute(f"SET search_path TO {schema}".encode())
        connection.execute(every, values)
        connection.execute("UPDATE unit SET state=2 WHERE state=0")
        connection.execute("VACUUM ANALYZE unit")
        connection.execute("VACUUM ANALYZE result")


def say(what: str, figures: dict[str, Any]) -> None:
    """One line of JSON."""
    print(json.dumps({"what": what, **figures}, default=str), flush=True)


async def ledger(options: argparse.Namespace) -> None:
    """All phases, one after the other."""
    where, count = options.journal, options.documents
    most = options.work or count
    journal = open_journal(where)
    run = await journal.start(job="bench")
    say("found", await find(journal, count) | {"size_mb": size_of(where), "memory_mb": megabytes()})
    command = [sys.executable, __file__, "worker", "--journal", where, "--run", run]
    share = most // options.workers
    others = [await asyncio.create_subprocess_exec(*command, "--work", str(share)) for _ in range(options.workers - 1)]
    begun = time.perf_counter()
    say("worked", await work(journal, most - share * len(others)))
    for other in others:
        await other.wait()
    seconds = time.perf_counter() - begun
    say("all workers", {"workers": options.workers, "documents": most, "a_second": most / seconds})
    if most < count:
        mark_done(where)
    await journal.aclose()
    await resume(options)


async def resume(options: argparse.Namespace) -> None:
    """A run over a ledger where all is done: open, find everything again, sum up."""
    where, count = options.journal, options.documents
    say("size", {"size_mb": size_of(where), "bytes_a_document": size_of(where) * 1e6 / count})
    begun = time.perf_counter()
    journal = open_journal(where)
    await journal.start(job="bench")
    opened = time.perf_counter() - begun
    again = await find(journal, count)
    begun = time.perf_counter()
    nothing = await journal.claim()
    say("resumed", again | {"open_s": opened, "claim_s": time.perf_counter() - begun, "memory_mb": megabytes()})
    if nothing is not None:
        raise RuntimeError("something was left to do")
    begun, lines = time.perf_counter(), 0
    async for _ in journal.results():
        lines += 1
    say("summed", {"documents": lines, "seconds": time.perf_counter() - begun, "memory_mb": megabytes()})
    await journal.aclose()


async def worker(options: argparse.Namespace) -> None:
    """One more process of `ledger`."""
    journal = open_journal(options.journal)
    await journal.start(job="bench", join=options.run)
    say("worked", {"pid": os.getpid()} | await work(journal, options.work))
    await journal.aclose()


def main() -> int:
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["ledger", "worker", "resume"])
    parser.add_argument("--journal", required=True)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--work", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--run", default="any")
    options = parser.parse_args()
    asyncio.run({"ledger": ledger, "worker": worker, "resume": resume}[options.what](options))
    return 0


if __name__ == "__main__":
    sys.exit(main())
