"""Office files with a password: what opens them, what they become, and what is said where nothing does."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from docextract.errors import InputError
from docextract.intake.discover import discover
from docextract.intake.group import units
from docextract.pages.loader import load
from docextract.pages.locked import unlock
from docextract.pages.options import PagesOptions
from docextract.pages.pool import Pool
from docextract.read.options import ReadOptions
from docextract.read.reader import read
from docextract.testing.bombs_word import write_word
from docextract.testing.documents import write_pdf
from docextract.testing.ledgers import make_ledger
from docextract.testing.locked import lock_zipped, write_old_word
from docextract.types import Document, Unit, Words

SESAME = "sésame"
PADDING = {"docProps/thumbnail.jpeg": random.Random(3).randbytes(5_000)}
TYPED = [("pássword", "pa\u0301ssword"), ("IX", "\u2168"), ("a b", "a\u00a0\u00adb")]
MAIN, TABLE = random.Random(1).randbytes(5_000), random.Random(2).randbytes(4_200)


def opened(path: Path, *passwords: str) -> tuple[Document, Words]:
    (file,) = discover([path])

    async def run() -> tuple[Document, Words]:
        async with Pool("render", size=1) as drawing, Pool("read", size=1) as reading:
            document = await load(drawing, Unit(name=file.name, sources=(file,)), PagesOptions(), passwords=passwords)
            words = (await read(reading, document, [1], ReadOptions(ocr="off")))[1]
            assert isinstance(words, Words), words
            return document, words

    return asyncio.run(run())


@pytest.fixture
def twins(tmp_path: Path) -> tuple[Path, Path]:
    document = docx.Document()
    document.add_paragraph("Invoice 4711, total 12.50")
    document.save(str(tmp_path / "plain.docx"))
    lock_zipped(tmp_path / "plain.docx", tmp_path / "locked.docx", SESAME)
    return tmp_path / "plain.docx", tmp_path / "locked.docx"


def test_a_word_file_with_its_password_says_what_its_plain_twin_says(twins: tuple[Path, Path]) -> None:
    document, words = opened(twins[1], "wrong", SESAME)
    assert words == opened(twins[0])[1]
    assert (document.kind, document.warnings, document.unit.sources[0].fault) == ("docx", (), None)
    assert SESAME not in repr(document)


def test_without_its_password_it_is_encrypted_and_says_what_to_pass(twins: tuple[Path, Path]) -> None:
    with pytest.raises(InputError, match="it needs a password") as caught:
        opened(twins[1])
    assert caught.value.code == "encrypted"
    assert "--password-file" in caught.value.hint
    with pytest.raises(InputError, match="none of the passwords"):
        opened(twins[1], "wrong", "x" * 300)


def test_a_folder_keeps_a_file_with_a_password_in_its_document(twins: tuple[Path, Path]) -> None:
    (unit,) = units(discover([twins[0].parent]), "folder")
    assert [source.name for source in unit.sources] == ["locked.docx", "plain.docx"]


def test_a_workbook_that_is_only_protected_against_changes_opens_unasked(tmp_path: Path) -> None:
    write_word(tmp_path / "plain", more=PADDING)
    lock_zipped(tmp_path / "plain", tmp_path / "locked", "VelvetSweatshop")
    path, kind = unlock(str(tmp_path / "locked"), [], str(tmp_path / "out" / "file"))
    assert (Path(path).read_bytes(), kind) == ((tmp_path / "plain").read_bytes(), "docx")


def test_an_old_word_file_comes_out_as_its_plain_twin(tmp_path: Path) -> None:
    write_old_word(tmp_path / "plain.doc", MAIN, TABLE)
    write_old_word(tmp_path / "locked.doc", MAIN, TABLE, SESAME)
    (plain, locked) = sorted(discover([tmp_path]), key=lambda file: file.name, reverse=True)
    assert (plain.kind, plain.fault, locked.is_locked) == ("doc", None, True)
    path, kind = unlock(str(locked.path), ["wrong", SESAME], str(tmp_path / "out"))
    twin, own = plain.path.read_bytes(), Path(path).read_bytes()
    table = 512 * (3 + len(MAIN) // 512 + 1)  # the header, two sectors of the container's own, the main stream
    assert (kind, own[:table], own[table + 52 :]) == ("doc", twin[:table], twin[table + 52 :])


def test_an_old_word_file_locked_otherwise_is_encrypted_whatever_is_passed(tmp_path: Path) -> None:
    write_old_word(tmp_path / "locked.doc", MAIN, TABLE, SESAME)
    data = bytearray((tmp_path / "locked.doc").read_bytes())
    data[3 * 512 + 11] |= 0x80  # fObfuscation, in the main stream's header
    (tmp_path / "locked.doc").write_bytes(data)
    with pytest.raises(InputError, match="in a way that cannot be opened") as caught:
        unlock(str(tmp_path / "locked.doc"), [SESAME], str(tmp_path / "out"))
    assert (caught.value.code, (tmp_path / "out").exists()) == ("encrypted", False)


def test_what_is_behind_a_password_is_looked_through_as_any_other_file(tmp_path: Path) -> None:
    write_word(tmp_path / "plain", prolog='<!DOCTYPE x [<!ENTITY y "z">]>', more=PADDING)
    lock_zipped(tmp_path / "plain", tmp_path / "locked.docx", SESAME)
    with pytest.raises(InputError, match="entities") as caught:
        opened(tmp_path / "locked.docx", SESAME)
    assert caught.value.code == "corrupt"


def test_a_foreign_file_behind_a_password_is_unsupported(tmp_path: Path) -> None:
    write_word(tmp_path / "plain", more=PADDING)
    data = (tmp_path / "plain").read_bytes().replace(b"word/", b"visio")
    (tmp_path / "plain").write_bytes(data)
    lock_zipped(tmp_path / "plain", tmp_path / "locked", SESAME)
    with pytest.raises(InputError) as caught:
        unlock(str(tmp_path / "locked"), [SESAME], str(tmp_path / "out"))
    assert caught.value.code == "unsupported"


@pytest.mark.parametrize(
    ("locked", "typed"), [("pássword", "pa\u0301ssword"), ("IX", "\u2168"), ("a b", "a\u00a0\u00adb")]
)
def test_a_password_of_a_pdf_may_be_typed_otherwise(tmp_path: Path, locked: str, typed: str) -> None:
    write_pdf(tmp_path / "plain.pdf", make_ledger(1, 5))
    writer = PdfWriter(clone_from=PdfReader(tmp_path / "plain.pdf"))
    writer.encrypt(locked, algorithm="AES-256")
    writer.write(tmp_path / "locked.pdf")
    assert opened(tmp_path / "locked.pdf", typed)[1].words == opened(tmp_path / "plain.pdf")[1].words


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), old=st.booleans())
def test_a_broken_container_is_refused_in_our_own_words(
    tmp_path_factory: pytest.TempPathFactory, seed: int, old: bool
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    if old:
        write_old_word(folder / "locked", MAIN, TABLE, "p")
    else:
        write_word(folder / "plain", more=PADDING)
        lock_zipped(folder / "plain", folder / "locked", "p")
    chance, data = random.Random(seed), bytearray((folder / "locked").read_bytes())
    for _ in range(chance.choice((1, 4, 40))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    (folder / "locked").write_bytes(data[: chance.choice((len(data), chance.randrange(len(data))))])
    with pytest.raises(InputError) as caught:
        unlock(str(folder / "locked"), ["q"], str(folder / "out"))
    assert caught.value.code in {"encrypted", "corrupt"}
    assert not list(folder.glob("out*"))
