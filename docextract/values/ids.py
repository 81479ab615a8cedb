"""Identifiers: e-mail, phone, URL, IBAN, VAT id. Each is found in a text and brought to one spelling."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundId:
    """An identifier in a text: `value` normalised, `start`, `end` index the text."""

    value: str
    start: int
    end: int


_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,24}(?![\w-])", re.IGNORECASE)
_TOP = (
    "com|org|net|io|dev|edu|gov|co|me|info|biz|app|ai|eu|uk|de|fr|es|it|nl|be|at|ch|pl|pt|se|no|dk|fi|ie"
    "|my|sg|in|us|ca|au|jp|cn|br"
)
_URL = re.compile(
    r"(?<![\w@./-])(?:https?://[^\s<>\"')\]]+|www\.[^\s<>\"')\]]+"
    rf"|(?:[a-z0-9-]+\.)+(?:{_TOP})(?:/[^\s<>\"')\]]*)?(?![\w@-]))",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w.,/-])(?:\+|00)?\(?\d[\d\s()./\u2010-\u2013-]{5,20}\d(?![\w])(?![.,/-]\d)")
# Country code, two check digits, then 11 to 30 letters and digits, often in groups of four.
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\s?\d{2}(?:[ \u00a0-]?[A-Z0-9]){11,30}(?![a-z])")
# VAT number shapes by country (European Commission, VIES FAQ), plus GB, CH and NO.
_VAT_SHAPES = (
    r"ATU\d{8}|BE[01]?\d{9}|BG\d{9,10}|CY\d{8}[A-Z]|CZ\d{8,10}|DE\d{9}|DK\d{8}|EE\d{9}|EL\d{9}|ES[A-Z0-9]\d{7}[A-Z0-9]"
    r"|FI\d{8}|FR[A-Z0-9]{2}\d{9}|HR\d{11}|HU\d{8}|IE\d[A-Z0-9+*]\d{5}[A-Z]{1,2}|IT\d{11}|LT(?:\d{9}|\d{12})|LU\d{8}"
    r"|LV\d{11}|MT\d{8}|NL\d{9}B\d{2}|PL\d{10}|PT\d{9}|RO\d{2,10}|SE\d{12}|SI\d{8}|SK\d{10}|XI\d{9}|GB(?:\d{9}|\d{12})"
    r"|CHE\d{9}(?:MWST|TVA|IVA)?|NO\d{9}MVA"
    # India's GSTIN: state, the ten signs of the PAN, which registration, Z, a check sign.
    r"|\d{2}[A-Z]{5}\d{4}[A-Z][A-Z0-9]Z[A-Z0-9]"
)
_VAT = re.compile(rf"^(?:{_VAT_SHAPES})$")
_VAT_START = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:ATU|CHE|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|NO|PL|PT|RO|SE|SI|SK"
    r"|XI|GB)(?=[\s.-]?[A-Z0-9])|(?=\d{2}[A-Z]{5}\d{4}[A-Z]))"
)
_IBAN_LENGTHS = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18,
    "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24,
    "SM": 27, "TR": 26, "SA": 24, "AE": 23, "IL": 23, "BR": 29,
}  # fmt: skip


def normalise_email(text: str) -> str | None:
    """The address in lower case, `mailto:` removed, else None."""
    found = find_emails(text)
    return found[0].value if len(found) == 1 else None


def normalise_url(text: str) -> str | None:
    """The URL without closing punctuation and final slash, scheme and host in lower case, else None."""
    found = find_urls(text)
    return found[0].value if len(found) == 1 else None


def normalise_phone(text: str) -> str | None:
    """Digits, with `+` for an international prefix (`+` or `00`), else None."""
    found = find_phones(text)
    return found[0].value if len(found) == 1 else None


def normalise_iban(text: str) -> str | None:
    """Upper case without spaces where the ISO 7064 mod 97-10 check holds, else None."""
    compact = re.sub(r"[\s-]", "", text).upper()
    return compact if valid_iban(compact) else None


def valid_iban(compact: str) -> bool:
    """ISO 13616: two letters, two digits, up to 30 more; moved and read base 36, the remainder mod 97 is 1."""
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", compact):
        return False
    if len(compact) != _IBAN_LENGTHS.get(compact[:2], len(compact)):
        return False
    return int("".join(str(int(character, 36)) for character in compact[4:] + compact[:4])) % 97 == 1


def normalise_vat_id(text: str) -> str | None:
    """Upper case without spaces, dots and hyphens, where the shape is a country's, else None."""
    compact = re.sub(r"[\s.\-/]", "", text).upper()
    return compact if _VAT.match(compact) else None


def find_emails(text: str) -> list[FoundId]:
    """E-mail addresses, lower case."""
    return [FoundId(value=m[0].lower(), start=m.start(), end=m.end()) for m in _EMAIL.finditer(text)]


def find_urls(text: str) -> list[FoundId]:
    """Web addresses, with or without a scheme; the host part of an e-mail address is none."""
    found = []
    for match in _URL.finditer(text):
        raw = match[0].rstrip(".,;:!?")
        scheme, mark, rest = raw.rpartition("://")
        host, slash, path = rest.partition("/")
        value = (scheme.lower() + mark + host.lower() + slash + path).rstrip("/")
        found.append(FoundId(value=value, start=match.start(), end=match.start() + len(raw)))
    return found


def find_phones(text: str) -> list[FoundId]:
    """Phone numbers of 7 to 15 digits (ITU-T E.164); dates, decimals and plain long numbers are left out."""
    found = []
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        grouped = bool(re.search(r"[\s()/-]", match[0].strip())) or match[0].startswith("+")
        if not 7 <= len(digits) <= 15 or not grouped or re.fullmatch(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}", match[0]):
            continue
        plus = match[0].startswith(("+", "00"))
        found.append(
            FoundId(value=("+" + digits.removeprefix("00")) if plus else digits, start=match.start(), end=match.end())
        )
    return found


def find_ibans(text: str) -> list[FoundId]:
    """IBANs whose check digits hold, compact and in upper case."""
    return _grow(text, _IBAN, valid_iban)


def _grow(text: str, pattern: re.Pattern[str], valid: Callable[[str], bool]) -> list[FoundId]:
    """Matches of a greedy pattern, cut from the right until they are valid (the next word may be glued on)."""
    found: list[FoundId] = []
    for match in pattern.finditer(text):
        for end in range(match.end(), match.start() + 14, -1):
            compact = re.sub(r"[\s\u00a0-]", "", text[match.start() : end])
            if text[end - 1].isalnum() and valid(compact):
                found.append(FoundId(value=compact, start=match.start(), end=end))
                break
    return found


def find_vat_ids(text: str) -> list[FoundId]:
    """VAT ids of a known shape, compact and in upper case; the longest reading at each place."""
    found: list[FoundId] = []
    for match in _VAT_START.finditer(text):
        start = match.start()
        if found and start < found[-1].end:
            continue
        for end in range(min(len(text), start + 24), start + 7, -1):
            whole_word = end == len(text) or not text[end].isalnum()
            compact = re.sub(r"[\s.\-]", "", text[start:end])
            if whole_word and text[end - 1].isalnum() and _VAT.match(compact):
                found.append(FoundId(value=compact, start=start, end=end))
                break
    return found
