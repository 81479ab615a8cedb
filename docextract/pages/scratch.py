"""A folder for the temporary files of a pool, removed at its end, and by the next pool where the end was a kill."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path

PREFIX = "docextract-pool-"
YOUNG_S = 60.0  # a folder this young may not have its lock yet


def make_scratch() -> tuple[Path, int]:
    """A new private folder and the descriptor whose lock says that it is in use. Dead pools' folders are removed."""
    _sweep(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return folder, lock


def remove_scratch(folder: Path, lock: int) -> None:
    """Remove the folder and let go of its lock."""
    shutil.rmtree(folder, ignore_errors=True)
    os.close(lock)


def _sweep(parent: Path) -> None:
    """Remove folders of ours whose lock nobody holds: unlike process ids, locks hold across containers."""
    for folder in parent.glob(f"{PREFIX}*"):
        try:
            status = folder.lstat()
            if status.st_uid != os.getuid() or time.time() - status.st_mtime < YOUNG_S:
                continue
            lock = os.open(folder / "lock", os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            continue
        remove_scratch(folder, lock)
