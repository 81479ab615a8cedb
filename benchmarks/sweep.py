"""The whole sweep: a run is made to fail at every point, every time it is passed, in every way, and resumed.

    python benchmarks/sweep.py [--documents N] [--kinds kill,int,ENOSPC,EIO] [--points stored,...] [--server]

For each store: how many faults were tried, how many happened, and every one after which something that is
promised did not hold (see `docextract.testing.sweep`). Disk errors are tried at points that write, once and
for good. `--server` also sweeps a PostgreSQL server of its own (Debian's package postgresql), with
`--no-file` nothing else.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.launcher import Launcher
from docextract.testing.postgres import PostgresServer, programs
from docextract.testing.sweep import Found, Sweep

CODES = {"kill": [-9], "int": [130], "ENOSPC": [4], "EIO": [4]}
WRITING = {"temp", "renamed", "commit", "committed"}


def faults(sweep: Sweep, kinds: list[str], points: list[str], *, breaks: bool) -> Iterator[tuple[str, list[int]]]:
    """Every fault with the exit codes it may end with. `breaks`: an errno at a commit is a broken connection."""
    for kind in kinds:
        for point in points or sorted(sweep.passed):
            is_error = kind not in {"kill", "int"}
            if is_error and (point not in WRITING or (breaks and point.startswith("commit"))):
                continue
            if kind == "ENOSPC" and point == "committed":  # what is committed found its space
                continue
            for number in sweep.times(point, every=True):
                yield f"{point}:{number}:{kind}", CODES[kind]
                if is_error:
                    yield f"{point}:{number}+:{kind}", CODES[kind]


def swept(sweep: Sweep, options: argparse.Namespace, name: str, *, breaks: bool) -> int:
    """Try them all; returns how many went wrong."""
    sweep.learn(documents=options.documents)
    tried: list[Found] = []
    for fault, codes in faults(sweep, options.kinds, options.points, breaks=breaks):
        found = sweep.after(fault, codes)
        tried.append(found)
        if found.wrong:
            print(f"{name}: {fault}: {'; '.join(found.wrong)}", flush=True)
    happened = [one for one in tried if one.reached]
    kinds = Counter(one.fault.rpartition(":")[2] for one in happened)
    lost = Counter(one.lost for one in happened)
    print(f"{name}: {len(tried)} faults tried, {len(happened)} happened ({dict(kinds)})")
    print(
        f"{name}: calls lost by a fault: {dict(sorted(lost.items()))}; stored answers asked for again: 0 unless named"
    )
    print(f"{name}: {sum(1 for one in tried if one.wrong)} went wrong", flush=True)
    return sum(1 for one in tried if one.wrong)


def main(words: list[str]) -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=3)
    options.add_argument("--kinds", type=lambda text: text.split(","), default=list(CODES))
    options.add_argument("--points", type=lambda text: text.split(","), default=[])
    options.add_argument("--server", action="store_true")
    options.add_argument("--no-file", action="store_true")
    chosen = options.parse_args(words)
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, Launcher(one_cpu=True) as launcher:
        if not chosen.no_file:
            with FakeEndpoint("zai") as endpoint:
                sweep = Sweep(launcher=launcher, endpoint=endpoint, base=Path(folder) / "file")
                wrong += swept(sweep, chosen, "file", breaks=False)
        place = programs() if chosen.server else None
        if place is not None:
            urls: dict[str, str] = {}
            with PostgresServer(place) as server, FakeEndpoint("zai") as endpoint:

                def where(out: Path) -> str:
                    return urls.setdefault(out.name, server.url())

                sweep = Sweep(
                    launcher=launcher, endpoint=endpoint, base=Path(folder) / "server", where=where,
                    stored=lambda out: server.count(where(out), "reply"),
                )  # fmt: skip
                wrong += swept(sweep, chosen, "server", breaks=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
