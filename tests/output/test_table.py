"""One table of all outputs, from files written by the test as a run writes them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docextract.errors import ConfigError
from docextract.output.csv_table import harmless
from docextract.output.flat import MAIN, flat
from docextract.output.table import collect
from docextract.output.xlsx_table import sheet_name

Put = Callable[..., None]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def put(out: Path) -> Put:
    """`put("a.pdf", {...}, state="partial", issues=[...])`."""

    def write(name: str, data: Any, *, state: str = "complete", schema: str = "invoice", codes: Any = ()) -> None:
        meta = {
            "source": {"path": name, "pages": 2},
            "schema": {"name": schema},
            "state": state,
            "error": {"code": "corrupt"} if state == "failed" else None,
            "issues": [{"code": code} for code in codes],
            "conflicts": [],
        }
        file = out / f"{name}.meta.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(meta))
        if state != "failed":
            middle = ".partial" if state == "partial" else ""
            (out / f"{name}{middle}.json").write_text(json.dumps(data))

    return write


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_one_row_an_output_and_one_table_a_list(out: Path, put: Put, tmp_path: Path) -> None:
    put("b/two.pdf", {"number": "2", "seller": {"name": "Ox"}, "lines": [{"net": 1.5, "tags": ["x", "y"]}, {"net": 2}]})
    put("a.pdf", {"number": "1", "seller": None, "lines": []}, state="partial", codes=("absent", "absent", "other"))
    put("c.pdf", None, state="failed")
    done = collect(out, tmp_path / "all.csv")
    assert [file.name for file in done.files] == ["all.csv", "all.lines.csv", "all.lines.tags.csv"]
    assert done.states == {"complete": 1, "partial": 1, "failed": 1}
    first, second, third = rows(tmp_path / "all.csv")
    assert (first["source"], first["state"], first["issues"], first["absent"]) == ("a.pdf", "partial", "3", "2")
    assert (second["source"], second["seller.name"], second["number"]) == ("b/two.pdf", "Ox", "2")
    assert (third["state"], third["error"], third["number"]) == ("failed", "corrupt", "")
    assert "seller" not in first
    assert "lines" not in first
    lines = rows(tmp_path / "all.lines.csv")
    assert [(row["source"], row["row"], row["net"], row["tags"]) for row in lines] == [
        ("b/two.pdf", "1", "1.5", "x; y"),
        ("b/two.pdf", "2", "2", ""),
    ]
    tags = rows(tmp_path / "all.lines.tags.csv")
    assert [(row["lines.row"], row["row"], row["value"]) for row in tags] == [("1", "1", "x"), ("1", "2", "y")]


def test_a_field_called_like_a_column_of_the_account_keeps_its_value(out: Path, put: Put, tmp_path: Path) -> None:
    put("a.pdf", {"state": "Texas", "lines": [{"row": 7, "source": "here"}]})
    collect(out, tmp_path / "all.csv")
    (row,) = rows(tmp_path / "all.csv")
    assert (row["state"], row["data.state"]) == ("complete", "Texas")
    (line,) = rows(tmp_path / "all.lines.csv")
    assert (line["row"], line["data.row"], line["data.source"]) == ("1", "7", "here")


def test_documents_of_one_file_are_told_apart(out: Path, put: Put, tmp_path: Path) -> None:
    for pages in ([1, 3], [4, 4]):
        name = f"b.pdf.p{pages[0]}-{pages[1]}"
        put(name, {"number": name, "lines": [{"net": pages[0]}]})
        meta = json.loads((out / f"{name}.meta.json").read_text())
        meta["source"] = {"path": "b.pdf", "pages": 4, "part": {"pages": pages, "number": 1, "of": 2, "why": "page 1"}}
        (out / f"{name}.meta.json").write_text(json.dumps(meta))
    collect(out, tmp_path / "all.csv")
    assert [row["source"] for row in rows(tmp_path / "all.csv")] == ["b.pdf.p1-3", "b.pdf.p4-4"]
    assert [row["source"] for row in rows(tmp_path / "all.lines.csv")] == ["b.pdf.p1-3", "b.pdf.p4-4"]


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_runs_as_a_formula(out: Path, put: Put, tmp_path: Path, start: str) -> None:
    put("a.pdf", {"note": start, start: "name", "amount": -5})
    collect(out, tmp_path / "all.csv")
    (row,) = rows(tmp_path / "all.csv")
    assert row["note"] == f"'{start}"
    assert row[f"'{start}"] == "name"
    assert row["amount"] == "-5"


@given(st.text(max_size=8))
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    safe = harmless(text)
    assert safe in {text, f"'{text}"}
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_numbers_are_sorted_from_the_highest_and_what_has_none_is_last(out: Path, put: Put, tmp_path: Path) -> None:
    for name, score in (("a", 3), ("b", None), ("c", 70), ("d", 12.5)):
        put(f"{name}.pdf", {"score": score, "name": name.upper()})
    collect(out, tmp_path / "all.csv", sort="score")
    assert [row["score"] for row in rows(tmp_path / "all.csv")] == ["70", "12.5", "3", ""]
    collect(out, tmp_path / "all.csv", sort="score:asc")
    assert [row["score"] for row in rows(tmp_path / "all.csv")] == ["3", "12.5", "70", ""]
    collect(out, tmp_path / "all.csv", sort="name:desc")
    assert [row["name"] for row in rows(tmp_path / "all.csv")] == ["D", "C", "B", "A"]


def test_json_lines_keep_the_nesting_unless_asked(out: Path, put: Put, tmp_path: Path) -> None:
    data = {"seller": {"name": "Ox"}, "lines": [{"net": 1}]}
    put("a.pdf", data)
    collect(out, tmp_path / "all.jsonl")
    (line,) = [json.loads(text) for text in (tmp_path / "all.jsonl").read_text().splitlines()]
    assert line["data"] == data
    assert not (tmp_path / "all.lines.jsonl").exists()
    collect(out, tmp_path / "flat.jsonl", flatten=True)
    (line,) = [json.loads(text) for text in (tmp_path / "flat.jsonl").read_text().splitlines()]
    assert line["seller.name"] == "Ox"
    assert json.loads((tmp_path / "flat.lines.jsonl").read_text())["net"] == 1


def test_what_cannot_be_read_is_named_and_the_rest_is_written(out: Path, put: Put, tmp_path: Path) -> None:
    put("a.pdf", {"number": "1"})
    put("b.pdf", {"number": "2"})
    (out / "b.pdf.json").write_text("{")
    (out / "c.pdf.meta.json").write_text("[]")
    done = collect(out, tmp_path / "all.csv")
    assert [place for place, _ in done.faults] == ["b.pdf", "c.pdf"]
    assert [(row["source"], row["error"]) for row in rows(tmp_path / "all.csv")] == [
        ("a.pdf", ""),
        ("b.pdf", "unreadable"),
    ]


def test_a_wrong_ending_or_column_is_told_before_anything_is_written(out: Path, put: Put, tmp_path: Path) -> None:
    put("a.pdf", {"number": "1"})
    with pytest.raises(ConfigError, match=r"ending"):
        collect(out, tmp_path / "all.txt")
    with pytest.raises(ConfigError, match=r"no such column") as caught:
        collect(out, tmp_path / "all.csv", sort="size")
    assert "number" in caught.value.hint
    with pytest.raises(ConfigError, match=r"no folder"):
        collect(tmp_path / "nowhere", tmp_path / "all.csv")
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


def test_a_spreadsheet_has_numbers_and_no_formulas(
    out: Path, put: Put, tmp_path: Path, need_module: Callable[[str], None]
) -> None:
    need_module("openpyxl")
    import openpyxl

    put("a.pdf", {"note": "=1+1", "bell": "a\x07b", "net": 2.5, "id": 2**60, "lines": [{"net": 1}]})
    collect(out, tmp_path / "all.xlsx")
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    assert book.sheetnames == ["outputs", "lines"]
    head, first = book["outputs"].iter_rows()
    cells = {name.value: cell for name, cell in zip(head, first, strict=True)}
    assert (cells["note"].value, cells["note"].data_type) == ("=1+1", "s")
    assert (cells["net"].value, cells["id"].value, cells["bell"].value) == (2.5, str(2**60), "a\ufffdb")


def test_sheet_names_are_allowed_and_differ() -> None:
    taken: set[str] = set()
    names = [sheet_name(f"operations/parameters.of.all{end}", taken) for end in ("", "", ".X", ".x")]
    assert len({name.casefold() for name in names}) == 4
    assert all(len(name) <= 31 and "/" not in name for name in names)


def test_a_form_whose_package_is_missing_says_what_to_install(
    out: Path, put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("docextract.output.package.find_spec", lambda _: None)
    put("a.pdf", {"number": "1"})
    for name in ("all.parquet", "all.xlsx"):
        with pytest.raises(ConfigError) as caught:
            collect(out, tmp_path / name)
        assert (caught.value.code, "pip install" in caught.value.hint) == ("missing_tool", True)
    assert collect(out, tmp_path / "all.csv").rows == {MAIN: 1}


def test_parquet_columns_have_one_type(out: Path, put: Put, tmp_path: Path, need_module: Callable[[str], None]) -> None:
    need_module("pyarrow")
    from pyarrow import parquet

    put("a.pdf", {"net": 1, "mixed": 1, "lines": [{"ok": True}]})
    put("b.pdf", {"net": 2.5, "mixed": "one", "lines": []})
    collect(out, tmp_path / "all.parquet")
    table = parquet.read_table(tmp_path / "all.parquet").to_pylist()
    assert [(row["net"], row["mixed"]) for row in table] == [(1.0, "1"), (2.5, "one")]
    assert parquet.read_table(tmp_path / "all.lines.parquet").to_pylist()[0]["ok"] is True


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(max_size=3), VALUES, max_size=4))
def test_every_row_is_flat_and_carries_its_keys(data: dict[str, Any]) -> None:
    found = list(flat({"source": "a", "state": "complete"}, data, ["source"]))
    assert [table for table, _ in found].count(MAIN) == 1
    for table, row in found:
        assert row["source"] == "a"
        assert table == MAIN or isinstance(row["row"], int)
        assert all(value is None or isinstance(value, str | int | float) for value in row.values())
