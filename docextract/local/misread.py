"""Letters that readers of pixels take for one another, put right in names where their neighbours leave no doubt."""

from __future__ import annotations

import re

_SMALL_L = re.compile(r"(?<!Mc)(?<!Mac)(?<=[^\W\d_A-Z])I(?=[^\W\d_A-Z]|\b)|(?<=\.[^\W\d_A-Z]\.)I(?=\.)")
_CAPITAL_I = re.compile(r"(?<=[A-Z])[!|](?=[A-Z])")
_SMALL_L_MARK = re.compile(r"(?<=[a-z])[!|](?=[a-z])")
_CAPITAL_O = re.compile(r"(?<=[A-Z]{2})0(?=[A-Z])|(?<=[A-Z])0(?=[A-Z]{2})")


def mended(name: str) -> str:
    """`WorId` -> `World`, `GARDEN!A` -> `GARDENIA`, `C0MPANY` -> `COMPANY`, `S.r.I.` -> `S.r.l.`; else unchanged."""
    name = _SMALL_L.sub("l", name)
    name = _CAPITAL_I.sub("I", name)
    name = _SMALL_L_MARK.sub("l", name)
    return _CAPITAL_O.sub("O", name)
