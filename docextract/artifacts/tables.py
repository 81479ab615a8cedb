"""The tables of a record of the `tables` schema as CSV, one or two files each, or as sheets of one XLSX file."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from docextract.artifacts.numbers import column_numbers
from docextract.output.csv_table import harmless
from docextract.output.package import is_installed
from docextract.output.xlsx_table import sheet_name, written
from docextract.types import Json

Number = int | float

# Plain digits with signs and marks: a minus in front makes no formula of them.
_FIGURE = re.compile(r"[-+]?[\d.,'\s]*\d\s?%?")
_WHEN = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP file can say; the same bytes on every day


def csv_files(data: Mapping[str, Json], options: Mapping[str, Json]) -> list[tuple[str, bytes]]:
    """`table-1.csv` as printed, and `table-1.numbers.csv` with numbers as numbers (option `numbers`: false for none).

    UTF-8; header rows first; null is empty.
    """
    files = []
    for number, table in enumerate(_tables(data), start=1):
        header, rows = _rows(table, "header"), _rows(table, "rows")
        files.append((f"table-{number}.csv", _csv([*header, *rows])))
        if options.get("numbers", True):
            files.append((f"table-{number}.numbers.csv", _csv([*header, *_numbered(rows)])))
    return files


def xlsx_file(data: Mapping[str, Json], options: Mapping[str, Json]) -> list[tuple[str, bytes]]:
    """`tables.xlsx`, a sheet a table: numbers as numbers, all else as text. None where openpyxl is not installed."""
    del options  # it has none
    tables = list(_tables(data))
    if not tables or not is_installed(".xlsx"):
        return []
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    taken: set[str] = set()
    for number, table in enumerate(tables, start=1):
        title = table.get("title")
        name = f"{number} {title}" if isinstance(title, str) and title.strip() else f"table {number}"
        sheet = book.create_sheet(sheet_name(name, taken))
        header = _rows(table, "header")
        lines: list[Sequence[str | Number | None]] = [*header, *_numbered(_rows(table, "rows"))]
        for at, row in enumerate(lines, start=1):
            for column, value in enumerate(row, start=1):
                if value is not None:
                    _set(sheet.cell(row=at, column=column), value)
        if header:
            sheet.freeze_panes = f"A{len(header) + 1}"
    content = io.BytesIO()
    book.save(content)
    return [("tables.xlsx", _timeless(content.getvalue()))]


def _set(cell: Any, value: str | Number) -> None:
    cell.value = written(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula


def _tables(data: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    tables = data.get("tables")
    for table in tables if isinstance(tables, list) else ():
        if isinstance(table, dict) and (_rows(table, "header") or _rows(table, "rows")):
            yield table


def _rows(table: Mapping[str, Json], name: str) -> list[list[str | None]]:
    rows = table.get(name)
    lists = [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    return [[cell if cell is None or isinstance(cell, str) else str(cell) for cell in row] for row in lists]


def _numbered(rows: Sequence[Sequence[str | None]]) -> list[list[str | Number | None]]:
    """The rows with numbers in place of the cells that are numbers."""
    width = max((len(row) for row in rows), default=0)
    columns = [column_numbers([row[at] if at < len(row) else None for row in rows]) for at in range(width)]
    return [
        [cell if columns[at][line] is None else columns[at][line] for at, cell in enumerate(row)]
        for line, row in enumerate(rows)
    ]


def _csv(rows: Sequence[Sequence[str | Number | None]]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return file.getvalue().encode("utf-8", "backslashreplace")


def _cell(value: str | Number | None) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return repr(value)
    return value if _FIGURE.fullmatch(value) else harmless(value)


def _timeless(content: bytes) -> bytes:
    """The same workbook without the time that it was made at."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            inner = old.read(name)
            if name == "docProps/core.xml":
                inner = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", inner)
            new.writestr(zipfile.ZipInfo(name, _WHEN), inner, zipfile.ZIP_DEFLATED)
    return made.getvalue()
