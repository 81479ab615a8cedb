"""Finding 100,000 files: `discover` beside os.scandir with a stat, and Path.rglob with a stat, in one run.

    python benchmarks/discovery.py [--files 100000] [--repeats 5]

CPU and wall seconds, medians, interleaved; and after how many files found the first one is given out.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from measure import about, cpu

from docextract.intake.discover import discover


def folder_of(place: Path, files: int) -> Path:
    """`files` small files, a thousand a folder."""
    for number in range(files):
        inner = place / f"{number // 1000:03d}"
        if not number % 1000:
            inner.mkdir(parents=True)
        (inner / f"d{number:06d}.pdf").write_bytes(b"%PDF-1.4\n")
    return place


def ours(place: Path) -> int:
    return sum(1 for _ in discover([str(place)], looks_inside=False))


def looking(place: Path) -> int:
    return sum(1 for file in discover([str(place)]) if file.kind == "pdf")


def scandir(place: Path) -> int:
    count = 0
    waiting = [str(place)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    waiting.append(entry.path)
                elif entry.stat().st_size:
                    count += 1
    return count


def rglob(place: Path) -> int:
    return sum(1 for file in place.rglob("*") if file.is_file() and file.stat().st_size)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--files", type=int, default=100_000)
    options.add_argument("--repeats", type=int, default=5)
    chosen = options.parse_args()
    ways: dict[str, Callable[[Path], int]] = {
        "docextract": ours,
        "with a look inside": looking,
        "scandir and stat": scandir,
        "Path.rglob": rglob,
    }
    print(about())
    with tempfile.TemporaryDirectory() as name:
        place = folder_of(Path(name), chosen.files)
        found: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for _, way in itertools.product(range(chosen.repeats), ways):
            begun, used = time.perf_counter(), cpu()
            if ways[way](place) != chosen.files:
                raise SystemExit(f"{way} found another number of files")
            found[way].append((cpu() - used, time.perf_counter() - begun))
        base = statistics.median(used for used, _ in found["docextract"])
        for way, times in found.items():
            used, wall = (statistics.median(column) for column in zip(*times, strict=True))
            print(f"{way:18} {used:6.2f} s CPU  {wall:6.2f} s wall  {used / base:5.2f} x  (n={len(times)})")
        begun = time.perf_counter()
        next(iter(discover([str(place)])))
        print(f"first file given out after {1000 * (time.perf_counter() - begun):.1f} ms")


if __name__ == "__main__":
    main()
