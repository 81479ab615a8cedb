"""A journal that was damaged: refused and kept, and with --recover made again from what it and the outputs hold."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from docextract.errors import ConfigError
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.sweep import signature

JOURNAL = ".docextract/journal.db"


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A run that ended well, and its endpoint."""

    endpoint: FakeEndpoint
    out: Path
    options: dict[str, Any]

    def copy(self, to: Path) -> Path:
        shutil.copytree(self.out, to)  # keeps the times of the files
        return to


@pytest.fixture(scope="module")
def finished(few: Any, tmp_path_factory: pytest.TempPathFactory, run: Any) -> Iterator[Finished]:
    out = tmp_path_factory.mktemp("recover") / "out"
    options = {"inputs": [few.folder], "schema": [few.schema], "window_pages": 1}
    with FakeEndpoint("zai") as endpoint:
        assert run(endpoint, out, **options).summary.exit_code == 0
        yield Finished(endpoint=endpoint, out=out, options=options)


def spoil(path: Path, table: str) -> bytes:
    """Overwrite the root page of a table; the file's bytes after it."""
    db = sqlite3.connect(path)
    page = db.execute("SELECT rootpage FROM sqlite_master WHERE name=?", (table,)).fetchone()[0]
    size = db.execute("PRAGMA page_size").fetchone()[0]
    db.close()
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : (page - 1) * size + 64] = b"\xff" * 64
    path.write_bytes(content)
    return bytes(content)


def test_a_damaged_journal_is_refused_with_the_flag_that_helps_and_then_made_again(
    finished: Finished, few: Any, tmp_path: Path, run: Any
) -> None:
    out = finished.copy(tmp_path / "out")
    spoilt = spoil(out / JOURNAL, "unit")
    with pytest.raises(ConfigError, match="it was left as it is") as refused:
        run(finished.endpoint, out, **finished.options)
    assert "--recover" in refused.value.hint
    assert (out / JOURNAL).read_bytes() == spoilt
    before = signature(out)
    done = run(finished.endpoint, out, **finished.options, recover=True)
    assert (done.summary.exit_code, done.requests) == (0, [])
    assert signature(out) == before
    assert (out / f"{JOURNAL}.damaged-1").read_bytes() == spoilt
    (told,) = [event.fields["message"] for event in done.events if event.name == "warning"]
    assert f"{sum(few.pages.values())} answers, {len(few.ledgers)} documents" in told
    found = next(event.fields for event in done.events if event.name == "all_found")
    assert found["done"] == len(few.ledgers)
    again = run(finished.endpoint, out, **finished.options)
    assert (again.requests, next(e.fields["done"] for e in again.events if e.name == "all_found")) == ([], 3)


def test_answers_are_taken_from_the_damaged_journal_where_outputs_are_missing(
    finished: Finished, few: Any, tmp_path: Path, run: Any
) -> None:
    out = finished.copy(tmp_path / "out")
    wanted = signature(out)
    spoil(out / JOURNAL, "result")
    for name in list(few.ledgers)[:2]:
        (out / f"{name}.meta.json").unlink()
    done = run(finished.endpoint, out, **finished.options, recover=True)
    assert (done.summary.exit_code, done.requests) == (0, [])
    assert signature(out) == wanted


def test_documents_are_taken_from_the_outputs_where_nothing_of_the_journal_can_be_read(
    finished: Finished, few: Any, make_shelf: Any, tmp_path: Path, run: Any
) -> None:
    out = finished.copy(tmp_path / "out")
    folder = tmp_path / "in"
    shutil.copytree(few.folder, folder)
    (out / JOURNAL).write_bytes(os.urandom(20_000))
    name = next(iter(few.ledgers))
    other = make_shelf(5, 1)
    shutil.copy(other.folder / "l004.pdf", folder / name)  # another content under a name that is known
    done = run(finished.endpoint, out, **{**finished.options, "inputs": [folder]}, recover=True)
    assert done.summary.exit_code == 0
    assert len(done.requests) == 1
    assert done.data(name) == other.ledgers["l004.pdf"].data


def test_another_schema_is_not_taken_for_the_one_of_the_outputs(
    finished: Finished, few: Any, tmp_path: Path, run: Any
) -> None:
    out = finished.copy(tmp_path / "out")
    (out / JOURNAL).write_bytes(b"nothing")
    schema = tmp_path / "ledger.json"
    schema.write_text(few.schema.read_text(encoding="utf-8").replace("ISO date", "the date"), encoding="utf-8")
    done = run(finished.endpoint, out, **{**finished.options, "schema": [schema]}, recover=True)
    assert len(done.requests) == sum(few.pages.values())


def test_a_sound_journal_is_used_as_it_is(finished: Finished, tmp_path: Path, run: Any) -> None:
    out = finished.copy(tmp_path / "out")
    done = run(finished.endpoint, out, **finished.options, recover=True)
    assert (done.summary.exit_code, done.requests) == (0, [])
    assert any("sound" in event.fields["message"] for event in done.events if event.name == "warning")
    assert [file.name for file in (out / ".docextract").glob("*damaged*")] == []
