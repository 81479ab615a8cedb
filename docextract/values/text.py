"""Text made comparable: one spelling for what a reader takes as the same."""

from __future__ import annotations

import re
import unicodedata

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_QUOTES = dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032\u00b4`\u02bc"), "'") | dict.fromkeys(
    map(ord, "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"), '"'
)
# Soft hyphens, zero-width characters and direction marks print nothing.
_UNSEEN = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xFFFE])
_TABLE = _DASHES | _QUOTES | _UNSEEN


def fold(text: str) -> str:
    """NFKC (ligatures, widths), casefold, one kind of dash and quote, single spaces, trimmed.

    Idempotent. Line breaks count as spaces; a hyphen at a line end is kept, since it cannot be told
    from one that belongs to the word.
    """
    folded = unicodedata.normalize("NFKC", text.translate(_TABLE)).casefold()
    # NFKC and casefold can bring back what the other removes (and spaced accents): once more settles it.
    folded = unicodedata.normalize("NFKC", folded.translate(_TABLE)).casefold()
    return " ".join(folded.translate(_TABLE).split())


def squeeze(text: str) -> str:
    """`fold` without everything that is neither letter nor digit."""
    return re.sub(r"[\W_]+", "", fold(text))


def plain(text: str) -> str:
    """`fold` without accents: `Größe` and `Grosse`, `numéro` and `numero` meet. For labels, not for values."""
    decomposed = unicodedata.normalize("NFKD", fold(text))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
