"""A file appears whole or not at all: written beside its place, flushed to the disk, renamed."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterable, Sequence
from io import FileIO
from pathlib import Path

import anyio.to_thread

from docextract.errors import DocextractError, OutputError
from docextract.faultpoints import passing

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


async def write_atomic(path: Path, data: bytes | Iterable[bytes], *, root: Path | None = None) -> os.stat_result:
    """Replace `path` by `data`, whole or in pieces that are made while they are written; say what the file then is.

    Missing folders are made; a link at `path` is replaced, never followed. With `root`, a
    path that leaves it (a link among its folders) is refused. Raises OutputError `disk_full` or
    `path_refused`; whatever was there before then stands as it was.
    """
    # One visit to a thread for all of it: six of them cost more than the writing.
    return await anyio.to_thread.run_sync(_write, path, data, root)


def _write(path: Path, data: bytes | Iterable[bytes], root: Path | None) -> os.stat_result:
    try:
        _prepare(path.parent, root)
        # Short: the name itself may already be as long as the file system allows.
        temporary = path.parent / f".{secrets.token_hex(8)}.tmp"
        try:
            with temporary.open("xb", buffering=0) as file:
                for piece in (data,) if isinstance(data, bytes) else data:
                    _all(file, piece)
                os.fsync(file.fileno())
            passing("temp")
            _rename(temporary, path)
            passing("renamed")
        except BaseException:
            # Stopped or failed: leave nothing behind, and let the cause pass.
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        return path.stat()
    except OSError as error:
        raise output_error(path, error) from error


def _all(file: FileIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


async def remove(*paths: Path) -> None:
    """Remove files that may not be there. Raises OutputError where one cannot be."""
    await anyio.to_thread.run_sync(_remove, paths)


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise output_error(path, error) from error


def output_error(path: Path, error: OSError) -> DocextractError:
    """What an OSError at an output path means for the run."""
    shown = os.fsencode(path).decode("utf-8", "backslashreplace")
    if error.errno in _FULL:
        return OutputError(f"no space left to write {shown}", code="disk_full")
    return OutputError(f"cannot write {shown}: {error.strerror or error}", code="path_refused")


def _prepare(folder: Path, root: Path | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if root is not None and not folder.resolve().is_relative_to(root.resolve()):
        raise OSError(errno.EACCES, f"the folder leads out of {root}")


def _rename(temporary: Path, path: Path) -> None:
    os.replace(temporary, path)  # noqa: PTH105 - the same call that the docstring's promise is about
    if os.name == "posix":
        # The rename itself is durable only once its folder is.
        handle = os.open(path.parent, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
