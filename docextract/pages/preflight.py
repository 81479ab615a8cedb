"""A zipped document looked through before any parser sees it: zip bombs, floods of elements, entities.

What a zip's directory declares is not believed: members are inflated in small pieces and counted, so a
bomb costs its limit in time and 64 kB in memory.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from docextract.errors import InputError
from docextract.pages.bounds import bound, reached

RATIO_FROM = 10 << 20
"""Unpacked bytes from which the ratio counts."""

_CHUNK = 1 << 16
_TAIL = 32
_BLOCKS = re.compile(rb"<(?:\w+:)?(?:p|tr)[\s/>]")
_ENCODINGS = ("ascii", "utf-16-le", "utf-16-be")
_ENTITY = tuple("<!ENTITY".encode(encoding) for encoding in _ENCODINGS)
_DECLARATIONS = (*_ENTITY, *("<!DOCTYPE".encode(encoding) for encoding in _ENCODINGS))
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

ZIP_ERRORS = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError)
"""What zipfile lets out on broken archives. (RuntimeError: a member with a password.)"""


def check_word(path: str | Path) -> None:
    """Refuse what would harm a parser: InputError limit_reached naming the limit, corrupt, or encrypted."""
    if is_encrypted_ooxml(path):
        raise InputError("the Word file is encrypted: it needs a password to open", code="encrypted")
    check_archive(path, _DECLARATIONS)


def check_archive(path: str | Path, refused: tuple[bytes, ...] = _ENTITY) -> None:
    """The same for any zipped document. `refused` may stand in no XML part: by default entities of one's own.

    (Old OpenDocument files name a document type, which harms nobody.)
    """
    try:
        packed = max(1, Path(path).stat().st_size)
        with zipfile.ZipFile(path) as archive:
            _check_members(archive, packed, refused)
    except InputError:
        raise
    except RuntimeError as error:
        if isinstance(error, NotImplementedError):
            raise InputError(f"damaged archive ({error})") from error
        raise InputError("the archive is protected by a password", code="encrypted") from error
    except ZIP_ERRORS as error:
        raise InputError(f"damaged archive ({' '.join(str(error).split())[:200] or type(error).__name__})") from error


def is_encrypted_ooxml(path: str | Path) -> bool:
    """Whether it is an Office file with a password: an OLE2 container with a stream named EncryptedPackage."""
    with Path(path).open("rb") as file:
        if file.read(8) != OLE2:
            return False
        file.seek(0)
        name = "EncryptedPackage".encode("utf-16-le")
        # Directory sectors lie near the start or the end; a chunk more than the name is enough overlap.
        tail = b""
        while chunk := file.read(1 << 20):
            if name in tail + chunk:
                return True
            tail = chunk[-64:]
    return False


def _check_members(archive: zipfile.ZipFile, packed: int, refused: tuple[bytes, ...]) -> None:
    members = archive.infolist()
    if len(members) > bound("archive_members"):
        raise reached("archive_members", f"the archive has {len(members):,} members")
    counts = _Counts(packed)
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if ".." in name.parts or name.is_absolute():
            raise InputError(f"the archive names a file outside itself: {member.filename[:80]!r}")
        is_xml = name.suffix.lower() in {".xml", ".rels"}
        with archive.open(member) as stream:
            counts.add(stream, refused if is_xml else None)


class _Counts:
    """What came out of an archive of `packed` bytes so far."""

    def __init__(self, packed: int) -> None:
        self.packed = packed
        self.total = self.elements = 0

    def add(self, stream: IO[bytes], refused: tuple[bytes, ...] | None) -> None:
        """Unpack a member in pieces and count. `refused` is None where it is no XML."""
        tail = b""
        tags = 0
        while chunk := stream.read(_CHUNK):
            self._count(len(chunk))
            if refused is None:
                continue
            piece = tail + chunk
            if any(word in piece for word in refused):
                raise InputError("a part of the file declares a document type or entities, which no such file needs")
            # A tag cut by the border is counted with the next piece, one that is whole in the tail only now.
            self.elements += len(_BLOCKS.findall(piece)) - len(_BLOCKS.findall(tail))
            tags += chunk.count(b"<")
            if self.elements > bound("word_blocks"):
                raise reached("word_blocks", "the document is a flood of empty or short blocks")
            if tags > bound("xml_tags"):
                raise reached("xml_tags", "a part of the document is a flood of tags")
            tail = piece[-_TAIL:]

    def _count(self, size: int) -> None:
        self.total += size
        if self.total > bound("archive_bytes"):
            raise reached("archive_bytes", "the archive unpacks to too much")
        if self.total > RATIO_FROM and self.total > bound("archive_ratio") * self.packed:
            raise reached("archive_ratio", "the archive unpacks to too many times its size")
