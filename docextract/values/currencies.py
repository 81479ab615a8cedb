"""Currency signs and codes as they stand beside amounts."""

from __future__ import annotations

SIGNS: dict[str, str] = {
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₽": "RUB",
    "₩": "KRW",
    "₺": "TRY",
    "₫": "VND",
    "₴": "UAH",
    "₪": "ILS",
    "฿": "THB",
    "₱": "PHP",
    "US$": "USD",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "S$": "SGD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "R$": "BRL",
    "NT$": "TWD",
    "$": "USD",
    "RM": "MYR",
    "Rs.": "INR",
    "Rs": "INR",
    "Fr.": "CHF",
    "SFr.": "CHF",
    "kr.": "SEK",
    "kr": "SEK",
    "zł": "PLN",
    "Kč": "CZK",
    "Ft": "HUF",
    "Euro": "EUR",
    "Euros": "EUR",
    "EUROS": "EUR",
}
"""Sign to ISO 4217. `$`, `¥` and `kr` are shared by several currencies: the commonest is taken."""

_CODES = """
AED ARS AUD BDT BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HRK HUF IDR ILS INR ISK JPY KES KRW KWD
LKR MAD MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD UAH USD VND ZAR
"""
CODES: frozenset[str] = frozenset(_CODES.split())
"""ISO 4217 codes that documents are met in."""


_SHARED: dict[str, frozenset[str]] = {
    "$": frozenset(["USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "TWD", "ARS", "CLP", "COP"]),
    "¥": frozenset(["JPY", "CNY"]),
    "kr": frozenset(["SEK", "NOK", "DKK", "ISK"]),
}


def currency_of(token: str) -> str | None:
    """The ISO 4217 code that a sign or code stands for, else None. Codes are matched in upper case only."""
    bare = token.strip()
    if bare in CODES:
        return bare
    if bare in SIGNS:
        return SIGNS[bare]
    folded = bare.casefold()
    return next((code for sign, code in SIGNS.items() if len(sign) > 1 and sign.casefold() == folded), None)


def currencies_of(sign: str) -> frozenset[str]:
    """All currencies that are written with a sign, empty for a sign of one currency only."""
    return _SHARED.get(sign.strip().casefold().rstrip("."), frozenset())
