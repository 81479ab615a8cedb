"""Pages of API documentation as one stream of lines: navigation left out, sample panels apart, bars found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from docextract.local.apidocs_bars import Bar, bars
from docextract.local.apidocs_rows import parted_at
from docextract.local.apidocs_table import table_header
from docextract.local.sections_lines import Line, Segment, lines, segments
from docextract.types import Words

Layout = Literal["before", "after", "beside"]
MARK = re.compile(
    r"^(?:(?P<place>path|query|header|cookie) param(?:eter)?s?|request body schema:?.*|response schema:?.*|"
    r"authorizations?:.*|request body\b.*|responses?|parameters|callbacks)$",
    re.IGNORECASE,
)
_ROW = re.compile(
    r"^(?:[1-5]\d\d\b|default\b|code\b|name\t|\(?(?:path|query|header|cookie)\)$|parameters|responses?\b|"
    r"request body\b|media type|application/|example value|[{}\[\]<>+]|\W+$)",
    re.IGNORECASE,
)
# swagger-ui's headers of parameters and of responses.
_HEADER = re.compile(r"^(?:name|code)\tdescription\b", re.IGNORECASE)
_SAMPLES = re.compile(r"^(?:request|response|callback payload) samples?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """All content lines in reading order, the operations' bars, and how bars stand to their content.

    `before`: the content follows the bar (swagger-ui, tables, Markdown). `after`: the bar comes below the
    parameters and responses (narrow ReDoc). `beside`: it stands in a column of its own, level with the
    operation's title (three-column ReDoc); then `content` has no lines of that column.
    """

    content: list[Line]
    bars: list[Bar]
    layout: Layout
    body: float
    """Font size of running text, points."""


def stream(pages: Sequence[Words]) -> Stream:
    """The lines of all pages in order."""
    found = [(page, segments(page)) for page in pages]
    flat = [lines(items, page.page) for page, items in found]
    everything = [line for page in flat for line in page]
    sizes = [segment.size for line in everything for segment in line.segments for _ in segment.tokens]
    body = median(sizes) if sizes else 10.0
    samples = [segment for line in everything for segment in line.segments if _SAMPLES.match(segment.traced.text)]
    marks = [segment for line in everything for segment in line.segments if MARK.match(segment.traced.text)]
    width = max((page.width for page in pages), default=0.0)
    scanned = any(page.source == "ocr" for page in pages)
    order = bars(everything, scanned=scanned)
    panel = [*samples, *(bar.segment for bar in order)]
    if marks and panel and _stands_right(panel, marks, width):
        return _beside(found, panel, marks, body)
    below = bool(samples) and bool(marks)
    return Stream(content=everything, bars=order, layout="after" if below else "before", body=body)


def _stands_right(panel: Sequence[Segment], marks: Sequence[Segment], width: float) -> bool:
    """Whether samples and bars stand in a column right of what they belong to."""
    return median(item.x0 for item in panel) > median(item.x0 for item in marks) + 0.3 * width


def _beside(
    found: Sequence[tuple[Words, list[Segment]]], panel: Sequence[Segment], marks: Sequence[Segment], body: float
) -> Stream:
    left = median(item.x0 for item in marks)
    edge = min(item.x0 for item in panel if item.x0 > left + 10 * body) - 2.5 * body
    content: list[Line] = []
    order: list[Bar] = []
    for page, items in found:
        content.extend(lines([item for item in items if left - 3 * body <= item.x0 < edge], page.page))
        right = lines([item for item in items if item.x0 >= edge], page.page)
        order.extend(bars(right, scanned=page.source == "ocr"))
    return Stream(content=content, bars=order, layout="beside", body=body)


def spans(pages: Stream) -> list[tuple[Bar, list[Line], list[Line]]]:
    """Each operation's bar with the lines above its content (headings: group, title) and its content."""
    if pages.layout == "before":
        return _following(pages)
    if pages.layout == "after":
        return _preceding(pages)
    return _level(pages)


def _following(pages: Stream) -> list[tuple[Bar, list[Line], list[Line]]]:
    made: list[tuple[Bar, list[Line], list[Line]]] = []
    starts = {id(bar.line): bar for bar in pages.bars}
    above: list[Line] = []
    columns: list[float] = []
    for line in pages.content:
        bar = starts.get(id(line))
        if bar is not None:
            made.append((bar, above, []))
            above, columns = [], []
            continue
        if table_header(line) is not None or _HEADER.match(line.text):
            columns = [segment.x0 for segment in line.segments]
        parted = parted_at(line, columns)
        heading = is_heading(parted, pages.body) and not _is_row(parted, columns)
        broken = bool(made and made[-1][2]) and made[-1][2][-1].first.traced.text.endswith("-")
        if made and (broken or not heading):
            made[-1][2].append(parted)
        else:
            above.append(parted)
    return made


