"""The ledger's transactions about units: found, claimed with a fence, finished or given back."""

from __future__ import annotations

import json
from collections.abc import Sequence

from docextract.journal.rows import Claim, Known, Progress, ResultRow, UnitRow, UnitState
from docextract.journal.steps import Many, Query, Steps, marks, one

PENDING, CLAIMED, DONE, WAITING = 0, 1, 2, 3
NO_RUN = 0
STATES: dict[int, UnitState] = {PENDING: "pending", CLAIMED: "claimed", DONE: "done", WAITING: "pending"}

NEXT = "SELECT id FROM unit WHERE state=0 AND run=? ORDER BY urgent DESC, id LIMIT 1"

_ADD = (
    "INSERT INTO unit(name, sources, fingerprint, signature, state, urgent, run) VALUES(?,?,?,?,?,?,?) "
    "ON CONFLICT(name) DO UPDATE SET sources=excluded.sources, fingerprint=excluded.fingerprint, "
    "signature=excluded.signature, state=excluded.state, urgent=excluded.urgent, run=excluded.run, owner=NULL "
    # What this very run has found before keeps its state: a discovery that starts again undoes nothing.
    "WHERE unit.run<>excluded.run"
)
_RESULT = "INSERT INTO result(unit, schema, state, summary, outputs) VALUES(?,?,?,?,?)"


def add(run: int, units: Sequence[tuple[UnitRow, bool, bool]]) -> Steps[None]:
    """Units with `done` and `urgent`."""
    yield Many(
        _ADD,
        [
            (_blob(u.name), u.sources, u.fingerprint, u.signature, DONE if done else PENDING, int(urgent), run)
            for u, done, urgent in units
        ],
    )


def adopt(units: Sequence[tuple[UnitRow, Sequence[ResultRow]]]) -> Steps[None]:
    """Units as done, with results that were not made here, which no run has found yet. What is known stays as it is."""
    for unit, results in units:
        row = yield from one(
            "INSERT INTO unit(name, sources, fingerprint, signature, state, urgent, run) VALUES(?,?,?,?,?,?,?) "
            "ON CONFLICT(name) DO NOTHING RETURNING id",
            *(_blob(unit.name), unit.sources, unit.fingerprint, unit.signature, DONE, 0, NO_RUN),
        )
        if row is not None:
            yield Many(_RESULT, [_result_values(row[0], result) for result in results])


def known(names: Sequence[str]) -> Steps[dict[str, Known]]:
    """What the ledger knows of these units."""
    if not names:
        return {}
    blobs = [_blob(name) for name in names]
    units = yield Query(
        f"SELECT id, name, state, fingerprint, signature FROM unit WHERE name IN ({marks(len(blobs))})",  # noqa: S608 - placeholders only
        blobs,
    )
    results = yield from _results([unit[0] for unit in units])
    return {
        _name(unit[1]): Known(
            state=STATES[unit[2]], fingerprint=unit[3], signature=unit[4], results=results.get(unit[0], ())
        )
        for unit in units
    }


LEFT_OVER = (
    "SELECT name, sources, fingerprint, signature FROM unit WHERE state=0 AND run<>? "
    "ORDER BY run, urgent DESC, id LIMIT ?"  # the order of the index unit_open
)


def left_over(run: int, most: int) -> Steps[list[UnitRow]]:
    """Units that earlier runs listed and did not come to."""
    rows = yield Query(LEFT_OVER, (run, most))
    return [UnitRow(name=_name(row[0]), sources=row[1], fingerprint=row[2], signature=row[3]) for row in rows]


def claim(run: int, member: int, ticket: str, *, again: bool) -> Steps[Claim | None]:
    """The next pending unit. `ticket` names this claim, so that one whose commit went unseen is found `again`."""
    if again:
        row = yield from one(
            "SELECT id, name, sources, fence FROM unit WHERE state=1 AND run=? AND owner=? AND ticket=?",
            *(run, member, ticket),
        )
        if row is not None:
            return _claim(row)
    row = yield from one(
        f"UPDATE unit SET state=1, owner=?, ticket=?, fence=fence+1 WHERE id=({NEXT}{{skip}}) "  # noqa: S608 - constants only
        "RETURNING id, name, sources, fence",
        *(member, ticket, run),
    )
    return None if row is None else _claim(row)


