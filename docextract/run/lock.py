"""One run at a time on an output folder: an operating system lock, gone with the process that held it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docextract.errors import ConfigError, OutputError


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the folder. Raises ConfigError naming the process that holds it already."""
    path = out / ".docextract" / "lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise OutputError(f"{path} cannot be opened: {error.strerror}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 100).decode("ascii", "replace").strip() or "unknown"
            raise ConfigError(
                f"{out} is in use by process {holder}", hint="wait for it to end, or pass another --out"
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)
