"""One table of all outputs of a folder: CSV, XLSX, Parquet or JSON lines.

Two passes over the outputs, one at a time: the first learns the columns, the second writes. What is
held is the columns, and with a sort the key and place of every output.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from docextract.errors import ConfigError
from docextract.output.columns import Columns
from docextract.output.csv_table import CsvTables
from docextract.output.flat import MAIN, Row, flat
from docextract.output.found import Output, output_at, outputs
from docextract.output.jsonl_table import JsonLines
from docextract.output.package import require
from docextract.output.parquet_table import ParquetTables
from docextract.output.xlsx_table import XlsxTables
from docextract.types import Json

FORMS = (".csv", ".parquet", ".xlsx", ".jsonl")
KEYS = ("source", "schema", "state")


class Tables(Protocol):
    """Where rows go. `files` are the finished files by table."""

    files: dict[str, Path]

    def write(self, table: str, row: Mapping[str, Json]) -> None:
        """One row of one table."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What was written, and what could not be read.

    `rows` counts by table (the main one is ""), `states` outputs by state; `faults` are (place, why).
    """

    files: tuple[Path, ...]
    rows: Mapping[str, int]
    states: Mapping[str, int]
    faults: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Known:
    """What the first pass learns."""

    columns: dict[str, Columns] = field(default_factory=lambda: {MAIN: Columns()})
    order: list[tuple[tuple[object, ...], str]] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)


def collect(folder: Path, to: Path, *, sort: str | None = None, flatten: bool = False) -> Collected:
    """Write every output below `folder` to `to`, whose ending says the form.

    Main table: one row an output, the account's columns first, nested objects as `a.b`. Lists are
    tables of their own (`NAME.lines.csv`, sheets of an XLSX file). JSON lines keep the data nested
    under `data` unless `flatten`. `sort` names a column of the main table: numbers from the highest,
    text from A, `NAME:asc` or `NAME:desc` to say which, outputs without it last.
    Raises ConfigError for another ending, an unknown column or a folder without outputs, OutputError where a
    file cannot be written.
    """
    form = to.suffix.lower()
    if form not in FORMS:
        raise ConfigError(
            f"--to {to}: its ending says no form that there is", hint=f"end it with {', '.join(FORMS[:-1])} or .jsonl"
        )
    require(form)
    nested = form == ".jsonl" and not flatten
    known = _learn(folder, sort)
    if not known.columns[MAIN].kinds and not known.faults:
        raise ConfigError(f"{folder} holds no outputs: no table was written", hint="pass the --out folder of a run")
    rows: Counter[str] = Counter()
    states: Counter[str] = Counter()
    with ExitStack() as stack:
        tables = _tables(form, to, known, stack, nested=nested)
        for output in _in_order(folder, known, sort):
            if not output.meta:
                continue
            states[str(output.meta["state"])] += 1
            for table, row in _rows(output, nested=nested):
                tables.write(table, row)
                rows[table] += 1
    return Collected(files=tuple(tables.files.values()), rows=rows, states=states, faults=tuple(known.faults))


def account(output: Output) -> Row:
    """The columns about an output: where it came from, how it ended, and what a person should look at."""
    meta = output.meta
    issues = [issue for issue in meta.get("issues") or () if isinstance(issue, dict)]
    counts = Counter(str(issue.get("code")) for issue in issues)
    error = meta.get("error")
    return {
        "source": _source(meta["source"]),
        "schema": (meta.get("schema") or {}).get("name"),
        "state": meta["state"],
        "error": error.get("code") if isinstance(error, dict) else output.fault and "unreadable",
        "pages": meta["source"].get("pages"),
        "issues": len(issues),
        "absent": counts["absent"],
        "contradicted": counts["contradicted"],
        "conflicts": len(meta.get("conflicts") or ()),
    }


def _source(source: Mapping[str, Json]) -> Json:
    """The source's path, with the pages of a document that is one of several in its file: `b.pdf.p1-3`."""
    pages = (source.get("part") or {}).get("pages")
    return source.get("path") if pages is None else f"{source.get('path')}.p{pages[0]}-{pages[1]}"


def _rows(output: Output, *, nested: bool) -> Iterator[tuple[str, Row]]:
    about = account(output)
    if nested:
        yield MAIN, {**about, "data": output.data}
    else:
        yield from flat(about, output.data, KEYS)


def _learn(folder: Path, sort: str | None) -> _Known:
    known = _Known()
    name, direction = _sorting(sort)
    for output in outputs(folder):
        if output.fault is not None:
            known.faults.append((output.place, output.fault))
        if not output.meta:
            continue
        for table, row in flat(account(output), output.data, KEYS):
            known.columns.setdefault(table, Columns()).learn(row)
            if table == MAIN and sort is not None:
                known.order.append(((*_key(row.get(name), direction), str(row["source"])), output.place))
    if sort is not None and known.order and name not in known.columns[MAIN].kinds:
        has = ", ".join(known.columns[MAIN].names())
        raise ConfigError(f"--sort {name}: there is no such column", hint=f"there are {has}")
    known.order.sort()
    return known


def _sorting(sort: str | None) -> tuple[str, str]:
    name, _, direction = (sort or "").rpartition(":")
    return (name, direction) if direction in {"asc", "desc"} else (sort or "", "")


def _key(value: Json, direction: str) -> tuple[object, ...]:
    """Sorts numbers from the highest and text from A unless told otherwise; numbers before text, None last."""
    if value is None:
        return (2, 0)
    if isinstance(value, str):
        text = value.casefold()
        # Text has no negative: its characters have.
        return (1, (*(-ord(mark) for mark in text), 1)) if direction == "desc" else (1, text)
    return (0, value if direction == "asc" else -value)


def _in_order(folder: Path, known: _Known, sort: str | None) -> Iterator[Output]:
    if sort is None:
        yield from outputs(folder)
    else:
        for _, place in known.order:
            yield output_at(folder, place)


def _tables(form: str, to: Path, known: _Known, stack: ExitStack, *, nested: bool) -> Tables:
    lists = frozenset(known.columns)
    columns: dict[str, Sequence[str]] = {table: each.names(lists) for table, each in known.columns.items()}
    if form == ".csv":
        return CsvTables(to, columns, stack)
    if form == ".xlsx":
        return XlsxTables(to, columns, stack)
    if form == ".parquet":
        return ParquetTables(to, columns, {table: each.kinds for table, each in known.columns.items()}, stack)
    return JsonLines(to, {MAIN: ()} if nested else columns, stack)
