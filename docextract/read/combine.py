"""What two readings of one page come to: its text layer and its pixels. Needs no array library."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from docextract.types import Ruling, Word, Words

Use = Literal["text", "ocr", "both"]
"""What of a page is taken: its text layer, its pixels, or the words of both."""


def combined(layer: Words, seen: Words, use: Use, reason: str | None) -> Words:
    """A page's OCR words with its text layer's rulings and hidden words; for "both" its text layer's words too."""
    rulings = layer.rulings if len(layer.rulings) >= len(seen.rulings) else seen.rulings
    why = f"{reason}, read by OCR" if reason else None
    note = "; ".join(part for part in (why, seen.note) if part) or None
    if use != "both":
        hidden = layer.hidden if use == "ocr" and not layer.words else (*layer.hidden, *layer.words)
        return replace(seen, rulings=rulings, hidden=hidden, note=note)
    extra = tuple(word for word in seen.words if not any(_overlap(word, other) for other in layer.words))
    if not extra:
        return replace(layer, rulings=rulings)
    words = (*layer.words, *extra)
    quality = sum(word.confidence for word in words) / len(words)
    return replace(layer, words=words, rulings=rulings, quality=round(quality, 3), source="ocr", note=note)


def scaled(words: Words, width: float, height: float) -> Words:
    """The page with its lengths stretched to the size that the page is known to have (user units, other parsers)."""
    if width <= 0 or height <= 0 or words.width <= 0 or words.height <= 0:
        return words
    across, down = width / words.width, height / words.height
    if abs(across - 1) < 0.002 and abs(down - 1) < 0.002:
        return replace(words, width=width, height=height)

    def word(old: Word) -> Word:
        return replace(
            old, x0=old.x0 * across, y0=old.y0 * down, x1=old.x1 * across, y1=old.y1 * down, size=old.size * down
        )

    lines = tuple(Ruling(r.x0 * across, r.y0 * down, r.x1 * across, r.y1 * down) for r in words.rulings)
    return replace(
        words,
        width=width,
        height=height,
        words=tuple(word(old) for old in words.words),
        hidden=tuple(word(old) for old in words.hidden),
        rulings=lines,
    )


def _overlap(one: Word, two: Word) -> bool:
    x = min(one.x1, two.x1) - max(one.x0, two.x0)
    y = min(one.y1, two.y1) - max(one.y0, two.y0)
    if x <= 0 or y <= 0:
        return False
    smaller = min((one.x1 - one.x0) * (one.y1 - one.y0), (two.x1 - two.x0) * (two.y1 - two.y0))
    return x * y > 0.4 * max(smaller, 1e-6)
