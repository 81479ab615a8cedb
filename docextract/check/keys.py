"""Text brought to a key in which what a reader takes as the same is the same: letters and digits only."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NOT_ALNUM = re.compile(r"[^0-9a-z]+")


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """Letters and digits without case, accents, ligatures, spaces and punctuation: `Größe, 5` is `grosse5`."""
    if text.isascii():
        return _NOT_ALNUM.sub("", text.lower())
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in decomposed if character.isalnum())


def raw_offset(text: str, count: int) -> int:
    """Index in `text` of the character that gives the key's character number `count` (its length for the end)."""
    seen = 0
    for index, character in enumerate(text):
        size = len(key(character))
        if seen + size > count:
            return index
        seen += size
    return len(text)


def digits(text: str) -> str:
    """The digits of a text, in order."""
    return "".join(filter(str.isdigit, text))


def decimal_marks(text: str) -> int:
    """How many points and commas stand between digits."""
    return len(re.findall(r"(?<=\d)[.,](?=\d)", text))


def bare(text: str) -> str:
    """Text without spaces and case, punctuation kept, dashes and quotes of one kind."""
    if text.isascii():
        return "".join(text.lower().split())
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub(r"[\u2010-\u2015\u2212]", "-", folded)
    return "".join(folded.split())
