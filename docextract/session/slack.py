"""Memory that is free and that the C library keeps: given back to the machine now and then.

Pictures and request bodies are large and short-lived, answers small and long-lived: what the large ones leave
between them is used again too seldom, and pictures that hang on finished calls wait for the collector of cycles:
together 20 to 60 MB. One look costs some 5 ms.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from functools import cache
from typing import Self

EVERY = 48
"""Windows that end between two looks."""


class Slack:
    """Counts the windows of a run. What was made before it is no part of any look: modules are most of all objects.

    Where the process has frozen objects of its own it is left as it is: they could not be told apart again.
    """

    def __init__(self) -> None:
        self._ended = 0
        self._froze = False

    def __enter__(self) -> Self:
        self._froze = gc.get_freeze_count() == 0
        if self._froze:
            gc.freeze()
        return self

    def __exit__(self, *error: object) -> None:
        if self._froze:
            gc.unfreeze()

    def ended(self) -> None:
        """A window has ended, and what it held with it."""
        self._ended += 1
        if self._ended % EVERY == 0:
            give_back()


def give_back() -> bool:
    """Whether anything was given back, cycles first; never where the C library is not glibc."""
    gc.collect()
    trim = _trim()
    return trim is not None and trim(0) == 1


@cache
def _trim() -> Callable[[int], int] | None:
    if not sys.platform.startswith("linux"):
        return None
    import ctypes  # not before a run needs it

    found: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return found
