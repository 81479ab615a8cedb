"""`docextract worker`: one more worker for a run, on this machine or, with PostgreSQL, on any."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Any

from docextract.cli.display import display_for
from docextract.config.load import load_job

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def command(values: dict[str, Any]) -> int:
    """Work until the run is over; returns this worker's own exit code."""
    import anyio

    from docextract.run.batch import join_run

    run = values.pop("run", "any")
    parent = values.pop("parent", None)
    if parent is not None:
        _drain_with(parent)
    asked = load_job(values)
    display = display_for(asked, resume="docextract run ...")
    with display:
        summary = anyio.run(join_run, run, asked, display.observe)
    display.finish(summary)
    return summary.exit_code


def _drain_with(parent: int) -> None:
    """Have this process drain (SIGTERM) when the one that started it dies. Linux; elsewhere it works to the end."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the line above
        os.kill(os.getpid(), signal.SIGTERM)
