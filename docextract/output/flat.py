"""A nested value as flat rows: objects with dots in their names, lists as tables of their own with keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from docextract.types import Json

MAIN = ""
"""The name of the table that has one row an output."""

Row = dict[str, Json]
"""Scalars and None by column."""

JOINT = "; "
_MAX_DEPTH = 16
_SCALAR = (str, int, float, bool, type(None))


def flat(account: Mapping[str, Json], data: Json, keys: Sequence[str]) -> Iterator[tuple[str, Row]]:
    """(table, row) for one output: first its row of the main table, then those of its lists, parents first.

    `account` are the columns about the output; those named in `keys` stand in every child row too,
    before `row`, the item's 1-based place in its list (`LIST.row` for the lists around it). A data
    field called like a column of the account is written `data.NAME`. A list of plain values is also
    joined in its parent's row.
    """
    work = _Flat({name: account[name] for name in keys})
    main = dict(account)
    if isinstance(data, dict):
        for name, value in data.items():
            column = f"data.{name}" if name in account else str(name)
            work.put(main, column, value, str(name) or "data", {}, 1)
    elif data is not None:
        work.put(main, "data", data, "data", {}, 1)
    yield MAIN, main
    yield from work.rows


class _Flat:
    """One output being laid out; `rows` are those of its lists in the order of the value."""

    def __init__(self, keys: Row) -> None:
        self.keys = keys
        self.rows: list[tuple[str, Row]] = []

    def put(self, row: Row, column: str, value: Json, table: str, around: Row, depth: int) -> None:
        """Lay `value` out as column(s) of `row`, or as a child table called `table`."""
        if isinstance(value, dict) and value and depth < _MAX_DEPTH:
            for name, inner in value.items():
                self.put(row, f"{column}.{name}", inner, f"{table}.{name}", around, depth + 1)
        elif isinstance(value, list) and depth < _MAX_DEPTH:
            if value and all(isinstance(item, _SCALAR) for item in value):
                row[column] = JOINT.join(_text(item) for item in value if item is not None)
            self.items(value, table, around, depth + 1)
        elif isinstance(value, _SCALAR):
            row[column] = value
        else:
            row[column] = json.dumps(value, ensure_ascii=False)

    def items(self, values: Sequence[Json], table: str, around: Row, depth: int) -> None:
        for number, item in enumerate(values, start=1):
            row: Row = {**self.keys, **around, "row": number}
            taken = set(row)
            self.rows.append((table, row))
            below = {**around, f"{table}.row": number}
            if isinstance(item, dict):
                for name, inner in item.items():
                    column = f"data.{name}" if name in taken else str(name)
                    self.put(row, column, inner, f"{table}.{name}", below, depth)
            elif isinstance(item, list) and all(isinstance(cell, _SCALAR) for cell in item):
                # A row of a table: one column a cell.
                row.update({str(place): cell for place, cell in enumerate(item, start=1)})
            else:
                self.put(row, "value", item, f"{table}.value", below, depth)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)
