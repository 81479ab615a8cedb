"""A large file that appears whole or not at all: written beside its place piece by piece, renamed at the end."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docextract.faultpoints import passing
from docextract.output.atomic import output_error


@contextmanager
def draft(path: Path) -> Iterator[Path]:
    """The path to write to; it takes the place of `path` when the block ends, and is gone when it fails.

    Raises OutputError (disk_full, path_refused) for every OSError inside the block too.
    """
    temporary = path.parent / f".{secrets.token_hex(8)}.tmp"
    done = False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        passing("temp")
        temporary.replace(path)
        done = True
        passing("renamed")
    except OSError as error:
        raise output_error(path, error) from error
    finally:
        if not done:
            with contextlib.suppress(OSError):
                temporary.unlink()
