"""Which requests go wrong, and how: by number, by share, or by what is asked."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from docextract.testing.seen import Question

Rule = Callable[[Question], str | None]


@dataclass(frozen=True, slots=True)
class Script:
    """Rules asked in turn; the first that names a kind of misbehaviour decides. See `troubles.KINDS`."""

    rules: tuple[Rule, ...] = ()

    def pick(self, question: Question) -> str | None:
        """What goes wrong with this request, or None."""
        return next((kind for rule in self.rules if (kind := rule(question)) is not None), None)

    def __add__(self, other: Script) -> Script:
        return Script(self.rules + other.rules)


def at(kinds: Mapping[int, str]) -> Script:
    """By the number of the request at this endpoint, from 1."""
    return Script((lambda question: kinds.get(question.number),))


def first(kinds: Sequence[str]) -> Script:
    """The first requests in turn, then none."""
    return at(dict(enumerate(kinds, start=1)))


def when(predicate: Callable[[Question], bool], kind: str) -> Script:
    """Every request that the predicate holds for."""
    return Script((lambda question: kind if predicate(question) else None,))


def share(part: float, kinds: Sequence[str], *, seed: int = 0) -> Script:
    """A part of all requests (0 to 1), of these kinds equally often.

    The draw depends on the seed, on what is asked and on how often that was asked before, so a run
    meets the same troubles whatever the order and number of its calls in flight.
    """
    asked: Counter[str] = Counter()

    def draw(question: Question) -> str | None:
        asked[question.digest] += 1
        text = f"{seed}/{question.digest}/{asked[question.digest]}".encode()
        number = int.from_bytes(hashlib.sha256(text).digest()[:8], "big")
        place = number / 2**64
        return kinds[int(place / part * len(kinds))] if kinds and place < part else None

    return Script((draw,))
