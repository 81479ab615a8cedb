"""One document run again: the job of the last run, for that document only, in a process of its own."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from docextract.errors import ConfigError
from docextract.types import Json

_NOT_AGAIN = {"fresh": False, "recover": False, "batch": None, "workers": 1, "json_events": False, "verbose": False}
_MOST_SAID = 2_000

Write = Callable[[Path, bytes], None]


class Again:
    """At most one at a time: a run holds the folder. `note` is what the last run left."""

    def __init__(self, out: Path, note: Mapping[str, Json], write: Write) -> None:
        self._out = out.absolute()
        self._note = note
        self._write = write
        self._lock = threading.Lock()
        self._place: str | None = None
        self._process: subprocess.Popen[str] | None = None

    def command(self, name: str) -> str:
        """What would be typed. Raises ConfigError where the job is not known."""
        self._job()
        return shlex.join(["docextract", "run", "--job", str(self._file()), "--only", name])

    def start(self, place: str, name: str) -> dict[str, Json]:
        """Begin. Raises ConfigError where one is at work already, or the job is not known."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                raise ConfigError("a document is being run again already", hint="wait for it to end")
            job = {**self._job(), **_NOT_AGAIN, "only": [name], "out": str(self._out), "quiet": True}
            self._write(self._file(), json.dumps(job, indent=1).encode("utf-8", "replace"))
            self._place = place
            self._process = subprocess.Popen(
                [sys.executable, "-m", "docextract", "run", "--job", str(self._file())],
                cwd=str(self._note.get("cwd") or "."),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
            )
            return {"running": True}

    def state(self, place: str) -> dict[str, Json]:
        """Whether it is still running, and how it ended."""
        with self._lock:
            process = self._process
            if process is None or self._place != place:
                raise ConfigError("this document is not being run again", hint="start it first")
            try:
                _, said = process.communicate(timeout=0.1)
            except subprocess.TimeoutExpired:
                return {"running": True}
            words = {0: "done", 1: "done, with something missing"}.get(process.returncode)
            return {
                "running": False,
                "exit_code": process.returncode,
                "message": words
                or (said or "").strip()[-_MOST_SAID:]
                or f"it ended with exit code {process.returncode}",
            }

    def close(self) -> None:
        """End what is at work, as Ctrl-C would."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=30)

    def _job(self) -> dict[str, Any]:
        job = self._note.get("job")
        if not isinstance(job, dict):
            raise ConfigError(
                "how this folder was made is not known", hint="type the command of its run again, with --only NAME"
            )
        return job

    def _file(self) -> Path:
        return self._out / ".docextract" / "again.json"
