"""The output folder, on this machine or in an object store: files written whole, removed, found again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import anyio.to_thread

from docextract.output.atomic import remove, write_atomic
from docextract.output.draft import draft
from docextract.output.place import ARTIFACT_FOLDER, ARTIFACT_SERIES, Placement
from docextract.output.stamp import Stamp
from docextract.remote.url import is_url, plain


class Folder(Protocol):
    """Where outputs go. Names are relative to it, POSIX separators. Everything raises OutputError where it fails.

    `at_once` documents are best written side by side: one on a disk, more where every file is a request.
    """

    shown: str
    at_once: int

    async def write(self, name: str, data: bytes | Iterable[bytes]) -> Stamp:
        """Replace a file, whole or not at all. Pieces are made while they are written, in another thread."""
        ...

    async def write_pieces(self, name: str, pieces: Iterable[bytes]) -> None:
        """Replace a large file that is made piece by piece, whole or not at all."""
        ...

    async def remove(self, names: Sequence[str]) -> None:
        """Remove files that may not be there."""
        ...

    async def left(self, placement: Placement, possible: Sequence[str]) -> list[str]:
        """Files that an earlier end of a document may have left: those of `possible`, and numbered and named ones."""
        ...

    def standing(self, stamps: Mapping[str, Stamp]) -> set[str]:
        """Those names whose file is there as it was written. Blocks."""
        ...


def folder_at(where: str | Path) -> Folder:
    """A path, a `file://` URL, or any other that fsspec opens. Raises ConfigError for one that cannot be used."""
    if isinstance(where, str) and is_url(where):
        from docextract.output.bucket import Bucket

        return Bucket(where)
    return LocalFolder(Path(plain(where)) if isinstance(where, str) else where)


class LocalFolder:
    """A folder of this machine, or one that it shares with others."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.at_once = 1
        self.shown = str(root)

    async def write(self, name: str, data: bytes | Iterable[bytes]) -> Stamp:
        """Beside its place, flushed, renamed."""
        digest = hashlib.sha256()
        stat = await write_atomic(self.root / name, _digested(data, digest), root=self.root)
        return [stat.st_size, stat.st_mtime_ns, digest.hexdigest()]

    async def write_pieces(self, name: str, pieces: Iterable[bytes]) -> None:
        """Beside its place, flushed, renamed; one piece is held at a time."""
        await anyio.to_thread.run_sync(self._write_pieces, self.root / name, pieces)

    def _write_pieces(self, path: Path, pieces: Iterable[bytes]) -> None:
        with draft(path) as place, place.open("wb") as file:
            for piece in pieces:
                file.write(piece)

    async def remove(self, names: Sequence[str]) -> None:
        """One after the other."""
        if names:
            await remove(*[self.root / name for name in names])

    async def left(self, placement: Placement, possible: Sequence[str]) -> list[str]:
        """All of `possible`: to remove what is not there costs little."""
        return [*possible, *await anyio.to_thread.run_sync(self._more, placement)]

    def _more(self, placement: Placement) -> list[str]:
        """Artifacts that are there and that any number of may be there."""
        found: list[str] = []
        for series in ARTIFACT_SERIES:
            number = 1
            while (self.root / placement.artifact(series.format(number))).exists():
                found.append(placement.artifact(series.format(number)))
                number += 1
        folder = self.root / placement.artifact(ARTIFACT_FOLDER)
        for parent, _, names in os.walk(folder) if folder.is_dir() and not folder.is_symlink() else ():
            found += [(Path(parent) / name).relative_to(self.root).as_posix() for name in names]
        return found

    def standing(self, stamps: Mapping[str, Stamp]) -> set[str]:
        """By size and time."""
        return set(self._standing(stamps.items()))

    def _standing(self, stamps: Iterable[tuple[str, Stamp]]) -> Iterable[str]:
        for name, (size, mtime_ns, _) in stamps:
            try:
                stat = (self.root / name).stat()
            except OSError:
                continue
            if (stat.st_size, stat.st_mtime_ns) == (size, mtime_ns):
                yield name


def _digested(data: bytes | Iterable[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    for piece in (data,) if isinstance(data, bytes) else data:
        digest.update(piece)
        yield piece
