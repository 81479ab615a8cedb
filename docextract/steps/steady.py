"""Whether a document's files stay as they are while it is worked on: what is said of one content holds for no other."""

from __future__ import annotations

import os
from collections.abc import Sequence

from docextract.errors import InputError
from docextract.types import SourceFile, Unit

Stamp = tuple[int, int, int] | None


class Steady:
    """Made before the files are opened. Both of its methods block for a look at each file."""

    def __init__(self, unit: Unit) -> None:
        self._sources: Sequence[SourceFile] = [source for source in unit.sources if not source.is_useless]
        self._stamps = [_stamp(source) for source in self._sources]

    def check(self) -> None:
        """Raise InputError (unreadable) where a file was written to, replaced or removed since."""
        for source, before in zip(self._sources, self._stamps, strict=True):
            now = _stamp(source)
            if now != before:
                happened = "removed" if now is None else "changed"
                raise InputError(
                    f"{source.name} was {happened} while it was worked on: nothing of it is kept",
                    code="unreadable",
                    hint="run the same command again once the file is written",
                )


def _stamp(source: SourceFile) -> Stamp:
    """Which file, its size and its time; None where it is not there."""
    try:
        stat = os.stat(source.path)  # noqa: PTH116 - Path.stat costs twice as much, and nothing else is done here
    except OSError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns
