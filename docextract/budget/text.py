"""How many tokens a text costs, before anyone counted: bounds that hold for the tokenizers in use, then learned."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

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


@dataclass(slots=True)
class Calibration:
    """What answers have shown: the ratio of counted to estimated input tokens. Used for estimates, never for plans."""

    counted: int = 0
    estimated: int = 0
    least: float = field(default=1.0)

    def learn(self, estimated: int, counted: int) -> None:
        """Take in one answer's `usage`."""
        if estimated > 0 and counted > 0:
            self.estimated += estimated
            self.counted += counted

    @property
    def ratio(self) -> float:
        """1.0 until something was learned."""
        return self.counted / self.estimated if self.estimated else self.least
