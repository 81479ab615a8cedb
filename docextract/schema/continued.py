"""Tables that go on over a page break become one: a repeated header dropped, a row that the break cut in two mended."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from docextract.schema.overlap import Tagged

Glue = Callable[[Any, Any], Any]
Fresh = Callable[[list[Any], list[Any]], list[Any]]

_CONTINUED = re.compile(
    r"\b(?:continued|cont['’]?d|contd|fortsetzung|suite|continuación|continua|vervolg)\b", re.IGNORECASE
)


def join_continued(items: Sequence[Any], rule: Mapping[str, str], glue: Glue, fresh: Fresh) -> list[Any]:
    """The items, each that goes on from the one before on the next page joined to it.

    `rule` names the item's fields: `continued` its body rows, `header` its header rows, `pages` its
    pages. `glue` makes one leaf of two; `fresh` gives of a list of rows those that do not stand where
    rows of an earlier list do (two windows may both see the page of the break).
    """
    out: list[Any] = []
    for item in items:
        joined = None
        if out and isinstance(item, dict) and isinstance(out[-1], dict) and _may_go_on(out[-1], item, rule):
            joined = _joined(out[-1], item, rule, (glue, fresh))
        if joined is not None:
            out[-1] = joined
        else:
            out.append(item)
    return out


def _may_go_on(first: dict[str, Any], second: dict[str, Any], rule: Mapping[str, str]) -> bool:
    """On the page right after (or the same, see `_joined`), as wide, with the same header or none, no title of its own.

    What holds for the parts of a table that the embedded engine joins within a window.
    """
    before, after = _numbers(first.get(rule["pages"])), _numbers(second.get(rule["pages"]))
    if not before or not after or after[0] not in (before[-1], before[-1] + 1):
        return False
    if _width(first, rule) != _width(second, rule) or not _width(first, rule):
        return False
    title, other = _text(first.get("title")), _text(second.get("title"))
    if other and other != title and not _CONTINUED.search(other):
        return False
    header, repeated = _texts(first.get(rule["header"])), _texts(second.get(rule["header"]))
    return not repeated or repeated == header or (not header and bool(_CONTINUED.search(other)))


def _joined(
    first: dict[str, Any], second: dict[str, Any], rule: Mapping[str, str], how: tuple[Glue, Fresh]
) -> dict[str, Any] | None:
    """Both as one; None for two tables of one page that share no row."""
    glue, fresh = how
    rows, more = list(first.get(rule["continued"]) or ()), list(second.get(rule["continued"]) or ())
    before, after = _numbers(first.get(rule["pages"])), _numbers(second.get(rule["pages"]))
    new = fresh(rows, more)
    if after[0] == before[-1] and len(new) == len(more):
        return None
    more = new
    header = first.get(rule["header"]) or []
    # A model may give the repeated header as the first body rows.
    if header and _texts(more[: len(header)]) == _texts(header):
        more = more[len(header) :]
    if rows and more and (mended := _mended(rows[-1], more[0], glue)) is not None:
        rows[-1] = mended
        more = more[1:]
    out = dict(first)
    out[rule["continued"]] = [*rows, *more]
    pages = second.get(rule["pages"]) or ()
    out[rule["pages"]] = [*(first.get(rule["pages"]) or ()), *(page for page in pages if _value(page) not in before)]
    for name, value in second.items():
        if name not in (rule["continued"], rule["pages"], rule["header"]):
            out[name] = _with(out.get(name), value, name)
    return out


def _with(kept: Any, value: Any, name: str) -> Any:
    """Column names and titles are those of the first part; other lists (notes) grow by what is new."""
    if not kept or name == "columns" or not isinstance(kept, list) or not isinstance(value, list):
        return kept or value
    known = {_text(each) for each in kept}
    return [*kept, *(each for each in value if _text(each) not in known)]


def _mended(upper: Any, lower: Any, glue: Glue) -> Any:
    """One row of two halves, else None: the lower only goes on with text of the upper.

    It has no first cell, or nothing but one that goes on in small letters.
    """
    if not isinstance(upper, list) or not isinstance(lower, list) or len(upper) != len(lower):
        return None
    if not _text(upper[0]) or (_text(lower[0]) and not _is_small(lower)):
        return None
    pairs = [(above, below) for above, below in zip(upper, lower, strict=True) if _text(below)]
    if not pairs or any(not _breaks_off(_text(above)) or _is_value(_text(below)) for above, below in pairs):
        return None
    return [glue(above, below) if _text(below) else above for above, below in zip(upper, lower, strict=True)]


def _is_small(row: list[Any]) -> bool:
    texts = [str(_value(cell)).strip() for cell in row if _text(cell)]
    return len(texts) == 1 and texts[0][:1].islower()


def _breaks_off(text: str) -> bool:
    return bool(text) and not text.endswith((".", "!", "?")) and not _is_value(text)


def _is_value(text: str) -> bool:
    """Whether a cell is a number or a date, with at most a unit or a month: these are never cut by a page break."""
    letters = sum(character.isalpha() for character in text)
    return any(character.isdigit() for character in text) and letters <= 3


def _width(item: dict[str, Any], rule: Mapping[str, str]) -> int:
    rows = [*(item.get(rule["header"]) or ()), *(item.get(rule["continued"]) or ())]
    return max((len(row) for row in rows if isinstance(row, list)), default=0)


def _numbers(pages: Any) -> list[int]:
    found = [_value(each) for each in pages] if isinstance(pages, list) else []
    return [number for number in found if isinstance(number, int)]


def _texts(rows: Any) -> list[str]:
    cells = [cell for row in rows or () if isinstance(row, list) for cell in row]
    return [text for cell in cells if (text := "".join(_text(cell).split()))]


def _text(leaf: Any) -> str:
    value = _value(leaf)
    return "" if value is None else " ".join(str(value).casefold().split())


def _value(leaf: Tagged | Any) -> Any:
    return getattr(leaf, "value", leaf)
