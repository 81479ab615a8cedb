"""Every value found on its page again, without asking the model.

The steps for a leaf, first that holds: what the schema calls inferred is not looked for; a place
that the engine names is looked at first, and counts only if the words there say the value; the same
words or the same said otherwise anywhere on its pages (rows and labels decide between several);
nearly the same for names and text; something near but different; nothing; or it cannot be told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from docextract.check.across import Halves, across
from docextract.check.choose import Taken, choose, is_slight
from docextract.check.confidence import BY_STATUS
from docextract.check.hint import at_hint
from docextract.check.index import Match, PageIndex
from docextract.check.leaves import Leaf, leaves
from docextract.check.match import PageSearch, is_verbatim
from docextract.check.near import Near, near
from docextract.types import Box, Evidence, Json, Status, Words


def ground(
    value: Json,
    schema: Mapping[str, Json],
    words: Sequence[Words],
    located: Sequence[Evidence] = (),
    pages: Mapping[str, int] | None = None,
) -> tuple[Evidence, ...]:
    """One Evidence for each leaf of `value` that is not null, in document order.

    `located` are places that an engine named, `pages` the page of a leaf (by JSON pointer) where it
    is known; both are hints where to look. Boxes are fractions of the displayed page; kinds without
    layout get `span` and no box. Hidden words are never evidence.
    """
    work = _Grounding(words, located, pages or {})
    found: dict[str, Evidence] = {}
    every = list(leaves(value, schema))
    for _, group in groupby(every, key=lambda leaf: leaf.group):
        for evidence in work.group(list(group)):
            found[evidence.path] = evidence
    return tuple(found[leaf.path] for leaf in every)


class _Grounding:
    """The pages of one document, indexed, and what has been given away on them."""

    def __init__(self, words: Sequence[Words], located: Sequence[Evidence], pages: Mapping[str, int]) -> None:
        self.searches = {page.page: PageSearch(PageIndex(page)) for page in sorted(words, key=lambda page: page.page)}
        self.hints = {evidence.path: evidence for evidence in located}
        self.pages = pages
        self.taken = Taken()

    def group(self, group: Sequence[Leaf]) -> list[Evidence]:
        """The evidence of the leaves of one row, nested object, or stretch of the root."""
        sought = [leaf for leaf in group if leaf.sort not in ("inferred", "boolean") and leaf.value != ""]
        settled = {leaf.path: match for leaf in sought if (match := self.hinted(leaf)) is not None}
        candidates = {leaf.path: self.candidates(leaf) for leaf in sought if leaf.path not in settled}
        chosen = choose(group, candidates, settled, self.searches, self.taken)
        return [self.evidence(leaf, chosen.get(leaf.path), bool(candidates.get(leaf.path))) for leaf in group]

    def hinted(self, leaf: Leaf) -> Match | None:
        """The place that the engine named, if the words there say the value."""
        hint = self.hints.get(leaf.path)
        if hint is None or hint.page not in self.searches:
            return None
        return at_hint(self.searches[hint.page], leaf, hint)

    def pages_of(self, leaf: Leaf) -> list[PageSearch]:
        """Where to look: the page that the value came from, else all, from where the list stood last."""
        known = self.pages.get(leaf.path)
        if known in self.searches:
            return [self.searches[known]]
        every = list(self.searches.values())
        last = self.taken.last.get(leaf.group.rpartition("/")[0]) if leaf.group else None
        if last is None:
            return every
        return sorted(every, key=lambda search: (search.page.number < last[0], search.page.number))

    def candidates(self, leaf: Leaf) -> list[Match]:
        """Places that say the value: elsewhere on every page, in a row on the first page that has any.

        Where an earlier row took them all, on the page after it too: equal rows may stand on both.
        """
        found: list[Match] = []
        for search in self.pages_of(leaf):
            more = bool(found)
            found += search.candidates(leaf)
            if found and leaf.group and (more or not all(map(self.taken.has, found))):
                break
        return found

    def evidence(self, leaf: Leaf, match: Match | None, ambiguous: bool) -> Evidence:
        """What is to be said of a leaf, given the place chosen for it."""
        if leaf.sort == "inferred":
            hint = self.hints.get(leaf.path)
            confidence = hint.confidence if hint is not None else BY_STATUS["inferred"]
            return Evidence(path=leaf.path, page=self.pages.get(leaf.path), status="inferred", confidence=confidence)
        if match is not None:
            page = self.searches[match.page].page
            return _located(
                leaf, page, match, "verbatim" if is_verbatim(page.quote(match), leaf.value) else "normalised"
            )
        if leaf.sort in ("boolean", "choice") or leaf.value == "" or ambiguous or self.blind(leaf):
            return Evidence(
                path=leaf.path, page=self.pages.get(leaf.path), status="unchecked", confidence=BY_STATUS["unchecked"]
            )
        halves = (
            across([search.page for search in self.pages_of(leaf)], str(leaf.value)) if leaf.sort == "text" else None
        )
        if halves is not None:
            return self.halved(leaf, halves)
        best = self.nearest(leaf)
        if best is not None:
            return _located(leaf, self.searches[best.match.page].page, best.match, best.status, best.score)
        return Evidence(path=leaf.path, page=self.pages.get(leaf.path), status="absent", confidence=BY_STATUS["absent"])

    def halved(self, leaf: Leaf, halves: Halves) -> Evidence:
        """Evidence of a value that goes on over a page break: the place of its first half, the words of both."""
        upper, lower = self.searches[halves.upper.page].page, self.searches[halves.lower.page].page
        quote = f"{upper.quote(halves.upper)} {lower.quote(halves.lower)}"
        status: Status = "verbatim" if is_verbatim(quote, leaf.value) else "normalised"
        sure = min(upper.confidence(halves.upper), lower.confidence(halves.lower))
        found = _located(leaf, upper, halves.upper, status)
        return replace(found, quote=quote, confidence=round(BY_STATUS[status] * sure, 4))

    def blind(self, leaf: Leaf) -> bool:
        """Whether one of the pages to look at has no words to check against."""
        searches = self.pages_of(leaf)
        return not searches or any(not search.page.words for search in searches)

    def nearest(self, leaf: Leaf) -> Near | None:
        """The nearest thing that any of its pages says."""
        if is_slight(leaf):
            return None
        found = [best for search in self.pages_of(leaf) if (best := near(search, leaf)) is not None]
        return max(found, key=lambda best: (best.status == "approximate", best.score), default=None)


def _located(leaf: Leaf, page: PageIndex, match: Match, status: Status, score: float = 100.0) -> Evidence:
    boxes = page.boxes(match)
    weight = BY_STATUS[status] * page.confidence(match)
    return Evidence(
        path=leaf.path,
        page=page.number,
        box=_union(boxes),
        boxes=boxes,
        span=page.span(match) if page.flows else None,
        quote=page.quote(match),
        status=status,
        confidence=round(weight * score / 100 if status == "approximate" else weight, 4),
    )


def _union(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
