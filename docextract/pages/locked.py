"""Office files with a password: opened with the first that fits, and written down without it.

Three ways of locking are met, by msoffcrypto: a zipped document (DOCX, PPTX, XLSX) encrypted whole and put into an
OLE2 container ([MS-OFFCRYPTO] agile and standard), and old Word files by RC4 or by RC4 CryptoAPI. What comes out is
as hostile as any other file: it goes through the same preflight.
"""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

from docextract.errors import InputError
from docextract.pages.preflight import OLE2, ZIP_ERRORS
from docextract.types import Kind

EVERYBODYS = ("VelvetSweatshop",)
"""Passwords tried unasked, as every viewer does: Excel locks so what may be read and not changed ([MS-XLS] 2.2.10)."""

_FOLDERS: tuple[tuple[str, Kind], ...] = (("word/", "docx"), ("ppt/", "pptx"), ("xl/", "xlsx"))
_LONGEST = 255  # characters of a password that Office takes; a longer line of the password file is no password
_BROKEN = (
    ArithmeticError, AssertionError, AttributeError, EOFError, ExpatError, LookupError, NotImplementedError, OSError,
    RecursionError, TypeError, ValueError, struct.error, zipfile.BadZipFile,
)  # fmt: skip
"""What msoffcrypto and olefile let out on broken containers."""


def unlock(path: str, passwords: Sequence[str], out: str) -> tuple[str, Kind]:
    """Write the file without its password to `out`, which is taken if it is there. The path and the kind of it.

    InputError encrypted where no password fits or the way of locking is not known, corrupt, unsupported.
    """
    target = Path(out)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_name(f"{target.name}.{os.getpid()}")
        _decrypt(path, passwords, half)
        half.replace(target)  # whole or not at all: another child may look for it
    return str(target), _kind(target)


def _decrypt(path: str, passwords: Sequence[str], target: Path) -> None:
    from msoffcrypto import OfficeFile
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    with Path(path).open("rb") as file:
        try:
            locked = OfficeFile(file)
            for password in (*EVERYBODYS, *passwords):
                if 0 < len(password) <= _LONGEST and _opens(locked, password):
                    with target.open("wb") as plain:
                        locked.decrypt(plain)
                    return
        except InvalidKeyError as error:
            target.unlink(missing_ok=True)
            raise InputError("damaged Office file: its password fits, and what comes out is no document") from error
        except (DecryptionError, FileFormatError, ParseError) as error:
            target.unlink(missing_ok=True)
            raise InputError(
                f"the Office file is encrypted in a way that cannot be opened ({_words(error)})",
                code="encrypted",
                hint="open it in its own program and save it without a password",
            ) from error
        except _BROKEN as error:
            target.unlink(missing_ok=True)
            raise InputError(
                f"damaged Office file with a password ({type(error).__name__}: {_words(error)})"
            ) from error
    told = "none of the passwords opens it" if passwords else "it needs a password"
    raise InputError(f"the Office file is encrypted: {told}", code="encrypted")


def _opens(locked: Any, password: str) -> bool:
    """Whether it is the password."""
    from msoffcrypto.exceptions import DecryptionError, InvalidKeyError

    try:
        if locked.format == "ooxml":
            locked.load_key(password=password, verify_password=True)
        else:  # this one always verifies, but for the way of locking that it then cannot undo
            if locked.info.fib.base.fObfuscation:
                raise DecryptionError("XOR obfuscation")
            locked.load_key(password=password)
    except InvalidKeyError:
        return False
    return True


def _kind(path: Path) -> Kind:
    """What was inside. InputError unsupported where it is none of the kinds that are read."""
    with path.open("rb") as file:
        if file.read(len(OLE2)) == OLE2:  # looked at first: pictures in it may be zipped, and it pass for a zip
            return "doc"
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.replace("\\", "/").lstrip("/").lower() for name in archive.namelist()]
    except ZIP_ERRORS as error:
        raise InputError(f"damaged archive behind the password ({_words(error)})") from error
    for folder, kind in _FOLDERS:
        if any(name.startswith(folder) for name in names):
            return kind
    raise InputError("behind its password is no Word file, presentation or workbook", code="unsupported")


def _words(error: BaseException) -> str:
    return " ".join(str(error).split())[:160]
