"""How the benchmarks measure: CPU with children, peak memory of one process, medians of interleaved repeats."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """One command: wall seconds, CPU seconds of it and all its children, peak MiB of its own process."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    code: int


def command(words: Sequence[str], *, env: Mapping[str, str] | None = None, said: Path | None = None) -> Took:
    """Run a command to its end. `peak_mib` is VmHWM of the process itself (0 where /proc is not there)."""
    with tempfile.TemporaryFile() as nothing, said.open("wb") if said else nothing as out:
        begun = time.perf_counter()
        process = subprocess.Popen(
            words, env={**as_users_have_it(), **(env or {})}, stdout=out, stderr=subprocess.STDOUT
        )
        peak = 0.0
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            peak = max(peak, high_water(process.pid))
            time.sleep(0.02)
        wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    return Took(wall_s=wall, cpu_s=usage.ru_utime + usage.ru_stime, peak_mib=peak, code=process.returncode)


def as_users_have_it() -> dict[str, str]:
    """The environment, with compiled modules kept: a process that compiles anew pays a quarter of a second for it."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def high_water(pid: int) -> float:
    """Peak resident MiB of a process so far; 0 once it has gone."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        return 0.0
    return 0.0


def cpu() -> float:
    """CPU seconds so far of this process and the children it has waited for."""
    return sum(
        part.ru_utime + part.ru_stime
        for part in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def interleaved(ways: Mapping[str, Callable[[], float]], repeats: int) -> dict[str, list[float]]:
    """Each way measured once a round, so that a slow minute of the machine meets all of them."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, way in ways.items():
            found[name].append(way())
    return found


def table(found: Mapping[str, Sequence[float]], ours: str, unit: str, *, per: float = 1.0) -> None:
    """Median, least and most of each, and how many times ours it is."""
    base = statistics.median(found[ours])
    for name, values in found.items():
        middle = statistics.median(values)
        span = f"{min(values) / per:.3g} to {max(values) / per:.3g}"
        print(f"{name:44} {middle / per:10.3g} {unit}  ({span}, n={len(values)})  {middle / base:6.1f} x")


def about(*packages: str) -> str:
    """Machine and versions, in a line."""
    names = []
    for name in ("docextract", *packages):
        try:
            names.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            names.append(f"{name} not installed")
    return f"{os.cpu_count()} CPUs, Python {platform.python_version()}, {platform.machine()}; {', '.join(names)}"


@contextmanager
def endpoint(*options: str) -> Iterator[tuple[str, str]]:
    """The fake endpoint in a process of its own, so that its CPU is nobody's; gives its address and key."""
    here = str(Path(__file__).parent / "stand_in.py")
    process = subprocess.Popen(
        [sys.executable, here, *options], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None  # noqa: S101 - a pipe, as asked for
        url, key = process.stdout.readline().split()
        yield url, key
    finally:
        process.communicate()
