"""Files found by URL are those that a local folder would give, by the same rules."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docextract.errors import ConfigError
from docextract.intake import by_url
from docextract.intake.discover import discover
from docextract.intake.group import units
from docextract.remote import store
from docextract.testing.documents import write_pdf
from docextract.testing.ledgers import make_ledger
from docextract.types import SourceFile


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with documents, things that are none, and things that are left out."""
    import docx

    root = tmp_path / "in"
    (root / "b" / "deep").mkdir(parents=True)
    (root / ".hidden").mkdir()
    (root / "out").mkdir()
    for name in ("10.pdf", "9.pdf", "b/2.pdf", "b/deep/x.pdf", ".hidden/x.pdf", "out/y.pdf"):
        write_pdf(root / name, make_ledger(1, 3))
    docx.Document().save(str(root / "b" / "letter.docx"))
    big = docx.Document()
    for number in range(9000):
        big.add_paragraph(f"{number} {number**5}")
    big.save(str(root / "big.docx"))  # its directory stands behind the first 64 KiB
    (root / "empty.pdf").write_bytes(b"")
    (root / "data.json").write_text('{"a": 1}', encoding="utf-8")
    (root / "notes ü.txt").write_text("a note", encoding="utf-8")
    return root


def plain(file: SourceFile) -> dict[str, Any]:
    """What is the same of a file wherever it lies."""
    fields = dataclasses.asdict(file)
    return {name: fields[name] for name in ("name", "kind", "bytes", "fault")}


def test_a_bucket_gives_what_the_folder_gives(folder: Path, s3: Any, put: Callable[..., None]) -> None:
    s3.mkdir("box")
    put(s3, folder, "box/in")
    here = list(discover([folder], exclude=[folder / "out"]))
    there = list(discover(["s3://box/in/"], exclude=["s3://box/in/out"]))
    assert [plain(file) for file in there] == [plain(file) for file in here]
    assert (folder / "big.docx").stat().st_size > 1 << 16
    assert [file.name for file in there if file.kind == "docx"] == ["big.docx", "b/letter.docx"]
    assert all(file.url == f"s3://box/in/{file.name}" and file.version for file in there)
    assert [unit.name for unit in units(there, "folder")] == [unit.name for unit in units(here, "folder")]


def test_any_file_system_of_fsspec_does(folder: Path, memory: Any, put: Callable[..., None]) -> None:
    put(memory, folder, "/in")
    here = list(discover([folder]))
    assert [plain(file) for file in discover(["memory://in"])] == [plain(file) for file in here]
    assert [file.name for file in discover(["memory://in/*.pdf"])] == ["9.pdf", "10.pdf", "empty.pdf"]
    assert [file.name for file in discover(["memory://in/b"])] == ["2.pdf", "letter.docx", "deep/x.pdf"]
    assert [file.name for file in discover(["memory://in/b/2.pdf"])] == ["2.pdf"]


def test_a_file_url_is_a_path(folder: Path) -> None:
    assert list(discover([f"file://{folder}"])) == list(discover([folder]))


def test_equal_names_of_two_inputs_are_told_apart(folder: Path, memory: Any, put: Callable[..., None]) -> None:
    put(memory, folder / "b", "/one/b")
    put(memory, folder / "b", "/two/b")
    names = [file.name for file in discover(["memory://one/b", "memory://two/b"])]
    assert names[0] == "one/b/2.pdf"
    assert len(set(names)) == len(names) == 6


def test_a_folder_of_many_files_is_not_held(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    s3.mkdir("many")
    monkeypatch.setattr(store, "PAGE", 10)
    s3.pipe({f"many/in/{number}.txt": b"x" for number in range(25)})
    whole = [file.name for file in discover(["s3://many/in"])]
    assert whole == [f"{number}.txt" for number in range(25)]
    monkeypatch.setattr(by_url, "MOST_SORTED", 5)
    walk = discover(["s3://many/in"])
    assert next(walk).name == "0.txt"
    assert sorted([file.name for file in walk] + ["0.txt"]) == sorted(whole)


@pytest.mark.parametrize("url", ["s3://nothing/here", "memory://nothing", "memory://nothing/*.pdf"])
def test_what_is_not_there_is_said(url: str, s3: Any, memory: Any) -> None:
    with pytest.raises(ConfigError, match=r"no such file|nothing matches"):
        list(discover([url]))


def test_a_store_that_nobody_knows_is_said() -> None:
    with pytest.raises(ConfigError, match="nosuch") as refused:
        list(discover(["nosuch://x/y"]))
    assert "docextract[cloud]" in refused.value.hint
