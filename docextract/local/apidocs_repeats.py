"""Screenshots that overlap: what two pictures both show is read once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median

from docextract.types import Word, Words

_LEAST = 5
"""Different words that must stand on both pictures, at one distance."""
_SHARE = 0.85
"""Share of the words in the overlap that must do so: pages of one make repeat much, but not nearly all."""
_TRIED = 12
"""Distances looked at, those that most words speak for first."""
_FREQUENT = 20
"""Words that stand on a page more often tell nothing of places."""


def without_repeats(pages: Sequence[Words]) -> list[Words]:
    """The pages, where a picture begins with what the one before it ends with, without the repeated words.

    A line that the lower edge of the first picture may have cut is taken from the second.
    """
    made = list(pages)
    for at in range(1, len(made)):
        above, below = made[at - 1], made[at]
        shift = _scrolled(pages[at - 1], pages[at])
        if shift is None:
            continue
        # Words near the edge may be cut; those of the next picture stand whole.
        end = above.height - 1.2 * median(word.y1 - word.y0 for word in above.words) if above.words else above.height
        made[at - 1] = replace(above, words=tuple(word for word in above.words if _middle(word) < end))
        made[at] = replace(below, words=tuple(word for word in below.words if _middle(word) >= end - shift))
    return made


def _scrolled(above: Words, below: Words) -> float | None:
    """How far the second picture lies below the first, points; None where they do not overlap."""
    if above.source != "ocr" or below.source != "ocr" or abs(above.width - below.width) > 1.0:
        return None
    pairs = list(_pairs(above.words, below.words, 0.004 * above.width))
    steps = Counter(round(shift / 3) for _, shift in pairs if shift > 0.02 * above.height)
    found: list[tuple[float, float]] = []
    for step, _ in steps.most_common(_TRIED):
        agreed = [(text, shift) for text, shift in pairs if abs(shift / 3 - step) <= 1.5]
        if len({text for text, _ in agreed}) >= _LEAST:
            shift = median(each for _, each in agreed)
            found.append((_share(above, below, shift), shift))
    share, shift = max(found, default=(0.0, 0.0))
    return shift if share >= _SHARE else None


def _share(above: Words, below: Words, shift: float) -> float:
    """Share of the words in an overlap that stand at the same place on both pictures; those at its edges left out."""
    edge = 0.02 * above.height
    upper = [one for one in _telling(above.words) if shift + edge < _middle(one) < above.height - edge]
    lower = [one for one in _telling(below.words) if edge < _middle(one) < above.height - shift - edge]
    places = Counter(word.text for word in upper)
    both = 0
    for word in lower:
        twin = any(
            other.text == word.text
            and abs(other.x0 - word.x0) < 0.006 * above.width
            and abs(_middle(other) - _middle(word) - shift) < 0.4 * (word.y1 - word.y0)
            for other in (upper if word.text in places else ())
        )
        both += twin
    return both / max(len(upper), len(lower), 1)


def _telling(words: Iterable[Word]) -> list[Word]:
    """Words with a letter or digit beside another: drawings are read now as one sign, now as another."""
    return [word for word in words if sum(sign.isalnum() for sign in word.text) > 1]


def _pairs(above: Sequence[Word], below: Sequence[Word], near: float) -> Iterable[tuple[str, float]]:
    """Equal words at one distance from the left edge, and how much lower the first stands."""
    places: defaultdict[str, list[Word]] = defaultdict(list)
    for word in above:
        if len(word.text) > 2:
            places[word.text].append(word)
    for word in below:
        others = places.get(word.text, [])
        if len(others) > _FREQUENT:
            continue
        for other in others:
            if abs(other.x0 - word.x0) <= near:
                yield word.text, _middle(other) - _middle(word)


def _middle(word: Word) -> float:
    return (word.y0 + word.y1) / 2
