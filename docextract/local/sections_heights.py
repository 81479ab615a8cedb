"""Type sizes of words read from pixels, judged by their widths: the heights of OCR boxes tell little.

A box around "name" is lower than one around "Type", and detectors pad them as they like, so the same
print comes in heights that differ by a third. How wide a known string runs differs by a few percent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from docextract.types import Word

# Widths in ems of a usual sans serif, in five classes; exact tables gain nothing over the spread of fonts.
_NARROW = frozenset("iljtfrI.,:;'|!()[]{}-/`\"")
_WIDE = frozenset("mwMW@%&")
_SNAP = 0.16
"""Sizes this close (as a share) to the page's usual one are that one: what is left is noise."""


def ems(text: str) -> float:
    """About how wide a text runs, in font sizes."""
    total = 0.0
    for mark in text:
        if mark in _NARROW:
            total += 0.31
        elif mark in _WIDE:
            total += 0.86
        elif mark.isupper():
            total += 0.67
        elif mark == " ":
            total += 0.28
        else:
            total += 0.55
    return max(total, 0.3)


def sized(words: Sequence[Word]) -> list[Word]:
    """Words with `size` from their widths, those near the usual size given that one; boxes set about their middle."""
    if not words:
        return []
    sizes = [(word.x1 - word.x0) / ems(word.text) for word in words]
    long = [size for size, word in zip(sizes, words, strict=True) if len(word.text) >= 3]
    usual = median(long or sizes)
    return [replace(word, size=_snapped(size, word, usual)) for word, size in zip(words, sizes, strict=True)]


def _snapped(size: float, word: Word, usual: float) -> float:
    # A word of one or two characters is too short to measure.
    if len(word.text) < 3 or abs(size - usual) < _SNAP * usual:
        return round(usual, 1)
    return round(size, 1)
