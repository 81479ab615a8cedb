"""Every value found on its page again, without asking the model.

The steps for a leaf, first that holds: what the schema calls inferred is not looked for; a place
that the engine names is looked at first, and counts only if the words there say the value; the same
words or the same said otherwise anywhere on its pages (rows and labels decide between several);
nearly the same for names and text; something near but different; nothing; or it cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from docextract.check.across import Halves, across
from docextract.check.choose import Taken, choose, is_slight
from docextract.check.confidence import BY_STATUS
from docextract.check.hint import at_hint
from docextract.check.index import Match, PageIndex
from docextract.check.leaves import Leaf, leaves
from docextract.check.match import is_verbatim
from docextract.check.near import ACCEPT, Near, is_text, near
from docextract.check.pages import Pages
from docextract.types import Box, Evidence, Json, Status, Words


def ground(
    value: Json,
    schema: Mapping[str, Json],
    words: Sequence[Words],
    located: Sequence[Evidence] = (),
    pages: Mapping[str, int] | None = None,
) -> tuple[Evidence, ...]:
    """One Evidence for each leaf of `value` that is not null, in document order.

    `located` are places that an engine named, `pages` the page of a leaf (by JSON pointer), or of all
    leaves below a pointer, where it is known; both are hints where to look. Boxes are fractions of the
    displayed page; kinds without layout get `span` and no box. Hidden words are never evidence.
    """
    return tuple(item for _, item in grounded(value, schema, Pages(words), located, pages or {}))


def grounded(
    value: Json,
    schema: Mapping[str, Json],
    pages: Pages,
    located: Sequence[Evidence] = (),
    known: Mapping[str, int] | None = None,
) -> Iterator[tuple[Leaf, Evidence]]:
    """The same one after the other, each with its leaf. The index of its page is at hand while it is looked at."""
    work = _Grounding(pages, located, known or {})
    for _, group in groupby(leaves(value, schema), key=lambda leaf: leaf.group):
        together = list(group)
        yield from zip(together, work.group(together), strict=True)


class _Grounding:
    """The pages of one document, and what has been given away on them."""

    def __init__(self, pages: Pages, located: Sequence[Evidence], known: Mapping[str, int]) -> None:
        self.searches = pages
        self.hints = {evidence.path: evidence for evidence in located}
        self.pages = known
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
        if hint is None or hint.page is None or hint.page not in self.searches:
            return None
        return at_hint(self.searches[hint.page], leaf, hint)

    def page_of(self, leaf: Leaf) -> int | None:
        """The page that the value came from, where that is known."""
        path = leaf.path
        while path and path not in self.pages:
            path = path.rpartition("/")[0]
        return self.pages.get(path)

    def pages_of(self, leaf: Leaf) -> Iterator[int]:
        """Where to look: the page that the value came from, else all, from where the list stood last."""
        known = self.known_page(leaf)
        if known is not None:
            return iter((known,))
        last = self.taken.last.get(leaf.group.rpartition("/")[0]) if leaf.group else None
        return self.searches.from_(last[0] if last is not None else None)

    def known_page(self, leaf: Leaf) -> int | None:
        """The one page to look at, where there is one."""
        known = self.page_of(leaf)
        return known if known is not None and known in self.searches else None

    def candidates(self, leaf: Leaf) -> list[Match]:
        """Places that say the value: elsewhere on every page, in a row on the first page that has any.

        Where an earlier row took them all, on the page after it too: equal rows may stand on both.
        """
        known = self.known_page(leaf)
        if known is not None:
            return self.searches[known].candidates(leaf)
        found: list[Match] = []
        for number in self.pages_of(leaf):
            more = bool(found)
            if self.searches.may_say(number, leaf):
                found += self.searches[number].candidates(leaf)
            if found and leaf.group and (more or not all(map(self.taken.has, found))):
                break
        return found

    def evidence(self, leaf: Leaf, match: Match | None, ambiguous: bool) -> Evidence:
        """What is to be said of a leaf, given the place chosen for it."""
        if leaf.sort == "inferred":
            hint = self.hints.get(leaf.path)
            confidence = hint.confidence if hint is not None else BY_STATUS["inferred"]
            return Evidence(path=leaf.path, page=self.page_of(leaf), status="inferred", confidence=confidence)
        if match is not None:
            page = self.searches[match.page].page
            return _located(
                leaf, page, match, "verbatim" if is_verbatim(page.quote(match), leaf.value) else "normalised"
            )
        if leaf.sort in ("boolean", "choice") or leaf.value == "" or ambiguous or self.blind(leaf):
            return Evidence(
                path=leaf.path, page=self.page_of(leaf), status="unchecked", confidence=BY_STATUS["unchecked"]
            )
        halves = across(self.searches, self.pages_of(leaf), str(leaf.value)) if leaf.sort == "text" else None
        if halves is not None:
            return self.halved(leaf, halves)
        best = self.nearest(leaf)
        if best is not None:
            return _located(leaf, self.searches[best.match.page].page, best.match, best.status, best.score)
        return Evidence(path=leaf.path, page=self.page_of(leaf), status="absent", confidence=BY_STATUS["absent"])

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
        known = self.known_page(leaf)
        if known is not None:
            return known in self.searches.wordless
        return not self.searches or bool(self.searches.wordless)

    def nearest(self, leaf: Leaf) -> Near | None:
        """The nearest thing that any of its pages says."""
        if is_slight(leaf):
            return None
        known = self.known_page(leaf)
        if known is not None:
            return near(self.searches[known], leaf)
        best: tuple[tuple[bool, float, int], Near] | None = None
        for most, position, number in self.searches.near_first(self.pages_of(leaf), leaf):
            if best is not None and best[0] > (most >= ACCEPT, most, 0):
                break  # no page from here on can be nearer
            found = near(self.searches[number], leaf)
            rank = (found.status == "approximate", found.score, -position) if found is not None else None
            if found is not None and rank is not None and (best is None or rank > best[0]):
                best = rank, found
                if not is_text(leaf):
                    break  # all places score alike, and the first counts
        return best[1] if best is not None else None


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
