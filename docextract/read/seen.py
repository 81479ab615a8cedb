"""What an OCR engine gives back, and the protocol that engines follow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from docextract.read.pixels import Pixels

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
"""Corners in pixels, clockwise from where the text's top left is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenWord:
    """A word read from pixels; `confidence` is 0 to 1."""

    text: str
    quad: Quad
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLine:
    """A line or a piece of one, its words from left to right."""

    words: tuple[SeenWord, ...]
    quad: Quad
    confidence: float

    @property
    def width(self) -> float:
        """Length along the text in pixels."""
        return math.dist(self.quad[0], self.quad[1])

    @property
    def height(self) -> float:
        """Height across the text in pixels."""
        return math.dist(self.quad[0], self.quad[3])

    @property
    def signs(self) -> int:
        """How many characters were read."""
        return sum(len(word.text) for word in self.words)


class Reader(Protocol):
    """Reads pixels. One instance is kept in a child for all pages."""

    name: str

    def lines(self, pixels: Pixels) -> list[SeenLine]:
        """Lines of the picture, in the engine's order, in its pixels."""
        ...
