"""Artifacts that an earlier run of a document left and the new one does not have are gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from docextract.output.place import Placer
from docextract.output.writer import write_document
from docextract.types import DocumentResult, SchemaName, Unit


@pytest.fixture
def result() -> DocumentResult:
    return DocumentResult(
        unit=Unit(name="a.pdf", sources=()), digest=None, kind="pdf", page_total=1,
        schema=SchemaName(name="tables", sha256=""), model="local", state="complete", data={},
    )  # fmt: skip


def files(out: Path) -> set[str]:
    return {file.relative_to(out).as_posix() for file in out.rglob("*") if file.is_file()}


def test_fewer_tables_and_other_files_leave_nothing_old(tmp_path: Path, result: DocumentResult) -> None:
    placement = Placer().place("a.pdf")
    names = ["table-1.csv", "table-1.numbers.csv", "table-2.csv", "tables.xlsx", "files/a.js", "files/b/c.css"]
    (tmp_path / "a.pdf.files.txt").write_text("somebody else's")

    def write(result: DocumentResult, suffixes: list[str]) -> None:
        made = [(suffix, b"x") for suffix in suffixes]
        anyio.run(write_document, tmp_path, placement, result, "json", made)

    write(result, names)
    assert files(tmp_path) == {"a.pdf.json", "a.pdf.meta.json", "a.pdf.files.txt", *(f"a.pdf.{name}" for name in names)}
    write(result, ["table-1.csv", "files/b/c.css"])
    kept = {"a.pdf.json", "a.pdf.meta.json", "a.pdf.files.txt", "a.pdf.table-1.csv", "a.pdf.files/b/c.css"}
    assert files(tmp_path) == kept
    write(replace(result, state="failed", data=None), [])
    assert files(tmp_path) == {"a.pdf.meta.json", "a.pdf.files.txt"}


@pytest.mark.parametrize("folder", ["a.pdf.files", "a.pdf.table-1.csv", "a.pdf.tables.xlsx", "a.pdf.document.md"])
def test_a_folder_of_the_input_never_meets_an_artifact(folder: str) -> None:
    assert not Placer().place(f"{folder}/x.pdf").stem.startswith(f"{folder}/")
    assert Placer().place("plain.csv/x.pdf").stem == "plain.csv/x.pdf"
