"""A run begun again over many documents that are done and one that is not: how soon it asks, and what it asks.

    python benchmarks/resume.py [--documents 100000] [--calls 1000000] [--repeats 3]

Twenty text files are extracted for real, the account running dry at the last of them. Then the folder, the
output folder and the ledger are filled up to the numbers asked for with copies of what that run left: files,
outputs, units, results, calls and answers, all of which a resume looks at as it would at real ones. The
program is begun again; the time to its first request and to its end, its memory, and what it asked.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from many import high_water
from measure import about, as_users_have_it

from docextract.intake.discover import discover
from docextract.run.discovery import _row
from docextract.testing import script
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import LEDGER_SCHEMA, make_ledger
from docextract.types import Unit

REAL = 20


def write(folder: Path, first: int, end: int) -> None:
    for number in range(first, end):
        place = folder / f"{number // 1000:03d}"
        place.mkdir(parents=True, exist_ok=True)
        row = make_ledger(number, 1).rows[0]
        text = f"Ledger {number}\n{row.id} {row.date} {row.description} {row.amount:.2f}\n"
        (place / f"l{number:06d}.txt").write_text(text, encoding="utf-8")


def start(base: Path, endpoint: FakeEndpoint) -> subprocess.Popen[bytes]:
    words = ["run", "in", "--schema", "ledger.json", "--out", "out", "--quiet", "--no-report", "--concurrency", "1"]
    words += ["--model", "zai/glm-5v-turbo", "--base-url", endpoint.base_url]
    environment = {**as_users_have_it(), "ZAI_API_KEY": endpoint.key}
    return subprocess.Popen([sys.executable, "-m", "docextract", *words], cwd=base, env=environment)


def fill(base: Path, calls: int) -> int:
    """Units, results, calls and answers for every file that the ledger does not know; its size in bytes."""
    journal = base / "out" / ".docextract" / "journal.db"
    db = sqlite3.connect(journal)
    unit, name, signature, run = db.execute(
        "SELECT id, CAST(name AS TEXT), signature, run FROM unit WHERE state=2 LIMIT 1"
    ).fetchone()
    schema, state, summary, kept = db.execute(
        "SELECT schema, state, summary, outputs FROM result WHERE unit=?", (unit,)
    ).fetchone()
    known = {row[0] for row in db.execute("SELECT CAST(name AS TEXT) FROM unit")}
    last = db.execute("SELECT MAX(id) FROM unit").fetchone()[0]
    os.chdir(base)
    for file in discover(["in"], looks_inside=False):
        if file.name in known:
            continue
        last += 1
        row = _row(Unit(name=file.name, sources=(file,)), signature, elsewhere=False)
        outputs: dict[str, Any] = {}
        for old in json.loads(kept):
            new = base / "out" / old.replace(name, file.name)
            new.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(base / "out" / old, new)
            status = new.stat()
            outputs[old.replace(name, file.name)] = [status.st_size, status.st_mtime_ns, "0" * 64]
        db.execute(
            "INSERT INTO unit(id, name, sources, fingerprint, signature, state, urgent, run) VALUES(?,?,?,?,?,2,0,?)",
            (last, file.name.encode(), row.sources, row.fingerprint, signature, run),
        )
        line = json.dumps(json.loads(summary) | {"name": file.name})
        db.execute("INSERT INTO result VALUES(?,?,?,?,?)", (last, schema, state, line, json.dumps(outputs)))
    before = db.execute("SELECT COUNT(*) FROM call").fetchone()[0]
    db.executemany(
        "INSERT INTO call(key, attempt, unit, run, member, ticket, state) VALUES(?,1,?,?,1,'t',1)",
        ((hashlib.sha256(str(n).encode()).hexdigest(), n % last, run) for n in range(calls - before)),
    )
    db.execute(
        "INSERT INTO reply SELECT id, ? FROM call WHERE state=1 AND id NOT IN (SELECT id FROM reply)",
        (os.urandom(700),),
    )
    db.commit()
    db.close()
    return journal.stat().st_size


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=100_000)
    options.add_argument("--calls", type=int, default=1_000_000)
    options.add_argument("--repeats", type=int, default=3)
    chosen = options.parse_args()
    print(about())
    dry = [True]
    spoil = script.when(lambda _: dry[0], "balance")
    with tempfile.TemporaryDirectory() as place, FakeEndpoint("zai", script=spoil) as endpoint:
        base = Path(place).resolve()
        write(base / "in", 0, REAL - 1)
        (base / "ledger.json").write_text(json.dumps(LEDGER_SCHEMA))
        dry[0] = False
        if start(base, endpoint).wait():
            raise SystemExit("the first run failed")
        write(base / "in", REAL - 1, REAL)
        dry[0] = True
        if start(base, endpoint).wait() != 3:
            raise SystemExit("the account did not run dry")
        write(base / "in", REAL, chosen.documents)
        size = fill(base, chosen.calls)
        print(f"{chosen.documents} documents, {chosen.calls} calls, a ledger of {size / 2**20:.0f} MiB")
        firsts = []
        for turn in range(chosen.repeats):
            dry[0] = turn + 1 < chosen.repeats  # the document stays undone until the last turn
            before, begun, peak, first = len(endpoint.requests), time.perf_counter(), 0.0, 0.0
            process = start(base, endpoint)
            while process.poll() is None:
                if not first and len(endpoint.requests) > before:
                    first = time.perf_counter() - begun
                peak = max(peak, high_water(process.pid))
                time.sleep(0.005)
            firsts.append(first)
            took, asked = time.perf_counter() - begun, len(endpoint.requests) - before
            print(f"exit {process.returncode}: first request after {first:.2f} s, {asked} asked, ", end="")
            print(f"end after {took:.1f} s, peak {peak:.0f} MiB", flush=True)
        print(f"first request: median {statistics.median(firsts):.2f} s (n={len(firsts)})")


if __name__ == "__main__":
    main()
