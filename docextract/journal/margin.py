"""Some space kept aside beside the journal: when the disk is full, answers that were paid for still go in."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

SIZE = 8 * 1024 * 1024  # replies of 64 calls in flight, packed, with the write-ahead log's overhead, several times over


class Margin:
    """A file of allocated blocks. `given_up` says that it was let go: only what saves work is to be written then."""

    def __init__(self, path: Path, size: int = SIZE) -> None:
        self._path = path
        self._size = size
        self.given_up = False

    def take(self) -> None:
        """Allocate. Raises OSError where there is no room even for it."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            if os.fstat(handle).st_size < self._size:
                allocate = getattr(os, "posix_fallocate", None)  # not on macOS
                if allocate is not None:
                    allocate(handle, 0, self._size)
                else:
                    os.write(handle, bytes(self._size))
        except OSError:
            os.ftruncate(handle, 0)
            raise
        finally:
            os.close(handle)

    def give_up(self) -> bool:
        """Free the space; True where there was some."""
        self.given_up = True
        with contextlib.suppress(OSError):
            had_some = self._path.stat().st_size > 0
            os.truncate(self._path, 0)
            return had_some
        return False

    def remove(self) -> None:
        """No longer needed."""
        with contextlib.suppress(OSError):
            self._path.unlink()
