"""Where labels stand on the pages: every phrase that a wanted field or another concept is called by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from docextract.local.segments import Segment, Sheet
from docextract.local.typed import SIGN_WORDS
from docextract.values.text import plain

Owner = str
"""Whose label it is: a wanted field's path joined by `/`, or `~concept` for what the schema does not ask for."""

_TOKEN = re.compile(r"[^\W\d_]+|[#%№°º]")
_LONGEST = 7
_STACKED = 0.8
_PREFIX = 4
# Below this many letters a misread label is too easily another word.
_FUZZY_FROM = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A label in a segment: [start, end) of its text. `strength` 0 to 1 says how surely it is meant as a label."""

    owners: tuple[Owner, ...]
    segment: Segment
    start: int
    end: int
    key: str
    strength: float


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Squeezed labels to their owners, with how much each owner's claim is worth."""

    owners: Mapping[str, Mapping[Owner, float]]
    by_length: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def squeeze_label(label: str) -> str:
    """Letters and the signs # % № without accents, case and anything else: `USt.-Id.-Nr.` -> `ustidnr`."""
    return "".join(_TOKEN.findall(plain(label))).replace("º", "°")


def lexicon_of(claims: Iterable[tuple[Owner, str, float]]) -> Lexicon:
    """From (owner, label as printed, weight). The highest weight of an owner's claim on a label counts."""
    owners: dict[str, dict[Owner, float]] = {}
    for owner, label, weight in claims:
        key = squeeze_label(label)
        if len(key) >= 2 or key in "#%":
            known = owners.setdefault(key, {})
            known[owner] = max(weight, known.get(owner, 0.0))
    by_length: dict[int, list[str]] = {}
    for key in owners:
        if len(key) >= _FUZZY_FROM:
            by_length.setdefault(len(key), []).append(key)
    return Lexicon(owners, {length: tuple(sorted(keys)) for length, keys in by_length.items()})


def find_labels(sheet: Sheet, lexicon: Lexicon) -> list[Hit]:
    """All labels of a page in reading order; of overlapping ones in a segment the longest."""
    fuzzy = sheet.source == "ocr"
    hits: list[Hit] = []
    stacked = _stacked(sheet, lexicon)
    covered = {id(segment) for pair in stacked.values() for segment in pair[:2]}
    for segment in sheet.segments:
        if id(segment) in stacked:
            hits.append(stacked[id(segment)][2])
        elif id(segment) not in covered:
            hits.extend(labels_in(segment, lexicon, fuzzy=fuzzy))
    return hits


def _stacked(sheet: Sheet, lexicon: Lexicon) -> dict[int, tuple[Segment, Segment, Hit]]:
    """Labels set in two lines over a column (`Base` above `imponible`), by the id of their lower half."""
    found: dict[int, tuple[Segment, Segment, Hit]] = {}
    for above, below in pairwise(sheet.lines):
        if len(above) < 2 or any(c.isdigit() for segment in (*above, *below) for c in segment.text):
            continue
        for upper in above:
            for lower in below:
                key = squeeze_label(f"{upper.text} {lower.text}")
                if key in lexicon.owners and key != squeeze_label(upper.text) and _on(upper, lower):
                    hit = Hit(
                        owners=tuple(lexicon.owners[key]), segment=lower, start=0, end=len(lower.text), key=key,
                        strength=_STACKED,
                    )  # fmt: skip
                    found[id(lower)] = (upper, lower, hit)
    return found


def _on(upper: Segment, lower: Segment) -> bool:
    """Whether one stands on the other: close, and flush left, flush right or centred."""
    height = max(upper.height, lower.height)
    close = lower.y0 - upper.y1 < 0.6 * height
    offset = min(
        abs(upper.x0 - lower.x0), abs(upper.x1 - lower.x1), 0.5 * abs(upper.x0 + upper.x1 - lower.x0 - lower.x1)
    )
    return close and offset < 0.5 * height


def labels_in(segment: Segment, lexicon: Lexicon, *, fuzzy: bool = False) -> list[Hit]:
    """All labels of one segment, left to right."""
    tokens = [(m.start(), m.end(), plain(m[0]).replace("º", "°")) for m in _TOKEN.finditer(segment.text)]
    found: list[tuple[int, int, str, float]] = []
    for first in range(len(tokens)):
        key = bare = ""
        for last in range(first, min(first + _LONGEST, len(tokens))):
            key += tokens[last][2]
            # A currency inside a label is no part of it: `Total EUR incl. VAT`.
            inside = first < last and tokens[last][2] in SIGN_WORDS
            bare += "" if inside else tokens[last][2]
            match = _lookup(key, lexicon, fuzzy=fuzzy)
            if match is None and bare != key and not inside:
                match = _lookup(bare, lexicon, fuzzy=fuzzy)
            if match and not _cuts(segment.text, tokens[first][0], tokens[last][1]):
                found.append((tokens[first][0], tokens[last][1], match[0], match[1]))
    found.sort(key=lambda one: (-(one[1] - one[0]), one[0]))
    kept: list[tuple[int, int, str, float]] = []
    for one in found:
        if all(one[1] <= other[0] or one[0] >= other[1] for other in kept):
            kept.append(one)
    return [
        Hit(
            owners=tuple(lexicon.owners[key]),
            segment=segment,
            start=start,
            end=end,
            key=key,
            strength=ratio * _strength(segment.text, start, end, key),
        )
        for start, end, key, ratio in sorted(kept)
    ]


