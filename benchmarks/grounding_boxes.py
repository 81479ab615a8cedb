"""Boxes of true values against the boxes that people drew around the lines of receipts."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from grounding_cases import Document, at

from docextract.check.ground import ground
from docextract.check.index import PageIndex
from docextract.check.keys import key
from docextract.check.places import LOCATED
from docextract.types import Box, Words

SLACK = 0.25
"""Of the line's height, by which a box may stand out of a line that a hand has drawn."""

SAME_SIZE = 0.03
"""Sizes that differ by less are one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes:
    """Of one document: its truth's lines; for each line of a value whether it is inside, overlaps where it fills it."""

    lines: int
    inside: tuple[bool, ...] = ()
    overlaps: tuple[float, ...] = ()


def boxes_of(document: Document) -> Boxes:
    """Nothing where the truth has no boxes."""
    file = Path(f"{document.file}.boxes.csv")
    if not file.exists() or not document.words:
        return Boxes(lines=0)
    lines = _scaled(_lines(file, document.words[0]), PageIndex(document.words[0]))
    inside, overlaps = [], []
    for item in ground(document.answer, document.schema, document.words):
        if item.status not in LOCATED:
            continue
        value = key(str(at(document.answer, item.path)))
        for box in item.boxes:
            line, text = max(lines, key=lambda each: shared(each[0], box))
            inside.append(_contains(line, box, document.words[0]))
            if key(text) and key(text) in value:
                both = shared(line, box)
                overlaps.append(both / (area(line) + area(box) - both))
    return Boxes(lines=len(lines), inside=tuple(inside), overlaps=tuple(overlaps))


def _lines(file: Path, page: Words) -> list[tuple[Box, str]]:
    """Rows of eight pixel coordinates and a text with commas in it; a pixel is one point of these pages."""
    found = []
    with file.open(encoding="utf-8", errors="replace", newline="") as rows:
        for row in csv.reader(rows):
            if len(row) < 9 or not all(cell.strip().isdigit() for cell in row[:8]):
                continue
            numbers = [int(cell) for cell in row[:8]]
            xs, ys = numbers[0::2], numbers[1::2]
            box = min(xs) / page.width, min(ys) / page.height, max(xs) / page.width, max(ys) / page.height
            found.append((box, ",".join(row[8:])))
    return found


def _scaled(lines: list[tuple[Box, str]], page: PageIndex) -> list[tuple[Box, str]]:
    """Some pictures were drawn on in another size: how much larger is told by lines that read alike."""
    mine: dict[str, list[Box]] = {}
    for words in page.segments:
        x0, y0, x1, y1 = page.extent(words)
        box = x0 / page.page.width, y0 / page.page.height, x1 / page.page.width, y1 / page.page.height
        mine.setdefault(key(" ".join(page.words[index].text for index in words)), []).append(box)
    pairs = [(line, mine[key(text)][0]) for line, text in lines if len(mine.get(key(text), ())) == 1 and len(text) > 5]
    if len(pairs) < 3:
        return lines
    across = median((other[0] + other[2]) / (line[0] + line[2]) for line, other in pairs)
    down = median((other[1] + other[3]) / (line[1] + line[3]) for line, other in pairs)
    if abs(across - 1) < SAME_SIZE and abs(down - 1) < SAME_SIZE:
        return lines
    return [((x0 * across, y0 * down, x1 * across, y1 * down), text) for (x0, y0, x1, y1), text in lines]


def _contains(line: Box, box: Box, page: Words) -> bool:
    """Whether the box lies in the line, but for some slack."""
    down = SLACK * (line[3] - line[1])
    across = down * page.height / page.width
    return (
        box[0] >= line[0] - across
        and box[2] <= line[2] + across
        and box[1] >= line[1] - down
        and box[3] <= line[3] + down
    )


def area(box: Box) -> float:
    """Width by height."""
    return (box[2] - box[0]) * (box[3] - box[1])


def shared(one: Box, other: Box) -> float:
    """The area that two boxes have in common."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0.0) * max(height, 0.0)
