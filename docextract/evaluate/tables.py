"""Tables of the `tables` shape (`header`, `columns`, `rows`) held against gold: adjacency and TEDS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docextract.evaluate.adjacency import GridText, adjacency, pair_tables, relations
from docextract.evaluate.counts import Counts
from docextract.evaluate.teds import teds
from docextract.types import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class TablesScore:
    """Of one document. `teds` is the mean over pairs and over tables that only one side has (those count 0).

    It is None where a pair was too large to compare, or where no side has a table.
    """

    adjacency: Counts
    teds: float | None
    wanted: int
    got: int
    matched: int


def has_tables(schema: Mapping[str, Json]) -> bool:
    """Whether the schema has a top-level list `tables` whose items have `rows`."""
    items = _of(_of(schema, "properties").get("tables"), "items")
    return "rows" in _of(items, "properties")


def score_tables(wanted: Json, got: Json) -> TablesScore:
    """Both are values of the schema `tables`; None for an answer that is missing."""
    return score_grids([cells_of(table) for table in _tables(wanted)], [cells_of(table) for table in _tables(got)])


def score_grids(wanted: Sequence[Sequence[GridText]], got: Sequence[Sequence[GridText]]) -> TablesScore:
    """The same for tables that are cells already."""
    left, right = [relations(cells) for cells in wanted], [relations(cells) for cells in got]
    pairs = pair_tables(left, right)
    # Tables without a relation in common may still be the same one: in their order.
    rest = zip(
        (i for i in range(len(left)) if i not in dict(pairs)),
        (j for j in range(len(right)) if j not in {j for _, j in pairs}),
        strict=False,
    )
    likeness = [teds(wanted[i], got[j]) for i, j in (*pairs, *rest)]
    known = [each for each in likeness if each is not None]
    most = max(len(left), len(right))
    return TablesScore(
        adjacency=adjacency(left, right),
        teds=sum(known) / most if most and len(known) == len(likeness) else None,
        wanted=len(left),
        got=len(right),
        matched=len(pairs),
    )


def cells_of(table: Json) -> list[GridText]:
    """The cells of one table; header cells span the columns whose names in `columns` begin with theirs.

    A spanning cell stands once in `header`, with nulls in the places that it covers; which nulls are
    covered and which are empty is told by `columns`, where the names of the cells above are joined by ` / `.
    """
    header = [row for row in _list(table, "header") if isinstance(row, list)]
    rows = [row for row in _list(table, "rows") if isinstance(row, list)]
    names = [str(name) for name in _list(table, "columns")]
    cells: list[GridText] = []
    used = [""] * max([len(names), *map(len, header)], default=0)
    for index, row in enumerate(header):
        cells += _header_row(index, row, names, used)
    for index, row in enumerate(rows, start=len(header)):
        for column, text in enumerate(row):
            cells.append(GridText(row=index, column=column, text=_text(text)))
    return cells


def _header_row(index: int, row: Sequence[Json], names: Sequence[str], used: list[str]) -> list[GridText]:
    """`used` is, for every column, the part of its name that the rows above account for."""
    cells: list[GridText] = []
    column = 0
    while column < len(row):
        text = _text(row[column])
        end = column + 1
        if text:
            while end < len(row) and not _text(row[end]) and _goes_on(names, used, end, text):
                end += 1
            for covered in range(column, end):
                used[covered] = f"{used[covered]} / {text}" if used[covered] else text
        cells.append(GridText(row=index, column=column, column_span=end - column, text=text, header=True))
        column = end
    return cells


def _goes_on(names: Sequence[str], used: Sequence[str], column: int, text: str) -> bool:
    whole = f"{used[column]} / {text}" if used[column] else text
    return column < len(names) and (names[column] == whole or names[column].startswith(f"{whole} / "))


def _tables(value: Json) -> list[Json]:
    return _list(value, "tables")


def _list(value: Json, key: str) -> list[Json]:
    inner = value.get(key) if isinstance(value, dict) else None
    return inner if isinstance(inner, list) else []


def _of(value: Json, key: str) -> Mapping[str, Json]:
    inner = value.get(key) if isinstance(value, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _text(value: Json) -> str:
    return "" if value is None else str(value)
