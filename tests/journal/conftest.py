"""Both stores, real: a file, and the PostgreSQL server of the tests' own (`server`, in tests/conftest.py)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from docextract.journal.open import open_journal
from docextract.journal.protocol import Journal
from docextract.testing.postgres import PostgresServer

Opener = Callable[..., AbstractAsyncContextManager[Journal]]


@asynccontextmanager
async def opened(journal: Journal, **words: Any) -> AsyncIterator[Journal]:
    await journal.start(**words)
    try:
        yield journal
    finally:
        await journal.aclose()


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a new journal."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/journal.db"
    found: PostgresServer = request.getfixturevalue("server")
    return found.url()


@pytest.fixture
def journal_at(where: str) -> Opener:
    """Return a function that opens the journal at `where`; the words are those of `start`."""
    return lambda **words: opened(open_journal(where), **words)


@pytest.fixture
def python(root: Path) -> Callable[..., subprocess.Popen[str]]:
    """Return a function that starts a script beside the test, with a pipe to it and from it."""

    def start(script: str, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", script, *words],
            cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    return start
