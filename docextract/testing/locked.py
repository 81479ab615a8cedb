"""Office files with a password, made from plain ones: twins that must say the same."""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path

_SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD  # marks of the sector table ([MS-CFB] 2.1)
_FIB_BYTES = 68  # of the main stream's start stay plain ([MS-DOC] 2.2.6.2)
_HEADER_BYTES = 52  # version, salt, verifier and its hash ([MS-OFFCRYPTO] 2.3.6.1)


def lock_zipped(plain: Path, locked: Path, password: str) -> None:
    """A Word file, presentation or workbook of 4 KiB or more, encrypted as Office does since 2010 (agile, AES)."""
    from msoffcrypto.format.ooxml import OOXMLFile

    with plain.open("rb") as source, locked.open("wb") as target:
        OOXMLFile(source).encrypt(password, target)


def write_old_word(path: Path, main: bytes, table: bytes, password: str | None = None) -> None:
    """The container of an old Word file around two streams, both of 4 KiB or more; by RC4 where a password is given.

    `main` begins with the 68 bytes that are never encrypted; `table` starts with 52 bytes for the encryption's own.
    """
    head = bytearray(main[:_FIB_BYTES])
    head[:2] = b"\xec\xa5"
    struct.pack_into("<H", head, 10, 0x0200 | (0x0100 if password else 0))  # the table is 1Table
    struct.pack_into("<I", head, 14, _HEADER_BYTES if password else 0)
    streams = {"WordDocument": bytes(head) + main[_FIB_BYTES:], "1Table": table}
    if password is not None:
        salt, verifier = hashlib.md5(main, usedforsecurity=False).digest(), bytes(range(16))
        proof = _rc4(password, salt, verifier + hashlib.md5(verifier, usedforsecurity=False).digest())
        secret = _rc4(password, salt, table)
        streams["1Table"] = struct.pack("<HH", 1, 1) + salt + proof + secret[_HEADER_BYTES:]
        streams["WordDocument"] = bytes(head) + _rc4(password, salt, main)[_FIB_BYTES:]
    path.write_bytes(_container(streams))


def _rc4(password: str, salt: bytes, data: bytes) -> bytes:
    """Blocks of 512 bytes, each with the key that its number gives ([MS-OFFCRYPTO] 2.3.6.2)."""
    from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
    from cryptography.hazmat.primitives.ciphers import Cipher

    def md5(text: bytes) -> bytes:
        return hashlib.md5(text, usedforsecurity=False).digest()

    first = md5((md5(password.encode("utf-16-le"))[:5] + salt) * 16)[:5]
    out = b""
    for number, at in enumerate(range(0, len(data), _SECTOR)):
        cipher = Cipher(ARC4(md5(first + struct.pack("<I", number))), mode=None)
        out += cipher.encryptor().update(data[at : at + _SECTOR])
    return out


def _container(streams: dict[str, bytes]) -> bytes:
    """An OLE2 file ([MS-CFB]): the sector table in sector 0, the directory in sector 1, then the streams."""
    entries = [_entry("Root Entry", 5, _END, 0, child=1)]
    table, body = [_TABLE, _END], b""
    for number, (name, data) in enumerate(streams.items(), 1):
        first, count = len(table), -(-len(data) // _SECTOR)
        table += [*range(first + 1, first + count), _END]
        body += data.ljust(count * _SECTOR, b"\0")
        entries.append(_entry(name, 2, first, len(data), right=number + 1 if number < len(streams) else _FREE))
    if len(table) > _SECTOR // 4:
        raise ValueError("the streams are too long for one sector of the table")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<109I", 0, *[_FREE] * 108)
    directory = b"".join(entries).ljust(_SECTOR, b"\0")
    return header + struct.pack(f"<{_SECTOR // 4}I", *table, *[_FREE] * (_SECTOR // 4 - len(table))) + directory + body


def _entry(name: str, kind: int, start: int, size: int, *, right: int = _FREE, child: int = _FREE) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<HBBIII", len(text), kind, 1, _FREE, right, child)
    return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)
