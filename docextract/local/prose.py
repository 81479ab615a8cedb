"""Values in running text: `the monthly rent is $1,850.00`, `Harbor View LLC ("Landlord")`."""

from __future__ import annotations

import re

# What joins a label to its value in a sentence, in the languages of the lexicon.
_JOINS = re.compile(
    r"\s*(?:(?:is|are|was|amounts to|of|beträgt|betragen|ist|von|est(?: de)?|es(?: de)?|è(?: di)?|bedraagt|is van)\s+)+"
    r"(?:(?:in the amount of|set at|fixed at|dated|the)\s+)?",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"[(\[]\s*(?:(?:the|der|die|das|le|la|el|il)\s+)?[\"'\u201c\u201d\u201e\u2018\u2019\u00ab]\s*$", re.IGNORECASE
)
_CLOSES = re.compile(r"\s*[\"'\u201c\u201d\u2018\u2019\u00bb]\s*[)\]]")
_SMALL = frozenset(["of", "and", "&", "de", "der", "van", "von", "the", "du", "la"])


def joined_at(text: str, end: int) -> int | None:
    """Where the value of a label that ends at `end` begins in its sentence; None where no verb joins the two."""
    match = _JOINS.match(text, end)
    return match.end() if match else None


def is_term(text: str, start: int, end: int) -> bool:
    """Whether the label is a name that the text gives to what stands before it: `... ("Landlord")`."""
    return bool(_OPENS.search(text, 0, start)) and bool(_CLOSES.match(text, end))


def term_begin(text: str, start: int) -> int:
    """Where the bracket around a term at `start` opens, without the space before it."""
    opened = _OPENS.search(text, 0, start)
    return len(text[: opened.start()].rstrip(" ,")) if opened else start


def name_before(text: str, end: int) -> int:
    """Where the name begins that ends at `end`: its words are capitalised; `end` itself where there is none."""
    begin = end
    for word in reversed(list(re.finditer(r"\S+", text[:end]))):
        bare = word[0].strip("\"',")
        named = bare[:1].isupper() or bare[:1].isdigit() or bare in _SMALL
        if not named or word[0][-1] in ")]" or (begin < end and word[0][-1] in ",;:"):
            break
        begin = word.start()
    while begin < end and (first := text[begin:end].split(maxsplit=1)[0]) in _SMALL:
        begin += len(first) + 1
    return begin
