"""Code files and Markdown from a record: only below the document's own folder."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.artifacts.files import code_files, is_safe_path
from docextract.artifacts.markdown import markdown_file


def made(*paths: str) -> list[str]:
    return [name for name, _ in code_files({"files": [{"path": path, "content": "x"} for path in paths]}, {})]


def test_files_stand_below_their_own_folder() -> None:
    assert made("index.html", "src/components/Card.tsx") == ["files/index.html", "files/src/components/Card.tsx"]


@pytest.mark.parametrize(
    "path",
    ["", "/etc/passwd", "../x", "a/../../x", "a//b", "C:\\x", "a\\b", ".env", "con.txt", "a./b", "x" * 200, "a\n"],
)
def test_a_path_that_could_lead_elsewhere_is_left_out(path: str) -> None:
    assert made(path, "ok.css") == ["files/ok.css"]


def test_two_files_of_one_path_are_both_kept() -> None:
    assert made("a.js", "A.js", "a.js") == ["files/a.js", "files/A-2.js", "files/a-3.js"]
    assert made("a", "a/b.js", "c/d.js", "c") == ["files/a", "files/a-b.js", "files/c/d.js", "files/c-2"]


@given(st.lists(st.text(alphabet="aB./-\\: ", max_size=8), max_size=6))
def test_every_path_stays_below_and_none_is_written_twice(paths: list[str]) -> None:
    names = made(*paths)
    assert len({name.casefold() for name in names}) == len(names)
    assert len(names) == sum(is_safe_path(path) for path in paths)
    assert all(name.startswith("files/") and ".." not in name.split("/") for name in names)


def test_a_document_becomes_markdown_with_headings() -> None:
    data: dict[str, Any] = {
        "title": "Rivers",
        "sections": [
            {"level": 1, "heading": "North\nbank", "text": "Wet.\n\nVery."},
            {"level": 9, "heading": "Deep", "text": None},
            {"level": None, "heading": None, "text": "End."},
        ],
    }
    ((name, content),) = markdown_file(data, {})
    assert name == "document.md"
    assert content.decode() == "# Rivers\n\n## North bank\n\nWet.\n\nVery.\n\n###### Deep\n\nEnd.\n"
    assert markdown_file({"title": None, "sections": []}, {}) == []
