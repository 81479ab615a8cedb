"""The ledger's transactions about calls that go out in a provider's batch: they outlive the process that made them.

Such a call counts as spent at its worst cost from the moment it is put off, and is corrected by its answer.
Its `ticket` is the batch; the batch itself is a note, written in the same transaction.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from docextract.journal import calls
from docextract.journal.members import note
from docextract.journal.money import parts, parts_up, usd
from docextract.journal.rows import BatchAnswer, Deferred
from docextract.journal.steps import Many, Query, Steps, one

PUT_OFF = 4
NAMES = "batch "
"""What the note of a batch begins with."""

FAILED = "batch "
"""What the outcome of a call begins with that a batch gave no answer to."""

_PUT_OFF = (
    "INSERT INTO call(key, attempt, unit, run, member, ticket, state, reserved, cost) "  # noqa: S608 - a constant
    f"SELECT ?, COALESCE(MAX(attempt), 0) + 1, ?, ?, ?, ?, {PUT_OFF}, ?, ? FROM call WHERE key=?"
)
_OF_BATCH = f"FROM call WHERE ticket=? AND state={PUT_OFF}"


def put_off(place: tuple[int, int], batch: str, record: str, deferred: Sequence[Deferred]) -> Steps[None]:
    """The calls and the record of their batch, once: a batch that stands already stays as it is."""
    if (yield from note(NAMES + batch, None)) is not None:
        return
    run, member = place
    worst = [parts_up(each.reserved) for each in deferred]
    yield Many(
        _PUT_OFF,
        [
            (each.key, each.unit, run, member, batch, cost, cost, each.key)
            for each, cost in zip(deferred, worst, strict=True)
        ],
    )
    yield Query("UPDATE budget SET spent=spent+? WHERE run=?", (sum(worst), run))
    yield from note(NAMES + batch, record)


def is_put_off(key: str) -> Steps[bool]:
    """Whether an answer to this question is on its way in a batch."""
    return (yield from one(f"SELECT id FROM call WHERE key=? AND state={PUT_OFF}", key)) is not None  # noqa: S608 - a constant


def failures(key: str) -> Steps[list[str]]:
    """What batches said of this question in place of an answer, oldest first, without the mark before it."""
    rows = yield Query(
        "SELECT outcome FROM call WHERE key=? AND state=? AND outcome LIKE ? ORDER BY attempt",
        (key, calls.FAILED, f"{FAILED}%"),
    )
    return [str(row[0]).removeprefix(FAILED) for row in rows]


def records() -> Steps[dict[str, str]]:
    """Every batch there ever was, by name."""
    rows = yield Query("SELECT name, value FROM note WHERE name LIKE ? ORDER BY name", (f"{NAMES}%",))
    return {str(row[0]).removeprefix(NAMES): str(row[1]) for row in rows}


def take(run: int, batch: str, answers: Sequence[tuple[BatchAnswer, bytes | None]]) -> Steps[int]:
    """Store answers with their packed bodies; how many were new. Those taken before are passed over."""
    count = 0
    for answer, packed in answers:
        row = yield from one(f"SELECT id, cost {_OF_BATCH} AND key=?{{lock}}", batch, answer.key)
        if row is None:
            count += yield from _stray(run, batch, answer, packed)
        elif packed is None:
            yield from calls.failed(int(row[0]), FAILED + answer.outcome, answer.cost or 0.0)
            count += 1
        else:
            cost = usd(int(row[1])) if answer.cost is None else answer.cost
            yield from calls.answered(int(row[0]), packed, answer.usage, cost)
            count += 1
    return count


def _stray(run: int, batch: str, answer: BatchAnswer, packed: bytes | None) -> Steps[int]:
    """An answer to a call that this ledger has lost (it was made anew): paid for, so it is kept all the same."""
    known = yield from one("SELECT id FROM call WHERE key=? AND (ticket=? OR state=1)", answer.key, batch)
    if packed is None or known is not None:
        return 0
    usage: dict[str, Any] = answer.usage
    row = yield from one(
        "INSERT INTO call(key, attempt, run, member, ticket, state, cost, usage) "
        "SELECT ?, COALESCE(MAX(attempt), 0) + 1, ?, 0, ?, 1, ?, ? FROM call WHERE key=? RETURNING id",
        *(answer.key, run, batch, parts(answer.cost or 0.0), json.dumps(usage), answer.key),
    )
    yield Query("INSERT INTO reply(id, body) VALUES(?,?)", (row[0] if row else 0, packed))
    return 1


def close(batch: str, record: str, outcome: str) -> Steps[int]:
    """The end of a batch: calls that it had no word about have failed, unbilled; how many there were."""
    rows = yield Query(f"SELECT id {_OF_BATCH}", (batch,))
    for row in rows:
        yield from calls.failed(int(row[0]), FAILED + outcome, 0.0)
    yield from note(NAMES + batch, record)
    return len(rows)
