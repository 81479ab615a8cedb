"""What a run did not come to is begun by the next before the walk over its folders has found anything."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docextract.intake.discover import discover
from docextract.testing import script
from docextract.testing.endpoint import FakeEndpoint, wait_until
from docextract.types import SourceFile


def test_left_over_documents_are_asked_about_before_the_walk_begins(
    make_shelf: Any, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = make_shelf(6, 1)
    folder = tmp_path / "in"
    shutil.copytree(shelf.folder, folder)
    stop = [True]
    spoil = script.when(lambda question: stop[0] and question.number > 2, "balance")
    options = {"inputs": [folder], "schema": [shelf.schema], "concurrency": 1}
    with FakeEndpoint("zai", script=spoil) as endpoint:
        first = run(endpoint, tmp_path / "out", **options)
        assert first.summary.exit_code == 3
        stop[0] = False
        before = len(endpoint.requests)
        (folder / "l004.pdf").unlink()
        shutil.copy(shelf.folder / "l004.pdf", folder / "l007.pdf")
        shutil.copy(folder / "l005.pdf", folder / "l003.pdf")

        def walk(*arguments: Any, **named: Any) -> Iterator[SourceFile]:
            wait_until(lambda: len(endpoint.requests) > before, within_s=30)
            yield from discover(*arguments, **named)

        monkeypatch.setattr("docextract.run.discovery.discover", walk)
        second = run(endpoint, tmp_path / "out", **options)
        assert len(endpoint.requests) > before
    assert second.summary.exit_code == 0
    assert second.summary.documents.total() == 6
    for name, truth in {"l002": "l002", "l003": "l005", "l005": "l005", "l007": "l004"}.items():
        assert second.data(f"{name}.pdf") == shelf.ledgers[f"{truth}.pdf"].data, name
    assert not (tmp_path / "out" / "l004.pdf.json").exists()


def test_other_inputs_begin_with_what_they_name(make_shelf: Any, tmp_path: Path, run: Any) -> None:
    shelf = make_shelf(4, 1)
    stop = [True]
    spoil = script.when(lambda question: stop[0] and question.number > 1, "balance")
    with FakeEndpoint("zai", script=spoil) as endpoint:
        run(endpoint, tmp_path / "out", inputs=[shelf.folder], schema=[shelf.schema], concurrency=1)
        stop[0] = False
        before = len(endpoint.requests)
        second = run(endpoint, tmp_path / "out", inputs=[shelf.folder / "l003.pdf"], schema=[shelf.schema])
        assert len(endpoint.requests) == before + 1
    assert second.summary.documents.total() == 1
