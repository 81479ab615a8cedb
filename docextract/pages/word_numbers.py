"""Numbers and bullets of Word's lists, counted as Word counts them, and heading levels of styles.

Formats: ECMA-376 part 1, 17.9 (numbering) and 17.18.59 (number formats).
"""

from __future__ import annotations

import re
from typing import Any

from docextract.pages.word_names import child, value

_BULLET = "•"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


class Styles:
    """Paragraph styles: what they are based on, heading level, numbering."""

    def __init__(self, root: Any | None) -> None:
        self._styles: dict[str, Any] = {}
        self._default = ""
        if root is None:
            return
        for style in root:
            identity = value(style, "styleId")
            if identity:
                self._styles[identity] = style
                if value(style, "type") == "paragraph" and value(style, "default") in {"1", "true", "on"}:
                    self._default = identity

    def chain(self, identity: str | None) -> list[Any]:
        """The style and what it is based on, nearest first."""
        found: list[Any] = []
        name = identity or self._default
        while name in self._styles and len(found) < 20:
            style = self._styles[name]
            found.append(style)
            based = child(style, "basedOn")
            name = value(based, "val") if based is not None else ""
        return found

    def heading_level(self, paragraph_properties: Any | None) -> int:
        """1 to 9, or 0 for body text: the paragraph's own outline level, else its style's name or level."""
        own = _outline(paragraph_properties)
        if own is not None:
            return own
        style = child(paragraph_properties, "pStyle")
        for entry in self.chain(value(style, "val") if style is not None else None):
            name_element = child(entry, "name")
            name = value(name_element, "val").casefold() if name_element is not None else ""
            if name in {"title", "subtitle"}:
                return 1 if name == "title" else 2
            match = re.fullmatch(r"heading ([1-9])", name)
            if match:
                return int(match[1])
            level = _outline(child(entry, "pPr"))
            if level is not None:
                return level
        return 0

    def numbering(self, paragraph_properties: Any | None) -> tuple[str, int] | None:
        """(numId, level from 0) of a list item, by itself or by its style; None for no list."""
        own = child(paragraph_properties, "numPr")
        style = child(paragraph_properties, "pStyle")
        entries = self.chain(value(style, "val") if style is not None else None)
        sources = [own, *(child(child(entry, "pPr"), "numPr") for entry in entries)]
        number = level = None
        for source in sources:
            if source is None:
                continue
            identity, depth = child(source, "numId"), child(source, "ilvl")
            if number is None and identity is not None:
                number = value(identity, "val")
            if level is None and depth is not None:
                level = value(depth, "val")
        if not number or number == "0":
            return None
        return number, int(level) if level and level.isdigit() else 0


class Numbers:
    """Counts list items; one instance a document, asked for each item in document order."""

    def __init__(self, root: Any | None) -> None:
        self._levels: dict[str, dict[int, Any]] = {}
        self._lists: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if root is None:
            return
        for entry in root:
            name = entry.tag.rpartition("}")[2] if isinstance(entry.tag, str) else ""
            if name == "abstractNum":
                levels = {int(value(lvl, "ilvl") or 0): lvl for lvl in entry if str(lvl.tag).endswith("}lvl")}
                self._levels[value(entry, "abstractNumId")] = levels
            elif name == "num":
                self._read_list(entry)

    def _read_list(self, entry: Any) -> None:
        identity = value(entry, "numId")
        abstract = child(entry, "abstractNumId")
        self._lists[identity] = value(abstract, "val") if abstract is not None else ""
        for override in entry:
            start = child(override, "startOverride")
            if start is not None and value(start, "val").lstrip("-").isdigit():
                self._starts[(identity, int(value(override, "ilvl") or 0))] = int(value(start, "val"))

    def marker(self, identity: str, level: int) -> str:
        """What Word prints before the next item of this list: "3.", "b)", "•", or nothing."""
        abstract = self._lists.get(identity)
        levels = self._levels.get(abstract or "", {})
        if abstract is None or level not in levels:
            return _BULLET
        # Lists of one abstract definition count on together, unless one has a start of its own.
        key = identity if any(own == identity for own, _ in self._starts) else f"#{abstract}"
        counts = self._counts.setdefault(key, {})
        start = self._starts.get((identity, level), self._start(levels[level]))
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [depth for depth in counts if depth > level]:
            del counts[deeper]
        if _format(levels[level]) == "bullet":
            return _BULLET
        if _format(levels[level]) == "none":
            return ""
        text_element = child(levels[level], "lvlText")
        template = value(text_element, "val") if text_element is not None else f"%{level + 1}."

        def number(match: re.Match[str]) -> str:
            depth = int(match[1]) - 1
            if depth not in levels:
                return ""
            count = counts.get(depth, self._start(levels[depth]))
            style = "decimal" if child(levels[level], "isLgl") is not None else _format(levels[depth])
            return printed(count, style)

        return re.sub(r"%([1-9])", number, template).strip()

    @staticmethod
    def _start(level: Any) -> int:
        start = child(level, "start")
        text = value(start, "val") if start is not None else "1"
        return int(text) if text.lstrip("-").isdigit() else 1


def printed(count: int, style: str) -> str:
    """A count in Word's number format; decimal for the formats that are not known."""
    if style in {"lowerLetter", "upperLetter"} and count > 0:
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter if style == "lowerLetter" else letter.upper()
    if style in {"lowerRoman", "upperRoman"} and 0 < count < 4000:
        text = ""
        for size, sign in _ROMAN:
            text += sign * (count // size)
            count %= size
        return text if style == "lowerRoman" else text.upper()
    if style == "decimalZero":
        return f"{count:02d}"
    return str(count)


def _format(level: Any) -> str:
    element = child(level, "numFmt")
    return value(element, "val") if element is not None else "decimal"


def _outline(properties: Any | None) -> int | None:
    element = child(properties, "outlineLvl")
    text = value(element, "val") if element is not None else ""
    if not text.isdigit():
        return None
    return int(text) + 1 if int(text) < 9 else 0
