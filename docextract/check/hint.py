"""A place that an engine named for its value, looked at: it counts only if the words there say the value."""

from __future__ import annotations

from docextract.check.index import Match, PageIndex
from docextract.check.keys import digits, key
from docextract.check.leaves import Leaf
from docextract.check.match import PageSearch, says
from docextract.types import Box, Evidence


def at_hint(search: PageSearch, leaf: Leaf, hint: Evidence) -> Match | None:
    """The words at the hint's place that say the leaf's value, or None where they say something else."""
    region = _region(search.page, hint)
    if not region:
        return None
    inside = set(region)
    matches = [match for match in search.candidates(leaf) if inside.issuperset(match.words)]
    if matches:
        return matches[0]
    if leaf.sort == "number":
        return None
    # The words of a wrapped cell may stand in no order that runs over the page: read them by themselves.
    words = [index for index in region if key(search.page.words[index].text)] or list(region)
    match = Match(search.page.number, tuple(words), 0, len(search.page.words[words[-1]].text))
    quote, text = search.page.quote(match), str(leaf.value)
    letters = any(character.isalpha() for character in text)
    same = key(quote) == key(text) and (letters or says(quote, text)) and digits(quote) == digits(text)
    return match if same and key(text) else None


def _region(page: PageIndex, hint: Evidence) -> list[int]:
    """Indexes of the words whose middle lies in the hint's boxes (or span), line by line, left to right."""
    if hint.span is not None:
        start, end = hint.span
        return [i for i, word in enumerate(page.words) if word.span and word.span[0] < end and word.span[1] > start]
    boxes = hint.boxes or ((hint.box,) if hint.box else ())
    scaled = [_scaled(page, box) for box in boxes]
    inside = {
        index
        for index, word in enumerate(page.words)
        if any(_holds(box, (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2) for box in scaled)
    }
    if not inside:
        return []
    return [index for line in page.lines for index in line if index in inside]


def _scaled(page: PageIndex, box: Box) -> Box:
    """Fractions to points, with a little room: engines round."""
    width, height = page.page.width, page.page.height
    return box[0] * width - 1, box[1] * height - 1, box[2] * width + 1, box[3] * height + 1


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
