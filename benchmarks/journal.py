"""What the ledger costs: durable answers, claims and settlements a second, and a resume at scale.

    python benchmarks/journal.py [--documents N] [--calls N] [--server postgresql://USER@HOST/DB]

Prints ratios beside the figures, since a figure is this machine's alone: answers stored one by one
against many waiters, and a look at all documents against a bare scan of the same file.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from docextract.journal.open import open_journal
from docextract.journal.protocol import Journal
from docextract.journal.rows import Limits, ResultRow, UnitRow

BODY = os.urandom(350) + b"{}" * 175  # 700 bytes, half of them noise: packs like a short answer


def unit(number: int) -> UnitRow:
    sources = f'[{{"path": "/inbox/{number}.pdf", "name": "{number}.pdf", "bytes": 1, "mtime_ns": 1}}]'
    return UnitRow(name=f"inbox/{number}.pdf", sources=sources, fingerprint="f" * 64, signature="s" * 64)


def result(number: int) -> ResultRow:
    outputs: dict[str, list[object]] = {f"{number}.json": [1, 1, "d" * 64], f"{number}.meta.json": [1, 1, "d" * 64]}
    return ResultRow(schema="invoice", state="complete", summary={"name": str(number), "pages": 1}, outputs=outputs)


async def side_by_side(waiters: int, total: int, work: Callable[[int], Awaitable[object]]) -> tuple[float, float]:
    """Rate a second, and median milliseconds of one."""
    numbers = iter(range(total))
    took: list[float] = []

    async def one() -> None:
        for number in numbers:
            begun = time.perf_counter()
            await work(number)
            took.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(waiters)))
    return total / (time.perf_counter() - begun), 1000 * statistics.median(took)


async def answers(journal: Journal, waiters: int, total: int) -> float:
    """Intent and answer of one call after the other in each waiter; the rate counts the answers."""
    calls: list[int] = []

    async def intend(number: int) -> None:
        made = await journal.intend(f"{waiters} {number}", 1, 0.01, 1e9)
        calls.append(made[0] if made is not None else 0)

    intents, _ = await side_by_side(64, total, intend)
    rate, middle = await side_by_side(waiters, total, lambda n: journal.answered(calls[n], BODY, {"calls": 1}, 0.001))
    print(
        f"answers, {waiters:>3} waiters: {rate:9.0f}/s  median {middle:6.1f} ms  (n={total}; intents {intents:.0f}/s)"
    )
    return rate


async def units(journal: Journal, total: int) -> None:
    begun = time.perf_counter()
    for start in range(0, total, 200):
        rows = [unit(number) for number in range(start, min(start + 200, total))]
        await journal.known([row.name for row in rows])
        await journal.add([(row, False, False) for row in rows])
    print(f"found:                {total / (time.perf_counter() - begun):9.0f}/s  (n={total}, 200 at a time)")

    async def settle(number: int) -> None:
        claim = await journal.claim()
        if claim is not None:
            await journal.finish(claim, [result(number)])

    rate, middle = await side_by_side(16, total, settle)
    print(f"claim and settle:     {rate:9.0f}/s  median {middle:6.1f} ms  (n={total}, 16 at a time)")


async def gate(journal: Journal, total: int) -> None:
    limits = Limits(start=64, ceiling=64, rpm=60e6)

    async def call(_: int) -> None:
        leave = await journal.enter("m", limits, 1000)
        if leave.slot is not None:
            await journal.succeeded("m", limits)
            await journal.leave(leave.slot)

    rate, middle = await side_by_side(16, total, call)
    print(f"gate, in and out:     {rate:9.0f}/s  median {middle:6.1f} ms  (n={total}, 16 at a time)")


def scale(path: Path, documents: int, calls: int) -> int:
    """Fill a finished journal quickly: what is measured is what a resume reads. Returns its size in bytes."""
    db = sqlite3.connect(path)
    rows = ((number, unit(number)) for number in range(1, documents + 1))
    db.executemany(
        "INSERT INTO unit(id, name, sources, fingerprint, signature, state, urgent, run) VALUES(?,?,?,?,?,2,0,1)",
        ((number, row.name.encode(), row.sources, row.fingerprint, row.signature) for number, row in rows),
    )
    outputs = '{"a.json": [1, 1, "' + "d" * 64 + '"]}'
    db.executemany(
        "INSERT INTO result VALUES(?, 'invoice', 'complete', '{}', ?)", ((n, outputs) for n in range(1, documents + 1))
    )
    db.executemany(
        "INSERT INTO call(key, attempt, unit, run, member, ticket, state) VALUES(?,1,?,1,1,'t',?)",
        ((f"{n:064x}", n % documents, 0 if n % 10_000 == 0 else 1) for n in range(calls)),
    )
    db.execute("INSERT INTO reply SELECT id, ? FROM call WHERE state=1", (os.urandom(700),))
    db.execute("UPDATE budget SET open=(SELECT COUNT(*) FROM call WHERE state=0)")
    db.commit()
    db.close()
    return path.stat().st_size


async def resume(path: Path, documents: int, calls: int) -> None:
    journal = open_journal(path)
    await journal.start()
    await journal.aclose()
    size = scale(path, documents, calls)
    print(f"\n{documents} documents, {calls} calls: {size / 2**20:.0f} MiB")
    db = sqlite3.connect(path)
    begun = time.perf_counter()
    for _ in db.execute("SELECT name, fingerprint, signature, state FROM unit"):
        pass
    bare = time.perf_counter() - begun
    db.close()
    begun = time.perf_counter()
    journal = open_journal(path)
    await journal.start()
    opened = time.perf_counter() - begun
    begun = time.perf_counter()
    names = [unit(number).name for number in range(1, documents + 1)]
    known = 0
    for start in range(0, documents, 200):
        known += len(await journal.known(names[start : start + 200]))
    looked = time.perf_counter() - begun
    doubt = await journal.in_doubt()
    await journal.aclose()
    print(f"open, check, free {doubt.calls} open calls: {opened:.2f} s")
    print(f"look at every document ({known}):  {looked:.2f} s = {looked / bare:.1f} times a bare scan of the names")


async def main(words: list[str]) -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=100_000)
    options.add_argument("--calls", type=int, default=1_000_000)
    options.add_argument("--rows", type=int, default=4000)
    options.add_argument("--server", help="a PostgreSQL URL to measure as well")
    chosen = options.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        for where in filter(None, [f"{folder}/journal.db", ":memory:", chosen.server]):
            print(f"\n{where.partition('://')[0] if '://' in where else where}")
            journal = open_journal(where)
            await journal.start()
            alone = await answers(journal, 1, chosen.rows // 8)
            many = await answers(journal, 64, chosen.rows)
            print(f"64 waiters share commits: {many / alone:.1f} times the rate of one")
            await units(journal, chosen.rows)
            await gate(journal, chosen.rows // 2)
            await journal.aclose()
        await resume(Path(folder) / "large.db", chosen.documents, chosen.calls)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
