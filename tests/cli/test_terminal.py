"""A run as it is seen on a terminal of some width, through a pseudo-terminal: the live view, colour, and none."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-9][0-9;]*m")


def on_terminal(words: list[str], cwd: Path, *, columns: int, **variables: str) -> tuple[int, str]:
    """(exit code, everything that the terminal was sent)."""
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS", "FORCE_COLOR"}}
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
    child = subprocess.Popen(
        [sys.executable, "-m", "docextract", *words],
        cwd=cwd,
        env={**kept, "TERM": "xterm-256color", **variables},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    sent = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux says EIO when the last writer is gone
            break
        if not piece:
            break
        sent += piece
    os.close(ours)
    return child.wait(timeout=60), sent.decode("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bill.txt").write_text("Invoice number 4711\nTotal 12.00 EUR\n", encoding="utf-8")
    (tmp_path / "empty.pdf").touch()
    return tmp_path


RUN = ["run", "bill.txt", "empty.pdf", "--schema", "invoice", "--model", "local", "--no-report"]


@pytest.mark.parametrize(("columns", "variables"), [(100, {}), (40, {"NO_COLOR": "1"}), (80, {"TERM": "dumb"})])
def test_a_run_is_shown_live(columns: int, variables: dict[str, str], folder: Path) -> None:
    code, sent = on_terminal(RUN, folder, columns=columns, **variables)
    plain = " ".join(ESCAPE.sub("", sent).split())  # a narrow terminal breaks lines between words
    assert code == 1, plain
    assert "Traceback" not in plain
    assert "complete bill.txt" in plain
    assert "empty_file: the file has no bytes" in plain
    assert re.search(r"documents +2: 1 complete, 1 failed", plain)
    assert bool(COLOUR.search(sent)) == (not variables)
    assert ("\x1b[?25l" in sent) == ("TERM" not in variables), "only a dumb terminal is spared the redrawing"


def test_doctor_is_green_and_red_on_a_terminal_only(folder: Path) -> None:
    _, sent = on_terminal(["doctor"], folder, columns=100, PATH=str(folder))
    assert "\x1b[32mok" in sent
    assert "\x1b[31mmissing" in sent
    assert "apt-get install libreoffice" in sent
    _, sent = on_terminal(["doctor"], folder, columns=100, NO_COLOR="1")
    assert "\x1b" not in sent
