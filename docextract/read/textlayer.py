"""Words with boxes from the text layer of a PDF page.

A word ends where the file has a space, or where the gap to the next character is wider than
`WORD_GAP` of the font size (the figure poppler uses), or where the next character stands on another
line. Spaces that pdfium guesses are not taken: its guess is made for copying text, not for columns.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from math import floor
from typing import NamedTuple

from docextract.read.glyphs import Glyph, Glyphs, Style
from docextract.read.rtl import beside, is_rtl, read_order
from docextract.types import Word

WORD_GAP = 0.1
"""Gap that ends a word, in font sizes, between loose boxes."""

_ACCENTS = {"´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303", "¸": "\u0327", "˚": "\u030a"}
_BULLETS = frozenset("\uf0b7\uf0a7\uf076\uf0d8\uf0fc\uf0a8\uf06e\uf0e0")  # bullets of Symbol and Wingdings
_PRIVATE = "".join(map(chr, range(0xE000, 0xF900)))
_UNITS = frozenset({"m", "mm", "cm", "dm", "km", "ft", "in", "yd", "mi"})  # what is squared or cubed in print
_LIGATED = frozenset("fijlst")
_LEADER_STEP = 1.6  # font sizes from dot to dot of a leader at most
_LEADERS = re.compile(r"[._·•…‥]{4,}|(?:…{2,})|_{3,}")


class Mark(NamedTuple):
    """A word and how it is painted (see `Style.paint`)."""

    word: Word
    paint: str
    turn: int | None


def assemble(glyphs: Glyphs) -> list[Mark]:
    """Words of a page in the order of its content stream, dot leaders and fill-in lines left out."""
    marks: list[Mark] = []
    run: list[Glyph] = []
    last: Glyph | None = None
    style: Style | None = None
    runs_right, reach, overlap = False, 0.0, 0.0
    level = True  # whether all of the run is of one style on one line, which nearly every run is
    for glyph in glyphs:
        if glyph is None:
            if run:
                _close(run, glyphs, marks, level=level and runs_right)
                run, level = [], True
            last = None
            continue
        _, _, x0, y0, x1, y1, own = glyph
        if own is not style:
            style, runs_right, reach, overlap = own, own.turn == 0, WORD_GAP * own.size + 0.01, -0.7 * own.size
        elif last is not None and runs_right and y0 == last[3] and y1 == last[5]:
            # Nearly every letter: the one before it is of the same piece of text, on the same line, right beside it.
            gap = x0 - last[4]
            if overlap <= gap <= reach and last[2] - x1 <= gap:
                run.append(glyph)
                last = glyph
                continue
        if run and not _continues(run, glyph):
            _close(run, glyphs, marks, level=level and run[0][6].turn == 0)
            run = []
        level = not run
        run.append(glyph)
        last = glyph
    if run:
        _close(run, glyphs, marks, level=level and runs_right)
    return _join_spaced(_drop_leaders(marks))


def _along(glyph: Glyph) -> tuple[float, float, float, float]:
    """The box turned so that the text runs right: start, end, top, bottom."""
    _, _, x0, y0, x1, y1, style = glyph
    turn = style.turn
    if turn == 0 or turn is None:
        return x0, x1, y0, y1
    if turn == 1:
        return y0, y1, -x1, -x0
    if turn == 2:
        return -x1, -x0, -y1, -y0
    return -y1, -y0, x0, x1


def _continues(run: list[Glyph], glyph: Glyph) -> bool:
    last = run[-1]
    before, style = last.style, glyph.style
    if last[2:6] == glyph[2:6]:  # pdfium spells a ligature out: several letters in one box
        return True
    if before is not style and (before.turn != style.turn or before.paint != style.paint):
        return False
    size = max(before.size, style.size)
    if style.turn is None:
        reach = 1.2 * size
        return abs(glyph.x0 - last.x0) < reach and abs(glyph.y0 - last.y0) < reach
    if last.text in _ACCENTS and abs(last.x0 + last.x1 - glyph.x0 - glyph.x1) < size:
        return True  # the accent lies over its letter
    start, end, top, bottom = _along(last)
    next_start, next_end, next_top, next_bottom = _along(glyph)
    if (start, end) == (next_start, next_end) and {last.text, glyph.text} <= _LIGATED:
        return True  # spelled out on a page that is turned, where pdfium halves the box across the line
    gap = next_start - end
    if style.turn == 0 and is_rtl(last.text) and is_rtl(glyph.text):
        # Letters that do not join stand further apart than Latin ones, and some wholly below others.
        return beside(run, glyph) < 2 * WORD_GAP * size and abs(top + bottom - next_top - next_bottom) < size
    if start - next_end > gap:  # right to left: only where letters are written so
        if not (is_rtl(last.text) or is_rtl(glyph.text)):
            return False
        gap = start - next_end
    elif gap < -0.7 * size:  # set over the letter before: another piece of text
        return False
    if gap > WORD_GAP * min(before.size, style.size) + 0.01:
        return False
    if before is style or abs(before.size - style.size) < 0.1 * size:
        overlap = min(bottom, next_bottom) - max(top, next_top)
        return overlap > 0.6 * min(bottom - top, next_bottom - next_top)
    return _continues_script(run, glyph, (bottom, next_bottom))


def _continues_script(run: list[Glyph], glyph: Glyph, bottoms: tuple[float, float]) -> bool:
    """Whether a letter of another size belongs to the word: small capitals, m², CO₂, 3rd; not a note's number."""
    last = run[-1]
    small, large = sorted((last.style.size, glyph.style.size))
    base_line = bottoms[0] - 0.22 * last.style.size  # a usual descent
    next_base_line = bottoms[1] - 0.22 * glyph.style.size
    if abs(base_line - next_base_line) < 0.12 * large:
        return True
    if abs(base_line - next_base_line) > 0.8 * large or small < 0.3 * large:
        return False
    if glyph.style.size > last.style.size:  # back from a raised piece: only where the word began large
        return run[0].style.size >= glyph.style.size * 0.9
    if glyph.text.isalpha():
        return last.text.isdigit()
    if not glyph.text.isdigit() or not last.text.isalpha():
        return False
    if next_base_line > base_line:  # lowered: a formula
        return len(run) <= 2
    return glyph.text in "23" and "".join(part.text for part in run) in _UNITS


