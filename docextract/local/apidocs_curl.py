"""Operations of curl examples, for pages that show nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from docextract.local.apidocs_bars import HOST, METHODS, Bar
from docextract.local.apidocs_rows import Row
from docextract.local.sections_answer import Cited
from docextract.local.sections_lines import Line
from docextract.local.sections_trace import Traced, join
from docextract.types import Json

_URL = re.compile(r"https?://[^\s'\"\\\\]+")
_VERB = re.compile(r"(?:-X|--request)[\s=]*['\"]?([A-Za-z]+)")
_DATA = re.compile(r"\s(?:-d|--data(?:-raw|-binary|-urlencode)?|--json)\b")
_HEADER = re.compile(r"(?:-H|--header)[\s=]*['\"“”](?P<name>[A-Za-z][\w-]*)\s?:")
_QUERY = re.compile(r"[?&](?P<name>[A-Za-z_][\w.\-\[\]]*)=")
_NOT_PARAMETERS = frozenset({"accept", "content-type", "authorization"})
"""Headers that OpenAPI describes elsewhere than among parameters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A call shown as a curl command: what it calls, and the parameters that it sends."""

    bar: Bar
    parameters: list[dict[str, Json]]


def curls(lines: Sequence[Line]) -> list[Example]:
    """The method given, else POST where data is sent, else GET; headers and query parameters of the call."""
    found: list[Example] = []
    for index, line in enumerate(lines):
        if not re.search(r"\bcurl\b", line.text):
            continue
        group = [line]
        for later in lines[index + 1 : index + 12]:
            if not (group[-1].text.rstrip().endswith("\\") or re.match(r"^(?:-{1,2}[A-Za-z])", later.text)):
                break
            group.append(later)
        example = _example(line, join([item.traced for item in group]))
        if example is not None:
            found.append(example)
    return found


def _example(line: Line, whole: Traced) -> Example | None:
    start = re.search(r"\bcurl\b", whole.text)
    url = _URL.search(whole.text)
    host = HOST.match(url.group()) if url else None
    if start is None or url is None or host is None:
        return None
    verb = _VERB.search(whole.text)
    data = _DATA.search(whole.text)
    # OCR reads "PoST".
    method = whole.cut(verb.start(1), verb.end(1)) if verb and verb[1].upper() in METHODS else None
    if method is None:
        method = whole.cut(data.start(), data.end()) if data else whole.cut(start.start(), start.end())
    path = whole.cut(url.start(), url.end())
    bar = Bar(line, method, path, Traced("", ()), whole=True, segment=line.first)
    names = [("header", each) for each in _HEADER.finditer(whole.text)]
    names += [("query", each) for each in _QUERY.finditer(whole.text, url.start(), url.end())]
    parameters = []
    for place, each in names:
        name = whole.cut(each.start("name"), each.end("name"))
        if name.text.lower() not in _NOT_PARAMETERS:
            sent = Cited(value=place, source=name, status="inferred")
            parameters.append(Row(name=name).tree() | {"in": sent})
    return Example(bar=bar, parameters=parameters)
