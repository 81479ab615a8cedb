"""Files that a record names and holds (code from a mock-up), each below one folder of the document's own."""

from __future__ import annotations

import re
from collections.abc import Mapping

from docextract.types import Json

FOLDER = "files"
MAX_FILES, MAX_PARTS, MAX_PART = 500, 12, 100

_PART = re.compile(r"[\w@()\[\]+-][\w.@()\[\] +-]*", re.ASCII)
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)


def code_files(data: Mapping[str, Json], options: Mapping[str, Json]) -> list[tuple[str, bytes]]:
    """`files/PATH` for each item of `files` (`path`, `content`) with a path that stays in its folder.

    A path that is no plain relative one is left out; of two for one path, the later is numbered.
    """
    del options  # it has none
    items = data.get("files")
    made: dict[str, bytes] = {}
    for item in items if isinstance(items, list) else ():
        path, content = (item.get("path"), item.get("content")) if isinstance(item, dict) else (None, None)
        if (
            not isinstance(path, str)
            or not isinstance(content, str)
            or not is_safe_path(path)
            or len(made) >= MAX_FILES
        ):
            continue
        made[_free(path, made)] = content.encode("utf-8", "backslashreplace")
    return [(f"{FOLDER}/{path}", content) for path, content in made.items()]


def is_safe_path(path: str) -> bool:
    """Whether a path is relative, stays below its folder and can be written on every system."""
    parts = path.split("/")
    return len(parts) <= MAX_PARTS and all(
        len(part) <= MAX_PART
        and _PART.fullmatch(part) is not None
        and not part.endswith((".", " "))
        and not _DEVICES.match(part)
        for part in parts
    )


def _free(path: str, made: Mapping[str, bytes]) -> str:
    """The path, numbered where a file has it already or stands where it needs a folder."""
    taken = {name.casefold() for name in made}
    folders = {folder for name in taken for folder in _folders(name)}
    if any(folder in taken for folder in _folders(path.casefold())):
        path = path.replace("/", "-")
    stem, dot, ending = path.rpartition(".")
    if not dot or "/" in ending:
        stem, dot, ending = path, "", ""
    number, name = 1, path
    while name.casefold() in taken | folders:
        number += 1
        name = f"{stem}-{number}{dot}{ending}"
    return name


def _folders(path: str) -> list[str]:
    """The folders that a path needs, outermost first."""
    parts = path.split("/")
    return ["/".join(parts[:at]) for at in range(1, len(parts))]
