from __future__ import annotations

import base64
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from docextract.pages.decode import decode
from docextract.pages.flow import flow
from docextract.pages.markup import inline, read_markdown
from docextract.testing.bombs_other import markdown_stars

Read = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def make(text: str | bytes, kind: str) -> list[dict[str, Any]]:
        path = tmp_path / "source"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return list(flow(path, kind)[0]["blocks"])

    return make


def plain(blocks: list[dict[str, Any]]) -> list[tuple[str, int, str]]:
    return [(block["kind"], block["level"], block["text"]) for block in blocks]


def cells(block: dict[str, Any]) -> list[list[str]]:
    return [[cell["text"] for cell in row] for row in block["rows"]]


def test_html_as_a_browser_shows_it(read: Read) -> None:
    blocks = read(
        "<html><head><title>no</title><style>p{}</style></head><body><h2>Head</h2>"
        "<p>one <b>bold</b>\n   word<br>next line</p><script>no()</script>"
        "<div style='color:red; display: none'>no</div><p hidden>no</p><input type=hidden value=no>"
        "<dl><dt>Term<dd>Meaning</dl>loose text<pre>a\n  b</pre></body>",
        "html",
    )
    assert plain(blocks) == [
        ("heading", 2, "Head"), ("paragraph", 0, "one bold word\nnext line"), ("paragraph", 0, "Term"),
        ("paragraph", 0, "Meaning"), ("paragraph", 0, "loose text"), ("code", 0, "a\n  b"),
    ]  # fmt: skip


def test_html_lists_are_numbered_and_nested(read: Read) -> None:
    blocks = read("<ol start=3><li>three<ul><li>dot</li></ul></li><li value=7>seven</li><li>eight</ol>", "html")
    assert plain(blocks) == [
        ("list", 0, "3. three"), ("list", 1, "• dot"), ("list", 0, "7. seven"), ("list", 0, "8. eight"),
    ]  # fmt: skip


def test_html_tables_have_spans_heads_and_a_caption(read: Read) -> None:
    (block,) = read(
        "<table><caption>Prices</caption><thead><tr><th colspan=2>Item<th>Price</thead>"
        "<tr><th>1<td rowspan=2>chair<td>12.00<tr><td>2<td>9<br>8</table>",
        "html",
    )
    assert block["title"] == "Prices"
    assert cells(block) == [["Item", "Price"], ["1", "chair", "12.00"], ["2", "9\n8"]]
    assert [[cell["header"] for cell in row] for row in block["rows"]] == [[True, True], [False] * 3, [False] * 2]
    assert (block["rows"][0][0]["column_span"], block["rows"][1][1]["row_span"]) == (2, 2)


def test_html_tables_that_only_lay_out_the_page_are_opened(read: Read) -> None:
    blocks = read(
        "<table><tr><td><p>left</p></td><td><table><tr><td>a<td>b<tr><td>c<td>d</table></td></tr></table>", "html"
    )
    assert [block["kind"] for block in blocks] == ["paragraph", "table"]
    assert cells(blocks[1]) == [["a", "b"], ["c", "d"]]


def test_html_form_fields_show_their_values(read: Read) -> None:
    blocks = read(
        "<p>Name <input value='Hartley'> <input type=checkbox checked> <input type=password value=no>"
        "<select><option>red<option selected>blue</select></p>",
        "html",
    )
    assert plain(blocks) == [("paragraph", 0, "Name Hartley ☒ blue")]


