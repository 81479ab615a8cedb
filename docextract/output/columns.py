"""Which columns a table has and what stands in them, learned row by row before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from docextract.errors import OutputError
from docextract.types import Json

MOST = 4000
"""Columns of one table. A map with free keys can make more than any reader takes."""

Kind = Literal["empty", "bool", "int", "float", "text"]


@dataclass(slots=True)
class Columns:
    """The columns of one table in the order of the values, new ones behind the one they were found behind."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    _order: list[str] = field(default_factory=list)

    def learn(self, row: Mapping[str, Json]) -> None:
        """Take a row's columns and kinds in. Raises OutputError where there are more than `MOST`."""
        before: str | None = None
        for name, value in row.items():
            if name in self.kinds:
                self.kinds[name] = _both(self.kinds[name], kind_of(value))
            else:
                behind = self._order.index(before) + 1 if before is not None else len(self._order)
                self._order.insert(behind, name)
                self.kinds[name] = kind_of(value)
            before = name
        if len(self.kinds) > MOST:
            raise OutputError(f"more than {MOST} columns", hint="collect to .jsonl without --flatten instead")

    def names(self, tables: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """The columns to write. One that was always null gives way to the fields, or the child table, of its name."""
        parents = {name[:at] for name in self._order for at, mark in enumerate(name) if mark == "."}
        return tuple(
            name for name in self._order if self.kinds[name] != "empty" or (name not in parents and name not in tables)
        )


def kind_of(value: Json) -> Kind:
    """What a cell's value is. Whole numbers that 64 bits do not hold are text."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int" if -(2**63) <= value < 2**63 else "text"
    return "float" if isinstance(value, float) else "text"


def _both(one: Kind, other: Kind) -> Kind:
    if other in {one, "empty"}:
        return one
    if one == "empty":
        return other
    return "float" if {one, other} == {"int", "float"} else "text"
