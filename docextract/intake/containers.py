"""What a zip or an OLE2 container holds, from a bounded look at its directory and never by unpacking it."""

from __future__ import annotations

import struct
from pathlib import Path

END_RECORD = b"PK\x05\x06"
ENTRY = b"PK\x01\x02"
LOCAL = b"PK\x03\x04"
TAIL_BYTES = 65_557  # the end record (22 bytes) and the longest comment (65,535) that may follow it
DIRECTORY_BYTES = 1 << 19  # enough names to tell a kind; a directory of millions of entries is not read whole
OLE_DIRECTORY_BYTES = 1 << 14  # 128 entries; the storage that tells the kind stands among the first


def zip_names(path: Path, head: bytes) -> tuple[list[str], bool]:
    """Member names of a zip (as far as the first 512 KiB of its directory go), and whether the directory was sound.

    Without a directory (a cut file) the names come from the local headers in `head`.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - TAIL_BYTES))
            tail = file.read(TAIL_BYTES)
            end = tail.rfind(END_RECORD)
            if end < 0 or len(tail) < end + 22:
                return _local_names(head), False
            length, start = struct.unpack_from("<II", tail, end + 12)
            # Something may stand before the archive: the directory ends where the end record starts.
            file.seek(max(0, min(start, size - len(tail) + end - length)))
            names = _entry_names(file.read(min(length, DIRECTORY_BYTES)))
            if not names and start <= size:
                file.seek(start)
                names = _entry_names(file.read(min(length, DIRECTORY_BYTES)))
    except OSError:
        return _local_names(head), False
    return (names, True) if names else (_local_names(head), False)


def _entry_names(directory: bytes) -> list[str]:
    names, at = [], 0
    while directory.startswith(ENTRY, at) and at + 46 <= len(directory):
        name, extra, comment = struct.unpack_from("<HHH", directory, at + 28)
        names.append(directory[at + 46 : at + 46 + name].decode("utf-8", "replace"))
        at += 46 + name + extra + comment
    return names


def _local_names(head: bytes) -> list[str]:
    names, at = [], head.find(LOCAL)
    while at >= 0 and at + 30 <= len(head):
        (length,) = struct.unpack_from("<H", head, at + 26)
        names.append(head[at + 30 : at + 30 + length].decode("utf-8", "replace"))
        at = head.find(LOCAL, at + 30)
    return names


def ole_names(path: Path, head: bytes) -> list[str]:
    """Names in the first sectors of an OLE2 directory ([MS-CFB] 2.6); empty where it cannot be found."""
    if len(head) < 512:
        return []
    (shift,) = struct.unpack_from("<H", head, 30)
    (sector,) = struct.unpack_from("<I", head, 48)
    if shift not in {9, 12}:
        return []
    try:
        with path.open("rb") as file:
            file.seek((sector + 1) << shift)
            directory = file.read(OLE_DIRECTORY_BYTES)
    except OSError:
        return []
    names = []
    for at in range(0, len(directory) - 127, 128):
        (length,) = struct.unpack_from("<H", directory, at + 64)
        if not 2 <= length <= 64:  # an unused entry, or a sector that is not the directory's any more
            continue
        names.append(directory[at : at + length - 2].decode("utf-16-le", "replace"))
    return names


def is_encrypted_word(head: bytes) -> bool:
    """Whether an old Word file's header, the first sector that looks like one, says encrypted ([MS-DOC] 2.5.1)."""
    for at in range(512, len(head) - 12, 512):
        if head[at : at + 2] == b"\xec\xa5":
            (flags,) = struct.unpack_from("<H", head, at + 10)
            return bool(flags & 0x0100)
    return False
