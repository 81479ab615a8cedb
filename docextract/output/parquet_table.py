"""Tables as Parquet: one file a table, each column of one type, written in batches."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from docextract.output.columns import Kind
from docextract.output.csv_table import table_paths
from docextract.output.draft import draft
from docextract.output.package import require
from docextract.types import Json

_BATCH = 2_000


class ParquetTables:
    """FILE.parquet, and FILE.lines.parquet for a list called `lines`. A column of mixed kinds is text."""

    def __init__(
        self,
        path: Path,
        tables: Mapping[str, Sequence[str]],
        kinds: Mapping[str, Mapping[str, Kind]],
        stack: ExitStack,
    ) -> None:
        require(".parquet")
        import pyarrow as pa
        from pyarrow import parquet

        types = {"bool": pa.bool_(), "int": pa.int64(), "float": pa.float64()}
        self.files = table_paths(path, tables)
        self._kinds = kinds
        self._rows: dict[str, list[Mapping[str, Json]]] = {table: [] for table in tables}
        self._schemas: dict[str, Any] = {}
        self._writers: dict[str, Any] = {}
        self._batch = pa.RecordBatch
        for table, columns in tables.items():
            fields = [pa.field(name, types.get(kinds[table][name], pa.string())) for name in columns]
            self._schemas[table] = pa.schema(fields)
            place = stack.enter_context(draft(self.files[table]))
            self._writers[table] = stack.enter_context(parquet.ParquetWriter(place, self._schemas[table]))
        stack.push(lambda kind, _error, _trace: self._flush_all() if kind is None else None)

    def write(self, table: str, row: Mapping[str, Json]) -> None:
        """One row; it reaches the file with its batch."""
        self._rows[table].append(row)
        if len(self._rows[table]) >= _BATCH:
            self._flush(table)

    def _flush_all(self) -> None:
        for table in self._rows:
            self._flush(table)

    def _flush(self, table: str) -> None:
        rows, kinds = self._rows[table], self._kinds[table]
        if rows:
            plain = [{name: _as(kinds[name], row.get(name)) for name in self._schemas[table].names} for row in rows]
            self._writers[table].write_batch(self._batch.from_pylist(plain, schema=self._schemas[table]))
            self._rows[table] = []


def _as(kind: Kind, value: Json) -> Json:
    if value is None or kind in {"bool", "int"}:
        return value
    if kind == "float":
        return float(value)
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "backslashreplace").decode()
