"""Pages whose headings stand in a margin of their own, beside what they head: at its top, or half way down."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from docextract.local.resume_dates import is_dates
from docextract.local.sections_headings import Heading
from docextract.local.sections_lines import Segment

# What a margin of headings may hold besides: a period, whole or broken in two.
_PERIOD = re.compile(r"[\d./\u2010-\u2015-]+(?:to|bis|au|bis)?(?:[\d./-]*|present|heute|today|now)", re.IGNORECASE)
_FEWEST = 3
# Headings of a wording that nobody listed.
_STRAYS = 0.15
# The margin ends before this share of the page's width.
_WIDEST = 0.4


def margin(items: Sequence[Segment], marked: Sequence[Heading], width: float) -> float | None:
    """Where the margin of headings ends, in points; None where the page has none.

    Nothing but headings and periods stands in it, nothing reaches out of it, and its headings lie beside lines
    that begin further right, not above them.
    """
    heads = [heading.segment for heading in marked]
    left = [head for head in heads if head.x1 < _WIDEST * width]
    if len(left) < _FEWEST:
        return None
    edge = max(head.x1 for head in left)
    inside = [item for item in items if item.x0 < edge and item.y1 > min(head.y0 for head in left)]
    strays = sum(not _belongs(item, heads) for item in inside)
    if any(item.x1 > edge + 1 for item in inside) or strays > _STRAYS * len(inside):
        return None
    right = [item for item in items if item.x0 >= edge]
    dated = sum(not any(item is head for head in heads) for item in inside)
    beside = sum(any(_level(head, item) for item in right) for head in left)
    # Headings level with their content are read line by line as they are: no margin is needed.
    return edge + 1 if right and dated and beside < len(left) else None


def _belongs(item: Segment, heads: Sequence[Segment]) -> bool:
    text = item.traced.text
    return any(item is head for head in heads) or is_dates(text) or bool(_PERIOD.fullmatch(re.sub(r"\s", "", text)))


def _level(one: Segment, other: Segment) -> bool:
    return abs(one.middle - other.middle) < 0.3 * max(one.size, other.size)


def blocks(
    items: Sequence[Segment], marked: Sequence[Heading], edge: float
) -> tuple[list[Segment], list[tuple[Segment, list[Segment]]]]:
    """What stands above the first heading, and each heading with what belongs to it.

    Between two headings the widest gap of the lines beside them parts their blocks.
    """
    heads = sorted((h.segment for h in marked if h.segment.x1 <= edge), key=lambda head: head.y0)
    heads = [head for at, head in enumerate(heads) if not at or head.y0 - heads[at - 1].y1 > 0.8 * head.size]
    rest = [item for item in items if not any(item is h.segment and item.x1 <= edge for h in marked)]
    lines = sorted((item for item in rest if item.x0 >= edge), key=lambda item: item.middle)
    cuts = [_cut(lines, heads[0].y0 - 400, heads[0])]
    cuts += [_cut(lines, above.y0, below) for above, below in pairwise(heads)]
    edges = [*cuts, 1e9]
    made = [
        (head, [item for item in rest if edges[at] <= item.middle < edges[at + 1]]) for at, head in enumerate(heads)
    ]
    return [item for item in rest if item.middle < edges[0]], made


def _cut(lines: Sequence[Segment], top: float, head: Segment) -> float:
    """Where the block of a heading begins: above the line after the widest gap from `top` down to the heading."""
    near = [item for item in lines if top - 0.5 * head.size <= item.middle <= head.y1]
    best, widest = head.y0 - 0.5 * head.size, 0.0
    bottom = top if not near else near[0].y1
    for item in near[1:]:
        if item.y0 - bottom > widest + 0.1:
            best, widest = (item.y0 + bottom) / 2, item.y0 - bottom
        bottom = max(bottom, item.y1)
    after = next((item for item in lines if item.middle > head.y1), None)
    if after is not None and near and after.y0 - bottom > widest + 0.1:
        best = (after.y0 + bottom) / 2
    return best
