"""Whether a text layer is fit to be read, or the pixels must be.

Reasons to read the pixels: no words though there is something to see; many characters without a
meaning (U+FFFD, control, private use, "(cid:12)"); letters that are no language's (a font without a
map of its codes); a page that is one image with only a stamp or a footer in text. Letters of every
script count as letters, so Arabic, Hebrew, Thai, Chinese and Japanese pages are sound.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from docextract.types import Word

UNSOUND_SHARE = 0.05
"""Share of characters without a meaning above which a text layer is not trusted."""
FEW_WORDS = 40
"""Words below which text on a page that is one image is taken for a stamp, a footer or a viewer's note."""
PAGE_IMAGE = 0.6
"""Share of the page under images from which the page may be a scan."""

_CID = re.compile(r"\(cid:\d+\)")
_USUAL = frozenset("eaiontrs")
"""The commonest letters: 50 to 70 of 100 in languages written in Latin letters."""
_COMMON = (
    "thheineranreonatenndtiesorteofedisitalarsttontngsehaasouiolevecomedehiriroicneearacelichllbemasiomur"
    "elladieiiegeunscauquustrtasssononamomiloeccaacametilnslywiprpopeolncctdadoadabemimulut"
)
_PAIRS = frozenset(_COMMON[at : at + 2] for at in range(0, len(_COMMON), 2))
"""Pairs of letters that are common in languages written in Latin letters: they are 56 to 75 of 100 pairs on pages in
English, German, French and Spanish, 41 and more in Finnish, Polish, Turkish, Swahili, and at most 38 where letters were
exchanged for one another."""
LEAST_PAIRS = 0.37
_VOWELS = frozenset("aeiouyäöüáéíóúàèìòùâêîôûåæøœãõ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is wrong, if anything: `use` says where the words should come from; `quality` is 0 to 1."""

    use: Literal["text", "ocr", "both"]
    quality: float
    reason: str | None = None


def judge(words: Sequence[Word], unsound: int, image_share: float, *, has_ink: bool = True) -> Verdict:
    """Judge the shown words of a page.

    `unsound` counts characters that the font could not map. "both" means that the words are good but
    cannot be all: the page is mostly image, and text read from the pixels comes on top.
    """
    letters = sum(len(word.text) for word in words)
    if not words:
        return Verdict(use="ocr" if has_ink else "text", quality=0.0, reason="no text layer")
    cids = sum(len(match) for word in words if "(cid:" in word.text for match in _CID.findall(word.text))
    private = sum("\ue000" <= sign <= "\uf8ff" for word in words if not word.text.isascii() for sign in word.text)
    share = (unsound + cids + private) / max(1, letters + unsound)
    quality = max(0.0, 1.0 - share)
    if share > UNSOUND_SHARE:
        return Verdict(use="ocr", quality=quality, reason="text layer garbled")
    if is_garbled([word.text for word in words]):
        return Verdict(use="ocr", quality=min(quality, 0.3), reason="text layer garbled")
    if image_share > PAGE_IMAGE and len(words) < FEW_WORDS:
        return Verdict(use="both", quality=quality, reason="text layer covers only part of the page")
    return Verdict(use="text", quality=quality)


def is_garbled(texts: Sequence[str]) -> bool:
    """Whether the letters are no language's: few vowels, rare letters only, or signs mixed into the words.

    Decided only on 60 Latin letters and more; other scripts are taken as they are.
    """
    latin = Counter[str]()
    plainly: list[str] = []
    broken = wordy = 0
    for text in texts:
        plain = text.strip(".,;:!?()[]{}'\"«»„“”‘’-–—/%*&+#")
        if len(plain) < 4:
            continue
        if plain.isascii() and plain.isalpha():
            plainly.append(plain)
            wordy += 1
            continue
        if _is_address(plain):
            continue
        folded = plain.casefold()
        letters = [sign for sign in folded if sign.isalpha()]
        if letters and all(ord(sign) < 0x250 for sign in letters):
            if len(letters) == len(folded):
                latin.update(folded)
            wordy += 1
            broken += len(letters) < 0.5 * len(plain) and not any(sign.isdigit() for sign in plain)
    latin.update("".join(plainly).casefold())
    total = sum(latin.values())
    if wordy >= 20 and broken > 0.4 * wordy:
        return True
    if total < 60:
        return False
    if sum(map(len, plainly)) >= 200 and _pair_share(plainly) < LEAST_PAIRS:
        return True
    vowels = sum(count for sign, count in latin.items() if _is_vowel(sign))
    usual = sum(count for sign, count in latin.items() if unicodedata.normalize("NFD", sign)[0] in _USUAL)
    if total > 150 and usual / total < 0.3:
        return True
    return vowels / total < 0.15 or vowels / total > 0.85


def _pair_share(words: Sequence[str]) -> float:
    """Common pairs among all pairs of neighbouring letters."""
    pairs = Counter(pair for word in words for pair in map("".join, pairwise(word.casefold())))
    return sum(count for pair, count in pairs.items() if pair in _PAIRS) / max(1, pairs.total())


def _is_vowel(sign: str) -> bool:
    return sign in _VOWELS or unicodedata.normalize("NFD", sign)[0] in _VOWELS


def _is_address(text: str) -> bool:
    """Codes, paths and addresses mix signs and letters without being garbled."""
    return any(mark in text for mark in ("://", "@", "/", "_", "\\", "www.")) or any(sign.isdigit() for sign in text)
