"""Text lines become rows of a table: a wrapped label or cell joins the row it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from docextract.layout.columns import column_of
from docextract.layout.lines import height
from docextract.layout.values import is_number, is_value, value_text
from docextract.types import Word


@dataclass(slots=True)
class Part:
    """Words of one line that stand in columns `first` to `last` (inclusive)."""

    first: int
    last: int
    words: list[Word]


@dataclass(slots=True)
class TextRow:
    """One text line of a table, cut into parts; after grouping, a row with all its lines."""

    y0: float
    y1: float
    parts: list[Part] = field(default_factory=list)

    def part_at(self, column: int) -> Part | None:
        """The part that covers a column."""
        for part in self.parts:
            if part.first <= column <= part.last:
                return part
        return None


def word_space(lines: Sequence[Sequence[Word]]) -> float:
    """The usual space between words of running text in these lines, in line heights."""
    gaps = [
        (b.x0 - a.x1) / min(height(a), height(b))
        for words in lines
        for a, b in pairwise(words)
        if not is_value(a.text) and not is_value(b.text)
    ]
    narrow = [g for g in gaps if 0 < g < 0.8]
    return median(narrow) if len(narrow) >= 3 else 0.24


def cut(words: Sequence[Word], borders: Sequence[float], space: float = 0.3) -> TextRow:
    """A line's words (left to right) cut at the column borders; running text that crosses one stays whole.

    `space` is the usual space between words (line heights): what stands much further apart does not run on.
    """
    limit = min(0.75, max(0.3, 1.5 * space))
    parts: list[Part] = []
    for word in words:
        first = column_of(borders, word.x0 + 0.25 * (word.x1 - word.x0))
        last = max(first, column_of(borders, word.x1 - 0.25 * (word.x1 - word.x0)))
        if parts:
            part = parts[-1]
            previous = part.words[-1]
            gap = word.x0 - max(w.x1 for w in part.words)
            size = min(height(previous), height(word))
            if first <= part.last:
                part.words.append(word)
                part.last = max(part.last, last)
                continue
            if gap < limit * size and not (is_value(word.text) and is_number(previous.text)):
                crossing = not (is_value(word.text) and word is words[-1])
                if crossing:
                    part.words.append(word)
                    part.last = last
                    continue
        parts.append(Part(first, last, [word]))
    return TextRow(min(w.y0 for w in words), max(w.y1 for w in words), parts)


def spread_centred(rows: Sequence[TextRow], columns: int) -> None:
    """The name of a group of rows, alone on its line and set in the middle of the table, stands over all columns."""
    if columns < 3:
        return
    left = min(w.x0 for r in rows for p in r.parts for w in p.words)
    right = max(w.x1 for r in rows for p in r.parts for w in p.words)
    for above, row, below in zip(rows, rows[1:], rows[2:], strict=False):
        if len(row.parts) != 1 or value_text(row.parts[0].words) or len(below.parts) < 3 or len(above.parts) < 3:
            continue
        part = row.parts[0]
        x0, x1 = min(w.x0 for w in part.words), max(w.x1 for w in part.words)
        size = height(part.words[0])
        if abs((x0 + x1) - (left + right)) < 1.2 * size and x0 - left > 3 * size:
            part.first, part.last = 0, columns - 1


def value_columns(rows: Sequence[TextRow], columns: int) -> set[int]:
    """Columns most of whose single-column parts are values."""
    found: set[int] = set()
    for column in range(columns):
        parts = [p for r in rows for p in r.parts if p.first == p.last == column]
        values = sum(1 for p in parts if value_text(p.words))
        if parts and values >= 0.5 * len(parts):
            found.add(column)
    return found


def group(rows: Sequence[TextRow], columns: int) -> list[TextRow]:
    """Body text lines grouped into rows."""
    if len(rows) < 2:
        return list(rows)
    values = value_columns(rows, columns) - {0}
    joins = _joins_by_values(rows, values) if values else joins_by_space(rows)
    for index, (row, below) in enumerate(pairwise(rows)):
        overlap = (row.y1 - below.y0) / max(1.0, min(row.y1 - row.y0, below.y1 - below.y0))
        if overlap > 0.35 and not any(below.part_at(p.first) or below.part_at(p.last) for p in row.parts):
            joins[index] = True
    return joined(rows, joins)


def joined(rows: Sequence[TextRow], joins: Sequence[bool]) -> list[TextRow]:
    """Lines put together to rows: joins[i] says that line i and line i + 1 are one."""
    starts = [i for i in range(len(rows)) if i == 0 or not joins[i - 1]]
    return [one_row(rows[a:b]) for a, b in zip(starts, [*starts[1:], len(rows)], strict=True)]


def group_between(rows: Sequence[TextRow], rules: Sequence[float], columns: int) -> list[TextRow] | None:
    """Body text lines as rows, one between each two rules (their y) of a table that has one under every row.

    None where rules part groups of rows: two lines with values in one column, or two that begin anew.
    """
    bands: list[list[TextRow]] = [[]]
    for index, row in enumerate(rows):
        if index and any(rows[index - 1].y1 - 3 <= at <= row.y0 + 3 for at in rules):
            bands.append([])
        bands[-1].append(row)
    if len(bands) < 3 or len(bands) == len(rows):
        return None
    values = value_columns(rows, columns) - {0}
    widest = max(len(r.parts) for r in rows)
    for band in bands:
        anew = sum(_begins_anew(row, widest) for row in band)
        valued = [
            {p.first for p in r.parts if p.first == p.last and p.first in values and value_text(p.words)} for r in band
        ]
        if anew > 1 or sum(map(len, valued)) > len(set().union(*valued)):
            return None
    return [one_row(band) for band in bands]


def one_row(lines: Sequence[TextRow]) -> TextRow:
    """Lines of one row put together; they themselves stay as they are."""
    first = lines[0]
    row = TextRow(first.y0, first.y1, [Part(p.first, p.last, list(p.words)) for p in first.parts])
    for line in lines[1:]:
        absorb(row, line)
    return row


def absorb(row: TextRow, below: TextRow) -> None:
    """Add the parts of the line below to a row, column by column."""
    for part in below.parts:
        for mine in row.parts:
            if mine.first <= part.last and part.first <= mine.last:
                mine.words.extend(part.words)
                mine.first, mine.last = min(mine.first, part.first), max(mine.last, part.last)
                break
        else:
            row.parts.append(Part(part.first, part.last, list(part.words)))
    row.parts.sort(key=lambda p: p.first)
    row.y0, row.y1 = min(row.y0, below.y0), max(row.y1, below.y1)


def _has_value(row: TextRow, values: set[int]) -> bool:
    return any(p.first == p.last and p.first in values and any(is_value(w.text) for w in p.words) for p in row.parts)


def _joins_by_values(rows: Sequence[TextRow], values: set[int]) -> list[bool]:
    """joins[i] says that line i and line i + 1 are one row; lines with values anchor rows."""
    count = len(rows)
    anchored = [_has_value(r, values) for r in rows]
    joins = [False] * (count - 1)
    gaps = [rows[i + 1].y0 - rows[i].y1 for i in range(count - 1)]
    right = max((w.x1 for r in rows for p in r.parts if p.first == p.last == 0 for w in p.words), default=0.0)
    for i in range(count):
        if anchored[i]:
            _gather_label(rows, i, anchored, joins)
    for i, row in enumerate(rows):
        if anchored[i] or (i and joins[i - 1]) or (i < count - 1 and joins[i]):
            continue
        before, after = gaps[i - 1] if i else None, gaps[i] if i + 1 < count else None
        line_height = max(row.y1 - row.y0, 1.0)
        closer = before is None or (after is not None and after < before - 0.1 * line_height)
        if before is not None and _continues(row, rows[i - 1]) and before < 0.6 * line_height:
            joins[i - 1] = True
        elif after is not None and after < 0.6 * line_height and _runs_on(row, rows[i + 1], right, close=closer):
            joins[i] = True
        elif (
            before is not None
            and after is not None
            and not anchored[i]
            and before < after - 0.35 * line_height
            and before < 0.5 * line_height
            and (anchored[i - 1] or (i > 1 and joins[i - 2]))
            and _under_text(row, rows[i - 1])
        ) or (
            len(row.parts) >= 1
            and all(p.first > 0 for p in row.parts)
            and before is not None
            and before < 0.6 * line_height
            and _under_text(row, rows[i - 1])
        ):
            joins[i - 1] = True
    return joins


def _gather_label(rows: Sequence[TextRow], index: int, anchored: Sequence[bool], joins: list[bool]) -> None:
    """Values without a label between two lines of one stand in its middle: join all three (or two)."""
    row = rows[index]
    if row.part_at(0) is not None:
        return

    def label(i: int) -> bool:
        if not 0 <= i < len(rows) or anchored[i]:
            return False
        parts = rows[i].parts
        near = max(rows[i].y0 - row.y1, row.y0 - rows[i].y1) < 0.15 * (row.y1 - row.y0)
        return len(parts) == 1 and parts[0].first == parts[0].last == 0 and near

    if label(index - 1) and label(index + 1):
        joins[index - 1] = joins[index] = True


def _under_text(row: TextRow, above: TextRow) -> bool:
    """Whether every part of a line has text above it to be the continuation of."""
    return bool(row.parts) and all(
        (top := above.part_at(p.first)) is not None and not value_text(top.words) and top.first == p.first
        for p in row.parts
    )


def _continues(row: TextRow, above: TextRow) -> bool:
    """Whether a line without values reads as the end of the one above."""
    if not _under_text(row, above):
        return False
    first = row.parts[0].words[0].text
    last = above.part_at(row.parts[0].first)
    open_end = last is not None and last.words[-1].text.endswith((",", "-", "–", "/", "(", "and", "of", "or"))
    return first[0].islower() or first[0] in "(&/" or open_end


def _runs_on(row: TextRow, below: TextRow, right: float, *, close: bool) -> bool:
    """Whether a label without values reads as the beginning of the line below.

    `close` says that it stands closer to that line than to the one above: then a capital may follow.
    """
    if len(row.parts) != 1 or row.parts[0].first != 0 or row.parts[0].last != 0:
        return False
    under = below.part_at(0)
    if under is None or under.last != 0:
        return False
    words, nexts = row.parts[0].words, under.words
    if words[-1].text.endswith(":"):
        return False
    if nexts[0].text[0].islower() or words[-1].text.casefold().endswith(
        (",", "-", "–", "/", "(", " and", " of", " or")
    ):
        return True
    if words[-1].text.casefold() in {
        "and",
        "of",
        "or",
        "the",
        "for",
        "in",
        "to",
        "with",
        "de",
        "et",
        "und",
        "y",
        "by",
        "&",
    }:
        return True
    if nexts[0].text[0].isupper() and not close:
        return False
    wrapped = words[-1].x1 + (nexts[0].x1 - nexts[0].x0) + 0.3 * height(words[0]) > right
    return wrapped and nexts[0].x0 >= words[0].x0 - 1 and words[0].bold == nexts[0].bold and len(words) > 1


def joins_by_space(rows: Sequence[TextRow]) -> list[bool]:
    """For tables of text: rows part where the space between lines is wider, else where the first column begins anew."""
    gaps = [rows[i + 1].y0 - rows[i].y1 for i in range(len(rows) - 1)]
    line_height = median(max(r.y1 - r.y0, 1.0) for r in rows)
    widest = max(len(r.parts) for r in rows)
    low, high = min(gaps), max(gaps)
    if high - low > 0.3 * line_height and low < 0.4 * line_height:
        middle = (low + high) / 2 if high < 3 * line_height else low + 0.4 * line_height
        return [g < middle and not _begins_anew(below, widest) for g, below in zip(gaps, rows[1:], strict=True)]
    starts = [r.part_at(0) is not None for r in rows]
    return [not starts[i + 1] and gaps[i] < line_height for i in range(len(rows) - 1)]


def _begins_anew(row: TextRow, widest: int) -> bool:
    """Whether a line fills the columns with beginnings (capitals, digits): a row, however close it stands."""
    if row.part_at(0) is None or len(row.parts) < max(2, 0.8 * widest):
        return False
    openings = sum(1 for p in row.parts if not p.words[0].text[0].islower())
    return openings >= 0.8 * len(row.parts)