def has_pending(run: int) -> Steps[bool]:
    """Whether a claim would find something."""
    return (yield from one(NEXT, run)) is not None


def finish(held: Claim, results: Sequence[ResultRow], *, again: bool) -> Steps[bool]:
    """Done, if the fence is still this claim's."""
    row = yield from one(
        "UPDATE unit SET state=2, owner=NULL, ticket=NULL WHERE id=? AND fence=? AND state=1 RETURNING id",
        *(held.unit, held.fence),
    )
    if row is None:
        if again:
            query = "SELECT id FROM unit WHERE id=? AND fence=? AND state=2"
            return (yield from one(query, held.unit, held.fence)) is not None
        return False
    yield Query("DELETE FROM result WHERE unit=?", (held.unit,))
    yield Many(_RESULT, [_result_values(held.unit, result) for result in results])
    return True


def release(held: Claim) -> Steps[None]:
    """Pending again, if the fence is still this claim's."""
    yield Query(
        "UPDATE unit SET state=0, owner=NULL, ticket=NULL WHERE id=? AND fence=? AND state=1", (held.unit, held.fence)
    )


def wait(held: Claim) -> Steps[None]:
    """Nothing to do in this run, if the fence is still this claim's: the next run finds it pending."""
    yield Query(
        "UPDATE unit SET state=3, owner=NULL, ticket=NULL WHERE id=? AND fence=? AND state=1", (held.unit, held.fence)
    )


def progress(run: int) -> Steps[Progress]:
    """Counts by the partial indexes: cheap however many units are done."""
    row = yield from one(
        "SELECT found, halted, (SELECT COUNT(*) FROM unit WHERE state=0 AND run=?), "
        "(SELECT COUNT(*) FROM unit WHERE state=1 AND run=?) FROM run WHERE id=?",
        *(run, run, run),
    )
    found, halted, waiting, claimed = row or (0, None, 0, 0)
    return Progress(all_found=bool(found), halted=halted, pending=waiting, claimed=claimed)


def results_after(run: int, last: int, page: int) -> Steps[list[tuple[int, str, UnitState, tuple[ResultRow, ...]]]]:
    """The next `page` units after the id `last`, each with its id and, where it is done, its results."""
    units = yield Query("SELECT id, name, state FROM unit WHERE id>? AND run=? ORDER BY id LIMIT ?", (last, run, page))
    results = yield from _results([unit[0] for unit in units if unit[2] == DONE])
    return [(unit[0], _name(unit[1]), STATES[unit[2]], results.get(unit[0], ())) for unit in units]


def _results(units: Sequence[int]) -> Steps[dict[int, tuple[ResultRow, ...]]]:
    if not units:
        return {}
    rows = yield Query(
        f"SELECT unit, schema, state, summary, outputs FROM result WHERE unit IN ({marks(len(units))}) "  # noqa: S608 - placeholders only
        "ORDER BY unit, schema",
        units,
    )
    return _grouped([(row[0], row[1], row[2], row[3], row[4]) for row in rows])


def _grouped(rows: Sequence[tuple[int, str, str, str, str]]) -> dict[int, tuple[ResultRow, ...]]:
    # Read as one array: twice as quick as many small values, and a resume reads all there are.
    summaries = json.loads(f"[{','.join([row[3] for row in rows])}]")
    outputs = json.loads(f"[{','.join([row[4] for row in rows])}]")
    grouped: dict[int, tuple[ResultRow, ...]] = {}
    for row, summary, files in zip(rows, summaries, outputs, strict=True):
        result = ResultRow(schema=row[1], state=row[2], summary=summary, outputs=files)
        grouped[row[0]] = (*grouped.get(row[0], ()), result)
    return grouped


def _result_values(unit: int, result: ResultRow) -> tuple[int, str, str, str, str]:
    return unit, result.schema, result.state, json.dumps(result.summary), json.dumps(result.outputs)


def _claim(row: tuple[int, bytes, str, int]) -> Claim:
    return Claim(unit=row[0], name=_name(row[1]), sources=row[2], fence=row[3])


def _blob(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _name(blob: bytes) -> str:
    return bytes(blob).decode("utf-8", "surrogateescape")
