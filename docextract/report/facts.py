"""The head of a report: what was asked, how it ended, what it cost against the plan, and how far confidence holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docextract.report.private import Scrub
from docextract.types import Json
from docextract.version import __version__

LAST_RUN = Path(".docextract") / "last-run.json"
"""What a run leaves for those who look at it later: the job, the folder it was started in, its times, the plan."""


def last_run(out: Path) -> dict[str, Any]:
    """The last run's own note; empty where there is none that can be read."""
    return _object(out / LAST_RUN)


def facts_of(out: Path, head: Mapping[str, Json], note: Mapping[str, Json], *, live: bool = False) -> dict[str, Json]:
    """What the page says above its table. `head` is run.json's; `live` says that the run is still at work."""
    inputs = [str(name) for name in head.get("inputs") or ()]
    error = head.get("error")
    scrub = Scrub(out, inputs)
    return {
        "version": __version__,
        "model": head.get("model"),
        "schema": head.get("schema") or [],
        "inputs": [Path(name).name or name for name in inputs],
        "exit_code": head.get("exit_code"),
        "error": {key: scrub(error.get(key)) for key in ("code", "message", "hint")} if error else None,
        "cache": head.get("cache"),
        "in_doubt": head.get("in_doubt"),
        "seconds": note.get("seconds"),
        "finished": note.get("finished"),
        "calibration": _calibration(out),
        "live": live,
    }


def _calibration(out: Path) -> Json:
    value = _object(out / ".docextract" / "calibration.json")
    bins = value.get("bins")
    if not isinstance(bins, list) or not bins:
        return None
    return {"n": value.get("n"), "ece": value.get("ece"), "bins": bins}


def _object(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
