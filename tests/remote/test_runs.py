"""Whole runs from a bucket and into one give what the same run gives with folders."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from docextract.testing.documents import write_pdf
from docextract.testing.ledgers import make_ledger

TEXT = "Invoice\nInvoice number: A-17\nInvoice date: 2026-03-01\nTotal: EUR 12.00\n"
PROMISED = ("source", "state", "error", "pages", "evidence", "conflicts", "issues")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a PDF, a text, and a file of no use."""
    root = tmp_path / "in"
    (root / "deep").mkdir(parents=True)
    write_pdf(root / "ledger.pdf", make_ledger(3, 10))
    (root / "deep" / "note.txt").write_text(TEXT, encoding="utf-8")
    (root / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    return root


def parts(name: str, data: bytes) -> Any:
    """What is promised to be equal."""
    if not name.endswith(".meta.json"):
        return data
    meta = json.loads(data)
    return {key: meta[key] for key in PROMISED}


def test_a_run_over_buckets_is_the_run_over_folders(
    folder: Path, tmp_path: Path, s3: Any, s3_server: dict[str, str], run_python: Any, put: Callable[..., None]
) -> None:
    s3.mkdir("box")
    put(s3, folder, "box/in")
    same = ["-m", "docextract", "run", "--schema", "auto", "--model", "local", "--no-report"]

    def go(*words: str) -> CompletedProcess[str]:
        done: CompletedProcess[str] = run_python([*same, *words], tmp_path, extra=s3_server)
        return done

    here = go("in", "--out", "out")
    there = go("s3://box/in", "--out", "s3://box/in/out", "--journal", "j.db")
    assert here.returncode == there.returncode == 1, there.stdout + there.stderr  # one document is broken
    names = [
        file.relative_to(tmp_path / "out").as_posix()
        for file in sorted((tmp_path / "out").rglob("*"))
        if file.is_file() and ".docextract" not in file.parts
    ]
    found = {path.removeprefix("box/in/out/"): s3.cat_file(path) for path in s3.find("box/in/out")}
    assert sorted(found) == sorted(names)
    for name in names:
        if name != "run.json":
            assert parts(name, found[name]) == parts(name, (tmp_path / "out" / name).read_bytes()), name
    again = go("s3://box/in", "--out", "s3://box/in/out", "--journal", "j.db", "--json-events")
    told = [json.loads(line) for line in again.stdout.splitlines()]
    last = next(event for event in told if event["event"] == "all_found")
    assert (last["documents"], last["done"], last["again"]) == (3, 2, 1)
    assert not (tmp_path / "s3:").exists()


def test_a_journal_cannot_lie_in_a_bucket(folder: Path, run_python: Any, tmp_path: Path) -> None:
    done = run_python(["-m", "docextract", "run", "in", "--schema", "auto", "--out", "memory://out"], tmp_path)
    assert done.returncode == 2
    assert "--journal" in done.stderr
