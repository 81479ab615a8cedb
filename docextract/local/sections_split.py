"""A document's pages as sections: columns are found, lines are read column by column, headings open sections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from docextract.local.sections_headings import Heading, Section, headings, known, ruled_side
from docextract.local.sections_lines import Line, Segment, lines, segments
from docextract.local.sections_margin import blocks, margin
from docextract.types import Words


@dataclass(slots=True, kw_only=True, eq=False)
class Part:
    """The lines under one heading (`section`), or before the first one ("head"). `left`, `right`: its column."""

    section: Section | str
    lines: list[Line] = field(default_factory=list)
    left: float = 0.0
    right: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Region:
    left: float
    right: float
    segments: list[Segment]


def split(pages: Sequence[Words]) -> list[Part]:
    """The parts of a document in reading order; the first is the head (name, contact lines).

    A column's last section goes on at the top of the column below it on the next page.
    """
    found = [_body(page, flat=_all_bold(pages)) for page in pages]
    marked = _headings(pages, found)
    parts: list[Part] = [Part(section="head")]
    gutters: list[float] = []
    for page, items in zip(pages, found, strict=True):
        here = [heading for heading in marked if any(heading.segment is item for item in items)]
        regions, gutters = _regions(items, here, gutters, page.width)
        by_segment = {id(heading.segment): heading for heading in here}
        first = page is pages[0]
        opened = list(parts)
        for number, region in enumerate(regions):
            opening = (
                number and len(regions[number - 1].segments) == 1 and id(regions[number - 1].segments[0]) in by_segment
            )
            current = parts[-1] if opening else parts[0] if first else _before(opened, region)
            _read(region, page.page, by_segment, parts, current)
    return [part for part in parts if part.lines or part.section != "head"]


_FOOTER = re.compile(
    r"(?:^|[^\w]|\bpage |\bseite |\bp[áa]gina )\d{1,2} ?(?:/|of|von|de|sur) ?\d{1,2}$|^(?:page |- ?)?\d{1,2}(?: ?-)?$",
    re.IGNORECASE,
)


def _all_bold(pages: Sequence[Words]) -> bool:
    """Whether nearly every word is bold: then the weight tells nothing."""
    weights = [word.bold for page in pages for word in page.words]
    return sum(weights) > 0.8 * len(weights)


def _body(page: Words, *, flat: bool) -> list[Segment]:
    """The segments of a page without page numbers; none is bold where all are."""
    kept = [
        item
        for item in segments(page, by_width=True)
        if not ((item.y0 > 0.92 * page.height or item.y1 < 0.06 * page.height) and _FOOTER.search(item.traced.text))
    ]
    return [replace(item, bold=False) for item in kept] if flat else kept


def _headings(pages: Sequence[Words], found: Sequence[list[Segment]]) -> list[Heading]:
    """The headings of all pages, judged together: a document has one style of them."""
    everything = [item for items in found for item in items]
    ruled = {
        id(item): side
        for page, items in zip(pages, found, strict=True)
        for item in items
        if len(item.tokens) <= 6 and (side := ruled_side(item, page.rulings))
    }
    return headings(everything, ruled, scanned=any(page.source == "ocr" for page in pages))


def _before(parts: Sequence[Part], region: _Region) -> Part:
    """The part of earlier pages that goes on in a region: the last one in about the same column."""

    def shared(part: Part) -> float:
        width = min(part.right - part.left, region.right - region.left)
        return (min(part.right, region.right) - max(part.left, region.left)) / max(1.0, width)

    return next((part for part in reversed(parts) if shared(part) > 0.5), parts[-1])


def _read(region: _Region, page: int, marked: dict[int, Heading], parts: list[Part], current: Part) -> None:
    """Append a region's lines to the part that is open, opening a new one at each heading."""
    opened: Segment | None = None
    for line in lines(region.segments, page):
        rest: list[Segment] = []
        for segment in line.segments:
            heading = marked.get(id(segment))
            if opened is not None and not rest and _is_rest(opened, segment):
                whole = known(f"{opened.traced.text} {segment.traced.text}")
                current.section = whole if whole is not None and current.section == "unnamed" else current.section
                continue
            # A heading stands alone, or at the left of the content that it opens.
            if heading is not None and not rest:
                opened = segment
                current = Part(section=heading.section, left=region.left, right=region.right)
                parts.append(current)
            else:
                rest.append(segment)
        if rest:
            if not current.lines and current.right == 0.0:
                current.left, current.right = region.left, region.right
            current.lines.append(Line(tuple(rest), page, line.gap, line.right))


def _is_rest(heading: Segment, below: Segment) -> bool:
    """Whether a segment is the second line of a heading: right below it, set alike, and not a text of its own."""
    alike = abs(heading.size - below.size) < 0.3 and heading.bold == below.bold and abs(heading.x0 - below.x0) < 2
    close = 0 < below.middle - heading.middle < 1.6 * heading.size
    text = below.traced.text
    goes_on = text[:1].islower() or known(f"{heading.traced.text} {text}") is not None
    return alike and close and len(below.tokens) <= 3 and goes_on


