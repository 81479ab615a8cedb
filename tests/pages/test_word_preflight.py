from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from docextract.errors import InputError
from docextract.pages import preflight
from docextract.pages.bounds import BOUNDS, use
from docextract.pages.flow import flow
from docextract.pages.preflight import check_word, is_encrypted_ooxml

Archive = Callable[[Mapping[str, bytes]], Path]


@pytest.fixture(autouse=True)
def _defaults() -> Iterator[None]:
    yield
    use({})


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    def make(members: Mapping[str, bytes]) -> Path:
        path = tmp_path / "made.docx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, data in members.items():
                file.writestr(name, data)
        return path

    return make


def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        check_word(path)
    return caught.value


def test_a_small_archive_passes(archive: Archive) -> None:
    check_word(archive({"word/document.xml": b"<w:p/>", "word/media/image1.png": b"\x89PNG"}))


def test_a_flood_of_paragraphs_is_refused(archive: Archive) -> None:
    error = refused(archive({"word/document.xml": b"<w:body>" + b"<w:p/>" * (BOUNDS["word_blocks"].value + 1)}))
    assert error.code == "limit_reached"
    assert "word_blocks of 500,000" in str(error)


def test_elements_on_the_border_of_two_pieces_are_counted_once(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "_CHUNK", 37)
    use({"word_blocks": 1000})
    check_word(archive({"word/document.xml": b"<w:p><w:t>x</w:t></w:p>" * 1000}))
    refused(archive({"word/document.xml": b"<w:p><w:t>x</w:t></w:p>" * 1001}))


def test_a_bomb_is_refused_by_its_ratio(archive: Archive) -> None:
    error = refused(archive({"word/document.xml": b" " * (preflight.RATIO_FROM + 1_000_000)}))
    assert (error.code, "archive_ratio of 200" in str(error)) == ("limit_reached", True)


def test_what_inflates_to_too_much_is_refused(archive: Archive) -> None:
    use({"archive_bytes": 1 << 20})
    error = refused(archive({"word/media/a.bin": os.urandom(600_000), "word/media/b.bin": os.urandom(600_000)}))
    assert (error.code, "archive_bytes of 1,048,576" in str(error)) == ("limit_reached", True)


def test_too_many_members_are_refused(archive: Archive) -> None:
    error = refused(archive({f"word/{number}": b"" for number in range(BOUNDS["archive_members"].value + 1)}))
    assert (error.code, "archive_members of 10,000" in str(error)) == ("limit_reached", True)


def test_the_directory_is_not_believed(archive: Archive) -> None:
    path = archive({"word/document.xml": b" " * (preflight.RATIO_FROM + 1_000_000)})
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")  # the inflated size that it declares
    path.write_bytes(data)
    assert refused(path).code in {"limit_reached", "corrupt"}


@pytest.mark.parametrize("name", ["../evil.xml", "word/../../evil.xml", "/etc/passwd", "..\\evil.xml"])
def test_names_that_lead_outside_are_refused(archive: Archive, name: str) -> None:
    assert refused(archive({name: b"x"})).code == "corrupt"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("word", ["<!DOCTYPE x>", "<!ENTITY a 'b'>"])
def test_declarations_are_refused(archive: Archive, word: str, encoding: str) -> None:
    assert "document type" in str(refused(archive({"word/document.xml": f"<?xml?>{word}<a/>".encode(encoding)})))


def test_an_entity_leads_nowhere_through_flow(archive: Archive) -> None:
    secret = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>'
    with pytest.raises(InputError):
        flow(archive({"word/document.xml": secret, "[Content_Types].xml": b"<Types/>"}), "docx")


def test_a_damaged_archive_is_corrupt(archive: Archive, tmp_path: Path) -> None:
    whole = archive({"word/document.xml": os.urandom(5000)}).read_bytes()
    for number, data in enumerate((whole[:3000], b"PK\x03\x04 no zip", whole.replace(whole[100:140], bytes(40)))):
        path = tmp_path / f"{number}.docx"
        path.write_bytes(data)
        assert refused(path).code == "corrupt"


def test_a_password_is_known_by_its_container(tmp_path: Path) -> None:
    path = tmp_path / "locked.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + "EncryptedPackage".encode("utf-16-le"))
    assert is_encrypted_ooxml(path)
    assert refused(path).code == "encrypted"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    assert not is_encrypted_ooxml(path)
