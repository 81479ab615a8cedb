"""What an earlier run listed and did not come to goes first: a walk over 100,000 files would find it last."""

from __future__ import annotations

import json
import os
from pathlib import Path

import anyio

from docextract.journal.rows import UnitRow
from docextract.session.session import Session

_MOST = 64  # enough to do until the walk has found more
_NOTE = "inputs"


async def take_left_over(session: Session) -> set[str]:
    """List them, where the same INPUTs are walked again and their files are as they were. Returns their names."""
    job = session.job
    # Workers of other machines are told whole paths: what was listed without them is listed anew.
    asked = json.dumps([str(Path.cwd()), list(map(str, job.inputs)), job.group, str(job.out), session.is_elsewhere])
    before = await session.journal.note(_NOTE)
    if before != asked:
        await session.journal.note(_NOTE, asked)
    if before != asked or job.only:
        return set()
    signature = session.signature().output
    listed = [row for row in await session.journal.left_over(_MOST) if row.signature == signature]
    rows = await anyio.to_thread.run_sync(lambda: [row for row in listed if _stands(row)])
    await session.journal.add([(row, False, False) for row in rows])
    return {row.name for row in rows}


def _stands(row: UnitRow) -> bool:
    """Whether its files are there, of the same size and time."""
    for source in json.loads(row.sources):
        if source["url"] or source["fault"]:
            return False  # the walk asks for it
        path = source["path"].encode("utf-8", "surrogateescape")
        try:
            status = os.stat(path)  # noqa: PTH116 - bytes, as the file system has them
        except OSError:
            return False
        if (status.st_size, status.st_mtime_ns) != (source["bytes"], source["mtime_ns"]):
            return False
    return True