def _regions(
    items: list[Segment], marked: Sequence[Heading], earlier: list[float], width: float
) -> tuple[list[_Region], list[float]]:
    """The bands and columns of a page in reading order, and the gutters found."""
    edge = margin(items, marked, width)
    if edge is not None:
        above, beside = blocks(items, marked, edge)
        regions = [_region(above, width)] if above else []
        for head, inside in beside:
            regions += [_region([head], width), *([_region(inside, width)] if inside else [])]
        return regions, []
    for gutter in (*_gutters(marked, items, width), *earlier, *_sidebar(items, width)):
        cut = _cut(items, gutter, marked)
        if cut is None:
            continue
        above, left, right, below = cut
        regions = [_region(above, width)] if above else []
        for side in (left, right):
            inner = [heading for heading in marked if any(heading.segment is item for item in side)]
            deeper, _ = _regions(side, inner, [], width) if len(inner) > 1 else ([_region(side, width)], [])
            regions.extend(deeper)
        if below:
            regions.append(_region(below, width))
        return regions, [gutter]
    return ([_region(items, width)] if items else []), []


def _region(items: list[Segment], width: float) -> _Region:
    return _Region(
        left=min((item.x0 for item in items), default=0.0),
        right=max((item.x1 for item in items), default=width),
        segments=items,
    )


def _gutters(marked: Sequence[Heading], items: Sequence[Segment], width: float) -> list[float]:
    """Where a column may start: left of headings that stand clearly right of other headings."""
    found: list[float] = []
    for a in marked:
        for b in marked:
            if b.segment.x0 - a.segment.x0 > 0.15 * width:
                near = [item.x0 for item in items if 0 <= b.segment.x0 - item.x0 < 0.06 * width]
                found.extend((min((*near, b.segment.x0)) - 1.5, b.segment.x0 - 1.5))
    return sorted(set(found), key=found.index)


def _sidebar(items: Sequence[Segment], width: float) -> list[float]:
    """A gutter without headings on both sides: a left edge shared by many, with nothing across it, off-beat rows.

    Rows that keep step on both sides (dates beside their entries) are one column.
    """
    if len(items) < 24:
        return []
    edges: dict[int, list[Segment]] = {}
    for item in items:
        edges.setdefault(round(item.x0 / 3), []).append(item)
    for starts in sorted(edges.values(), key=len, reverse=True)[:4]:
        gutter = min(item.x0 for item in starts) - 1.5
        left = [item for item in items if item.x1 <= gutter]
        right = [item for item in items if item.x0 > gutter]
        across = len(items) - len(left) - len(right)
        if not 0.15 * width < gutter < 0.85 * width or min(len(left), len(right)) < 8 or across > 0.15 * len(items):
            continue
        heights = [item.middle for item in right]
        beside = sum(any(abs(item.middle - other) < 0.25 * item.size for other in heights) for item in left)
        if len(starts) >= 8 and beside < 0.5 * len(left):
            return [gutter]
    return []


def _cut(
    items: list[Segment], gutter: float, marked: Sequence[Heading]
) -> tuple[list[Segment], list[Segment], list[Segment], list[Segment]] | None:
    """Above, left, right and below of a gutter, or None where it is none: something crosses between its rows."""
    across = sorted((item for item in items if item.x0 < gutter < item.x1 - 1), key=lambda item: item.middle)
    inside = [heading.segment for heading in marked]
    edges = [-1e9, *(item.middle for item in across), 1e9]
    best: tuple[float, float, int] | None = None
    for low, high in pairwise(edges):
        band = [item for item in items if low < item.middle < high]
        left = sum(item.x1 <= gutter + 1 for item in band)
        right = sum(item.x0 >= gutter for item in band)
        if left < 3 or right < 3:
            continue
        weight = min(left, right) + 2 * sum(low < item.middle < high for item in inside)
        if best is None or weight > best[2]:
            best = (low, high, weight)
    if best is None:
        return None
    low, high, _ = best
    band = [item for item in items if low < item.middle < high]
    left_side = [item for item in band if item.x1 <= gutter + 1]
    right_side = [item for item in band if item.x0 > gutter - 1 and item.x1 > gutter + 1]
    heads = [sum(any(item is head for head in inside) for item in side) for side in (left_side, right_side)]
    share = len(band) / max(1, len(items))
    if min(heads) == 0 and share < 0.5:
        return None
    if _keeps_step(left_side, right_side):
        return None
    above = [item for item in items if item.middle <= low]
    below = [item for item in items if item.middle >= high]
    return above, left_side, right_side, below


def _keeps_step(left: Sequence[Segment], right: Sequence[Segment]) -> bool:
    """Whether the right side is only what ends the left side's lines: right-aligned dates and places."""
    edge = max(item.x1 for item in right)
    flush = sum(abs(item.x1 - edge) < 4 for item in right)
    heights = [item.middle for item in left]
    beside = sum(any(abs(item.middle - other) < 0.3 * item.size for other in heights) for item in right)
    return flush > 0.8 * len(right) and beside > 0.7 * len(right)
