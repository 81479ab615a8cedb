"""Which files become one document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from docextract.types import SourceFile, Unit

Group = Literal["none", "folder"]


def units(files: Iterable[SourceFile], group: Group = "none") -> Iterator[Unit]:
    """Files as documents: one each ("none"), or one for every folder with its files in the order found ("folder").

    With "folder" a unit is named after the folder's path; files directly in an INPUT are named after the
    INPUT's own name. Two folders of one name are told apart by `~2`, `~3`. A file of no use stays a
    unit of its own, so that it fails alone. Units come out as soon as a folder is complete.
    """
    if group == "none":
        for file in files:
            yield Unit(name=file.name, sources=(file,))
        return
    taken: set[str] = set()
    folder: Path | None = None
    gathered: list[SourceFile] = []
    for file in files:
        if file.is_useless:
            yield Unit(name=file.name, sources=(file,))
            continue
        if file.path.parent != folder and gathered:
            yield _folder_unit(gathered, taken)
            gathered = []
        folder = file.path.parent
        gathered.append(file)
    if gathered:
        yield _folder_unit(gathered, taken)


def _folder_unit(files: list[SourceFile], taken: set[str]) -> Unit:
    name = files[0].name.rpartition("/")[0] or files[0].path.parent.resolve().name or "root"
    unique, count = name, 1
    while unique in taken:
        count += 1
        unique = f"{name}~{count}"
    taken.add(unique)
    return Unit(name=unique, sources=tuple(files))
