"""The ledger's transactions about runs and the processes in them: begin, join, leave, free what the dead held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from docextract.errors import ConfigError
from docextract.journal import calls
from docextract.journal.steps import Many, Query, Steps, marks, one

FindDead = Callable[[], Steps[list[int]]]
"""Says which members are gone: by process on one machine, by lease on a server."""

SERIAL = "SELECT name FROM meta WHERE name='start'{lock}"
REAPER = "SELECT name FROM meta WHERE name='reap'{skip}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where this process stands: its run, and its number in it."""

    run: int
    member: int


def begin(job: str, owner: str, find_dead: FindDead) -> Steps[Place]:
    """A new run with this process as its first member. Raises ConfigError where another run is at work.

    A run of the same job that ended by a crash hands on what it has spent, so that a command that is
    started again and again by a supervisor stays within one budget.

    Where the process that began a run of the same job is gone and workers of it are still there, this
    process takes its place: it finds what was not found yet, and sums up.
    """
    yield Query(SERIAL)
    yield from bury(0, find_dead)
    living = yield from one("SELECT run, owner FROM member ORDER BY id LIMIT 1")
    if living is not None:
        if (yield from _is_headless(living[0], job)):
            return Place(living[0], (yield from _enrol(living[0], owner, is_head=True)))
        raise ConfigError(
            f"the journal is in use by run {living[0]} of process {shown(living[1])}",
            hint="wait for it to end, or join it with `docextract worker`",
        )
    last = yield from one("SELECT id, job, ended FROM run ORDER BY id DESC LIMIT 1")
    carried = 0
    if last is not None and job and last[1] == job and not last[2]:
        row = yield from one("SELECT spent FROM budget WHERE run=?", last[0])
        carried = row[0] if row is not None else 0
    yield Query("UPDATE run SET ended=1 WHERE ended=0")
    row = yield from one("INSERT INTO run(job) VALUES(?) RETURNING id", job)
    run = int(row[0]) if row is not None else 0
    yield Query("INSERT INTO budget(run, spent, reserved, open) VALUES(?,?,0,0)", (run, carried))
    # What was just buried is this run's to report.
    yield Query("UPDATE call SET noticed=? WHERE state=3 AND noticed=0", (run,))
    return Place(run, (yield from _enrol(run, owner, is_head=True)))


def join(wanted: str, job: str, owner: str, find_dead: FindDead) -> Steps[Place]:
    """One more member of a run that is at work: its number, or `any`.

    Raises ConfigError where there is no such run, or its job is another.
    """
    yield Query(SERIAL)
    yield from bury(0, find_dead)
    row = yield from one(
        "SELECT run.id, run.job FROM run JOIN member ON member.run = run.id "
        "WHERE run.ended=0 AND (? = 'any' OR CAST(run.id AS TEXT) = ?) ORDER BY run.id DESC LIMIT 1",
        *(wanted, wanted),
    )
    if row is None:
        what = "no run is" if wanted == "any" else f"run {wanted} is not"
        raise ConfigError(f"{what} at work in this journal", hint="start `docextract run` with this journal first")
    run = int(row[0])
    if job and row[1] and job != row[1]:
        raise ConfigError(
            f"run {run} does another job: its schema, model or options differ",
            hint="pass the schema and options of the run that is to be joined",
        )
    yield Query("UPDATE call SET noticed=? WHERE state=3 AND noticed=0", (run,))
    return Place(run, (yield from _enrol(run, owner)))


def leave(place: Place) -> Steps[bool]:
    """Out of the run; what this process held is free. True for the last one out, which ends the run."""
    yield Query("DELETE FROM member WHERE id=?", (place.member,))
    yield from free_orphans(place.run)
    others = yield from one("SELECT id FROM member WHERE run=? LIMIT 1", place.run)
    if others is None:
        yield Query("UPDATE run SET ended=1 WHERE id=?", (place.run,))
    return others is None


def bury(run: int, find_dead: FindDead) -> Steps[int]:
    """Free what members that are gone have held; how many there were. One process at a time does it."""
    if (yield from one(REAPER)) is None:
        return 0
    dead = yield from find_dead()
    if dead:
        yield Query(f"DELETE FROM member WHERE id IN ({marks(len(dead))})", dead)  # noqa: S608 - placeholders only
    yield from free_orphans(run)
    return len(dead)


def free_orphans(run: int) -> Steps[None]:
    """Whatever names a member that is not there: units are pending, calls in doubt, slots and leads free."""
    yield Query(
        "UPDATE unit SET state=0, owner=NULL, ticket=NULL WHERE state=1 AND owner NOT IN (SELECT id FROM member)"
    )
    yield Query("DELETE FROM slot WHERE member NOT IN (SELECT id FROM member)")
    yield Query("UPDATE warm SET member=NULL WHERE member NOT IN (SELECT id FROM member)")
    yield from calls.doubt(run)


def halt(run: int, reason: str) -> Steps[None]:
    """The first reason stays."""
    yield Query("UPDATE run SET halted=? WHERE id=? AND halted IS NULL", (reason, run))


def all_found(run: int) -> Steps[None]:
    """Discovery has ended."""
    yield Query("UPDATE run SET found=1 WHERE id=?", (run,))


def note(name: str, value: str | None) -> Steps[str | None]:
    """A fact kept over runs."""
    if value is not None:
        yield Many(
            "INSERT INTO note(name, value) VALUES(?,?) ON CONFLICT(name) DO UPDATE SET value=excluded.value",
            [(name, value)],
        )
        return value
    row = yield from one("SELECT value FROM note WHERE name=?", name)
    return None if row is None else str(row[0])


def plan(key: str, proposed: str | None) -> Steps[str | None]:
    """The first plan under a key stands."""
    if proposed is not None:
        yield Query("INSERT INTO plan(key, body) VALUES(?,?) ON CONFLICT(key) DO NOTHING", (key, proposed))
    row = yield from one("SELECT body FROM plan WHERE key=?", key)
    return None if row is None else str(row[0])


def shown(owner: str) -> str:
    """An owner as a person knows it: the process id, and the machine where that is told."""
    host, _, rest = owner.rpartition("/")
    words = rest.split(" ")
    pid = words[1] if len(words) == 3 else rest
    return f"{pid} on {host}" if host else pid


def _enrol(run: int, owner: str, *, is_head: bool = False) -> Steps[int]:
    row = yield from one("INSERT INTO member(run, owner) VALUES(?,?) RETURNING id", run, owner)
    member = int(row[0]) if row is not None else 0
    if is_head:
        yield from note(f"head {run}", str(member))
    return member


def _is_headless(run: int, job: str) -> Steps[bool]:
    """Whether a run of this job is at work without the process that began it."""
    head = yield from note(f"head {run}", None)
    row = yield from one("SELECT job, halted FROM run WHERE id=?", run)
    if head is None or row is None or not job or row[0] != job or row[1] is not None:
        return False
    return (yield from one("SELECT id FROM member WHERE id=?", int(head))) is None
