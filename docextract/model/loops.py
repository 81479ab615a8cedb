"""Finding an answer that has begun to repeat itself, so that it is cut before it is paid to the end."""

from __future__ import annotations

_TAIL = 24_000
_STEP = 1_000
_PROBE = 64
_LONGEST_PERIOD = 600
_REPEATS = 40
_LEAST = 6_000
_BLANKS = 1_500


def loop_start(tail: str) -> int | None:
    """Where in `tail` a loop that lasts to its end begins, or None.

    A loop is one piece of at most 600 characters, repeated at least 40 times and over at least 6,000
    characters, or 1,500 characters of white space. Tables do repeat rows, but hardly ever forty equal ones.
    """
    blank = len(tail) - len(tail.rstrip())
    if blank >= _BLANKS:
        return len(tail) - blank
    probe = tail[-_PROBE:]
    earlier = tail.rfind(probe, 0, len(tail) - 1)
    if len(tail) < _LEAST or earlier < 0:
        return None
    period = len(tail) - _PROBE - earlier
    span = max(_LEAST, period * _REPEATS)
    if period > _LONGEST_PERIOD or span > len(tail) or tail[-span:-period] != tail[-span + period :]:
        return None
    return len(tail) - span


class LoopGuard:
    """Watches an answer grow; keeps only its last 24,000 characters and looks at them every 1,000."""

    def __init__(self) -> None:
        self._tail = ""
        self._unseen = 0

    def feed(self, piece: str) -> bool:
        """Take the next piece; True when the answer is in a loop."""
        self._tail = (self._tail + piece)[-_TAIL:]
        self._unseen += len(piece)
        if self._unseen < _STEP:
            return False
        self._unseen = 0
        return loop_start(self._tail) is not None
