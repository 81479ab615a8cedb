"""The content of one operation: parameters by place, body, responses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from docextract.local.apidocs_listed import listed
from docextract.local.apidocs_rows import TYPE, Row, beside, stacked
from docextract.local.apidocs_table import table_header, tabled
from docextract.local.sections_answer import Cited
from docextract.local.sections_lines import Line
from docextract.local.sections_trace import Traced, join, join_wrapped
from docextract.types import Json

_PLACED = re.compile(
    r"^(?P<place>path|query|header|cookie|body|form(?:data)?|url|request)[ -](?:string )?param(?:eter)?s?:?$",
    re.IGNORECASE,
)
_HEADERS = re.compile(r"^(?:request )?headers?:?$", re.IGNORECASE)
_PARAMETERS = re.compile(r"^(?:parameters?|arguments|params):?(?:$|\t)", re.IGNORECASE)
_BODY = re.compile(r"^(?P<word>request ?body(?: schema)?|body|payload|request schema):?\s*(?P<rest>.*)$", re.IGNORECASE)
_RESPONSES = re.compile(r"^(?:responses?|returns?|response codes?|status codes?):?(?:$|\t)", re.IGNORECASE)
_RESPONSE_SCHEMA = re.compile(r"^response schema:?\s*(?P<rest>.*)$", re.IGNORECASE)
_STATUS = re.compile(
    r"^(?:(?:v|[^\w\s]{1,2})\s*)?(?P<status>[1-5]\d\d|[1-5]XX|default)(?![\w.])\s*[:–—-]?\s*(?P<rest>.*)$", re.DOTALL
)
_MEDIA = re.compile(r"\b(?:application|text|image|multipart|audio|video)/[\w.+*-]+|\*/\*")
_END = re.compile(
    r"^(?:callbacks?|(?:request|response|callback payload) samples?|schemas?|models?|examples?|content type)$",
    re.IGNORECASE,
)
_CHROME = re.compile(
    r"^(?:media type|controls accept header\.?|example value.*|no links|links|copy|expand all|collapse all|try it out|"
    r"code\t?description.*|code|name\tdescription|no parameters|schema|example|curl|"
    r"request url|server response|cancel)$",
    re.IGNORECASE,
)


@dataclass(slots=True, kw_only=True)
class Content:
    """What was found of an operation."""

    parameters: list[dict[str, Json]] = field(default_factory=list)
    body: dict[str, Json] | None = None
    responses: list[dict[str, Json]] = field(default_factory=list)
    intro: list[Line] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class _Block:
    kind: str
    opener: Line
    place: Traced | None = None
    rest: Traced | None = None
    lines: list[Line] = field(default_factory=list)


def content(lines: Sequence[Line]) -> Content:
    """Parameters, body and responses among the lines of one operation."""
    made = Content()
    for block in _blocks(lines, made):
        if block.kind == "parameters":
            made.parameters.extend(_parameters(block))
        elif block.kind == "body" and made.body is None:
            made.body = _body(block)
        elif block.kind == "responses":
            made.responses.extend(_responses(block.lines))
        elif block.kind == "schema" and made.responses:
            made.responses[-1]["fields"] = [row.tree() for row in beside(block.lines)]
        if block.kind == "schema":
            made.responses.extend(_responses(_after_status(block.lines)))
    return made


def _after_status(lines: Sequence[Line]) -> Sequence[Line]:
    at = next((index for index, line in enumerate(lines) if _status(line)), len(lines))
    return lines[at:]


def _blocks(lines: Sequence[Line], made: Content) -> list[_Block]:
    blocks: list[_Block] = []
    for line in lines:
        if (_END.match(line.first.traced.text) and line.bold) or (
            _END.match(line.text) and blocks and blocks[-1].kind != "body"
        ):
            blocks.append(_Block(kind="end", opener=line))
            continue
        block = _opener(line, blocks)
        if block is not None:
            blocks.append(block)
        elif blocks:
            blocks[-1].lines.append(line)
        else:
            made.intro.append(line)
    return blocks


def _opener(line: Line, blocks: Sequence[_Block]) -> _Block | None:
    text = line.first.traced
    if _in_notes(line, blocks):
        return None
    if found := _RESPONSE_SCHEMA.match(line.text.replace("\t", " ")):
        return _Block(kind="schema", opener=line)
    if found := _PLACED.match(text.text):
        word = found["place"].lower()
        if word in {"body", "form", "formdata", "request"}:
            return _Block(kind="body", opener=line, rest=None)
        return _Block(kind="parameters", opener=line, place=text)
    answered = any(block.kind == "responses" for block in blocks)
    if _HEADERS.match(text.text) and len(line.segments) == 1 and not answered:
        return _Block(kind="parameters", opener=line, place=text)
    if _PARAMETERS.match(line.text) and not table_header(line):
        return _Block(kind="parameters", opener=line)
    if not blocks and (re.match(r"^name\tdescription\b", line.text, re.IGNORECASE) or _places(line)):
        # The word above the table was not read.
        return _Block(kind="parameters", opener=line, lines=[line])
    if _RESPONSES.match(line.text) and len(text.text.split()) <= 2:
        return _Block(kind="responses", opener=line)
    found = _BODY.match(line.text.replace("\t", " "))
    if found and (not found["rest"] or _MEDIA.search(found["rest"]) or found["rest"].lower() == "required"):
        return _Block(kind="body", opener=line, rest=line.traced)
    return None


def _places(line: Line) -> bool:
    """Whether a line is the header of a table that says where each parameter is sent."""
    header = table_header(line)
    return header is not None and "in" in header


def _in_notes(line: Line, blocks: Sequence[_Block]) -> bool:
    """Whether a line stands deep inside a block's rows: a field named "body", a response's own word."""
    if not blocks or blocks[-1].kind not in {"parameters", "schema", "body"}:
        return False
    # A name with its type beside it is a row of its table, whatever it is called.
    return len(line.segments) > 1 and bool(
        re.match(
            r"^(?:string|integer|number|boolean|array|object|any|int|float|file)\b",
            line.segments[1].traced.text,
            re.IGNORECASE,
        )
    )


def _parameters(block: _Block) -> list[dict[str, Json]]:
    rows: list[Row] = []
    rest = list(block.lines)
    header_at = next((index for index, line in enumerate(rest) if table_header(line)), None)
    if header_at is not None and (header := table_header(rest[header_at])) is not None:
        rows = tabled(rest[header_at + 1 :], header)
    elif any(_stack_mark(line) for line in rest):
        edge = next(
            (line.segments[1].x0 for line in rest if re.match(r"^Name\tDescription", line.text, re.IGNORECASE)), None
        )
        clean = [line for line in rest if not _CHROME.match(line.text)]
        rows = stacked(clean, edge)
    else:
        rows = _either([line for line in rest if not _CHROME.match(line.text)])
    return [row.tree(place=block.place) for row in rows]


def _either(lines: Sequence[Line]) -> list[Row]:
    """Rows with their types beside the names or, where more of them have one so, behind or below the names."""
    columns, column = beside(lines), listed(lines)
    # "Number of the boat" is no type.
    kinds = [row.type.text for row in columns if row.type is not None]
    typed = sum(kind.startswith("Array of ") or bool(TYPE.match(kind) and kind[0].islower()) for kind in kinds)
    return column if len(column) > typed or 0 < len(column) == typed < len(columns) else columns


def _stack_mark(line: Line) -> bool:
    return bool(re.fullmatch(r"\(?\s*(?:path|query|header|cookie|body|formData)\s*\)?", line.first.traced.text)) and (
        line.first.traced.text.startswith("(") or line.first.traced.text.endswith(")")
    )


def _body(block: _Block) -> dict[str, Json]:
    everything = [block.opener, *block.lines]
    media = None
    for line in everything:
        if found := _MEDIA.search(line.text):
            media = line.traced.cut(found.start(), found.end())
            break
    header = next((index for index, line in enumerate(block.lines) if table_header(line)), None)
    if header is not None and (columns := table_header(block.lines[header])) is not None:
        rows = tabled(block.lines[header + 1 :], columns)
    else:
        rows = _either([line for line in block.lines if not _CHROME.match(line.text)]) or braced(block.lines)
    return {"content_type": media, "fields": [row.tree() for row in rows]}


def braced(lines: Sequence[Line]) -> list[Row]:
    """The fields of a model box: `Pet {`, then a name a line (a star marks required), with its type where printed."""
    made: list[Row] = []
    opened = False
    for line in lines:
        text = line.traced
        if re.search(r"\{\s*$", text.text) and not opened:
            opened = True
            continue
        if not opened:
            continue
        if re.match(r"^\s*\}", text.text):
            break
        found = re.match(
            r"^(?P<name>[A-Za-z_$][\w$.\-\[\]]*)(?P<star>\s?[*★])?"
            r"(?:[\t ]+(?P<type>[A-Za-z][^\t{\[]*))?(?=\s|$|[*★\[{])",
            text.text,
        )
        if found is None or (made and _inner(line, lines)):
            continue
        name = text.cut(found.start("name"), found.end("name"))
        kind = text.cut(found.start("type"), found.end("type")) if found["type"] else None
        star = Cited(value=found["star"] is not None, source=name, status="inferred")
        made.append(Row(name=name, type=kind, required=star))
    return made


def _inner(line: Line, lines: Sequence[Line]) -> bool:
    """Whether a line of a model box belongs to a nested object: set further in than the first field."""
    first = next((index for index, other in enumerate(lines) if re.search(r"\{\s*$", other.text)), None)
    if first is None or first + 1 >= len(lines):
        return False
    return line.x0 > lines[first + 1].x0 + 0.8 * line.size


def _status(line: Line) -> re.Match[str] | None:
    return _STATUS.match(line.text)


def _responses(lines: Sequence[Line]) -> list[dict[str, Json]]:
    made: list[dict[str, Json]] = []
    notes: list[Traced] = []
    closed = True
    edge: float | None = None
    code: float | None = None
    for line in lines:
        found = _status(line)
        placed = code is None or abs(line.x0 - code) < 2.0 * line.size
        if found is not None and placed:
            if made:
                made[-1]["description"] = join_wrapped(notes) if notes else None
            text = line.traced
            code = line.x0 if code is None else code
            status = text.cut(found.start("status"), found.end("status"))
            rest = text.cut(found.start("rest"))
            edge = line.segments[1].x0 if len(line.segments) > 1 else None
            parts = [part for part in rest.split(r"\t") if not _CHROME.match(part.text)]
            notes = parts[:1]
            made.append({"status": status, "description": None, "fields": []})
            closed = False
            continue
        if not made or closed:
            continue
        text = join([item.traced for item in line.segments if not _CHROME.match(item.traced.text)])
        started = line.first.x0
        if not text.text or _CHROME.match(line.text) or _MEDIA.match(text.text) or _RESPONSE_SCHEMA.match(text.text):
            closed = bool(notes) or closed
            continue
        if edge is None or started < edge - line.size or (line.gap is not None and line.gap > 1.2 * line.size):
            closed = True
            continue
        notes.append(text)
    if made:
        made[-1]["description"] = join_wrapped(notes) if notes else None
    return made
