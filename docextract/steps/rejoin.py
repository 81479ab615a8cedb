"""The pieces of an answer that was cut off and continued, as one text."""

from __future__ import annotations

import json

_LEAST = 12  # characters that must agree before two pieces are taken to overlap
_FENCE = "```"


def rejoin(begun: str, more: str) -> str:
    """`begun` and its continuation. A continuation that starts again replaces what it repeats.

    In this order: the continuation is a whole answer of its own; it repeats a stretch of what was
    there (from that place on it replaces it); it goes on exactly where the first piece stopped.
    """
    clean = _unfenced(more)
    if _is_whole(clean):
        return clean
    place = _repeated(begun, clean)
    return begun[:place] + clean if place is not None else begun + clean


def _repeated(begun: str, more: str) -> int | None:
    """Where in `begun` the continuation starts over: its first characters, found for the last time."""
    probe = more[: max(_LEAST, min(len(more), 40))]
    if len(probe) < _LEAST:
        return _overlap(begun, more)
    place = begun.rfind(probe)
    return place if place >= 0 else _overlap(begun, more)


def _overlap(begun: str, more: str) -> int | None:
    """The longest end of `begun` that `more` begins with."""
    for size in range(min(len(begun), len(more)), _LEAST - 1, -1):
        if begun.endswith(more[:size]):
            return len(begun) - size
    return None


def _unfenced(text: str) -> str:
    stripped = text.strip()
    if stripped.startswith(_FENCE):
        stripped = stripped.split("\n", 1)[-1]
        return stripped.removesuffix(_FENCE)
    return text.removesuffix(_FENCE) if text.rstrip().endswith(_FENCE) else text


def _is_whole(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
