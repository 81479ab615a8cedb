"""Files that an INPUT names by URL: listed page by page, told apart by their first bytes, fetched later.

The rules are those of local folders: in a folder its files, then its folders, both by natural order;
hidden names and the output folder left out. A folder of more files than `MOST_SORTED` comes in the
store's own order (by bytes), so that a bucket of any size costs no memory.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, cast

from docextract.errors import ConfigError
from docextract.intake.faults import EMPTY, fault_of, unreadable
from docextract.intake.sniff import HEAD_BYTES, sniff
from docextract.remote.store import Entry, Store
from docextract.types import SourceFile

MOST_SORTED = 10_000
_AT_ONCE = 64
_MAGIC = re.compile(r"[*?\[]")
Order = Callable[[str], Any]


def find_by_url(url: str, *, exclude: Sequence[str] = (), order: Order) -> Iterator[tuple[Path, SourceFile]]:
    """Every file that a URL (of a file, a folder, a glob) names, with the folder that it is named relative to.

    `exclude` are URLs of folders, `order` the sort key of a name. Raises ConfigError where nothing is there
    or the store refuses.
    """
    store = Store(url)
    skip = {Store(each).root for each in exclude if each.partition("://")[0] == url.partition("://")[0]}
    try:
        for root, entries in _named(store, skip, order):
            for some in _batched(entries, _AT_ONCE):
                yield from ((Path(f"{store.scheme}:/{root}"), file) for file in _sources(store, root, some))
    except FileNotFoundError:
        raise ConfigError(f"{store.shown}: no such file or folder", hint="check bucket and path") from None
    except OSError as error:
        raise ConfigError(
            f"{store.shown} cannot be listed: {error}", hint="check the address, the credentials and their rights"
        ) from error


def _named(store: Store, skip: set[str], order: Order) -> Iterator[tuple[str, Iterator[Entry]]]:
    """Folders that names are relative to, each with its files."""
    if _MAGIC.search(store.root):
        fixed = re.split(r"[^/]*[*?\[]", store.root, maxsplit=1)[0].rstrip("/")
        found = sorted(store.matches(store.root), key=lambda entry: [order(part) for part in entry.path.split("/")])
        if not found:
            raise ConfigError(f"{store.shown}: nothing matches", hint="check the pattern; ** goes into folders")
        files = (entry for entry in found if not entry.is_folder and not _is_hidden(entry.path, fixed))
        folders = [entry.path for entry in found if entry.is_folder] if "**" not in store.root else []
        yield fixed, chain(files, chain.from_iterable(_walk(store, folder, skip, order) for folder in folders))
        return
    entry = store.entry(store.root)
    if entry.is_folder:
        yield store.root, _walk(store, store.root, skip, order)
    else:
        yield store.root.rpartition("/")[0], iter([entry])


def _walk(store: Store, root: str, skip: set[str], order: Order) -> Iterator[Entry]:
    stack = [root]
    while stack:
        files: list[Entry] = []
        folders: list[Entry] = []
        is_sorted = True
        for page in store.folder(stack.pop()):
            seen = [entry for entry in page if not _name(entry).startswith(".")]
            folders += [entry for entry in seen if entry.is_folder and entry.path not in skip]
            files += [entry for entry in seen if not entry.is_folder]
            if len(files) > MOST_SORTED:
                is_sorted = False
            if not is_sorted:
                yield from files
                files = []
        yield from sorted(files, key=lambda entry: order(_name(entry)))
        stack.extend(entry.path for entry in sorted(folders, key=lambda entry: order(_name(entry)), reverse=True))


def _sources(store: Store, root: str, entries: Sequence[Entry]) -> Iterator[SourceFile]:
    """The entries as files, their first bytes asked for side by side."""
    full = [entry for entry in entries if entry.bytes]
    heads = dict(zip([entry.path for entry in full], store.heads([e.path for e in full], HEAD_BYTES), strict=True))
    for entry in entries:
        yield _source(store, root, entry, heads.get(entry.path, b""))


def _source(store: Store, root: str, entry: Entry, head: bytes | OSError) -> SourceFile:
    file = SourceFile(
        path=Path(f"{store.scheme}:/{entry.path}"),
        name=entry.path.removeprefix(root).lstrip("/"),
        kind="unsupported",
        bytes=entry.bytes,
        mtime_ns=entry.mtime_ns,
        url=store.url(entry.path),
        version=entry.version,
    )
    if isinstance(head, OSError):
        return replace(file, fault=unreadable(f"cannot be read: {head}"))
    if not head:
        return replace(file, fault=EMPTY)
    # The sniffer asks a path for its suffix, and opens it where a container's directory stands elsewhere.
    told = sniff(cast("Path", _Ranges(store, entry)), head)
    return replace(file, kind=told.kind, fault=fault_of(told))


class _Ranges(io.RawIOBase):
    """An object read in ranges, with as much of a path as the sniffer asks for."""

    def __init__(self, store: Store, entry: Entry) -> None:
        super().__init__()
        self.suffix = Path(_name(entry)).suffix
        self._store = store
        self._entry = entry
        self._at = 0

    def open(self, mode: str) -> _Ranges:
        """From the beginning; `mode` is rb."""
        assert mode == "rb"  # noqa: S101 - nothing else is asked for
        self._at = 0
        return self

    def seek(self, offset: int, whence: int = 0) -> int:
        """As a file."""
        self._at = offset + (self._entry.bytes if whence == io.SEEK_END else 0)
        return self._at

    def read(self, size: int = -1) -> bytes:
        """One range of the object."""
        end = self._entry.bytes if size < 0 else min(self._at + size, self._entry.bytes)
        data = self._store.read(self._entry.path, self._at, end) if end > self._at else b""
        self._at += len(data)
        return data

    def __exit__(self, *_: object) -> None:
        """Stays open: it holds nothing."""


def _batched(entries: Iterable[Entry], count: int) -> Iterator[tuple[Entry, ...]]:
    source = iter(entries)
    while batch := tuple(islice(source, count)):
        yield batch


def _name(entry: Entry) -> str:
    return entry.path.rstrip("/").rpartition("/")[2]


def _is_hidden(path: str, root: str) -> bool:
    return any(part.startswith(".") for part in path.removeprefix(root).split("/"))
