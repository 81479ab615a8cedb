"""The main job needs no network: neither the command nor any of its children opens an internet socket."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

Seals = Callable[[], Any]  # `Seal` of tests/conftest.py, which tests cannot import
Runner = Callable[..., CompletedProcess[str]]


def test_the_seal_holds(seal: Seals, run_python: Runner, tmp_path: Path) -> None:
    sealed = seal()
    for call in ("socket.create_connection(('127.0.0.1', 9))", "socket.socket()", "socket.getaddrinfo('localhost', 9)"):
        done = run_python(["-c", f"import socket; {call}"], tmp_path, extra=sealed.variables)
        assert "this process has no network" in done.stderr
    fine = run_python(
        ["-c", "import asyncio; asyncio.run(asyncio.sleep(0)); print('ran')"], tmp_path, extra=sealed.variables
    )
    assert fine.stdout == "ran\n", fine.stderr
    assert len(sealed.tried()) == 3
    assert len(sealed.started()) == 4


def test_main_job_opens_no_socket(seal: Seals, run_python: Runner, root: Path, tmp_path: Path) -> None:
    sealed, inbox = seal(), tmp_path / "inbox"
    inbox.mkdir()
    for name in ("invoice-english.pdf", "receipt-scan.jpg", "applications/halvorsen.docx"):
        shutil.copy(root / "examples/inbox" / name, inbox)
    words = ["run", "inbox", "--schema", "auto", "--model", "local", "--out", "out"]
    done = run_python(["-m", "docextract", *words], tmp_path, extra=sealed.variables)
    assert done.returncode == 0, done.stdout + done.stderr
    run = json.loads((tmp_path / "out/run.json").read_text(encoding="utf-8"))
    assert run["exit_code"] == 0
    assert sealed.tried() == []
    kinds = {line.split("docextract.pages.child ")[1].split()[0] for line in sealed.started() if "pages.child" in line}
    assert kinds >= {"render", "read"}, "the children did not start under the seal"
