"""Doubtful characters of a page, decided by what stands beside them.

The recogniser judges every place of a line by its pixels alone: `S` or `5`, `O` or `0`, `[` or `I` are then
nearly a toss-up. Two things more are known. A word is seldom letters and digits mixed, holds no brackets that
are not closed and, on a page in one script, no letter of another: each token's cheapest way through what its
characters may be is taken (Viterbi, "Error bounds for convolutional codes", 1967). And a page says its words
more than once: of two nearly equal readings the one that was read with certainty elsewhere is right.

Only what the model itself held possible is ever put in a place, and only where its first choice is doubtful;
the place stays as uncertain as it was.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, product

from docextract.read.recognise import Reading, Sign

# Costs are natural logarithms of how much rarer something is than its contrary; measured on receipts.
MIXED = 2.0
"""A letter after a digit or a digit after a letter, in one token."""
LOOKALIKE = 1.5
"""More for a letter after a digit that looks like one."""
LEADING = 2.5
"""A nought that a word of three characters or more begins with."""
STRAY = 4.0
"""A bracket, bar or the like inside a word, whose counterpart is not there."""
OTHER_SCRIPT = 5.0
"""A letter that is not Latin on a page that is."""
ACCENT = 2.5
"""A letter with an accent on a page that surely has no other."""
ECHO, LONGEST_ECHO = 0.5, 4.0
"""For each letter but the first of a word that stands elsewhere on the page, and at most."""

SURE = 0.9
"""Confidence from which a letter counts as known."""
SHARE = 0.05
"""Share of letters of another script from which a page counts as written in it too."""
CHOICES = 5
"""What a place may be, at most."""
PLACES = 3
"""Doubtful places of a word that is looked for among the page's words, at most: each has the others tried again."""
LEAST = 0.01
"""Probability below which a letter is not tried for a word of the page."""

