"""Documents that a rebuilt journal knows by content alone: taken as done where that still is what is asked for."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import anyio

from docextract.errors import InputError
from docextract.intake.digest import digest
from docextract.journal.rebuild import content_fingerprint, content_signature
from docextract.journal.rows import Known, UnitRow
from docextract.pages.loader import joined
from docextract.session.session import Session

_REBUILT = content_fingerprint("")


async def taken(session: Session, rows: Sequence[UnitRow], known: Mapping[str, Known]) -> dict[str, Known]:
    """What is known, with the row's own fingerprint and signature where a rebuilt unit has its content and schemas.

    The files of a rebuilt unit are read, no others.
    """
    found = dict(known)
    for row in rows:
        before = known.get(row.name)
        if before is None or not before.fingerprint.startswith(_REBUILT) or not _same_question(session, before):
            continue
        if content_fingerprint(await anyio.to_thread.run_sync(_content, row)) == before.fingerprint:
            found[row.name] = dataclasses.replace(before, fingerprint=row.fingerprint, signature=row.signature)
    return found


def _same_question(session: Session, before: Known) -> bool:
    """The same model, and under each schema that is wanted one result, its definition unchanged."""
    left = {result.schema for result in before.results}
    asked: list[tuple[str, str]] = []
    for wanted in session.wanted:
        target = next((target for target in wanted.targets if target.name in left), None)
        if target is None:
            return False
        left.discard(target.name)
        asked.append((target.name, target.sha256))
    return not left and content_signature(session.engine.name, asked) == before.signature


def _content(row: UnitRow) -> str:
    """The digest that a document of these files has; nothing where one of them cannot be read."""
    paths = [source["path"].encode("utf-8", "surrogateescape") for source in json.loads(row.sources)]
    try:
        digests = [digest(Path(path.decode("utf-8", "surrogateescape"))) for path in paths]
    except InputError:
        return ""
    return digests[0] if len(digests) == 1 else joined(digests)
