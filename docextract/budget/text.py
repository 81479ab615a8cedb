"""How many tokens a text costs, before anyone counted: bounds that hold for the tokenizers in use."""

from __future__ import annotations

import math
from dataclasses import dataclass

# Bytes of UTF-8 a token, over prose, JSON and tables of digits: GLM, o200k and Qwen vocabularies lie between.
_FEWEST_BYTES, _MOST_BYTES = 1.6, 6.5


@dataclass(frozen=True, slots=True)
class Bounds:
    """Tokens, at least and at most."""

    low: int
    high: int

    def __add__(self, other: Bounds) -> Bounds:
        return Bounds(self.low + other.low, self.high + other.high)


def text_tokens(text: str) -> Bounds:
    """Bounds for a text, with a few tokens for the message around it."""
    size = len(text.encode("utf-8", "surrogatepass"))
    return Bounds(math.floor(size / _MOST_BYTES), math.ceil(size / _FEWEST_BYTES) + 8)
