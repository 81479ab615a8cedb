"""The example scripts run as they stand: no key, no network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Runner = Callable[..., CompletedProcess[str]]


@pytest.mark.parametrize("source", ["", "inbox/invoice-english.pdf"])
def test_own_schema(examples: Path, run_python: Runner, seal: Any, tmp_path: Path, source: str) -> None:
    words = [str(examples / source)] if source else []
    done = run_python([str(examples / "own_schema.py"), *words], tmp_path, extra=seal().variables)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("complete page 1: extracted\n")
    number, iban = ("HF-2024-0187", "GB29NWBK") if source else ("RE-2024-1093", "DE89370400")
    assert number in done.stdout
    assert iban in done.stdout
    assert "/positions/3/amount" in done.stdout


def test_folder(examples: Path, run_python: Runner, seal: Any, tmp_path: Path) -> None:
    done = run_python([str(examples / "folder.py")], tmp_path, extra=seal().variables)
    assert done.returncode == 0, done.stderr
    lines = sorted(done.stdout.splitlines())
    assert [line.split(",")[0] for line in lines] == ["halvorsen.docx: resume", "rojas.pdf: resume"]
    assert list(tmp_path.iterdir()) == []


def test_scripts_fit_on_one_screen(examples: Path) -> None:
    for file in examples.glob("*.py"):
        if file.name != "make_inbox.py":
            assert len(file.read_text(encoding="utf-8").splitlines()) <= 50, file.name
