"""The lines of a section as pieces: header lines, highlights and paragraphs, wrapped lines joined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from statistics import median
from typing import Literal

from docextract.local.resume_dates import find, is_dates
from docextract.local.resume_periods import rejoined
from docextract.local.resume_words import DEGREE, company_score, is_school, place_score, role_score
from docextract.local.sections_lines import Line
from docextract.local.sections_trace import Traced, join_wrapped

PieceKind = Literal["head", "item", "prose", "label"]
_BULLET = re.compile(r"^(?:[•●◦▪■□‣∙·○➢➤►▸❖✓*–—-]|\uf0b7|o(?=[\t ]+[A-Z]))[\t ]*(?=\S)")
_LABEL = re.compile(
    r"^(?:key |main |major |selected )?(?:highlights|responsibilities|achievements|accomplishments|duties|tasks|"
    r"courses|coursework|technologies|tech stack|aufgaben|t[âa]ches|logros|funciones|missions|activities)\s*:?$",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"^(?:\d+\s*(?:years?|yrs?|months?|mos?|jahre?|monate?|ans?|mois|a[ñn]os?|mes(?:es)?)\s*)+$",
    re.IGNORECASE,
)
_STORY = 4  # words at least
_OPEN_END = re.compile(
    r"(?:[,&\u2013\u2014-]|\b(?:a|an|the|of|to|and|or|in|for|with|by|on|at|from|as|und|der|die|de|la|et|y))$"
)
URL = re.compile(r"^(?:https?://|www\.)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One header line, one highlight, one paragraph or one label, with the lines it was read from."""

    kind: PieceKind
    lines: tuple[Line, ...]
    traced: Traced

    @property
    def dated(self) -> bool:
        """Whether a header line carries a date."""
        return self.kind == "head" and find(self.traced.text) is not None


def fits(above: Line, below: Line) -> bool:
    """Whether the first word of a line had room on the line above: then the break between them was meant."""
    word = below.first.tokens[0].word
    return above.x1 + 0.25 * above.size + (word.x1 - word.x0) < above.right - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """How a section is set: left edge of headers, right edge, bullets printed as glyphs or not, and its rhythm.

    `rhythm` is the gap in points that parts a wrapped line from a new item, where the page makes a difference;
    `leading` is the smallest usual gap between lines; `bold` whether entries begin with bold lines.
    """

    base: float
    edge: float
    glyphs: bool
    rhythm: float | None
    leading: float
    bold: bool = False


def pieces(lines: Sequence[Line]) -> list[Piece]:
    """Lines as header lines, highlights, paragraphs and labels."""
    if not lines:
        return []
    edge = max(line.right for line in lines)
    lines = margins(unmargin(stack(rejoined(lines))))
    glyphs = any(_BULLET.match(line.text) for line in lines)
    base = _base(lines)
    shape = _Shape(
        base=base,
        edge=edge,
        glyphs=glyphs,
        rhythm=_rhythm(lines, base),
        leading=_leading(lines),
        bold=_opens_bold(lines),
    )
    made: list[Piece] = []
    group: list[Line] = []
    kind: PieceKind | None = None
    for index, line in enumerate(lines):
        this = _kind(line, shape, kind)
        following = lines[index + 1] if index + 1 < len(lines) else None
        this = "prose" if this == "head" and shape.bold and _told_plainly(line, made, group) else this
        over = following is not None and is_dates(following.text)
        if this == "prose" and over and (kind in {None, "head"} or _is_title(line, lines)):
            this = "head"
        if group and kind is not None and _continues(group, line, (kind, this), shape):
            group.append(line)
            continue
        if group and kind is not None:
            made.append(_piece(kind, group))
        group, kind = [line], this
    if kind is not None:
        made.append(_piece(kind, group))
    return [_judged(piece) for piece in made]


