"""Colour for a person at a terminal: none on a pipe, none with NO_COLOR (https://no-color.org), none on a dumb one."""

from __future__ import annotations

import os
import sys

_CODES = {"green": "32", "red": "31", "dim": "2"}


def coloured(text: str, colour: str) -> str:
    """`text` in green, red or dim where standard output shows colour, else as it is."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\033[{_CODES[colour]}m{text}\033[0m"
