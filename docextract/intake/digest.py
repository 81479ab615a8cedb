"""The content digest that names a file everywhere: in keys, in the journal, in sidecars."""

from __future__ import annotations

import hashlib
from pathlib import Path

from docextract.errors import InputError

CHUNK_BYTES = 1 << 20  # hashing is as fast with 1 MiB as with more, and a file of any size costs no memory


def digest(path: Path) -> str:
    """SHA-256 of the file's bytes as 64 hex digits, read in chunks. InputError(unreadable) where it cannot be read."""
    sha = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                sha.update(chunk)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", code="unreadable") from error
    return sha.hexdigest()