def _is_title(line: Line, lines: Sequence[Line]) -> bool:
    """Whether a line above a period opens an entry: in a section that does not begin with a period."""
    return not is_dates(lines[0].text) and not re.search(r"[.!?]$", line.text) and _names(line.text)


def _told_plainly(line: Line, made: Sequence[Piece], group: Sequence[Line]) -> bool:
    """Whether a plain line of some words follows two bold lines and a date: the story begins, without a bullet."""
    text = line.text
    if line.bold or find(text) or len(text.split()) < _STORY or "\t" in text or _names(text):
        return False
    heads = takewhile(lambda piece: piece.kind == "head", reversed(made))
    above = [one for piece in heads for one in piece.lines] + list(group)
    return sum(one.bold for one in above) >= 2 and any(find(one.text) for one in above)


def _names(text: str) -> bool:
    """Whether a line has a word for a role, a company, a place or a degree: it may begin an entry."""
    return bool(role_score(text) or company_score(text) or place_score(text) or is_school(text) or DEGREE.match(text))


def _judged(piece: Piece) -> Piece:
    """A header that turns out, wrapped lines joined, to be a sentence is prose."""
    text = piece.traced.text
    sentence = re.search(r"[a-z\d%)]{2}[.!?]$", text) and len(text.split()) >= 6
    if piece.kind == "head" and "\t" not in text and not piece.lines[-1].bold and sentence:
        return replace(piece, kind="prose")
    return piece


def stack(lines: Sequence[Line]) -> list[Line]:
    """Lines with a year over a year, or a month over a year, made one: a narrow date column."""
    made: list[Line] = []
    for line in lines:
        above = made[-1].text if made else ""
        month = re.fullmatch(r"[^\W\d_]{3,10}", above) and re.fullmatch(r"(?:19|20)\d\d", line.text)
        years = re.fullmatch(r"(?:19|20)\d\d", above) and re.fullmatch(r"(?:19|20)\d\d", line.text)
        if made and (years or (month and find(f"{above} {line.text}") and find(above) is None)):
            made[-1] = Line((*made[-1].segments, *line.segments), line.page, made[-1].gap, line.right)
        else:
            made.append(line)
    return made


def margins(lines: Sequence[Line]) -> list[Line]:
    """Lines with `right` as far as the lines with the same left edge (about) reach."""
    made = []
    for line in lines:
        level = [other.x1 for other in lines if abs(other.x0 - line.x0) < 1.2 * line.size]
        made.append(replace(line, right=max(level)))
    return made


def _opens_bold(lines: Sequence[Line]) -> bool:
    """Whether a section's first line that is no date is bold, and some but not most of the lines after it are, too."""
    first = next((line for line in lines if not is_dates(line.text)), None)
    told = [line for line in lines if not is_dates(line.text)]
    return first is not None and first.bold and 1 <= sum(line.bold for line in told) <= 0.67 * len(told)


def _rhythm(lines: Sequence[Line], base: float) -> float | None:
    """The gap in points that parts a wrapped line from a new item, where the page makes a difference."""
    new: list[float] = []
    wrapped: list[float] = []
    for above, line in pairwise(lines):
        if line.gap is None or line.bold or line.x0 <= base + 0.35 * line.size or abs(line.x0 - above.x0) > 2:
            continue
        if line.text[:1].islower():
            wrapped.append(line.gap)
        elif fits(above, line):
            new.append(line.gap)
    if not new or not wrapped or median(new) - median(wrapped) < 0.12 * lines[0].size:
        return None
    return (median(new) + median(wrapped)) / 2


