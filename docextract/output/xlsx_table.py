"""Tables as the sheets of one XLSX file: numbers as numbers, text always as text and never as a formula."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from docextract.output.draft import draft
from docextract.output.flat import MAIN
from docextract.output.package import require
from docextract.types import Json

MAX_ROWS, MAX_TEXT, MAX_NAME = 1_048_576, 32_767, 31
"""Limits of the format: rows of a sheet, characters of a cell and of a sheet's name."""

_CUT = " [cut]"
# XML 1.0 has no way to write these.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class XlsxTables:
    """One sheet a table; one that is longer than a sheet may be goes on in the next."""

    def __init__(self, path: Path, tables: Mapping[str, Sequence[str]], stack: ExitStack) -> None:
        require(".xlsx")
        from openpyxl import Workbook

        self.files: dict[str, Path] = {MAIN: path}
        self._columns = tables
        self._book = Workbook(write_only=True)
        self._names: set[str] = set()
        self._sheets: dict[str, Any] = {}
        self._rows: dict[str, int] = {}
        place = stack.enter_context(draft(path))
        stack.push(lambda kind, _error, _trace: self._book.save(place) if kind is None else None)
        for table in tables:
            self._start(table)

    def write(self, table: str, row: Mapping[str, Json]) -> None:
        """One row."""
        if self._rows[table] >= MAX_ROWS:
            self._start(table)
        sheet = self._sheets[table]
        sheet.append([self._cell(sheet, row.get(name)) for name in self._columns[table]])
        self._rows[table] += 1

    def _start(self, table: str) -> None:
        sheet = self._book.create_sheet(sheet_name(table or "outputs", self._names))
        sheet.freeze_panes = "A2"
        sheet.append([self._cell(sheet, name) for name in self._columns[table]])
        self._sheets[table], self._rows[table] = sheet, 1

    def _cell(self, sheet: Any, value: Json) -> Any:
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**53:
            value = str(value)  # a spreadsheet would round it
        if not isinstance(value, str):
            return value
        from openpyxl.cell import WriteOnlyCell

        made = WriteOnlyCell(sheet, value=written(value))
        made.data_type = "s"  # openpyxl makes a formula of what starts with an equals sign
        return made


def written(text: str) -> str:
    """Text that XML can carry, no longer than a cell holds."""
    plain = _UNWRITABLE.sub("\ufffd", text)
    return plain if len(plain) <= MAX_TEXT else plain[: MAX_TEXT - len(_CUT)] + _CUT


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that the format allows and that no other sheet has (case does not count); noted in `taken`."""
    plain = re.sub(r"[\[\]:*?/\\]", "_", written(wanted)).strip("'") or "sheet"
    name, number = plain[:MAX_NAME], 1
    while name.casefold() in taken:
        number += 1
        end = f" ({number})"
        name = plain[: MAX_NAME - len(end)] + end
    taken.add(name.casefold())
    return name