def _compose(text: str) -> str:
    """Accents that TeX sets as signs of their own, before their letter or after it, joined with it."""
    for sign, mark in _ACCENTS.items():
        for match in reversed(list(re.finditer(re.escape(sign) + "([^\\W\\d_])", text))):
            both = unicodedata.normalize("NFC", match[1] + mark)
            if len(both) == 1:
                text = text[: match.start()] + both + text[match.end() :]
    return text


def _symbols(text: str) -> str:
    """Private-use characters: symbol fonts put theirs at U+F000 up; a lone icon says nothing and goes."""
    if len(text) == 1:
        return "•" if text in _BULLETS else ""
    inner = text.strip(_PRIVATE)
    if inner and max(inner) < "\ue000":
        return inner  # icons set before or after a word
    return "".join(chr(ord(sign) - 0xF000) if "\uf020" <= sign <= "\uf07e" else sign for sign in text)


def _close(run: list[Glyph], glyphs: Glyphs, marks: list[Mark], *, level: bool) -> None:
    """The word of a run. `level`: all of it runs right, in one style, between the same upper and lower edge."""
    text = "".join([glyph[0] for glyph in run])
    if not text.isascii():
        if max(text) >= "\u0590" and run[0][6].turn == 0:
            run = read_order(run)
            level = level and not is_rtl(run[0][0])
            text = "".join([glyph[0] for glyph in run])
        text = _composed(text, glyphs)
        if not text:
            return
    # Three dots or strokes at least, before the search that costs as much as all the rest.
    if (text.count(".") + text.count("_") > 2 or not text.isascii()) and len(text) == len(run):
        leader = _LEADERS.search(text)
        if leader:
            for part in (run[: leader.start()], run[leader.end() :]):
                if part:
                    _close(part, glyphs, marks, level=level)
            return
    style = run[0][6]
    if level:
        _, first, x0, y0, _, y1, _ = run[0]
        _, final, _, _, x1, _, _ = run[-1]
        ends = glyphs.ends(first, final) if 0.5 * style.size < y1 - y0 < 2.2 * style.size else None
        if ends is None:
            x0, y0, x1, y1 = _tighten((x0, y0, x1, y1), run, glyphs)
        else:
            x0, x1 = ends
        # As round(x, 2), which takes five times as long and is half of what a word costs.
        corners = (
            floor(x0 * 100 + 0.5) / 100,
            floor(y0 * 100 + 0.5) / 100,
            floor(x1 * 100 + 0.5) / 100,
            floor(y1 * 100 + 0.5) / 100,
        )
        word = Word(text, *corners, floor(style.size * 100 + 0.5) / 100, style.bold)
        marks.append(Mark(word, style.paint, 0))
        return
    _, _, lefts, tops, rights, bottoms, styles = zip(*run, strict=True)
    first = styles[0]
    style = first
    if styles[-1] is not first or styles[len(run) // 2] is not first:
        style = max((first, styles[len(run) // 2], styles[-1]), key=lambda s: s.size)
    x0, y0, x1, y1 = _tighten((min(lefts), min(tops), max(rights), max(bottoms)), run, glyphs)
    corners = (round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2))
    word = Word(text, *corners, round(style.size, 2), style.bold, turn=style.turn or 0)
    marks.append(Mark(word, first.paint, first.turn))


def _composed(text: str, glyphs: Glyphs) -> str:
    """Letters beyond ASCII put right; empty where nothing is left that means anything."""
    if "\ufffd" in text:
        glyphs.unsound += text.count("\ufffd") if len(text) > 1 else 0  # one alone is an icon or a bullet
        if not text.strip("\ufffd"):
            return ""
    if "\ue000" <= max(text) <= "\uf8ff":
        text = _symbols(text)
        if not text:
            return ""
    if not text.isascii() and not _ACCENTS.keys().isdisjoint(text):
        text = _compose(text)
    if "\u00ad" in text:
        text = text[:-1].replace("\u00ad", "") + text[-1].replace("\u00ad", "-")
    return text


def _tighten(
    box: tuple[float, float, float, float], run: list[Glyph], glyphs: Glyphs
) -> tuple[float, float, float, float]:
    """Ends along the text from the ink of the outer letters; across it the loose box, unless the font lies about it."""
    x0, y0, x1, y1 = box
    style = run[0].style
    start = glyphs.tight(run[0].place)
    end = glyphs.tight(run[-1].place) if run[-1].place != run[0].place else start
    start, end = start or end, end or start
    if start is None or end is None:
        return box
    upright = style.turn is None or style.turn % 2 == 0
    across = (y1 - y0) if upright else (x1 - x0)
    if style.turn is not None and style.size > 0 and not 0.5 * style.size < across < 2.2 * style.size:
        inks = [ink for glyph in run if (ink := glyphs.tight(glyph.place)) is not None]
        return (
            min(ink[0] for ink in inks),
            min(ink[1] for ink in inks),
            max(ink[2] for ink in inks),
            max(ink[3] for ink in inks),
        )
    if upright:
        low, high = min(start[0], end[0]), max(start[2], end[2])
        return (low, y0, high, y1) if high > low else box
    low, high = min(start[1], end[1]), max(start[3], end[3])
    return (x0, low, x1, high) if high > low else box


def _drop_leaders(marks: list[Mark]) -> list[Mark]:
    """Leave out leaders set as single dots with spaces between: three or more after one another on a line.

    Far apart they are cells of a table, which say that nothing is known.
    """
    kept: list[Mark] = []
    dots: list[Mark] = []
    for mark in marks:
        if mark.word.text in {".", "_", "·", "…", ".."}:
            if dots and mark.word.x0 - dots[-1].word.x1 > _LEADER_STEP * mark.word.size:
                kept.extend(dots if len(dots) < 3 else ())
                dots = []
            dots.append(mark)
            continue
        if len(dots) < 3:
            kept.extend(dots)
        dots = []
        kept.append(mark)
    if len(dots) < 3:
        kept.extend(dots)
    return kept


def _join_spaced(marks: list[Mark]) -> list[Mark]:
    """Join "I N V O I C E": at least five single signs, letters most of them, at even, narrow steps on a line."""
    joined: list[Mark] = []
    run: list[Mark] = []
    for mark in marks:
        if run and not _steps_on(run[-1].word, mark):
            joined.extend(_joined_run(run))
            run = []
        text = mark.word.text
        if len(text) == 1 and mark.turn == 0 and "!" < text < "\u0590" and (run or text.isalpha()):
            run.append(mark)
        else:
            joined.extend(_joined_run(run))
            run = []
            joined.append(mark)
    joined.extend(_joined_run(run))
    return joined


def _steps_on(last: Word, mark: Mark) -> bool:
    word = mark.word
    same_line = abs(last.y0 - word.y0) < 0.1 * max(last.size, 1.0) and abs(last.size - word.size) < 0.5
    return same_line and 0 < word.x0 - last.x1 < 1.6 * last.size


def _joined_run(run: list[Mark]) -> Iterable[Mark]:
    if len(run) < 5:
        return run
    gaps = [b.word.x0 - a.word.x1 for a, b in pairwise(run)]
    usual = sorted(gaps)[len(gaps) // 2]
    letters = sum(mark.word.text.isalpha() for mark in run)
    if usual > 0.8 * run[0].word.size or letters < 0.6 * len(run):
        return run
    pieces: list[Mark] = []
    start = 0
    for index, gap in enumerate([*gaps, float("inf")]):
        if gap <= 1.8 * usual:
            continue
        part = [mark.word for mark in run[start : index + 1]]
        first, last = part[0], part[-1]
        y0, y1 = min(word.y0 for word in part), max(word.y1 for word in part)
        text = "".join(word.text for word in part)
        pieces.append(Mark(Word(text, first.x0, y0, last.x1, y1, first.size, first.bold), run[start].paint, 0))
        start = index + 1
    return pieces