def _leading(lines: Sequence[Line]) -> float:
    """The gap between the lines of one text: a low one among all, since text wraps less often than it does not."""
    gaps = sorted(line.gap for line in lines if line.gap is not None)
    return max(0.0, gaps[len(gaps) // 8]) if gaps else 0.0


def unmargin(lines: Sequence[Line]) -> list[Line]:
    """Lines with dates and durations printed beside bullets moved to the header line above them."""
    made: list[Line] = []
    header: int | None = None
    edge = max((line.x1 for line in lines), default=0.0)
    for line in lines:
        last = line.segments[-1]
        text = line.segments[0].traced.text
        bullet = bool(_BULLET.match(text))
        beside = len(line.segments) > 1 and abs(last.x1 - edge) < 4
        noted = beside and (is_dates(last.traced.text) or _DURATION.match(last.traced.text))
        inner = bullet or (header is not None and line.x0 > made[header].x0 + 0.35 * line.size)
        if noted and inner and header is not None:
            above = made[header]
            made[header] = Line((*above.segments, last), above.page, above.gap, above.right)
            line = Line(line.segments[:-1], line.page, line.gap, line.right)  # noqa: PLW2901  the line without its note
        if not inner:
            header = len(made)
        made.append(line)
    return made


def _base(lines: Sequence[Line]) -> float:
    """Left edge of headers: of the leftmost text that is not a date and not a bullet."""
    edges = []
    for line in lines:
        if _BULLET.match(line.text):
            continue
        named = [segment for segment in line.segments if not is_dates(segment.traced.text)]
        if named:
            edges.append(named[0].x0)
    return min(edges, default=lines[0].x0)


def _kind(line: Line, shape: _Shape, after: PieceKind | None) -> PieceKind:
    text = line.text
    tags = text.count("\t") >= 2 and not find(text) and not _BULLET.match(text) and after in {"item", "prose"}
    if _LABEL.match(text) or tags:
        return "label"
    if _BULLET.match(text):
        return "item"
    indented = line.x0 > shape.base + 0.35 * line.size
    dated = find(text)
    at_end = dated is not None and (dated.is_range or "\t" in text or is_dates(text))
    if at_end or URL.match(text):
        return "head"
    if indented and not line.bold:
        if shape.glyphs and after == "item":
            return "item"
        if not shape.glyphs and line.x0 < shape.base + 8 * line.size:
            return "item"
    if "\t" in text:
        return "head"
    words = text.split()
    ended = bool(re.search(r"[.!?]\W?$", text)) and not re.search(r"\b[A-Z]\w{0,3}\.$", text)
    full = line.x1 > max(line.right - 0.15 * (line.right - shape.base), (shape.base + shape.edge) / 2)
    sentence = len(words) >= 2 and bool(re.search(r"(?<![^\W\d_])[^\W\d_][a-zß-ÿ]{3,}\.$", text)) and not line.bold
    if sentence and (after != "head" or shape.bold):
        return "prose"
    if (
        shape.bold
        and after in {"item", "prose"}
        and not line.bold
        and not dated
        and len(words) >= 3
        and not (indented or _names(text))
    ):
        return "prose"
    if len(words) >= 10 or (ended and len(words) >= 4) or (full and len(words) >= 7 and not line.bold):
        return "prose"
    return "head"


def _continues(group: Sequence[Line], line: Line, kinds: tuple[PieceKind, PieceKind], shape: _Shape) -> bool:
    """Whether a line goes on with the piece above it, being its wrapped rest. `kinds`: of above, of the line."""
    kind, this = kinds
    above, text = group[-1], line.text
    if "label" in kinds or _BULLET.match(text) or URL.match(text) or URL.match(above.text):
        return False
    if line.gap is not None and line.gap > shape.leading + 0.42 * line.size:
        return False
    if kind == "item":
        if shape.glyphs:
            hangs = line.x0 >= _text_edge(group[0]) - 0.6 * line.size and this == "item" and not line.bold
            return hangs or _flush(group, line)
        return this == "item" and _joins(group, line, shape.rhythm)
    if kind == "prose":
        near = abs(line.x0 - above.x0) < 0.5 * line.size and abs(line.size - above.size) < 0.1 * line.size
        if not near or (find(text) and "\t" in text):
            return False
        # A line that leaves a quarter of its column free was ended on purpose.
        short = above.x1 < shape.edge - 0.25 * (shape.edge - above.x0)
        if short and text[:1].isupper() and not _OPEN_END.search(above.text):
            return False
        return not fits(above, line) and (this == "prose" or text[:1].islower() or not re.search(r"[.!?]$", above.text))
    if this in {"head", "prose"} and "\t" not in text and not find(text):
        return _wraps(above, line, shape, told=this == "prose")
    return False


def _flush(group: Sequence[Line], line: Line) -> bool:
    """Whether a line set right below a bullet's glyph, without a hanging indent, is its wrapped rest."""
    above = group[-1]
    below = abs(line.x0 - group[0].x0) < 0.3 * line.size and not find(line.text) and not line.bold
    goes_on = line.text[:1].islower() or _OPEN_END.search(above.text)
    return below and bool(goes_on) and not fits(above, line)


def _wraps(above: Line, line: Line, shape: _Shape, *, told: bool) -> bool:
    """Whether a header line is the wrapped rest of the one above: same style, and the break was forced."""
    weights = above.first.tokens[-1].word.bold == line.first.tokens[0].word.bold
    same = (weights or line.bold == above.bold) and abs(line.size - above.size) < 0.06 * line.size
    if not same or abs(line.x0 - above.x0) > 0.5 * line.size or line.gap is None or is_dates(above.text):
        return False
    if line.text[:1].islower():
        return not re.search(r"[.:]$", above.text)
    if _OPEN_END.search(above.first.traced.text):
        return not _room(above, line, above.right)
    long = above.first.x1 > above.x0 + 0.6 * (shape.edge - above.x0)
    # Plain names stacked in a narrow column (school, town) look forced too; a title wraps, and text that ends as text.
    return long and (above.bold or told) and not _room(above, line, shape.edge)


def _room(above: Line, line: Line, edge: float) -> bool:
    """Whether the first word of a line had room beside the first segment above it."""
    word = line.first.tokens[0].word
    right = above.segments[1].x0 if len(above.segments) > 1 else edge
    return above.first.x1 + 0.25 * above.size + (word.x1 - word.x0) < right - 0.5 * above.size


def _joins(group: Sequence[Line], line: Line, rhythm: float | None) -> bool:
    """Whether an item without a glyph goes on: by the gap where gaps differ, else by room and capitals."""
    above = group[-1]
    if abs(line.x0 - group[0].x0) > 0.6 * line.size:
        return False
    if line.text[:1].islower() and not re.search(r"[.!?]$", above.text):
        return True
    if fits(above, line):
        return False
    if line.gap is not None and rhythm is not None:
        return line.gap < rhythm
    upper = line.text[:1].isupper() or line.text[:1].isdigit()
    return bool(_OPEN_END.search(above.text)) or not upper


def _text_edge(line: Line) -> float:
    """Where the text of a bulleted line starts, right of its glyph."""
    tokens = line.first.tokens
    if len(tokens) > 1 and len(tokens[0].word.text) == 1:
        return tokens[1].word.x0
    if len(line.segments) > 1 and len(line.first.traced.text) == 1:
        return line.segments[1].x0
    return line.x0


def _piece(kind: PieceKind, group: Sequence[Line]) -> Piece:
    if kind == "head":
        # A wrapped header keeps its right-hand segments (dates) at the end of the joined text.
        first = [line.first.traced for line in group]
        others = [segment.traced for line in group for segment in line.segments[1:]]
        text = join_wrapped(first)
        for other in others:
            text = Traced(text.text + "\t" + other.text, (*text.marks, None, *other.marks))
        return Piece(kind=kind, lines=tuple(group), traced=text)
    parts = [_flat(line.traced) for line in group]
    whole = join_wrapped(parts)
    bullet = _BULLET.match(whole.text)
    return Piece(kind=kind, lines=tuple(group), traced=whole.cut(bullet.end()) if bullet else whole)


def _flat(traced: Traced) -> Traced:
    return Traced(traced.text.replace("\t", " "), traced.marks)
