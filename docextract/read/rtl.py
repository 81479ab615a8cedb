"""Arabic and Hebrew letters in the order they are read in: from the right end of a word to its left.

PDF files hold such words in either order, and pdfium turns some of them round and others not. Where the letters
stand says it best.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby, pairwise

from docextract.read.glyphs import Glyph


def is_rtl(text: str) -> bool:
    """Whether the first letter of a text belongs to a script that is written from right to left."""
    code = ord(text[0])
    return 0x0590 <= code <= 0x08FF or 0xFB1D <= code <= 0xFEFC or 0x10800 <= code <= 0x10FFF


def read_order(run: Sequence[Glyph]) -> list[Glyph]:
    """The letters of a word as they are read; those of a word that is not mostly such letters stay as they are."""
    if sum(is_rtl(letter.text) for letter in run) * 2 <= len(run):
        return list(run)
    if not any(letter.text.isalpha() for letter in run):
        return sorted(run, key=_place)  # numbers run to the right, in these scripts too
    rising = sum(b.x0 + b.x1 > a.x0 + a.x1 for a, b in pairwise(run))
    falling = sum(b.x0 + b.x1 < a.x0 + a.x1 for a, b in pairwise(run))
    # Two letters of one box (a ligature spelled out) keep the order of their word, which may be turned round.
    ordered = sorted(run[::-1] if rising > falling else run, key=lambda letter: -_place(letter))
    found: list[Glyph] = []
    for runs_right, part in groupby(ordered, key=_runs_right):
        letters = list(part)
        found += letters[::-1] if runs_right else letters
    return found


def _runs_right(letter: Glyph) -> bool:
    """Digits, and letters of other scripts."""
    return letter.text.isdigit() or (letter.text.isalnum() and not is_rtl(letter.text))


def beside(run: Sequence[Glyph], glyph: Glyph) -> float:
    """Points of white between a letter and a word so far, whichever side of it the letter stands on; 0 inside it."""
    return max(0.0, glyph.x0 - max(letter.x1 for letter in run), min(letter.x0 for letter in run) - glyph.x1)


def _place(letter: Glyph) -> float:
    """Where a letter is read; a sign over or under it comes after it."""
    middle = (letter.x0 + letter.x1) / 2
    return middle - 0.01 if unicodedata.combining(letter.text[0]) else middle
