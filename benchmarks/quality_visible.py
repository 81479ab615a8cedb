"""What of a truth can be seen on the pages: nobody can be asked for more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from docextract.evaluate.normal import plain_number
from docextract.types import Json, Words
from docextract.values.numbers import find_amounts
from docextract.values.text import squeeze


class Visible:
    """The letters and the numbers of a document's pages."""

    def __init__(self, pages: Sequence[Words]) -> None:
        text = " ".join(word.text for page in pages for word in page.words)
        self._letters = squeeze(text)
        # Each line of a column can be one number: 1 234,50 stands in two words.
        words = [word.text for page in pages for word in page.words]
        self._words = {squeeze(word) for word in words}
        pieces = [*words, *(f"{one}{two}" for one, two in pairwise(words)), text]
        self._numbers = {abs(plain_number(found.amount)) for piece in pieces for found in find_amounts(piece)}

    def text(self, value: str) -> bool:
        """Whether its letters stand on the pages one after the other, or nine in ten of its words do.

        Lines of a column are not always read one after the other, and OCR may misread a word: that is
        for the engine to answer for.
        """
        words = [squeeze(word) for word in value.split()]
        there = sum(word in self._words for word in words)
        return squeeze(value) in self._letters or (len(words) >= 5 and there >= 0.9 * len(words))

    def number(self, value: float) -> bool:
        """Whether the pages have this number, with any sign."""
        return abs(plain_number(Decimal(str(value)))) in self._numbers

    def kept(self, value: Json) -> Json:
        """The value with what cannot be seen left out: null for leaves, no item for text in lists."""
        if isinstance(value, dict):
            return {key: self.kept(inner) for key, inner in value.items()}
        if isinstance(value, list):
            inner = [self.kept(item) for item in value]
            return [item for item in inner if item is not None and item != {}]
        if isinstance(value, str):
            return value if self.text(value) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value if self.number(value) else None
        return value


def is_empty(value: Json) -> bool:
    """Whether nothing is left of a value."""
    if isinstance(value, dict):
        return all(is_empty(inner) for inner in value.values())
    if isinstance(value, list):
        return all(is_empty(inner) for inner in value)
    return value is None


def sentences(text: str) -> list[str]:
    """A paragraph as its sentences."""
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+(?=[A-Z])", text) if part.strip()]
