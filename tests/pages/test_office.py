from __future__ import annotations

import os
import threading
import time
import zipfile
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import docx
import pypdfium2
import pytest

from docextract.errors import InputError, PageError
from docextract.pages import office
from docextract.pages.office import convert, soffice_path
from docextract.testing.bombs_word import write_open


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a program named soffice on PATH that runs this shell script."""

    def make(script: str) -> None:
        folder = tmp_path / "bin"
        folder.mkdir()
        path = folder / "soffice"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    return make


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "$(touch pwned) letter.doc"
    path.write_bytes(b"a letter")
    return path


def test_without_libreoffice_it_says_what_to_install(
    letter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(office, "_PLACES", ())
    assert soffice_path() is None
    with pytest.raises(InputError) as caught:
        convert(letter, "doc", tmp_path / "out")
    assert caught.value.code == "missing_tool"
    assert "LibreOffice" in caught.value.hint


def test_what_it_writes_is_moved_to_the_output_folder(
    letter: Path, tmp_path: Path, program: Callable[[str], None]
) -> None:
    program('while [ "$1" != --outdir ]; do shift; done; cp "$3" "$2/document.pdf"')
    made = convert(letter, "doc", tmp_path / "out")
    assert made == tmp_path / "out" / f"{letter.stem}.pdf"
    assert made.read_bytes() == b"a letter"


def test_a_program_that_hangs_is_killed_with_its_children(
    letter: Path, tmp_path: Path, program: Callable[[str], None]
) -> None:
    program(f"sleep 60 & echo $! > {tmp_path}/child; wait")
    began = time.monotonic()
    with pytest.raises(PageError) as caught:
        convert(letter, "doc", tmp_path / "out", deadline_s=1.0)
    assert (caught.value.code, caught.value.scope) == ("render_timed_out", "file")
    assert time.monotonic() - began < 30
    child = int((tmp_path / "child").read_text())
    for _ in range(100):  # until the killed process is reaped
        if not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2]:
            return
        time.sleep(0.05)
    raise AssertionError("its child lives on")


def test_a_file_that_cannot_be_converted_is_corrupt(
    letter: Path, tmp_path: Path, program: Callable[[str], None]
) -> None:
    program("echo 'Error: source file could not be loaded'")
    with pytest.raises(InputError, match="could not be loaded") as caught:
        convert(letter, "doc", tmp_path / "out")
    assert caught.value.code == "corrupt"


def test_an_open_document_with_a_password_is_encrypted(tmp_path: Path, program: Callable[[str], None]) -> None:
    program("echo 'Error: source file could not be loaded'")
    locked = tmp_path / "locked.odt"
    with zipfile.ZipFile(locked, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", bytes(range(256)) * 8)
        entry = '<m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry>'
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="urn:manifest">{entry}</m:manifest>')
    with pytest.raises(InputError, match="encrypted") as caught:
        convert(locked, "odt", tmp_path / "out")
    assert caught.value.code == "encrypted"
    assert "LibreOffice" in caught.value.hint


def test_libreoffice_converts(tmp_path: Path, need_tool: Callable[[str], str]) -> None:
    need_tool("soffice")
    document = docx.Document()
    document.add_paragraph("from an office file")
    document.save(str(tmp_path / "letter.docx"))
    made = pypdfium2.PdfDocument(convert(tmp_path / "letter.docx", "docx", tmp_path / "out", deadline_s=120))
    assert "from an office file" in made[0].get_textpage().get_text_range()
    made.close()


def test_nothing_that_a_file_names_is_fetched(tmp_path: Path, need_tool: Callable[[str], str]) -> None:
    need_tool("soffice")
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815  the names that the parent looks for

        def log_message(self, format: str, *words: object) -> None:  # noqa: A002  the name is the parent's
            pass

    (tmp_path / "secret.txt").write_text("the machine's own words")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        away = f"http://127.0.0.1:{server.server_port}/picture.png"
        write_open(tmp_path / "letter.odt", away, (tmp_path / "secret.txt").as_uri())
        made = pypdfium2.PdfDocument(convert(tmp_path / "letter.odt", "odt", tmp_path / "out", deadline_s=250))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    text = made[0].get_textpage().get_text_range()
    made.close()
    assert "from an open document" in text
    assert "own words" not in text
    assert asked == []
