from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.errors import ConfigError
from docextract.intake.digest import digest
from docextract.intake.discover import discover, look_inside, natural_key

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"


def put(path: Path, data: bytes = PDF) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def names(*inputs: str | Path, exclude: tuple[Path, ...] = ()) -> list[str]:
    return [file.name for file in discover(inputs, exclude=exclude)]


def test_files_of_a_folder_come_in_natural_order_before_its_folders(tmp_path: Path) -> None:
    for name in ("b10.pdf", "b9.pdf", "A1.pdf", "a/z.pdf", "a/x/y.pdf", "B/q.pdf"):
        put(tmp_path / name)
    assert names(tmp_path) == ["A1.pdf", "b9.pdf", "b10.pdf", "a/z.pdf", "a/x/y.pdf", "B/q.pdf"]


def test_hidden_files_and_the_output_folder_are_left_out(tmp_path: Path) -> None:
    put(tmp_path / ".hidden.pdf")
    put(tmp_path / ".git/x.pdf")
    put(tmp_path / "out/x.pdf.json")
    put(tmp_path / "x.pdf")
    assert names(tmp_path, exclude=(tmp_path / "out",)) == ["x.pdf"]


def test_links_out_of_the_root_and_loops_are_left_out_and_links_inside_are_not(tmp_path: Path) -> None:
    root = tmp_path / "root"
    put(root / "a/x.pdf")
    put(tmp_path / "secret/s.pdf")
    (root / "a/loop").symlink_to("..")
    (root / "out").symlink_to(tmp_path / "secret")
    (root / "s.pdf").symlink_to(tmp_path / "secret/s.pdf")
    (root / "latest.pdf").symlink_to("a/x.pdf")
    (root / "b").symlink_to("a")
    assert names(root) == ["latest.pdf", "a/x.pdf", "b/x.pdf"]


def test_folders_linked_across_each_other_end(tmp_path: Path) -> None:
    for name in "abcdefgh":
        put(tmp_path / name / "x.pdf")
        for other in "abcdefgh":
            (tmp_path / name / f"to-{other}").symlink_to(tmp_path / other)
    found = names(tmp_path)
    assert len(found) == len(set(found)) <= 24


def test_a_bad_file_is_named_and_the_walk_goes_on(tmp_path: Path) -> None:
    put(tmp_path / "1-empty.pdf", b"")
    (tmp_path / "2-nowhere.pdf").symlink_to("gone.pdf")
    os.mkfifo(tmp_path / "3-pipe.pdf")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "4-socket"))
        put(tmp_path / "5-data.json", b'{"a": 1}')
        put(tmp_path / "6-good.pdf")
        found = list(discover([tmp_path]))
    assert [(file.name[0], file.fault.code if file.fault else None) for file in found] == [
        ("1", "empty_file"),
        ("2", "unreadable"),
        ("3", "unreadable"),
        ("4", "unreadable"),
        ("5", "unsupported"),
        ("6", None),
    ]
    assert all(file.fault.hint for file in found if file.fault)
    assert "JSON" in found[4].fault.message if found[4].fault else False


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a/x.pdf")
    put(tmp_path / "b/y.pdf")
    listed = os.scandir

    def refuse(path: Path) -> object:  # permissions do not hold root, who may run the tests
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = list(discover([tmp_path]))
    assert [(file.name, file.fault is not None) for file in found] == [("a", True), ("b/y.pdf", False)]


def test_strange_names_survive(tmp_path: Path) -> None:
    strange = [b"new\nline.pdf", "emoji \U0001f600.pdf".encode(), b"bad\xff\xfe.pdf", b"$(touch x).pdf", b"-rf.pdf"]
    for name in strange:
        put(Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)))
    assert sorted(os.fsencode(name) for name in names(tmp_path)) == sorted(strange)


