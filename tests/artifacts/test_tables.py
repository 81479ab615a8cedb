"""Tables as CSV and XLSX, cells as printed and as numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.artifacts.numbers import column_numbers
from docextract.artifacts.registry import artifacts

DATA: dict[str, Any] = {
    "tables": [
        {
            "title": "Stock: north/south",
            "header": [["Article", "Price", "Note"]],
            "rows": [["007", "1.234,50", "=1+1"], ["Bolt", "-2,5", None], ["Nut", "1.000", "n/a"]],
        },
        {"title": None, "header": [], "rows": []},
        {"title": None, "header": [["a"]], "rows": [["1"]]},
    ]
}


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_each_table_is_a_file_as_printed_and_one_with_numbers() -> None:
    made = dict(artifacts({"x-artifacts": ["csv"]}, DATA))
    assert list(made) == ["table-1.csv", "table-1.numbers.csv", "table-2.csv", "table-2.numbers.csv"]
    assert read(made["table-1.csv"]) == [
        ["Article", "Price", "Note"],
        ["007", "1.234,50", "'=1+1"],
        ["Bolt", "-2,5", ""],
        ["Nut", "1.000", "n/a"],
    ]
    assert [row[:2] for row in read(made["table-1.numbers.csv"])] == [
        ["Article", "Price"],
        ["007", "1234.5"],
        ["Bolt", "-2.5"],
        ["Nut", "1000"],
    ]
    assert list(dict(artifacts({"x-artifacts": [{"csv": {"numbers": False}}]}, DATA))) == ["table-1.csv", "table-2.csv"]


def test_a_workbook_has_a_sheet_a_table_and_the_same_bytes_every_time(need_module: Callable[[str], None]) -> None:
    need_module("openpyxl")
    import openpyxl

    (first,) = artifacts({"x-artifacts": ["xlsx"]}, DATA)
    (second,) = artifacts({"x-artifacts": ["xlsx"]}, DATA)
    assert first == second
    assert first[0] == "tables.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(first[1]))
    assert book.sheetnames == ["1 Stock_ north_south", "table 2"]
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet["B"]] == ["Price", 1234.5, -2.5, 1000]
    assert (sheet["C2"].value, sheet["C2"].data_type) == ("=1+1", "s")


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1.234", "5,5"], [1234, 5.5]),
        (["1,234", "5.5"], [1234, 5.5]),
        (["12 %", "n/a", None, ""], [12, None, None, None]),
        (["007", "7"], [None, 7]),
        (["(3.50)", "€ 4.00"], [-3.5, 4]),
    ],
)
def test_a_column_says_which_mark_is_the_decimal_one(cells: list[str | None], numbers: list[float | None]) -> None:
    assert column_numbers(cells) == numbers


@given(st.lists(st.none() | st.text(max_size=8) | st.from_regex(r"-?\d{1,3}([.,]\d{1,3}){0,2}%?", fullmatch=True)))
def test_every_cell_gets_one_number_or_none(cells: list[str | None]) -> None:
    found = column_numbers(cells)
    assert len(found) == len(cells)
    assert all(
        number is None or any(mark.isdigit() for mark in cell or "") for cell, number in zip(cells, found, strict=True)
    )
