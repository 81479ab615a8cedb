"""Where a second look is worth its price: page, region and fields of what an audit or the page contradicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from docextract.check.examine import Examined
from docextract.check.files import ARTIFACT
from docextract.check.keys import key
from docextract.check.leaves import Leaf, leaves
from docextract.check.lists import Listing, listings
from docextract.check.pages import Pages
from docextract.check.place import Place
from docextract.check.places import Places
from docextract.check.standing import Standing, standings
from docextract.types import Box, Evidence, Json

LINES_AROUND = 4
"""Lines above and below a doubted value that are shown with it: its label is one of them."""

HEAD = 3
"""Row pitches above the first row of a page that hold the names of its columns."""

_LOST = ("absent", "contradicted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One further question. `regions` are stretches of the page (fractions), `fields` pointers of single values.

    `rows` is the pointer of a list instead: its items from `first` to before `last` stand in the last
    region, `shown` being the stretch whose rows the answer is asked for; `again` are items elsewhere in
    the list that repeat rows of the stretch.
    """

    page: int
    regions: tuple[Box, ...]
    fields: tuple[str, ...] = ()
    rows: str | None = None
    first: int = 0
    last: int = 0
    shown: tuple[float, float] = (0.0, 1.0)
    again: frozenset[int] = frozenset()

    @property
    def paths(self) -> tuple[str, ...]:
        """What is asked for."""
        return self.fields if self.rows is None else (self.rows,)


def looks(examined: Examined, schema: Mapping[str, Json], pages: Pages) -> list[Look]:
    """Every look that may mend something, lists first. None for an answer that nothing speaks against."""
    if not examined.badness:
        return []
    work = _Looking(examined, schema, pages)
    return [*work.lists(), *work.fields()]


class _Looking:
    def __init__(self, examined: Examined, schema: Mapping[str, Json], pages: Pages) -> None:
        self.examined = examined
        self.schema = schema
        self.evidence = {item.path: item for item in examined.evidence}
        self.places = Places(pages).keep(examined.evidence)
        self.listings = [each for each in listings(examined.value, schema) if not _has_index(each.path)]

    def lists(self) -> Iterator[Look]:
        """One look for each page of a list on which something is wrong."""
        for listing in self.listings:
            again = self.repeated(listing)
            standing = [each for each in standings(listing, self.places) if each.number not in again]
            pages: dict[int, list[Box | int]] = {}
            for page, doubt in self.doubts(listing, standing):
                pages.setdefault(page, []).append(doubt)
            for page, doubts in sorted(pages.items()):
                look = self.stretch(listing, standing, page, doubts)
                if look is not None:
                    outside = {number for number, where in again.items() if where == page}
                    yield replace(look, again=frozenset(outside - set(range(look.first, look.last))))

    def repeated(self, listing: Listing) -> dict[int, int]:
        """Items that repeat an earlier one at its very place, with its page."""
        return {
            _number_in(trouble.path, listing.path): trouble.page
            for trouble in self.examined.rows
            if trouble.code == "rows_repeated" and trouble.page and _is_in(trouble.path, listing.path)
        }

    def doubts(self, listing: Listing, standing: Sequence[Standing]) -> Iterator[tuple[int, Box | int]]:
        """Pages with what is doubted there: rows by their number in the list, or a region without rows."""
        pages = {each.number: each.page for each in standing}
        told = False
        for trouble in self.examined.rows:
            here = trouble.path == listing.path or (
                trouble.code == "rows_repeated" and _is_in(trouble.path, listing.path)
            )
            if here and trouble.region is not None and trouble.page is not None:
                told = True
                yield trouble.page, trouble.region
            elif trouble.code == "rows_extra" and _is_in(trouble.path, listing.path):
                number = _number_in(trouble.path, listing.path)
                before = [page for other, page in sorted(pages.items()) if other <= number]
                page = pages.get(number) or (before[-1] if before else next(iter(pages.values()), None))
                if page is not None:
                    told = True
                    yield page, number
        for item in self.examined.evidence:
            if item.status in _LOST and _is_in(item.path, listing.path):
                number = _number_in(item.path, listing.path)
                page = pages.get(number) or item.page
                if page is not None:
                    told = True
                    yield page, number
        for audited in self.examined.audits:
            if audited.rule == ARTIFACT and _is_in(audited.path, listing.path):
                number = _number_in(audited.path, listing.path)
                if number in pages:
                    told = True
                    yield pages[number], number
        if not told and any(_is_in(path, listing.path) for each in self.examined.audits for path in each.paths):
            for each in standing:
                yield each.page, each.number

    def stretch(
        self, listing: Listing, standing: Sequence[Standing], page: int, doubts: Sequence[Box | int]
    ) -> Look | None:
        """The stretch of the page around the doubts, and which items of the list stand in it.

        None where an item in it goes on over a page break: a look at one page would cut it.
        """
        rows = sorted((each for each in standing if each.page == page), key=lambda each: each.number)
        numbers = [doubt for doubt in doubts if isinstance(doubt, int)]
        boxes = [doubt for doubt in doubts if not isinstance(doubt, int)]
        if numbers:  # with a row on either side, between which a row without a place belongs
            low = max((each.number for each in rows if each.number < min(numbers)), default=min(numbers))
            high = min((each.number for each in rows if each.number > max(numbers)), default=max(numbers))
            boxes += [each.box for each in rows if low <= each.number <= high]
        if not boxes:
            return None
        pitch = _pitch(rows)
        top, bottom = min(box[1] for box in boxes) - pitch / 2, max(box[3] for box in boxes) + pitch / 2
        inside: list[Standing] = []
        first = last = 0
        while True:  # until no row of the stretch of the list stands outside the stretch of the page
            inside = [each for each in rows if top <= _middle(each) <= bottom]
            first, last = _range(inside, numbers, standing, (page, bottom))
            wide = [each for each in standing if first <= each.number < last]
            if any(each.page != page or not each.whole for each in wide):
                return None
            new_top = min([top, *(each.box[1] - pitch / 2 for each in wide)])
            new_bottom = max([bottom, *(each.box[3] + pitch / 2 for each in wide)])
            if (new_top, new_bottom) == (top, bottom):
                break
            top, bottom = new_top, new_bottom
        head = min((each.box[1] for each in rows), default=top)
        band = _band(top - pitch, bottom + pitch)
        regions = (band,) if band[1] <= head else (_band(head - HEAD * pitch, head), band)
        return Look(page=page, regions=regions, rows=listing.path, first=first, last=last, shown=(top, bottom))

    def fields(self) -> Iterator[Look]:
        """One look for each page on which single values are doubted."""
        single = {leaf.path: leaf for leaf in leaves(self.examined.value, self.schema) if not _has_index(leaf.path)}
        doubted = {path for path in single if path in self.evidence and self.evidence[path].status in _LOST}
        for each in self.examined.audits:
            # Check digits that fail as they are printed are the document's own mistake.
            if each.rule != "check_digits":
                doubted |= {path for path in each.paths if path in single}
        pages: dict[int, dict[str, Box]] = {}
        for path in sorted(doubted, key=list(single).index):
            page, box = self.region(single[path], self.evidence.get(path))
            if page is not None:
                pages.setdefault(page, {})[path] = box
        for page, boxes in sorted(pages.items()):
            region = _band(min(box[1] for box in boxes.values()), max(box[3] for box in boxes.values()))
            yield Look(page=page, regions=(region,), fields=tuple(boxes))

    def region(self, leaf: Leaf, item: Evidence | None) -> tuple[int | None, Box]:
        """Where a value should stand: around what was found, else around its label, else the whole page."""
        whole = (0.0, 0.0, 1.0, 1.0)
        if item is not None and item.box is not None and item.page is not None and item.page in self.places.pages:
            return item.page, _around(item.box, self.places.pages[item.page])
        known = item.page if item is not None else None
        is_known = known is not None and known in self.places.pages
        numbers = [known] if known is not None and is_known else list(self.places.pages)
        for number in numbers:
            place = self.places.pages[number]
            for label in leaf.labels:
                wanted = key(label)
                line = next(
                    (line for line in place.page.lines if len(wanted) >= 4 and wanted in _keys(place, line)), None
                )
                if line is not None:
                    return number, _around(place.box(line), place)
        return (numbers[0] if numbers else None), whole