def _is_row(line: Line, columns: Sequence[float]) -> bool:
    """Whether a line has its segments, two or more, at the left edges of the table whose header stands above it.

    OCR gives a row with ascenders the height of a heading; where its cells stand is surer.
    """
    placed = [any(abs(segment.x0 - x) < segment.size for x in columns) for segment in line.segments]
    return len(placed) >= 2 and placed[0] and sum(placed) >= max(2, len(placed) - 1)


def _preceding(pages: Stream) -> list[tuple[Bar, list[Line], list[Line]]]:
    made: list[tuple[Bar, list[Line], list[Line]]] = []
    ends = {id(bar.line): bar for bar in pages.bars}
    group: list[Line] = []
    for line in pages.content:
        bar = ends.get(id(line))
        if bar is None:
            group.append(line)
            continue
        made.append((bar, *_parted(group, pages.body)))
        group = []
    return made


def _parted(group: Sequence[Line], body: float) -> tuple[list[Line], list[Line]]:
    """Lines since the last bar: its samples and headings, then the content from the first mark on.

    The samples of the operation before end at the last heading above that mark.
    """
    heads = [index for index, line in enumerate(group) if is_heading(line, body)]
    first = next(
        (
            index
            for index, line in enumerate(group)
            if MARK.match(line.first.traced.text) and _opens(group, index, heads)
        ),
        len(group),
    )
    above = [index for index in heads if index < first]
    start = above[0] if above else first
    return list(group[start:first]), list(group[first:])


def _opens(group: Sequence[Line], index: int, heads: Sequence[int]) -> bool:
    """Whether a mark belongs to this operation: no title stands below it before the next bar.

    A title is as large as the largest heading above the mark: OCR gives rows the height of small headings.
    """
    title = max((group[at].size for at in heads if at < index), default=0.0)
    later = [group[at] for at in heads if at > index and group[at].size > 0.93 * title]
    return all(MARK.match(line.first.traced.text) for line in later)


def _level(pages: Stream) -> list[tuple[Bar, list[Line], list[Line]]]:
    made: list[tuple[Bar, list[Line], list[Line]]] = []
    content = pages.content
    starts = [_start(content, bar, pages.body) for bar in pages.bars]
    for index, (bar, start) in enumerate(zip(pages.bars, starts, strict=True)):
        end = starts[index + 1] if index + 1 < len(starts) else len(content)
        part = content[start : max(start, end)]
        # What the next operation's group heading and introduction are, it keeps for itself.
        first = next((at for at, line in enumerate(part) if MARK.match(line.first.traced.text)), len(part))
        before = content[starts[index - 1] if index else 0 : start]
        tail = _trailing(before, pages.body)
        made.append((bar, [*tail, *part[:first]], part[first:]))
    return made


def _trailing(lines: Sequence[Line], body: float) -> list[Line]:
    """From the last heading on that is followed by no mark: the group above the next operation."""
    last = max((at for at, line in enumerate(lines) if MARK.match(line.first.traced.text)), default=-1)
    heads = [at for at, line in enumerate(lines) if at > last and is_heading(line, body)]
    return list(lines[heads[0] :]) if heads else []


def _start(content: Sequence[Line], bar: Bar, body: float) -> int:
    """Index of the content line that is level with a bar: the operation's title, whatever size it was read in."""
    below = len(content)
    best, near = len(content), 4.5 * body
    for index, line in enumerate(content):
        if line.page < bar.line.page:
            continue
        if line.page > bar.line.page:
            return min(best, index)
        away = abs((line.y0 + line.y1) / 2 - bar.segment.middle)
        # A title exactly level needs no size to be known by; farther off only a heading counts.
        if away < near and (away < 1.2 * body or is_heading(line, body)):
            best, near = index, away
        if best == len(content) and line.y0 > bar.segment.y1 + 4.5 * body:
            below = index
            break
    return min(best, below)


def is_heading(line: Line, body: float) -> bool:
    """Whether a line is set clearly larger than the text; rows of tables never are, whatever size OCR gives them."""
    if _ROW.match(line.text):
        return False
    return max(line.first.tokens[0].word.size, line.size) >= 1.25 * body
