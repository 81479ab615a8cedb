"""Named points in the life of a run where a test can make something go wrong.

    DOCEXTRACT_FAULT="stored:3:kill"     the third time this process passes `stored`, it is killed
    DOCEXTRACT_FAULT="temp:2+:ENOSPC"    from the second time on, the disk is full there

Kinds: `kill` (SIGKILL to this process, as kill -9 or a power cut would), `int` (SIGINT, as Ctrl-C), or the
name of an errno, raised as OSError. Several faults are separated by commas. DOCEXTRACT_FAULT_LOG names a
file that gets the name of every point passed, a line each: so a sweep learns which points and how many
there are. Without these variables `passing` is an empty function.
"""

from __future__ import annotations

import errno
import os
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from docextract.errors import ConfigError

POINTS = {
    "scan": "some documents were found, and are not yet in the journal",
    "listed": "they are in the journal",
    "claimed": "a document was claimed",
    "opened": "it was opened, its pages are known",
    "planned": "its windows are planned, and the plan is in the journal",
    "rendered": "a window's images are ready",
    "intent": "a call and its worst cost are in the journal; nothing was sent",
    "sent": "the endpoint has begun to answer",
    "answered": "the answer is here, and not yet in the journal",
    "stored": "the answer is in the journal, unread",
    "parsed": "the answer was read",
    "drafted": "all windows have ended, and were put together",
    "temp": "a file is written and flushed under its temporary name",
    "renamed": "it has its own name",
    "written": "all files of a document stand, and the journal does not know it",
    "done": "the journal knows it",
    "commit": "a transaction of the journal is about to be committed",
    "committed": "it was, and nobody was told",
    "summing": "every document is settled, run.json is not written",
    "ended": "run.json is written, the journal is still open",
}
"""Every point, and what is true when it is passed."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong at a point: the `number`-th time it is passed (from 1), or `ever` after."""

    point: str
    number: int
    ever: bool
    kind: str


def parse(text: str) -> tuple[Fault, ...]:
    """The faults that DOCEXTRACT_FAULT asks for. Raises ConfigError for a point or a kind that there is not."""
    faults = []
    for part in filter(None, text.split(",")):
        words = part.split(":")
        if len(words) != 3 or words[0] not in POINTS or not words[1].removesuffix("+").isdigit():
            known = ", ".join(POINTS)
            raise ConfigError(f"DOCEXTRACT_FAULT={part}: no such fault", hint=f"POINT:N:KIND; points: {known}")
        if words[2] not in {"kill", "int"} and not hasattr(errno, words[2]):
            raise ConfigError(f"DOCEXTRACT_FAULT={part}: no such kind", hint="kill, int, or an errno's name, as ENOSPC")
        faults.append(Fault(words[0], int(words[1].removesuffix("+")), words[1].endswith("+"), words[2]))
    return tuple(faults)


def arm(faults: str | None, log: str | None = None) -> None:
    """Have `passing` do what the two variables say, in this process from now on; None disarms."""
    global _armed  # noqa: PLW0603 - one process, one plan of what goes wrong
    _armed = _Armed(parse(faults or ""), log).passing if faults or log else _nothing


def passing(point: str) -> None:
    """Say that this point is passed. Does nothing unless something was armed; else raises OSError, or never returns."""
    _armed(point)


class _Armed:
    def __init__(self, faults: tuple[Fault, ...], log: str | None) -> None:
        self._faults = faults
        self._log = log
        self._passed: Counter[str] = Counter()

    def passing(self, point: str) -> None:
        self._passed[point] += 1
        count = self._passed[point]
        if self._log is not None:
            with open(self._log, "a", encoding="ascii") as log:  # noqa: PTH123 - appended to by several processes
                log.write(f"{point}\n")
        for fault in self._faults:
            if fault.point == point and (count == fault.number or (fault.ever and count > fault.number)):
                _happen(fault.kind, point)


def _happen(kind: str, point: str) -> None:
    if kind in {"kill", "int"}:
        os.kill(os.getpid(), signal.SIGKILL if kind == "kill" else signal.SIGINT)
        return
    number = getattr(errno, kind)
    raise OSError(number, f"{os.strerror(number)} (made to happen at {point})")


def _nothing(_point: str) -> None:
    return


_armed: Callable[[str], None] = _nothing
arm(os.environ.get("DOCEXTRACT_FAULT"), os.environ.get("DOCEXTRACT_FAULT_LOG"))