def _keys(place: Place, line: Sequence[int]) -> str:
    return key(" ".join(place.page.words[index].text for index in line))


def _around(box: Box, place: Place) -> Box:
    """A box with some lines around it, over the full width of the page."""
    heights = sorted(word.y1 - word.y0 for word in place.page.words) or [10.0]
    line = 1.3 * heights[len(heights) // 2] / max(place.page.page.height, 1.0)
    return _band(box[1] - LINES_AROUND * line, box[3] + LINES_AROUND * line)


def _band(top: float, bottom: float) -> Box:
    """A stretch of the page over its full width, clamped to it."""
    return 0.0, round(max(0.0, top), 4), 1.0, round(min(1.0, max(bottom, 0.0)), 4)


def _pitch(rows: Sequence[Standing]) -> float:
    """The usual distance from row to row, as a fraction of the page; a guess where there is but one."""
    tops = sorted(each.main[1] for each in rows)
    steps = sorted(after - before for before, after in pairwise(tops) if after > before)
    return steps[len(steps) // 2] if steps else 0.03


def _middle(each: Standing) -> float:
    return (each.main[1] + each.main[3]) / 2


def _range(
    inside: Sequence[Standing], numbers: Sequence[int], standing: Sequence[Standing], end: tuple[int, float]
) -> tuple[int, int]:
    """The items from the first to the last that stand in the stretch, those without a place between them included.

    Where there are none, the gap after the last item that stands before `end` (page, fraction).
    """
    every = [each.number for each in inside] + list(numbers)
    if every:
        return min(every), max(every) + 1
    place = max((each.number + 1 for each in standing if (each.page, _middle(each)) < end), default=0)
    return place, place


def _has_index(path: str) -> bool:
    return any(step.isdigit() for step in path.split("/"))


def _is_in(path: str, rows: str) -> bool:
    return path.startswith(rows + "/") and path[len(rows) + 1 :].split("/", maxsplit=1)[0].isdigit()


def _number_in(path: str, rows: str) -> int:
    return int(path[len(rows) + 1 :].split("/", maxsplit=1)[0])
