"""Text of a Word paragraph as it is printed, and what hangs on it: pictures and text boxes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from docextract.pages.word_names import child, is_on, local, value

# Deleted or moved away, hidden by nature, or no content (comments are remarks about the text).
_DROPPED = frozenset({
    "del", "moveFrom", "instrText", "delText", "delInstrText", "pPr", "rPr", "sdtPr", "sdtEndPr", "commentReference",
    "annotationRef", "rt", "oMathParaPr", "ctrlPr", "fPr", "sSupPr", "sSubPr", "dPr", "radPr", "naryPr", "tblPr",
    "smartTagPr", "customXmlPr", "footnoteRef", "endnoteRef", "separator", "continuationSeparator",
})  # fmt: skip
_PLAIN = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t", "softHyphen": ""}
# Tick boxes and bullets of the symbol fonts, by font and code (their low byte).
_WINGDINGS = {0xFE: "☒", 0xFD: "☒", 0xA8: "☐", 0x6F: "☐", 0xFC: "✓", 0xFB: "✗", 0xE0: "→", 0xDF: "←"}
_WINGDINGS_2 = {0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "☐", 0x50: "✓", 0x4F: "✗"}
_SYMBOL = {0xB7: "•", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xA3: "≤", 0xB4: "×", 0xD7: "·", 0xAE: "→", 0xAC: "←",
           0xB5: "∝", 0xB9: "≠", 0xBB: "≈", 0x6D: "μ", 0x61: "α", 0x62: "β", 0x67: "γ", 0x64: "δ", 0x57: "Ω",
           0x44: "Δ", 0x53: "Σ", 0x70: "π", 0x71: "θ", 0x6C: "λ", 0x73: "σ"}  # fmt: skip


@dataclass(slots=True)
class Piece:
    """Text of a paragraph; `boxes` are w:txbxContent elements, `pictures` relationship ids, both in order."""

    text: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    bold: int = 0
    letters: int = 0

    @property
    def string(self) -> str:
        """All the text."""
        return "".join(self.text)


def read_paragraph(paragraph: Any) -> Piece:
    """What stands in a w:p: insertions kept, deletions and hidden runs dropped, fields by their results."""
    piece = Piece()
    _read(paragraph, piece)
    return piece


def _read(parent: Any, piece: Piece) -> None:
    for element in parent:
        name = local(element)
        if name in _DROPPED or not name:
            continue
        if name in _PLAIN:
            # A page or column break ends no line of its own: the paragraph goes on.
            piece.text.append(" " if name == "br" and value(element, "type") in {"page", "column"} else _PLAIN[name])
        elif name == "t":
            piece.text.append(element.text or "")
        elif name == "r":
            _read_run(element, piece)
        elif name == "sym":
            piece.text.append(_symbol(element))
        elif name == "AlternateContent":
            _read_alternate(element, piece)
        elif name == "txbxContent":
            piece.boxes.append(element)
        elif name == "fldChar":
            piece.text.append(_form_field(element))
        elif name in {"blip", "imagedata"}:
            picture = value(element, "embed") or value(element, "id")
            if picture:
                piece.pictures.append(picture)
        elif name == "sdt":
            _read_control(element, piece)
        elif name in _EQUATIONS:
            _EQUATIONS[name](element, piece)
        else:
            _read(element, piece)


def _read_run(run: Any, piece: Piece) -> None:
    properties = child(run, "rPr")
    if is_on(properties, "vanish") or is_on(properties, "webHidden"):
        return
    before = len(piece.text)
    _read(run, piece)
    letters = sum(len(text.strip()) for text in piece.text[before:])
    piece.letters += letters
    if is_on(properties, "b"):
        piece.bold += letters


def _read_control(control: Any, piece: Piece) -> None:
    """A content control, unless it only shows its own prompt ("Click here to enter text")."""
    content = child(control, "sdtContent")
    if content is not None and not is_on(child(control, "sdtPr"), "showingPlcHdr"):
        _read(content, piece)


def _read_alternate(element: Any, piece: Piece) -> None:
    """One of the two descriptions of the same thing: the modern one, unless nothing in it can be read."""
    for branch in sorted(element, key=lambda inner: local(inner) != "Choice"):
        found = Piece()
        _read(branch, found)
        if found.string.strip() or found.boxes or found.pictures:
            piece.text += found.text
            piece.boxes += found.boxes
            piece.pictures += found.pictures
            return


def _symbol(element: Any) -> str:
    try:
        code = int(value(element, "char"), 16) & 0xFF
    except ValueError:
        return ""
    font = value(element, "font").casefold()
    if font == "wingdings":
        return _WINGDINGS.get(code, "•")
    if font == "wingdings 2":
        return _WINGDINGS_2.get(code, "•")
    if font == "symbol":
        return _SYMBOL.get(code, chr(code) if 0x20 <= code < 0x7F else "")
    return chr(code) if 0x20 <= code < 0x7F else ""


def _form_field(element: Any) -> str:
    """A legacy tick box or drop-down list: its state stands in its data, not in a run."""
    data = child(element, "ffData")
    box, choices = child(data, "checkBox"), child(data, "ddList")
    if box is not None:
        state = "checked" if child(box, "checked") is not None else "default"
        return "☒" if is_on(box, state) else "☐"
    if choices is not None:
        entries = [value(entry, "val") for entry in choices if local(entry) == "listEntry"]
        result = child(choices, "result")
        chosen = value(result, "val") if result is not None else "0"
        place = int(chosen) if chosen.isdigit() else 0
        return entries[place] if place < len(entries) else ""
    return ""


def _part(element: Any, name: str) -> str:
    inner = child(element, name)
    if inner is None:
        return ""
    piece = Piece()
    _read(inner, piece)
    text = piece.string
    return f"({text})" if name in {"num", "den"} and len(text) > 1 and not text.isalnum() else text


def _fraction(element: Any, piece: Piece) -> None:
    piece.text.append(f"{_part(element, 'num')}/{_part(element, 'den')}")


def _raised(element: Any, piece: Piece) -> None:
    piece.text.append(f"{_part(element, 'e')}^{_part(element, 'sup')}")


def _lowered(element: Any, piece: Piece) -> None:
    piece.text.append(f"{_part(element, 'e')}_{_part(element, 'sub')}")


def _root(element: Any, piece: Piece) -> None:
    piece.text.append(f"{_part(element, 'deg')}√({_part(element, 'e')})")


def _delimited(element: Any, piece: Piece) -> None:
    inner = Piece()
    _read(element, inner)
    properties = child(element, "dPr")
    opening, closing = child(properties, "begChr"), child(properties, "endChr")
    piece.text.append(value(opening, "val") if opening is not None else "(")
    piece.text += inner.text
    piece.text.append(value(closing, "val") if closing is not None else ")")


_EQUATIONS = {"f": _fraction, "sSup": _raised, "sSub": _lowered, "rad": _root, "d": _delimited}
"""OMML constructs that say more than their letters in a row (ECMA-376 part 1, 22.1.2)."""
