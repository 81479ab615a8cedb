"""How long a process was ready to run and got no processor: time that no deadline should count against its work.

On a machine with more to do than processors a page that costs two seconds can take a minute. That is no
reason to give the page up; a page that hangs, asleep or busy, gets no more time by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

PATIENCE = 3.0
"""A deadline is never stretched beyond this many times its length."""

_PROC = Path("/proc")


def starved_s(pid: int) -> float:
    """Seconds that the hungriest thread of the process and of all it started has waited for a processor so far.

    Linux counts it (`/proc/PID/task/TID/schedstat`, second field, nanoseconds); elsewhere it is 0.
    """
    return max((_waited_ns(task) for each in _family(pid) for task in _tasks(each)), default=0) / 1e9


def _family(pid: int) -> Iterator[int]:
    waiting = [pid]
    while waiting:
        pid = waiting.pop()
        yield pid
        for task in _tasks(pid):
            waiting += [int(child) for child in _read(task / "children").split()]


def _tasks(pid: int) -> list[Path]:
    try:
        return list((_PROC / str(pid) / "task").iterdir())
    except OSError:
        return []


def _waited_ns(task: Path) -> int:
    fields = _read(task / "schedstat").split()
    return int(fields[1]) if len(fields) > 1 and fields[1].isdecimal() else 0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, ValueError):  # it ended meanwhile
        return ""
