"""Sideways pages: which way most of the text runs, and the page turned so that it runs left to right."""

from __future__ import annotations

from dataclasses import replace

from docextract.layout.shapes import Turn
from docextract.types import Ruling, Word, Words


def is_sideways(word: Word) -> bool:
    """Whether a word runs up or down the page: its reader says so, or its box is too tall for its letters."""
    if word.turn % 2:
        return True
    letters = len(word.text)
    if letters < 4:
        # Three letters are 0.7 to 2 line heights long: only a very tall box is a sure sign.
        return letters == 3 and (word.y1 - word.y0) > 2.0 * (word.x1 - word.x0)
    return (word.y1 - word.y0) > 1.5 * (word.x1 - word.x0)


def direction(words: Words) -> Turn:
    """0 where the text runs left to right, 1 where most of it runs down the page, 3 where it runs up."""
    if words.source == "flow":
        return 0
    long_words = [w for w in words.words if len(w.text) >= 4]
    tall = [w for w in long_words if is_sideways(w)]
    if len(tall) < 3 or len(tall) < 0.6 * len(long_words):
        return 0
    # Readers give the words of a line one after the other, so the next word shows the way.
    down = up = 0
    for first, second in zip(words.words, words.words[1:], strict=False):
        overlap = min(first.x1, second.x1) - max(first.x0, second.x0)
        if overlap > 0.6 * min(first.x1 - first.x0, second.x1 - second.x0):
            if second.y0 >= first.y1 - 1:
                down += 1
            elif second.y1 <= first.y0 + 1:
                up += 1
    return 1 if down >= up else 3


def upright(words: Words, turn: Turn) -> Words:
    """The page in its reading frame. Sizes of words that lay sideways become the height of their line."""
    if turn == 0:
        return words
    width, height = words.width, words.height

    told = any(w.turn for w in words.words)

    def turned(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        if turn == 1:
            return (y0, width - x1, y1, width - x0)
        return (height - y1, x0, height - y0, x1)

    def word(w: Word) -> Word:
        x0, y0, x1, y1 = turned(w.x0, w.y0, w.x1, w.y1)
        size = w.size if 0 < w.size < 2 * (y1 - y0) else y1 - y0
        return replace(w, x0=x0, y0=y0, x1=x1, y1=y1, size=size, turn=(w.turn - turn) % 4 if told else 0)

    return replace(
        words,
        width=height,
        height=width,
        words=tuple(word(w) for w in words.words),
        rulings=tuple(Ruling(*turned(r.x0, r.y0, r.x1, r.y1)) for r in words.rulings),
    )
