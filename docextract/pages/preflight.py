"""A Word file looked through before any parser sees it: zip bombs, floods of elements, entities.

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

MAX_MEMBERS = 10_000
"""Members of the archive: a book with a picture on every page has some 2,000."""
MAX_BYTES = 512 << 20
"""Bytes of all members, inflated."""
MAX_RATIO = 200
"""Inflated over packed bytes of the archive, once RATIO_FROM bytes have come out; XML text packs about 20 to 1."""
RATIO_FROM = 10 << 20
MAX_ELEMENTS = 500_000
"""Paragraphs and table rows together: 10,000 pages of text have fewer. An empty one costs 130 bytes of memory."""
MAX_TAGS = 20_000_000
"""Tags of one part, whatever their names."""

_CHUNK = 1 << 16
_TAIL = 32
_BLOCKS = re.compile(rb"<(?:\w+:)?(?:p|tr)[\s/>]")
_DECLARATIONS = tuple(
    word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

ZIP_ERRORS = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError)
"""What zipfile lets out on broken archives. (RuntimeError: a member with a password.)"""


def check_word(path: str | Path) -> None:
    """Refuse what would harm a parser: InputError limit_reached naming the limit, corrupt, or encrypted."""
    if is_encrypted_ooxml(path):
        raise InputError("the Word file is encrypted: it needs a password to open", code="encrypted")
    try:
        packed = max(1, Path(path).stat().st_size)
        with zipfile.ZipFile(path) as archive:
            _check_members(archive, packed)
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
        if file.read(8) != _OLE2:
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


def _check_members(archive: zipfile.ZipFile, packed: int) -> None:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise _limit(f"the archive has {len(members)} members, more than {MAX_MEMBERS}")
    total = elements = 0
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if ".." in name.parts or name.is_absolute():
            raise InputError(f"the archive names a file outside itself: {member.filename[:80]!r}")
        is_xml = name.suffix.lower() in {".xml", ".rels"}
        with archive.open(member) as stream:
            total, elements = _inflate(stream, is_xml, total, elements, packed)


def _inflate(stream: IO[bytes], is_xml: bool, total: int, elements: int, packed: int) -> tuple[int, int]:
    tail = b""
    tags = 0
    while chunk := stream.read(_CHUNK):
        total += len(chunk)
        if total > MAX_BYTES:
            raise _limit(f"the archive inflates to more than {MAX_BYTES >> 20} MB")
        if total > RATIO_FROM and total > MAX_RATIO * packed:
            raise _limit(f"the archive inflates to more than {MAX_RATIO} times its size")
        if not is_xml:
            continue
        piece = tail + chunk
        if any(word in piece for word in _DECLARATIONS):
            raise InputError("a part of the file declares a document type or entities, which no Word file needs")
        # A tag cut by the border is counted with the next piece, one that is whole in the tail only now.
        elements += len(_BLOCKS.findall(piece)) - len(_BLOCKS.findall(tail))
        tags += chunk.count(b"<")
        if elements > MAX_ELEMENTS:
            raise _limit(f"the document has more than {MAX_ELEMENTS} paragraphs and table rows")
        if tags > MAX_TAGS:
            raise _limit(f"a part of the document has more than {MAX_TAGS} tags")
        tail = piece[-_TAIL:]
    return total, elements


def _limit(message: str) -> InputError:
    return InputError(message, code="limit_reached", hint="split the file, or save it again from Word if you trust it")
