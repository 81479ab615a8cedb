"""Which files the INPUTs name, in a stable order. One bad file or folder never ends the walk."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from docextract.errors import ConfigError
from docextract.intake.by_url import find_by_url
from docextract.intake.faults import EMPTY, fault_of, unreadable
from docextract.intake.sniff import HEAD_BYTES, sniff
from docextract.intake.web import find_on_web, is_web
from docextract.remote.url import is_url, plain
from docextract.types import SourceFile

_DIGITS = re.compile(r"([0-9]+)")
_MAGIC = re.compile(r"[*?\[]")
_SPECIAL = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

Inode = tuple[int, int]
Found = tuple[Path, SourceFile]
"""The folder that an INPUT stands for (the fixed part of a glob, a file's own folder), and a file below it."""


def discover(
    inputs: Sequence[str | Path], *, exclude: Sequence[str | Path] = (), looks_inside: bool = True
) -> Iterator[SourceFile]:
    """Every file that the inputs (files, folders, globs, URLs of all three) name, each once.

    Order: inputs as given; in a folder its files, then its folders, both by natural order of their names.
    Left out: hidden files and folders, `exclude` (the output folder), links that leave their root or lead
    back into a folder above. A named input that does not exist is a ConfigError; whatever else is wrong
    (empty, unreadable, unsupported) is a file with `fault` set. A plain generator that reads the disk:
    run it in a thread. Without `looks_inside` the kinds of local files are left to `look_inside`.

    Names are relative to the input that named the file. Where two inputs would give one name, the input's
    own folder goes in front of both, and as many folders above it as it takes to tell them apart.
    """
    skip = {inode for path in exclude if (inode := _inode(Path(path))) is not None}
    urls = [str(path) for path in exclude if is_url(str(path))]
    listed = _listed(inputs, skip, urls)
    yield from map(look_inside, listed) if looks_inside else listed


def _listed(inputs: Sequence[str | Path], skip: set[Inode], urls: Sequence[str]) -> Iterator[SourceFile]:
    if len(inputs) == 1:
        for _, file in _expand(str(inputs[0]), skip, urls):
            yield file
        return
    # Whether a name collides is known only when all are, so several inputs are listed first (names, no content).
    found: dict[str, Found] = {}
    for item in inputs:
        for root, file in _expand(str(item), skip, urls):
            found.setdefault(os.path.realpath(file.path.parent) + os.sep + file.path.name, (root, file))
    yield from _told_apart(list(found.values()))


def look_inside(file: SourceFile) -> SourceFile:
    """The file with its kind, by the first bytes, where nobody has looked yet; with `fault` where it is of no use."""
    if file.is_told or file.url is not None:
        return file
    try:
        head = _head(str(file.path))
    except OSError as error:
        return replace(file, fault=unreadable(f"cannot be read: {error.strerror or error}"))
    told = sniff(file.path, head)
    return replace(file, kind=told.kind, fault=fault_of(told))


def natural_key(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Sort key by natural order: runs of digits count as numbers, case does not matter, ties by the plain name."""
    parts = _DIGITS.split(name)
    return [(1, int(part), "") if part.isdecimal() else (2, 0, part.casefold()) for part in parts if part], name


def _told_apart(found: list[Found]) -> Iterator[SourceFile]:
    names = [file.name for _, file in found]
    for depth in range(1, 64):
        taken = Counter(names)
        if len(taken) == len(names):
            break
        for index, (root, file) in enumerate(found):
            if taken[names[index]] > 1:
                above = root.resolve().parts[1:][-depth:]
                names[index] = "/".join((*above, file.name))
    for (_, file), name in zip(found, names, strict=True):
        yield file if name == file.name else _renamed(file, name)


def _renamed(file: SourceFile, name: str) -> SourceFile:
    return replace(file, name=name)


def _expand(text: str, skip: set[Inode], urls: Sequence[str]) -> Iterator[Found]:
    if is_web(text):
        yield from find_on_web(text)
        return
    if is_url(text):
        yield from find_by_url(text, exclude=urls, order=natural_key)
        return
    text = plain(text)
    path = Path(text)
    if path.is_dir():
        for file in _walk(path, skip):
            yield path, file
    elif os.path.lexists(path):
        yield path.parent, _source(path, path.name, path.stat)
    elif _MAGIC.search(text):
        yield from _matches(text, skip)
    else:
        raise _not_there(text)


def check_there(inputs: Sequence[str | Path]) -> None:
    """Raises ConfigError for a local path that is not there. Patterns and addresses are tried as they are walked."""
    for each in inputs:
        text = str(each)
        if is_web(text) or is_url(text):
            continue
        text = plain(text)
        if not os.path.lexists(text) and not _MAGIC.search(text):
            raise _not_there(text)


def _not_there(text: str) -> ConfigError:
    return ConfigError(f"{text}: no such file or folder", hint="check the path; quote a glob so that it arrives whole")


def _matches(pattern: str, skip: set[Inode]) -> Iterator[Found]:
    parts = Path(pattern).parts
    fixed = next(index for index, part in enumerate(parts) if _MAGIC.search(part))
    root = Path(*parts[:fixed])
    found = glob.glob(pattern, recursive=True)  # noqa: PTH207  Path.glob takes no absolute pattern
    matches = sorted(found, key=lambda match: [natural_key(part) for part in Path(match).parts])
    if not matches:
        raise ConfigError(f"{pattern}: nothing matches", hint="check the pattern; ** goes into folders")
    real_root = os.path.realpath(root)
    for match in matches:
        path = Path(match)
        if path.is_dir():
            # `**` names the files below by itself; a plain `*` that hits a folder means the folder.
            if "**" not in parts and _inode(path) not in skip and _is_below(path, real_root):
                for file in _walk(path, skip, prefix=path.relative_to(root).as_posix()):
                    yield root, file
        elif _is_below(path, real_root) and not any(_inode(parent) in skip for parent in _between(path, root)):
            yield root, _source(path, path.relative_to(root).as_posix(), path.stat)


def _between(path: Path, root: Path) -> list[Path]:
    return [parent for parent in path.parents if parent != root and root in parent.parents]


def _walk(root: Path, skip: set[Inode], *, prefix: str = "") -> Iterator[SourceFile]:
    """Files below `root`, depth first without recursion: folders may nest deeper than Python's stack."""
    real_root = os.path.realpath(root)
    first = _inode(root)
    linked: set[Inode] = set()
    stack: list[tuple[Path, str, frozenset[Inode]]] = [(root, prefix, frozenset({first} if first else ()))]
    while stack:
        folder, name, above = stack.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted((e for e in entries if not e.name.startswith(".")), key=lambda e: natural_key(e.name))
        except OSError as error:
            yield _unreadable(folder, name or folder.resolve().name, f"folder cannot be listed: {error.strerror}")
            continue
        folders = []
        for entry in listed:
            # Joined, not parsed anew: that is half the price, and there may be 100,000 of them.
            path, below = folder / entry.name, f"{name}/{entry.name}" if name else entry.name
            is_link = entry.is_symlink()
            if is_link and not _is_below(path, real_root):
                continue
            if not _is_folder(entry):
                yield _source(path, below, entry.stat)
                continue
            inode = _inode(path)
            if inode is None or inode in skip or inode in above:
                continue
            if is_link:
                # Each folder is entered by a link at most once, or links across folders would multiply.
                if inode in linked:
                    continue
                linked.add(inode)
            folders.append((path, below, above | {inode}))
        stack.extend(reversed(folders))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_below(path: Path, real_root: str) -> bool:
    real = os.path.realpath(path)
    return real == real_root or real.startswith(real_root.rstrip(os.sep) + os.sep)


def _inode(path: Path) -> Inode | None:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _source(path: Path, name: str, look: Callable[[], os.stat_result]) -> SourceFile:
    """One stat. Anything but a plain file has a fault and is never opened: a pipe would block."""
    try:
        status = look()
        if not stat.S_ISREG(status.st_mode):
            return _unreadable(path, name, f"is {_SPECIAL.get(stat.S_IFMT(status.st_mode), 'not a plain file')}")
        if status.st_size == 0:
            return SourceFile(
                path=path, name=name, kind="unsupported", bytes=0, mtime_ns=status.st_mtime_ns, fault=EMPTY
            )
    except OSError as error:
        return _unreadable(path, name, f"cannot be read: {error.strerror or error}")
    return SourceFile(path=path, name=name, kind="unsupported", bytes=status.st_size, mtime_ns=status.st_mtime_ns)


def _head(place: str) -> bytes:
    """The first bytes of a plain file in three system calls; a file object takes six and a buffer."""
    number = os.open(place, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        return os.read(number, HEAD_BYTES)
    finally:
        os.close(number)


def _unreadable(path: Path, name: str, message: str) -> SourceFile:
    return SourceFile(path=path, name=name, kind="unsupported", bytes=0, fault=unreadable(message))
