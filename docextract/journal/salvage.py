"""What can still be read of a damaged journal's file: answers that were paid for, each with a sound checksum."""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from docextract.journal.calls import ANSWERED
from docextract.journal.rows import PaidAnswer

_PAGE = 500
_GIVE_UP = 20_000  # numbers of calls in a row that cannot be read, where the damaged file does not say its last one
_CALLS = f"SELECT id, key, attempt, usage, cost FROM call WHERE state={ANSWERED} AND id BETWEEN ? AND ? ORDER BY id"  # noqa: S608 - a constant


def salvage(path: Path) -> Iterator[PaidAnswer]:
    """Every answer in the file that is whole; the file stays as it is. Nothing where it is no SQLite file at all."""
    with contextlib.suppress(sqlite3.Error):
        db = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)
        try:
            yield from _answers(db)
        finally:
            db.close()


def _answers(db: sqlite3.Connection) -> Iterator[PaidAnswer]:
    last = _last(db)
    first, silent = 1, 0
    while first <= last if last is not None else silent < _GIVE_UP:
        rows = _rows(db, first, first + _PAGE - 1)
        if rows is None:  # a damaged page among them: the others are read one by one
            rows = [row for number in range(first, first + _PAGE) for row in _rows(db, number, number) or ()]
        silent = 0 if rows else silent + _PAGE
        for number, key, attempt, usage, cost in rows:
            body = _body(db, number)
            if body is not None:
                yield PaidAnswer(key=key, attempt=attempt, usage=usage or "{}", cost=cost, body=body)
        first += _PAGE


def _last(db: sqlite3.Connection) -> int | None:
    """The highest number of a call, where the file's last pages can be read."""
    for table in ("call", "reply"):
        with contextlib.suppress(sqlite3.Error):
            row = db.execute(f"SELECT id FROM {table} ORDER BY id DESC LIMIT 1").fetchone()  # noqa: S608 - constants
            return int(row[0]) if row is not None else 0
    return None


def _rows(db: sqlite3.Connection, first: int, last: int) -> list[tuple[Any, ...]] | None:
    try:
        return [row for row in db.execute(_CALLS, (first, last)).fetchall() if _is_sound(row)]
    except sqlite3.Error:
        return None


def _is_sound(row: tuple[Any, ...]) -> bool:
    """A damaged page may hold anything: only what has the types of a call is one."""
    _, key, attempt, usage, cost = row
    kinds = isinstance(key, str) and isinstance(attempt, int) and isinstance(cost, int)
    return kinds and (usage is None or isinstance(usage, str))


def _body(db: sqlite3.Connection, number: int) -> bytes | None:
    try:
        row = db.execute("SELECT body FROM reply WHERE id=?", (number,)).fetchone()
        if row is None or not isinstance(row[0], bytes):
            return None
        zlib.decompress(row[0])
    except (sqlite3.Error, zlib.error):
        return None
    return bytes(row[0])
