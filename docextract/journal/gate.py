"""The ledger's transactions about limits that all workers share: slots, rates, pauses, and who warms a prefix."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

from docextract.journal import lane as lanes
from docextract.journal.lane import Lane
from docextract.journal.rows import Lead, Limits, Pass
from docextract.journal.steps import Query, Steps, one

Clock = Callable[[], Steps[float]]
"""Seconds, read inside the transaction and after the lane's row is held."""


def enter(who: tuple[int, int], name: str, limits: Limits, tokens: int, ticket: str, clock: Clock) -> Steps[Pass]:
    """A slot, if one is free and no pause is on. `who` is run and member, `ticket` the slot's name."""
    run, member = who
    lane = yield from _lane(run, name, limits)
    now = yield from clock()
    if (yield from one("SELECT ticket FROM slot WHERE ticket=?", ticket)) is not None:
        return Pass(slot=ticket, wait_s=0.0)  # tried before, and its commit went unseen
    pause_s = lanes.pause_of(lane, now)
    if pause_s > 0:
        return Pass(slot=None, wait_s=pause_s)
    taken = yield from _taken(run, name)
    if taken >= lane.limit:
        return Pass(slot=None, wait_s=0.0)
    yield Query("INSERT INTO slot(ticket, run, lane, member) VALUES(?,?,?,?)", (ticket, run, name, member))
    lane, wait_s = lanes.entered(lane, limits, taken=taken, tokens=tokens, now=now)
    yield from _keep(run, name, lane)
    return Pass(slot=ticket, wait_s=wait_s, due=_moment(limits, now + wait_s))


def turn(run: int, name: str, limits: Limits, clock: Clock) -> Steps[Pass]:
    """Another turn of a call that holds a slot; its tokens are counted already."""
    lane = yield from _lane(run, name, limits)
    now = yield from clock()
    taken = yield from _taken(run, name)
    lane, wait_s = lanes.entered(lane, limits, taken=taken, tokens=0, now=now)
    yield from _keep(run, name, lane)
    return Pass(slot=None, wait_s=wait_s, due=_moment(limits, now + wait_s))


def leave(slot: str) -> Steps[None]:
    """The slot is free."""
    yield Query("DELETE FROM slot WHERE ticket=?", (slot,))


def succeeded(run: int, name: str, limits: Limits, spare_tokens: int, clock: Clock) -> Steps[None]:
    """An answer came."""
    lane = yield from _lane(run, name, limits)
    now = yield from clock()
    taken = yield from _taken(run, name)
    yield from _keep(run, name, lanes.answered(lane, limits, taken=taken, spare_tokens=spare_tokens, now=now))


def limited(run: int, name: str, limits: Limits, wait_s: float, clock: Clock) -> Steps[None]:
    """A rate limit came."""
    lane = yield from _lane(run, name, limits)
    now = yield from clock()
    yield from _keep(run, name, lanes.limited(lane, wait_s=wait_s, now=now))


def pause(run: int, name: str, limits: Limits, seconds: float, clock: Clock) -> Steps[None]:
    """The endpoint asked for a pause."""
    lane = yield from _lane(run, name, limits)
    now = yield from clock()
    yield from _keep(run, name, lanes.paused(lane, seconds=seconds, now=now))


def paused(run: int, name: str, clock: Clock) -> Steps[float]:
    """Seconds until calls go out again."""
    now = yield from clock()
    row = yield from one("SELECT body FROM lane WHERE run=? AND name=?", run, name)
    return lanes.pause_of(Lane(**json.loads(row[0])), now) if row is not None else 0.0


def lead(run: int, member: int, topic: str) -> Steps[Lead]:
    """First come: `lead`; while that one is at it: `wait`; after its success: `warm`."""
    taken = yield from one(
        "INSERT INTO warm(run, topic, member, answered) VALUES(?,?,?,0) "
        "ON CONFLICT(run, topic) DO NOTHING RETURNING run",
        *(run, topic, member),
    )
    if taken is not None:
        return "lead"
    # Freed by a leader that failed, or that is gone.
    taken = yield from one(
        "UPDATE warm SET member=? WHERE run=? AND topic=? AND answered=0 AND "
        "(member IS NULL OR member NOT IN (SELECT id FROM member)) RETURNING run",
        *(member, run, topic),
    )
    if taken is not None:
        return "lead"
    row = yield from one("SELECT answered FROM warm WHERE run=? AND topic=?", run, topic)
    return "warm" if row is not None and row[0] else "wait"


def led(run: int, topic: str, *, warm: bool) -> Steps[None]:
    """The leader is done: the rest may go, or the next one leads."""
    yield Query("UPDATE warm SET answered=?, member=NULL WHERE run=? AND topic=?", (int(warm), run, topic))


def _moment(limits: Limits, due: float) -> float | None:
    return due if limits.rpm or limits.tpm else None


def _lane(run: int, name: str, limits: Limits) -> Steps[Lane]:
    row = yield from one("SELECT body FROM lane WHERE run=? AND name=?{lock}", run, name)
    if row is None:
        yield Query(
            "INSERT INTO lane(run, name, body) VALUES(?,?,?) ON CONFLICT(run, name) DO NOTHING",
            (run, name, _text(lanes.opened(limits))),
        )
        row = yield from one("SELECT body FROM lane WHERE run=? AND name=?{lock}", run, name)
    return Lane(**json.loads(row[0])) if row is not None else lanes.opened(limits)


def _keep(run: int, name: str, lane: Lane) -> Steps[None]:
    yield Query("UPDATE lane SET body=? WHERE run=? AND name=?", (_text(lane), run, name))


def _taken(run: int, name: str) -> Steps[int]:
    row = yield from one("SELECT COUNT(*) FROM slot WHERE run=? AND lane=?", run, name)
    return int(row[0]) if row is not None else 0


def _text(lane: Lane) -> str:
    return json.dumps(asdict(lane))  # -Infinity is Python's own JSON, and only Python reads it
