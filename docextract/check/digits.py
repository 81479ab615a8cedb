"""Check digits: whether an identifier can be right. True or False where it is told, None where no rule is known.

Sources: ISO 13616 (IBAN), ISO/IEC 7812-1 (Luhn), ISO 6166 (ISIN), ISO 6346 (containers), GS1 General
Specifications (GTIN), and for VAT numbers the algorithms that the member states publish, as
collected in the European Commission's "VIES VAT number checks".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from docextract.values.ids import normalise_vat_id, valid_iban


def holds(kind: str, text: str) -> bool | None:
    """Whether the check digits of an identifier of this kind hold."""
    compact = re.sub(r"[\s.\-/]", "", text).upper()
    rule = _RULES.get(kind)
    return rule(compact) if rule is not None and compact else None


def _luhn(compact: str) -> bool | None:
    return luhn(compact) if re.fullmatch(r"\d{2,40}", compact) else False


def luhn(digits: str) -> bool:
    """From the right every second digit doubled, its digits summed: the total ends in 0."""
    doubled = [int(digit) * (1 + position % 2) for position, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _isin(compact: str) -> bool | None:
    if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{9}\d", compact):
        return False
    return luhn("".join(str(int(character, 36)) for character in compact))


def _container(compact: str) -> bool | None:
    """Letters count 10 to 38 without the multiples of 11, weights are powers of two, the sum mod 11 mod 10."""
    if not re.fullmatch(r"[A-Z]{3}[JRUZ]\d{7}", compact):
        return False
    letters = [value for value in range(10, 39) if value % 11]
    values = [int(c) if c.isdigit() else letters[ord(c) - ord("A")] for c in compact[:10]]
    return sum(value << place for place, value in enumerate(values)) % 11 % 10 == int(compact[10])


def _gtin(compact: str) -> bool | None:
    """8, 12, 13 or 14 digits; weights 3 and 1 from the right, the sum ends in 0."""
    if not re.fullmatch(r"\d{8}|\d{12,14}", compact):
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(compact))) % 10 == 0


def _vat_id(compact: str) -> bool | None:
    """None for tax numbers without a country's shape and for countries whose rule is not here."""
    value = normalise_vat_id(compact)
    if value is None:
        return None
    rule = _VAT.get(value[:3] if value.startswith("CHE") else value[:2])
    return rule(value) if rule is not None else None


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _vat_de(value: str) -> bool:
    """ISO 7064 mod 11, 10."""
    product = 10
    for digit in value[2:10]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(value[10])


def _vat_at(value: str) -> bool:
    digits = value[3:]
    total = sum(int(d) if place % 2 == 0 else sum(divmod(int(d) * 2, 10)) for place, d in enumerate(digits[:7]))
    return (10 - (total + 4) % 10) % 10 == int(digits[7])


def _vat_be(value: str) -> bool:
    digits = value[2:].rjust(10, "0")
    return 97 - int(digits[:8]) % 97 == int(digits[8:])


def _vat_fr(value: str) -> bool | None:
    """Old keys of two digits over the SIREN, whose own Luhn digit holds too; new keys have letters."""
    if not value[2:].isdigit():
        return None
    return int(value[2:4]) == (12 + 3 * (int(value[4:]) % 97)) % 97


def _vat_nl(value: str) -> bool:
    """Old numbers mod 11; since 2020 sole traders have ones that pass mod 97 over the letters too."""
    total = _weighted(value[2:], (9, 8, 7, 6, 5, 4, 3, 2))
    if total % 11 == int(value[10]):
        return True
    return int("".join(str(int(character, 36)) for character in value)) % 97 == 1


def _vat_gb(value: str) -> bool:
    total = _weighted(value[2:], (8, 7, 6, 5, 4, 3, 2)) + int(value[9:11])
    return total % 97 == 0 or (total + 55) % 97 == 0


def _vat_pl(value: str) -> bool:
    return _weighted(value[2:], (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(value[11])


def _vat_pt(value: str) -> bool:
    check = 11 - _weighted(value[2:], (9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return (0 if check > 9 else check) == int(value[10])


def _vat_dk(value: str) -> bool:
    return _weighted(value[2:], (2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def _vat_fi(value: str) -> bool:
    return _weighted(value[2:], (7, 9, 10, 5, 8, 4, 2, 1)) % 11 == 0


def _vat_che(value: str) -> bool:
    check = 11 - _weighted(value[3:], (5, 4, 3, 2, 7, 6, 5, 4)) % 11
    return (0 if check == 11 else check) == int(value[11])


_VAT: dict[str, Callable[[str], bool | None]] = {
    "DE": _vat_de,
    "AT": _vat_at,
    "BE": _vat_be,
    "FR": _vat_fr,
    "NL": _vat_nl,
    "GB": _vat_gb,
    "PL": _vat_pl,
    "PT": _vat_pt,
    "DK": _vat_dk,
    "FI": _vat_fi,
    "CHE": _vat_che,
    "IT": lambda value: luhn(value[2:]),
    "SE": lambda value: luhn(value[2:12]),
    "LU": lambda value: int(value[2:8]) % 89 == int(value[8:]),
}

_RULES: dict[str, Callable[[str], bool | None]] = {
    "iban": valid_iban,
    "vat_id": _vat_id,
    "luhn": _luhn,
    "isin": _isin,
    "container": _container,
    "gtin": _gtin,
}
