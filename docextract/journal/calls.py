"""The ledger's transactions about calls: intent and reservation as one, the answer stored, the money settled."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from docextract.journal.money import parts, parts_up, usd
from docextract.journal.rows import Budget, InDoubt, PaidAnswer, StoredReply
from docextract.journal.steps import Many, Query, Steps, one

_LITTLE_MEMORY = 5  # an answer is some kB: clearing the usual 256 kB would cost more than packing it
SENT, ANSWERED, FAILED, IN_DOUBT = 0, 1, 2, 3

REPLIES = "SELECT call.id, attempt, body FROM call JOIN reply ON reply.id = call.id WHERE key=? ORDER BY attempt"

UNSEEN = "SELECT id, attempt FROM call WHERE state=0 AND member=? AND ticket=?"
ORPHANS = "state=0 AND member NOT IN (SELECT id FROM member)"


def replies(key: str) -> Steps[list[tuple[int, int, bytes]]]:
    """Stored answers, packed, first attempt first."""
    rows = yield Query(REPLIES, (key,))
    return [(row[0], row[1], bytes(row[2])) for row in rows]


def unpacked(rows: list[tuple[int, int, bytes]]) -> list[StoredReply]:
    """The answers as they were received. One that a disk has damaged is not there: nobody can read it any more."""
    found = []
    for call, attempt, body in rows:
        with suppress(zlib.error):
            found.append(StoredReply(call=call, attempt=attempt, body=zlib.decompress(body)))
    return found


def packed(body: bytes) -> bytes:
    """An answer as it is stored; the checksum in it tells a damaged one."""
    deflater = zlib.compressobj(1, zlib.DEFLATED, 15, _LITTLE_MEMORY)
    return deflater.compress(body) + deflater.flush()


def intend(
    who: tuple[int, int, str], question: tuple[str, int], money: tuple[float, float | None], *, alone: bool, again: bool
) -> Steps[tuple[int, int] | None]:
    """Call id and attempt; None where the reservation passes the ceiling, or `alone` and the key is in flight.

    A question that waits in a batch (state 4) is in flight too. `who` is run, member and a name for this
    intent, by which one whose commit went unseen is found `again`; `question` is key and unit, `money`
    reservation and ceiling.
    """
    (run, member, ticket), (key, unit) = who, question
    if again:
        before = yield from one(UNSEEN, member, ticket)
        if before is not None:
            return int(before[0]), int(before[1])
    reserved = parts_up(money[0])
    ceiling = None if money[1] is None else parts(money[1])
    row = None
    while row is None:
        if alone and (yield from one("SELECT id FROM call WHERE key=? AND state IN (0, 4)", key)) is not None:
            return None
        # Two workers may come to the same number: one of them inserts nothing and counts again.
        row = yield from one(
            "INSERT INTO call(key, attempt, unit, run, member, ticket, state, reserved) "
            "SELECT ?, COALESCE(MAX(attempt), 0) + 1, ?, ?, ?, ?, 0, ? FROM call WHERE key=? "
            "ON CONFLICT(key, attempt) DO NOTHING RETURNING id, attempt",
            *(key, unit, run, member, ticket, reserved, key),
        )
    held = yield from one(
        "UPDATE budget SET reserved=reserved+?, open=open+1 WHERE run=? AND (? = 0 OR spent+reserved+? <= ?) "
        "RETURNING run",
        *(reserved, run, 0 if ceiling is None else 1, reserved, ceiling or 0),
    )
    if held is None:
        yield Query("DELETE FROM call WHERE id=?", (row[0],))
        return None
    return int(row[0]), int(row[1])


def answered(call: int, body: bytes, usage: dict[str, Any], cost: float) -> Steps[None]:
    """The packed answer beside its call, the reservation settled."""
    yield Query(
        "INSERT INTO reply(id, body) VALUES(?,?) ON CONFLICT(id) DO UPDATE SET body=excluded.body", (call, body)
    )
    yield from _settle(call, ANSWERED, cost, ("usage", json.dumps(usage)))


def adopt(run: int, answers: Sequence[PaidAnswer]) -> Steps[int]:
    """Answers of another journal; how many were not here. They were paid for earlier: no budget knows of them."""
    count = 0
    for answer in answers:
        row = yield from one(
            "INSERT INTO call(key, attempt, run, member, ticket, state, cost, usage) VALUES(?,?,?,0,'',?,?,?) "
            "ON CONFLICT(key, attempt) DO NOTHING RETURNING id",
            *(answer.key, answer.attempt, run, ANSWERED, answer.cost, answer.usage),
        )
        if row is not None:
            yield Query("INSERT INTO reply(id, body) VALUES(?,?)", (row[0], answer.body))
            count += 1
    return count


def failed(call: int, outcome: str, cost: float) -> Steps[None]:
    """The call ended without an answer."""
    yield from _settle(call, FAILED, cost, ("outcome", outcome))


def _settle(call: int, state: int, cost: float, also: tuple[str, str]) -> Steps[None]:
    """From open to its end; or again, since an answer may come after its call was taken to be in doubt."""
    before = yield from one("SELECT state, reserved, cost, run FROM call WHERE id=?{lock}", call)
    if before is None:
        return
    amount = parts(cost)
    yield Query(f"UPDATE call SET state=?, cost=?, {also[0]}=? WHERE id=?", (state, amount, also[1], call))  # noqa: S608 - a column's name
    was_open = before[0] == SENT
    yield Query(
        "UPDATE budget SET spent=spent+?, reserved=reserved-?, open=open-? WHERE run=?",
        (amount - before[2], before[1] if was_open else 0, int(was_open), before[3]),
    )


def doubt(run: int) -> Steps[None]:
    """Open calls of members that are gone: in doubt, counted as spent at their worst cost, noticed by this run."""
    yield from _doubted(run, ORPHANS)


def cut_off(call: int, run: int) -> Steps[None]:
    """As `doubt`, for one open call that its own process gives up."""
    yield from _doubted(run, "state=0 AND id=?", call)


def _doubted(run: int, which: str, *values: int) -> Steps[None]:
    rows = yield Query(
        f"UPDATE call SET state={IN_DOUBT}, cost=reserved, noticed=? "  # noqa: S608 - constants only
        f"WHERE {which} RETURNING run, reserved",
        (run, *values),
    )
    sums: dict[int, tuple[int, int]] = {}
    for each, reserved in rows:
        count, amount = sums.get(each, (0, 0))
        sums[each] = (count + 1, amount + reserved)
    yield Many(
        "UPDATE budget SET spent=spent+?, reserved=reserved-?, open=open-? WHERE run=?",
        [(amount, amount, count, each) for each, (count, amount) in sorted(sums.items())],
    )


def in_doubt(run: int) -> Steps[InDoubt]:
    """Those that this run noticed and no answer came for since."""
    row = yield from one(
        f"SELECT COUNT(*), COALESCE(SUM(cost), 0) FROM call WHERE state={IN_DOUBT} AND noticed=?",  # noqa: S608 - constants only
        run,
    )
    count, amount = row or (0, 0)
    return InDoubt(calls=int(count), cost=usd(int(amount)))


def budget(run: int) -> Steps[Budget]:
    """The run's money."""
    row = yield from one("SELECT spent, reserved, open FROM budget WHERE run=?", run)
    spent, reserved, count = row or (0, 0, 0)
    return Budget(spent=usd(spent), reserved=usd(reserved), open=int(count))