_LOOKALIKES = "OoIlS"
_TIMES = "xX×"
_STRAYS = "[]{}|~^_\\§¦¡"
_PAIRS = {"[": "]", "]": "[", "{": "}", "}": "{"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Script:
    """What a page is written with."""

    accents: bool
    others: bool


@dataclass(frozen=True, slots=True)
class _Way:
    """The cheapest way to a place: its cost, and the characters so far."""

    cost: float
    text: tuple[str, ...]


def settled(readings: Sequence[Reading]) -> list[Reading]:
    """The lines of one page with their doubtful characters decided; as many, in the same order."""
    script = _script(readings)
    decided = [_by_neighbours(reading, script) for reading in readings]
    words = _words(decided)
    return [_by_words(reading, words) for reading in decided]


def _script(readings: Sequence[Reading]) -> _Script:
    sure = [sign.text for reading in readings for sign in reading.signs if sign.confidence >= SURE]
    letters = [text for text in sure if text.isalpha()]
    return _Script(
        accents=any(map(_is_accented, letters)),
        others=sum(map(_is_other, letters)) > SHARE * len(letters),
    )


def _by_neighbours(reading: Reading, script: _Script) -> Reading:
    if not any(sign.others for sign in reading.signs):
        return reading
    signs: list[Sign] = []
    for token in _runs(reading.signs, lambda text: text != " "):
        signs += _cheapest(token, script) if any(sign.others for sign in token) else token
    return Reading(tuple(signs))


def _cheapest(token: Sequence[Sign], script: _Script) -> list[Sign]:
    """A token's characters by the cheapest way through what they may be."""
    text = "".join(sign.text for sign in token)
    last = max((place for place, sign in enumerate(token) if sign.text.isalnum()), default=-1)
    ways: dict[str, _Way] = {"": _Way(0.0, ())}
    for place, sign in enumerate(token):
        reached: dict[str, _Way] = {}
        for choice, probability in ((sign.text, sign.confidence), *sign.others)[:CHOICES]:
            own = _cost(choice, text, script) - math.log(max(probability, 1e-6))
            for before, way in ways.items():
                # The O of a unit stands behind its number as other units do: 8OZ.
                digits = "" if text[place + 1 : last + 1] in ("Z", "z") else _LOOKALIKES
                cost = way.cost + own + _step(before, choice, place, last, digits) + _strays(before, choice, text)
                if choice not in reached or cost < reached[choice].cost:
                    reached[choice] = _Way(cost, (*way.text, choice))
        ways = reached
    best = min(ways.values(), key=lambda way: way.cost)
    return [_chosen(sign, choice) for sign, choice in zip(token, best.text, strict=True)]


def _cost(choice: str, text: str, script: _Script) -> float:
    """How unlikely a character is in its token, whatever its neighbours."""
    if _is_other(choice):
        return 0.0 if script.others else OTHER_SCRIPT
    if _is_accented(choice):
        return 0.0 if script.accents else ACCENT
    return STRAY / 2 if _is_stray(choice, text) and sum(map(str.isalpha, text)) >= 3 else 0.0


def _step(before: str, after: str, place: int, last: int, digits: str) -> float:
    """How unlikely a character is after another; `last` is where the token's last letter or digit stands.

    `digits` are the letters that look like digits, as far as they are to be mistrusted here.
    """
    if not before or before in _TIMES or after in _TIMES:
        return 0.0
    one, two = _kind(before), _kind(after)
    if {one, two} == {"letter", "digit"} and (last > 1 or after in "oO"):  # A4 and Q1 are words enough, 1O is none
        leads = LEADING * (before == "0" and place == 1)
        if two == "letter" and place > last - 2 and after not in digits:
            return leads  # a unit, or the letter of a house: 240G, 15/4B
        return MIXED + LOOKALIKE * (one == "digit" and after in digits) + leads
    if (before == "!" and two != "mark") or (after == "!" and one == "letter" and place < last):
        return STRAY / 2
    return 0.0


def _strays(before: str, after: str, text: str) -> float:
    """How unlikely two characters beside each other are where one of them is a bracket or bar, the other in a word."""
    beside = (_is_stray(before, text) and _kind(after) != "mark") or (
        _is_stray(after, text) and _kind(before) != "mark"
    )
    return STRAY / 2 if before and beside else 0.0


def _words(readings: Sequence[Reading]) -> set[str]:
    """Words of the page that were read with certainty, folded."""
    return {
        "".join(sign.text for sign in run).casefold()
        for reading in readings
        for run in _runs(reading.signs, str.isalpha)
        if run[0].text.isalpha() and len(run) > 1 and all(sign.confidence >= SURE for sign in run)
    }


def _by_words(reading: Reading, words: set[str]) -> Reading:
    if not any(sign.others for sign in reading.signs):
        return reading
    signs: list[Sign] = []
    for run in _runs(reading.signs, str.isalpha):
        signs += _echoed(run, words)
    return Reading(tuple(signs))


def _echoed(run: Sequence[Sign], words: set[str]) -> Sequence[Sign]:
    """A run of letters as the word of the page that it nearly is."""
    text = "".join(sign.text for sign in run)
    doubtful = [place for place, sign in enumerate(run) if sign.confidence < SURE and sign.others]
    if not text.isalpha() or len(text) < 2 or text.casefold() in words or not 0 < len(doubtful) <= PLACES:
        return run
    tried = [
        [
            (other, probability)
            for other, probability in ((run[place].text, run[place].confidence), *run[place].others)[:CHOICES]
            if other.isalpha() and probability >= LEAST
        ]
        for place in doubtful
    ]
    best, least = None, min(LONGEST_ECHO, ECHO * (len(text) - 1))
    for choices in product(*tried):
        put = dict(zip(doubtful, choices, strict=True))
        word = "".join(put[place][0] if place in put else sign.text for place, sign in enumerate(run))
        cost = sum(math.log(run[place].confidence / probability) for place, (_, probability) in put.items())
        if cost < least and word.casefold() in words:
            best, least = word, cost
    return run if best is None else [_chosen(sign, choice) for sign, choice in zip(run, best, strict=True)]


def _chosen(sign: Sign, text: str) -> Sign:
    """The sign as another character, which its place is as uncertain of as before."""
    if text == sign.text:
        return sign
    others = ((sign.text, sign.confidence), *(other for other in sign.others if other[0] != text))
    return replace(sign, text=text, others=others)


def _runs(signs: Sequence[Sign], belongs: Callable[[str], bool]) -> Iterator[list[Sign]]:
    """All signs in order, in runs of those that belong together and of the others between them."""
    for _, run in groupby(signs, key=lambda sign: belongs(sign.text)):
        yield list(run)


def _is_stray(sign: str, text: str) -> bool:
    """Whether it is a bracket or bar that its token holds no counterpart of."""
    return bool(sign) and sign in _STRAYS and _PAIRS.get(sign, "\n") not in text


def _kind(text: str) -> str:
    return "digit" if text.isdecimal() else "letter" if text.isalpha() else "mark"


def _is_accented(text: str) -> bool:
    return text.isalpha() and not text.isascii() and not _is_other(text)


def _is_other(text: str) -> bool:
    """Whether a letter is not Latin, or a mark belongs to East Asian print or to formulas."""
    if text.isascii():
        return False
    if text.isalpha():
        return "LATIN" not in unicodedata.name(text, "LATIN")
    return 0x2200 <= ord(text) < 0x2300 or 0x3000 <= ord(text) < 0x3040 or 0xFF00 <= ord(text) < 0xFFF0