def test_a_file_is_named_by_its_own_name_and_a_glob_from_its_fixed_part(tmp_path: Path) -> None:
    put(tmp_path / "in/a/x.pdf")
    put(tmp_path / "in/b/y.pdf")
    assert names(tmp_path / "in/a/x.pdf") == ["x.pdf"]
    assert names(f"{tmp_path}/in/*/*.pdf") == ["a/x.pdf", "b/y.pdf"]
    assert names(f"{tmp_path}/**/*.pdf") == ["in/a/x.pdf", "in/b/y.pdf"]
    assert names(f"{tmp_path}/i*") == ["in/a/x.pdf", "in/b/y.pdf"]


def test_a_name_with_glob_characters_means_itself_where_it_exists(tmp_path: Path) -> None:
    put(tmp_path / "a[1].pdf")
    assert names(tmp_path / "a[1].pdf") == ["a[1].pdf"]


def test_equal_names_of_two_inputs_get_their_folders_in_front(tmp_path: Path) -> None:
    for name in ("p/in/x.pdf", "q/in/x.pdf", "p/in/only.pdf", "r/x.pdf"):
        put(tmp_path / name)
    found = names(tmp_path / "p/in", tmp_path / "q/in", tmp_path / "r/x.pdf")
    assert found == ["only.pdf", "p/in/x.pdf", "q/in/x.pdf", "r/x.pdf"]


def test_a_file_that_two_inputs_name_is_found_once(tmp_path: Path) -> None:
    put(tmp_path / "in/x.pdf")
    assert names(tmp_path / "in", tmp_path / "in/x.pdf") == ["x.pdf"]


@pytest.mark.parametrize("missing", ["nothing-here", "*.nothing", "s3://bucket/x.pdf"])
def test_an_input_that_is_not_there_is_a_usage_error_with_a_hint(tmp_path: Path, missing: str) -> None:
    name = missing if "://" in missing else f"{tmp_path}/{missing}"
    with pytest.raises(ConfigError) as raised:
        names(name)
    assert raised.value.exit_code == 2
    assert raised.value.hint


def test_a_file_is_opened_once_and_only_to_look_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        put(tmp_path / f"{number % 3}" / f"{number}.pdf")
    asked: list[str] = []

    def counted(name: str) -> None:
        real = getattr(os, name)

        def call(path: str, *more: object, **named: object) -> object:
            asked.append(f"{name} {os.fspath(path)}")
            return real(path, *more, **named)

        monkeypatch.setattr(os, name, call)

    for name in ("stat", "lstat", "open", "scandir"):
        counted(name)
    # The status of a file comes with its folder's entry: nothing else asks for it.
    listed = list(discover([tmp_path], looks_inside=False))
    assert [each for each in asked if each.endswith(".pdf")] == []
    assert not any(file.is_told for file in listed)
    assert sum(each.startswith("scandir") for each in asked) == 4
    asked.clear()
    assert [look_inside(file) for file in listed] == list(discover([tmp_path]))
    opened = [each for each in asked if each.endswith(".pdf")]
    assert len(opened) == 60
    assert set(opened) == {f"open {file.path}" for file in listed}
    assert [look_inside(file).kind for file in listed] == ["pdf"] * 30


def test_what_cannot_be_opened_any_more_says_so_when_it_is_looked_into(tmp_path: Path) -> None:
    put(tmp_path / "a.pdf")
    (file,) = discover([tmp_path], looks_inside=False)
    (tmp_path / "a.pdf").unlink()
    gone = look_inside(file)
    assert gone.is_useless
    assert gone.fault is not None
    assert gone.fault.code == "unreadable"


def test_digest_is_sha256_of_the_content(tmp_path: Path) -> None:
    assert digest(put(tmp_path / "x", b"abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@given(st.lists(st.text(min_size=1), unique=True))
def test_natural_order_is_total_and_counts_digits_as_numbers(texts: list[str]) -> None:
    assert sorted(texts, key=natural_key) == sorted(set(texts), key=natural_key)
    assert natural_key("a2b") < natural_key("a10b") < natural_key("a10c")
