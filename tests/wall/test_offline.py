"""The main job needs no network: neither the command nor any of its children opens an internet socket."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Protocol


class Sealed(Protocol):
    folder: Path

    @property
    def variables(self) -> dict[str, str]: ...
    def started(self) -> list[str]: ...
    def tried(self) -> list[str]: ...


Runner = Callable[..., CompletedProcess[str]]


def test_the_seal_holds(sealed: Sealed, run_python: Runner, tmp_path: Path) -> None:
    for call in ("socket.create_connection(('127.0.0.1', 9))", "socket.socket()", "socket.getaddrinfo('localhost', 9)"):
        done = run_python(["-c", f"import socket; {call}"], tmp_path, extra=sealed.variables)
        assert "this process has no network" in done.stderr
    fine = run_python(
        ["-c", "import asyncio; asyncio.run(asyncio.sleep(0)); print('ran')"], tmp_path, extra=sealed.variables
    )
    assert fine.stdout == "ran\n", fine.stderr
    assert sealed.tried()
    (sealed.folder / "tried").unlink()


def test_main_job_opens_no_socket(sealed: Sealed, run_python: Runner, root: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
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
