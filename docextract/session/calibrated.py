"""The calibration of confidence that lies in an output folder, where `eval --calibrate` has left one."""

from __future__ import annotations

import json
from pathlib import Path

from docextract.check.confidence import Calibration, calibration_from

CALIBRATION = Path(".docextract") / "calibration.json"


def calibration_of(out: str) -> Calibration | None:
    """What stands in OUT/.docextract/calibration.json; None where there is none that can be read."""
    try:
        return calibration_from(json.loads((Path(out) / CALIBRATION).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
