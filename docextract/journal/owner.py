"""Who holds a claim: a process of this boot, told apart by its start time. No wall clock, no lease."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DEAD = frozenset("ZXx")  # a zombie has a start time and a process id, and does nothing any more (proc(5))


@dataclass(frozen=True, slots=True)
class Owner:
    """`boot` and `start` are empty where the system does not tell them (then only the pid counts)."""

    boot: str
    pid: int
    start: str

    @classmethod
    def of_this_process(cls) -> Owner:
        """The running process."""
        return cls(_boot(), os.getpid(), _start(os.getpid()))

    @classmethod
    def parse(cls, text: str) -> Owner:
        """The reverse of `str()`."""
        boot, pid, start = text.split(" ")
        return cls(boot, int(pid), start)

    def __str__(self) -> str:
        return f"{self.boot} {self.pid} {self.start}"

    def alive(self) -> bool:
        """Whether that very process still runs on this machine since the same boot."""
        if self.boot != _boot():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return _start(self.pid) == self.start
        return _start(self.pid) == self.start


@cache
def _boot() -> str:
    """The boot and the namespace of process ids: two containers may run one kernel and count processes apart."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}.{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return ""


def _start(pid: int) -> str:
    """Ticks from the boot to the start of a process; `gone` for one that has ended and was not yet reaped."""
    # Field 22 of /proc/PID/stat, field 3 its state, counted after the command name, which may hold spaces (proc(5)).
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "gone" if fields[0] in _DEAD else fields[19]
