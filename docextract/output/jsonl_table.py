"""Tables as JSON lines: one object a row, null columns left in, nothing escaped but what JSON escapes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from docextract.output.csv_table import table_paths
from docextract.output.draft import draft
from docextract.types import Json


class JsonLines:
    """One file a table, as CSV has them. A table without columns takes its rows as they are."""

    def __init__(self, path: Path, tables: Mapping[str, Sequence[str]], stack: ExitStack) -> None:
        self.files = table_paths(path, tables)
        self._columns = tables
        self._open: dict[str, IO[bytes]] = {}
        for table, file in self.files.items():
            self._open[table] = stack.enter_context(stack.enter_context(draft(file)).open("wb"))

    def write(self, table: str, row: Mapping[str, Json]) -> None:
        """One line."""
        columns = self._columns[table]
        value = {name: row.get(name) for name in columns} if columns else dict(row)
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        self._open[table].write(line.encode("utf-8", "backslashreplace") + b"\n")
