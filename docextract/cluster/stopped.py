"""The event by which a worker tells that it could not go on, as the run's other workers tell it."""

from __future__ import annotations

import dataclasses
from typing import Any

from docextract.errors import DocextractError


def stopped_event(error: DocextractError, *, where: str = "") -> dict[str, Any]:
    """`run_finished` with the error, and the node that it was met on."""
    fault = dataclasses.asdict(error.fault)
    if where:
        fault["message"] += f" (on node {where})"
    return {"event": "run_finished", "error": fault, "exit_code": error.exit_code, "cache": None}
