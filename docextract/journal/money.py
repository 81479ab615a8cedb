"""Money in the ledger: whole billionths of a dollar, so that sums are exact and hold over many workers."""

from __future__ import annotations

import math

_PARTS = 1_000_000_000


def parts(usd: float) -> int:
    """A cost, to the nearest part."""
    return round(usd * _PARTS)


def parts_up(usd: float) -> int:
    """A worst cost: never rounded down."""
    return math.ceil(usd * _PARTS - 1e-6)  # less than a part's noise of binary fractions is no part


def usd(amount: int) -> float:
    """Dollars."""
    return amount / _PARTS
