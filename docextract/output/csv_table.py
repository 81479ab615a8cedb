"""Tables as CSV: UTF-8, a header row, empty for null; text that a spreadsheet would run is made harmless."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from docextract.output.draft import draft
from docextract.output.flat import MAIN
from docextract.types import Json

# What spreadsheets take for the start of a formula, their full-width forms included.
_RUNS = tuple("=+-@\t\r\n＝＋－＠")


class CsvTables:
    """One file a table: FILE.csv, and FILE.lines.csv for a list called `lines`."""

    def __init__(self, path: Path, tables: Mapping[str, Sequence[str]], stack: ExitStack) -> None:
        self.files = table_paths(path, tables)
        self._columns = tables
        self._writers: dict[str, Any] = {}
        for table, columns in tables.items():
            place = stack.enter_context(draft(self.files[table]))
            file = stack.enter_context(place.open("w", encoding="utf-8", errors="backslashreplace", newline=""))
            # RFC 4180's line ends; with any other, a carriage return inside a cell would go out unquoted.
            self._writers[table] = csv.writer(file, lineterminator="\r\n")
            self._writers[table].writerow([harmless(name) for name in columns])

    def write(self, table: str, row: Mapping[str, Json]) -> None:
        """One row; columns that it lacks are empty."""
        self._writers[table].writerow([cell(row.get(name)) for name in self._columns[table]])


def table_paths(path: Path, tables: Iterable[str]) -> dict[str, Path]:
    """Where tables stand: the main one at `path`, the others beside it under their own names."""
    found: dict[str, Path] = {}
    for table in tables:
        plain = "".join(mark if mark.isalnum() or mark in "._-" else "_" for mark in table)[:120]
        name, number = plain, 1
        while any(_folded(file) == f"{path.stem}.{name}{path.suffix}".casefold() for file in found.values()):
            number += 1
            name = f"{plain}-{number}"
        found[table] = path if table == MAIN else path.with_name(f"{path.stem}.{name}{path.suffix}")
    return found


def _folded(file: Path) -> str:
    """A file name as a file system that folds case takes it."""
    return file.name.casefold()


def cell(value: Json) -> str:
    """A value as CSV text: numbers and truth values as JSON writes them, text made harmless."""
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else json.dumps(value)


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes in front of what it might."""
    return f"'{text}" if text.startswith(_RUNS) else text
