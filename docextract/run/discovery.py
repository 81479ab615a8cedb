"""Inputs become units in the journal, in batches, while the first ones are already being worked on."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import anyio

from docextract.faultpoints import passing
from docextract.intake.discover import discover, look_inside
from docextract.intake.group import units
from docextract.journal.rows import Known, UnitRow
from docextract.output.folder import Folder
from docextract.run.left_over import take_left_over
from docextract.run.only import narrowed
from docextract.run.taken import taken
from docextract.session.events import Event
from docextract.session.session import Session
from docextract.types import Fault, SourceFile, Unit

_BATCH = 200


async def find(session: Session) -> None:
    """Write every unit into the journal, those that are done already as done."""
    job = session.job
    # What a file is matters once its turn has come; most of a folder that is gone through again is done.
    walk = units(discover(job.inputs, exclude=[job.out], looks_inside=job.group != "none"), job.group)
    signature = session.signature()
    counts = {"documents": 0, "done": 0, "again": 0, "changed": 0}
    first = await take_left_over(session)
    while batch := await anyio.to_thread.run_sync(_take, walk):
        rows = [_row(unit, signature.output, elsewhere=session.is_elsewhere) for unit in batch]
        known = await taken(session, rows, await session.journal.known([row.name for row in rows]))
        checked = await anyio.to_thread.run_sync(_check, rows, known, session.out)
        if job.only:
            checked = narrowed(checked, known, job.only)
        passing("scan")
        await session.journal.add(checked)
        passing("listed")
        counts["documents"] += len(rows)
        counts["done"] += sum(1 for row, done, _ in checked if done and row.name not in first)
        counts["again"] += sum(1 for _, done, urgent in checked if urgent and not done)
        counts["changed"] += sum(1 for row, done, urgent in checked if row.name in known and not done and not urgent)
        session.observe(Event("found", dict(counts)))
    session.observe(Event("all_found", dict(counts)))


def unit_from_row(name: str, sources: str) -> Unit:
    """The unit as it was found, its files looked into where they were not. Blocks."""
    files = []
    for entry in json.loads(sources):
        fault = entry.pop("fault")
        path = Path(entry.pop("path").encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape"))
        files.append(look_inside(SourceFile(**entry, path=path, fault=Fault(**fault) if fault else None)))
    return Unit(name=name, sources=tuple(files))


def _take(walk: Iterator[Unit]) -> list[Unit]:
    return list(islice(walk, _BATCH))


def _row(unit: Unit, signature: str, *, elsewhere: bool) -> UnitRow:
    """`elsewhere` says that workers of other machines read it, where this process's folder means nothing."""
    # Path.absolute keeps `..`, and resolve() would follow links.
    paths = [
        os.path.abspath(source.path) if elsewhere and not source.url else source.path  # noqa: PTH100
        for source in unit.sources
    ]
    files = [dataclasses.asdict(source) | {"path": str(path)} for source, path in zip(unit.sources, paths, strict=True)]
    stamp = [
        [str(path), source.bytes, source.mtime_ns, bool(source.fault), *([source.version] if source.url else [])]
        for source, path in zip(unit.sources, paths, strict=True)
    ]
    fingerprint = hashlib.sha256(json.dumps(stamp).encode()).hexdigest()
    return UnitRow(name=unit.name, sources=json.dumps(files), fingerprint=fingerprint, signature=signature)


def _check(rows: list[UnitRow], known: dict[str, Known], out: Folder) -> list[tuple[UnitRow, bool, bool]]:
    """Each row with whether it is done already, and whether it failed or was partial before."""
    checked = []
    stamps = {
        name: stamp
        for row in rows
        if row.name in known and known[row.name].fingerprint == row.fingerprint
        for result in known[row.name].results
        for name, stamp in result.outputs.items()
    }
    standing = out.standing(stamps)
    for row in rows:
        before = known.get(row.name)
        if before is None:
            checked.append((row, False, False))
            continue
        same = before.fingerprint == row.fingerprint and before.signature == row.signature
        complete = bool(before.results) and all(result.state == "complete" for result in before.results)
        stands = all(result.outputs.keys() <= standing for result in before.results)
        done = same and complete and before.state == "done" and stands
        checked.append((row, done, not done and bool(before.results) and not complete))
    return checked
