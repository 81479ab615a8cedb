"""Runs of the command line in processes of their own that start quickly: forked from one that has imported it all.

    with Launcher() as launcher:
        ended = launcher.run(["run", "in", "--out", "out"], extra={"ZAI_API_KEY": "..."}, fault="stored:1:kill")

A run costs its own work and not the second of CPU that Python and the imports take. POSIX only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_IMPORTED = (
    "anyio._backends._asyncio", "aiofiles", "httpx", "pydantic", "docextract.cli.run", "docextract.run.batch",
    "docextract.cli.display", "httpcore", "PIL.Image", "docextract.local.engine",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """`code` is the exit code, or minus the signal that ended the process; `said` both its streams."""

    code: int
    said: str


class Launcher:
    """Holds the process that others are forked from; one run at a time.

    `one_cpu` has a run see a single processor, and so start one child of each kind instead of several.
    """

    def __init__(self, *, one_cpu: bool = False) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DOCEXTRACT_")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, *(["one_cpu"] if one_cpu else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=kept,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def run(
        self,
        arguments: Sequence[str],
        *,
        extra: Mapping[str, str] | None = None,
        fault: str | None = None,
        log: str | None = None,
    ) -> Ended:
        """One run to its end. `extra` are variables, `fault` and `log` as in `docextract.faultpoints`."""
        asked = {"arguments": list(arguments), "extra": dict(extra or {}), "fault": fault, "log": log}
        assert self._process.stdin is not None  # noqa: S101 - a pipe, as asked for
        assert self._process.stdout is not None  # noqa: S101 - the same
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        return Ended(**json.loads(self._process.stdout.readline()))


def serve() -> None:
    """Fork a run for each line that comes."""
    if "one_cpu" in sys.argv and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    for name in _IMPORTED:
        import_module(name)
    for line in sys.stdin:
        with tempfile.TemporaryDirectory(prefix="docextract-launcher-") as folder:
            said = Path(folder) / "said"
            child = os.fork()
            if not child:
                _become(json.loads(line), said)
            _, status = os.waitpid(child, 0)
            text = said.read_text(encoding="utf-8", errors="backslashreplace")
        sys.stdout.write(json.dumps({"code": os.waitstatus_to_exitcode(status), "said": text}) + "\n")
        sys.stdout.flush()


def _become(asked: Mapping[str, Any], said: Path) -> None:
    """Run the command line in place of what was forked; never returns."""
    from docextract import faultpoints

    code = 70  # EX_SOFTWARE: what is seen where the run raised what it should not
    try:
        stream = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, source in enumerate((nothing, stream, stream)):
            os.dup2(source, number)
        os.environ.update(asked["extra"])
        sys.argv = ["docextract", *asked["arguments"]]
        faultpoints.arm(asked["fault"], asked["log"])
        # By name: this is a user of the command line like any other, and stands below it in no layer.
        code = import_module("docextract.cli.main").main(asked["arguments"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 2
    except Exception:
        import traceback

        traceback.print_exc()
        raise
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
