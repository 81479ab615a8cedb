"""The output folder in an object store, or on any other file system that fsspec reaches."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import anyio
import anyio.to_thread

from docextract.errors import OutputError
from docextract.output.place import ARTIFACT_FOLDER, ARTIFACT_SERIES, Placement
from docextract.output.stamp import Stamp
from docextract.remote.store import Entry, Store, StoreError

T = TypeVar("T")

_AT_ONCE = 16
_TRIES, _FIRST_WAIT_S = 5, 0.5


class Bucket:
    """A folder by URL. A put replaces an object whole; the store's own time stands in its stamp."""

    def __init__(self, url: str) -> None:
        self._store = Store(url)
        self.shown = self._store.shown
        self.at_once = _AT_ONCE

    async def write(self, name: str, data: bytes | Iterable[bytes]) -> Stamp:
        """One put, and one look at what stands there then."""
        data = data if isinstance(data, bytes) else await anyio.to_thread.run_sync(b"".join, data)
        entry = await self._asked(lambda: self._store.put(self._path(name), data), name)
        return [entry.bytes, entry.mtime_ns, hashlib.sha256(data).hexdigest()]

    async def write_pieces(self, name: str, pieces: Iterable[bytes]) -> None:
        """One put of all of them: a store takes a whole object."""
        await self.write(name, b"".join(pieces))

    async def remove(self, names: Sequence[str]) -> None:
        """Those that are there."""
        if names:
            await self._asked(lambda: self._store.remove([self._path(name) for name in names]), names[0])

    async def left(self, placement: Placement, possible: Sequence[str]) -> list[str]:
        """What is really there, by one listing of the document's prefix where the store has prefixes."""
        return await self._asked(lambda: self._left(placement, possible), placement.stem)

    def _left(self, placement: Placement, possible: Sequence[str]) -> list[str]:
        found = self._store.starting_with(self._path(f"{placement.stem}."))
        if found is None:
            found = [self._path(name) for name in self._there(possible)]
            for series in ARTIFACT_SERIES:
                number = 1
                while more := self._there([placement.artifact(series.format(number))]):
                    found += [self._path(name) for name in more]
                    number += 1
            found += self._store.below(self._path(placement.artifact(ARTIFACT_FOLDER)))
        names = [path.removeprefix(self._path("")) for path in found]
        numbered = [re.escape(placement.artifact(each)).replace(r"\{\}", r"\d+") for each in ARTIFACT_SERIES]
        folder = re.escape(placement.artifact(ARTIFACT_FOLDER)) + "/.+"
        is_ours = re.compile("|".join((*map(re.escape, possible), *numbered, folder)))
        return [name for name in names if is_ours.fullmatch(name)]

    def standing(self, stamps: Mapping[str, Stamp]) -> set[str]:
        """By size and the store's time, asked for side by side."""
        names = list(stamps)
        try:
            entries = self._look(names)
        except OSError as error:
            raise _refused(self.shown, error) from error
        return {
            name
            for name, entry in zip(names, entries, strict=True)
            if entry is not None and [entry.bytes, entry.mtime_ns] == stamps[name][:2]
        }

    def _there(self, names: Sequence[str]) -> list[str]:
        return [name for name, entry in zip(names, self._look(names), strict=True) if entry is not None]

    def _look(self, names: Sequence[str]) -> list[Entry | None]:
        return self._store.existing([self._path(name) for name in names])

    def _path(self, name: str) -> str:
        return f"{self._store.root}/{name}"

    async def _asked(self, work: Callable[[], T], name: str) -> T:
        """Asked in a thread, and again where the store stumbled."""
        wait_s = _FIRST_WAIT_S
        for left in range(_TRIES - 1, -1, -1):
            try:
                return await anyio.to_thread.run_sync(work)
            except OSError as error:
                is_passing = isinstance(error, StoreError) and not error.is_setup
                if not left or not is_passing:
                    raise _refused(f"{self.shown}/{name}", error) from error
            await anyio.sleep(wait_s)
            wait_s *= 2
        raise AssertionError("unreachable")


def _refused(shown: str, error: OSError) -> OutputError:
    """What a store said of a write, as an error of ours."""
    return OutputError(
        f"cannot write {shown}: {error}", hint="check the address, the credentials and their right to write"
    )
