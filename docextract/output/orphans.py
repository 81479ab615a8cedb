"""Temporary files of writers that were killed: found by their name, and removed once nobody writes any more."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

_TEMPORARY = re.compile(r"\.[0-9a-f]{16}\.tmp\Z")  # as `atomic` and `draft` name them


def remove_orphans(out: Path) -> int:
    """Remove them below an output folder that no run is at work in; how many there were. Links are not followed."""
    count = 0
    for folder, _, names in os.walk(out):
        for name in names:
            if _TEMPORARY.match(name):
                # One that cannot be removed does no harm where it is.
                with contextlib.suppress(OSError):
                    (Path(folder) / name).unlink()
                    count += 1
    return count