_LEADS = re.compile(
    r"\W*(?:zzgl|zuzügl|zuzüglich|plus|inkl|incl|including|davon|enthaltene?|abzgl|abzüglich|less|add|dont|di cui)?\W*"
    r"(?:\d{1,2}(?:[.,]\d{1,3})?\s?%)?\W*",
    re.IGNORECASE,
)


# What names a label's share of a total: `di cui IVA`, `zzgl. USt`.
_PARTS_OF = re.compile(
    r"(?:zzgl\.?|zuzügl\.?|zuzüglich|davon|darin enthaltene?|enthaltene?|dont|di cui|plus|add|of which|waarvan)",
    re.IGNORECASE,
)


_INCLUDING = re.compile(
    r"[^\W\d_]{3,}.*\b(?:inkl(?:usive)?|incl(?:uding|usive)?|compris|incluido|incluso|inclusief)\b[\W\d]*$",
    re.IGNORECASE,
)


def begins(hit: Hit) -> bool:
    """Whether nothing stands before a label in its segment but `plus`, `incl.`, a rate: `zzgl. 7 % USt`."""
    return hit.start <= 1 or bool(_LEADS.fullmatch(hit.segment.text[: hit.start]))


def _cuts(text: str, start: int, end: int) -> bool:
    """Whether the phrase ends amid a word or words in brackets, or a number stands inside it.

    `An` of `An- und Abfahrt` and `TOTAL (GST` of `TOTAL (GST INCL)` are no labels.
    """
    # `PO-99812`, `INV/0042`: the beginning of a number.
    if end - start <= _PREFIX and text[end : end + 1] in ("-", "/") and text[end + 1 : end + 2].isdigit():
        return True
    if (text[end : end + 2] == "- " and text[end + 2 : end + 3].islower()) or any(map(str.isdigit, text[start:end])):
        return True
    return text.count("(", start, end) > text.count(")", start, end) and text[end:].lstrip()[:1] != ")"


def _lookup(key: str, lexicon: Lexicon, *, fuzzy: bool) -> tuple[str, float] | None:
    if key in lexicon.owners:
        return key, 1.0
    if not fuzzy or len(key) < _FUZZY_FROM:
        return None
    from rapidfuzz import fuzz, process

    near: Sequence[str] = [k for n in (len(key) - 1, len(key), len(key) + 1) for k in lexicon.by_length.get(n, ())]
    best = process.extractOne(key, near, scorer=fuzz.ratio, score_cutoff=86)
    # What differs in its last letter only is another form of the word (supplies, supplier), not a misreading.
    if best is None or best[0][:-1] == key[: len(best[0]) - 1] or best[0][: len(key) - 1] == key[:-1]:
        return None
    return best[0], best[1] / 100


def _strength(text: str, start: int, end: int, key: str) -> float:
    """Long labels, labels that begin their segment, and labels followed by a colon are surer.

    A label with another word right before or after it is part of a longer phrase that nobody listed
    (`Total discount`): it is worth half.
    """
    before, after = text[:start].strip(), text[end:]
    rest = after.lstrip(" .")
    strength = 0.5 + 0.05 * min(len(key), 6)
    # A label may qualify itself in brackets: Total (RM):, Total (incl. GST):
    rest = re.sub(r"^\s*(?:[(\[][^)\]]{0,24})?[)\]]\s*", "", rest)
    marked = rest[:1] in (":", "#", "=") or not rest
    if marked:
        strength += 0.15
    if before and not _PARTS_OF.fullmatch(before) and before[-1] not in ":;,|)(*-/\u2013\u2022.":
        strength *= 0.85 if before[-1].isdigit() or not before[-1].isalnum() else 0.5
    if _INCLUDING.search(before[-60:]):
        strength *= 0.4  # `Premium including 19 % tax`: the amount is the whole, no tax
    word = re.match(r"[^\W\d_]+", rest) or re.match(r"(?<=^)[\d.,]+\s?%\s*([^\W\d_]{4,})", rest)
    if word and plain(word[0]) not in SIGN_WORDS:
        strength *= 0.6 if word[0].islower() or len(word[0]) > 3 else 0.8
    return min(1.0, strength)
