"""Pages turned so that most of their text runs left to right, and places on them turned back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from docextract.layout.turn import direction
from docextract.types import Box, Evidence, Ruling, Word, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Upright:
    """A page in its reading frame. `turn` is how its text runs on the displayed page: quarter turns clockwise."""

    words: Words
    turn: int

    def place(self, box: Box) -> Box:
        """A box in fractions of the reading frame, in fractions of the displayed page."""
        x0, y0, x1, y1 = box
        if self.turn == 1:
            turned = (1 - y1, x0, 1 - y0, x1)
        elif self.turn == 2:
            turned = (1 - x1, 1 - y1, 1 - x0, 1 - y0)
        elif self.turn == 3:
            turned = (y0, 1 - x1, y1, 1 - x0)
        else:
            return box
        a, b, c, d = (round(edge, 5) for edge in turned)
        return (a, b, c, d)


def upright(page: Words) -> Upright:
    """The page turned by how most of its letters run, which its words say; where none does, the boxes' shapes tell."""
    turn = _turn(page)
    if turn == 0:
        return Upright(words=page, turn=0)
    width, height = (page.height, page.width) if turn % 2 else (page.width, page.height)

    def box(x0: float, y0: float, x1: float, y1: float) -> Box:
        if turn == 1:
            return (y0, page.width - x1, y1, page.width - x0)
        if turn == 2:
            return (page.width - x1, page.height - y1, page.width - x0, page.height - y0)
        return (page.height - y1, x0, page.height - y0, x1)

    def word(old: Word) -> Word:
        x0, y0, x1, y1 = box(old.x0, old.y0, old.x1, old.y1)
        # A size larger than the line is the length of a word that lay sideways.
        size = old.size if old.size < 2 * (y1 - y0) else y1 - y0
        ways = (old.turn - turn) % 4 if any(one.turn for one in page.words) else 0
        return replace(old, x0=x0, y0=y0, x1=x1, y1=y1, size=size, turn=ways)

    words = replace(
        page,
        width=width,
        height=height,
        words=tuple(word(one) for one in page.words),
        hidden=tuple(word(one) for one in page.hidden),
        rulings=tuple(Ruling(*box(r.x0, r.y0, r.x1, r.y1)) for r in page.rulings),
    )
    return Upright(words=words, turn=turn)


def turned_back(evidence: Sequence[Evidence], pages: Sequence[Upright]) -> tuple[Evidence, ...]:
    """Evidence found in the reading frames, on the displayed pages."""
    turned = {page.words.page: page for page in pages if page.turn}
    if not turned:
        return tuple(evidence)
    return tuple(_back(one, turned[one.page]) if one.page in turned else one for one in evidence)


def _back(one: Evidence, page: Upright) -> Evidence:
    return replace(
        one,
        box=page.place(one.box) if one.box else None,
        boxes=tuple(page.place(box) for box in one.boxes),
    )


def _turn(page: Words) -> int:
    if page.source == "flow":
        return 0
    letters: Counter[int] = Counter()
    for word in page.words:
        letters[word.turn] += len(word.text)
    if set(letters) <= {0}:
        return direction(page)
    # Of equally many the upright ones.
    return max(letters, key=lambda turn: (letters[turn], -turn))
