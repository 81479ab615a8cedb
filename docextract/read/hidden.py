"""Which words a viewer does not show: never evidence, kept apart so that a report can name them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docextract.read.frame import Frame
from docextract.read.textlayer import Mark
from docextract.types import Box, Word

TINY = 1.5
"""Points below which text cannot be read on paper."""
WATERMARK = 24.0
"""Points from which text that runs aslant over the page is a watermark and no content."""
_CONTRAST = 24  # of 255: less between the palest and the darkest pixel of a word's box shows nothing


def part(marks: Sequence[Mark], frame: Frame, page: Any, images: Sequence[Box]) -> tuple[list[Word], list[Word]]:
    """Shown and hidden words. `images` are the boxes of the page's images.

    Pale words, and invisible ones that may only name what is drawn as outlines, are looked at on a
    small picture of the page, which is drawn only where there are some.
    """
    doubtful = [mark.word for mark in marks if mark.paint == "pale"] + _outlined(marks, images)
    seen = _contrasting(doubtful, frame, page) if doubtful else set()
    shown: list[Word] = []
    hidden: list[Word] = []
    for mark in marks:
        word = mark.word
        gone = (
            (mark.paint != "ink" and id(word) not in seen)
            or word.size < TINY
            or not (0 <= (word.x0 + word.x1) / 2 <= frame.width and 0 <= (word.y0 + word.y1) / 2 <= frame.height)
            or (mark.turn is None and word.size >= WATERMARK)
        )
        (hidden if gone else shown).append(word)
    return shown, hidden


def _outlined(marks: Sequence[Mark], images: Sequence[Box]) -> list[Word]:
    """Invisible words on no image and under no visible word.

    Browsers print feigned bold letters as outlines with invisible text on top. Invisible text on an
    image is an OCR layer, which is no evidence: the pixels are read instead.
    """
    unseen = [mark.word for mark in marks if mark.paint == "none"]
    if not unseen:
        return []
    taken = [*images, *((w.x0, w.y0, w.x1, w.y1) for w in (mark.word for mark in marks if mark.paint == "ink"))]
    free = []
    for word in unseen:
        x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
        if not any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in taken):
            free.append(word)
    return free


def _contrasting(words: Sequence[Word], frame: Frame, page: Any) -> set[int]:
    """Identities of the words in whose box there is something to see."""
    scale = min(1.5, 2000 / max(frame.width, frame.height, 1.0))
    image = page.render(scale=scale, grayscale=True).to_pil()
    seen = set()
    for word in words:
        box = (
            max(0, int(word.x0 * scale)),
            max(0, int(word.y0 * scale)),
            min(image.width, int(word.x1 * scale) + 1),
            min(image.height, int(word.y1 * scale) + 1),
        )
        if box[2] <= box[0] or box[3] <= box[1]:
            continue
        low, high = image.crop(box).getextrema()
        if high - low >= _CONTRAST:
            seen.add(id(word))
    return seen
