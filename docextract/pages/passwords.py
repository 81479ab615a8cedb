"""The spellings in which a password may have been meant when a PDF was locked."""

from __future__ import annotations

import stringprep
import unicodedata
from collections.abc import Iterator, Sequence


def spellings(passwords: Sequence[str]) -> Iterator[str]:
    """Each password as it was typed, then as PDF 2.0 prepares it where that differs (ISO 32000-2, 7.6.4.3.3).

    Writers of the format are divided: some prepare what a person types, some do not.
    """
    for password in passwords:
        yield password
        prepared = _prepared(password)
        if prepared not in {password, ""}:
            yield prepared


def _prepared(password: str) -> str:
    """SASLprep (RFC 4013) without its prohibitions: other spaces become spaces, what shows nothing goes, then NFKC."""
    kept = (" " if stringprep.in_table_c12(sign) else sign for sign in password if not stringprep.in_table_b1(sign))
    return unicodedata.ucd_3_2_0.normalize("NFKC", "".join(kept))
