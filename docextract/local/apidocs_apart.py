"""Methods apart from their paths: in rows of a table (`Method`, `URL`), or before a title above the address."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docextract.local.sections_lines import Line
from docextract.local.sections_trace import Traced

_METHOD_LABEL = re.compile(
    r"(?:http[ -]?)?(?:request )?(?:method|verb|methode|m[ée]thode|m[ée]todo|metodo)\s*:?", re.IGNORECASE
)
_PATH_LABEL = re.compile(
    r"(?:(?:http|request|resource|relative|endpoint) )?(?:url|uri|path|endpoint|route|resource|pfad|chemin|ruta)"
    r"(?: template)?\s*:?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://[\w.:-]+|\{\{?[\w-]+\}?\})?/[^\s]*")
NEAR = 2
"""Lines between a method's row and its path's at most."""


def keyed(line: Line, around: Sequence[Line]) -> tuple[Traced, Traced, Line] | None:
    """Method, path and the path's line of two rows `Method | GET` and `URL | /users`, one near the other."""
    method = _value(line, _METHOD_LABEL)
    if method is None or not re.fullmatch(r"[A-Z]{3,7}", method.text):
        return None
    for other in around:
        path = _value(other, _PATH_LABEL)
        if path is not None and _ADDRESS.fullmatch(path.text) and other.page == line.page:
            return method, path, other
    return None


def titled(tail: Traced, below: Sequence[Line]) -> tuple[Traced, Line] | None:
    """The address alone in the line under `GET List users`, and that line."""
    if not tail.text or "/" in tail.text or len(tail.text.split()) > 8 or not below:
        return None
    under = below[0]
    whole = under.first.traced
    alone = len(under.segments) == 1 and _ADDRESS.fullmatch(whole.text) and len(whole.text) > 1
    return (whole, under) if alone else None


def _value(line: Line, label: re.Pattern[str]) -> Traced | None:
    """What stands beside a label in a line of two cells, or behind its colon."""
    first = line.first.traced
    if len(line.segments) == 2 and label.fullmatch(first.text):
        return line.segments[1].traced
    before, colon, _ = first.text.partition(":")
    if len(line.segments) == 1 and colon and label.fullmatch(before):
        return first.cut(len(before) + 1).strip(" ")
    return None
