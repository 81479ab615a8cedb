from __future__ import annotations

from pathlib import Path

from docextract.intake.discover import discover
from docextract.intake.group import units
from docextract.types import Unit


def grouped(root: Path) -> list[Unit]:
    return list(units(discover([root]), "folder"))


def fill(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"" if "empty" in name else b"%PDF-1.4\n")
    return root


def test_without_grouping_every_file_is_a_unit_named_after_it(tmp_path: Path) -> None:
    fill(tmp_path, "a/x.pdf", "y.pdf")
    assert [(unit.name, len(unit.sources)) for unit in units(discover([tmp_path]))] == [("y.pdf", 1), ("a/x.pdf", 1)]


def test_every_folder_is_a_unit_and_loose_files_are_named_after_the_input(tmp_path: Path) -> None:
    root = fill(tmp_path / "inbox", "2.pdf", "10.pdf", "a/1.pdf", "a/b/1.pdf")
    found = [(unit.name, [source.name for source in unit.sources]) for unit in grouped(root)]
    assert found == [("inbox", ["2.pdf", "10.pdf"]), ("a", ["a/1.pdf"]), ("a/b", ["a/b/1.pdf"])]


def test_a_bad_file_fails_alone(tmp_path: Path) -> None:
    root = fill(tmp_path / "inbox", "a/1.pdf", "a/2-empty.pdf", "a/3.pdf")
    found = [(unit.name, len(unit.sources)) for unit in grouped(root)]
    assert found == [("a/2-empty.pdf", 1), ("a", 2)]


def test_two_folders_of_one_name_are_told_apart(tmp_path: Path) -> None:
    root = fill(tmp_path / "a", "1.pdf", "a/1.pdf")
    assert [unit.name for unit in grouped(root)] == ["a", "a~2"]