def test_html_pictures_in_the_file_are_given_and_others_are_not_fetched(tmp_path: Path) -> None:
    data = io.BytesIO()
    Image.new("RGB", (9, 9)).save(data, "PNG")
    path = tmp_path / "page.html"
    path.write_text(
        f"<p>a<img src='data:image/png;base64,{base64.b64encode(data.getvalue()).decode()}'>b"
        "<img src='http://192.0.2.1/x.png'><img src='file:///etc/passwd'></p>"
    )
    structure, blobs = flow(path, "html")
    assert [block["kind"] for block in structure["blocks"]] == ["paragraph", "image", "paragraph"]
    assert blobs == [data.getvalue()]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<meta charset=iso-8859-2><p>Škoda</p>".encode("iso-8859-2"), "Škoda"),
        ("<p>Müller</p>".encode(), "Müller"),
        ("<p>5 € – Müller</p>".encode("cp1252"), "5 € – Müller"),
        ("\ufeff<p>wide</p>".encode("utf-16"), "wide"),
        (b"<?xml version='1.0' encoding='latin-1'?><p>xml</p>", "xml"),
    ],
)
def test_html_encodings(read: Read, data: bytes, text: str) -> None:
    assert [block["text"] for block in read(data, "html")] == [text]


def test_html_of_nothing(read: Read) -> None:
    assert read("   ", "html") == []
    assert read("<html><body></body></html>", "html") == []


@given(st.text(max_size=200))
def test_any_text_is_some_html(text: str) -> None:
    import tempfile

    with tempfile.NamedTemporaryFile(suffix=".html") as file:
        file.write(text.encode("utf-8", "surrogatepass"))
        file.flush()
        for block in flow(file.name, "html")[0]["blocks"]:
            assert block["kind"] in {"heading", "paragraph", "list", "table", "code", "image"}


def test_markdown_blocks(read: Read) -> None:
    blocks = read(
        "# Title #\n\nUnder\n=====\n\nSome *fine* text\nthat goes on  \nbroken.\n\n- dot\n  goes on\n    - inner\n"
        "2. two\n- [x] done\n\n> quoted\n\n---\n\n```python\nx = 1\n# no heading\n```\n\n    indented\n",
        "markdown",
    )
    assert plain(blocks) == [
        ("heading", 1, "Title"), ("heading", 1, "Under"), ("paragraph", 0, "Some fine text that goes on\nbroken."),
        ("list", 0, "• dot goes on"), ("list", 2, "• inner"), ("list", 0, "2. two"), ("list", 0, "• ☒ done"),
        ("paragraph", 0, "quoted"), ("code", 0, "x = 1\n# no heading"), ("code", 0, "indented"),
    ]  # fmt: skip


def test_markdown_tables(read: Read) -> None:
    before, table, after = read(
        "Prices:\n\n| Item | Price |\n|:-----|---|\n| a \\| b | **1** |\n| c |\nend", "markdown"
    )
    assert (before["text"], after["text"]) == ("Prices:", "end")
    assert cells(table) == [["Item", "Price"], ["a | b", "1"], ["c", ""]]
    assert [cell["header"] for cell in table["rows"][0]] == [True, True]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("**bold** and __this__ and *em*", "bold and this and em"),
        ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
        ("`a * b` \\*kept\\*", "a * b *kept*"),
        ("[site](https://example.org) <https://example.org/x>", "site (https://example.org) https://example.org/x"),
        ("[a@example.org](mailto:a@example.org)", "a@example.org"),
        ("![picture](x.png) &amp; <b>tag</b>", "picture & tag"),
    ],
)
def test_markdown_inline(source: str, text: str) -> None:
    assert inline(source) == text


def test_text_keeps_lines_and_columns(read: Read) -> None:
    blocks = read("Item\tPrice\nchair   12.00\r\n\r\n  next  \n", "text")
    assert [(block["text"], block["fixed"]) for block in blocks] == [
        ("Item    Price\nchair   12.00", True),
        ("  next", True),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "cp1252"])
def test_encodings(encoding: str) -> None:
    assert decode("Größe: 5 € – naïve".encode(encoding)) == "Größe: 5 € – naïve"


@given(st.binary(max_size=300))
def test_any_bytes_are_text(data: bytes) -> None:
    text = decode(data)
    assert "\r" not in text
    assert "\x00" not in text


def test_marks_without_end_take_no_time(tmp_path: Path) -> None:
    markdown_stars(tmp_path / "stars.md", length=100_000)
    began = time.process_time()
    blocks = read_markdown(tmp_path / "stars.md")
    assert time.process_time() - began < 10  # a fifth of a second; hours where each mark looks for its end
    assert len(blocks) >= 5
