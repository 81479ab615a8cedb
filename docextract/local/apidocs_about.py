"""What a page says of the API as a whole: title, version, description, servers, security, models."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docextract.local.apidocs_bars import Bar, bars
from docextract.local.apidocs_pages import MARK, Stream, is_heading
from docextract.local.apidocs_parts import braced
from docextract.local.apidocs_rows import Row
from docextract.local.apidocs_table import table_header, tabled
from docextract.local.sections_lines import Line
from docextract.local.sections_trace import Traced, headline_size, join_wrapped
from docextract.types import Json

_VERSION = re.compile(
    r"^(?:api )?(?:version|v|ver\.?|release)\s*:?\s*(?P<version>v?\d[\w.+-]*)$|"
    r"^\(?(?P<bare>v?\d+(?:\.\d+)+[\w.+-]*)\)?$",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\s*\((?P<version>v?\d[\w.+-]*)\)\s*$")
_BADGE = re.compile(r"^(?:oas|openapi|swagger)\s?\d?(?:\.\d+)*$|^oas\s?[\d.]+$", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s\]\"'<>)]+")
_SERVERS = re.compile(
    r"^(?:servers?|base[ -]?url|host|api (?:url|endpoint|base)|computed url|endpoint|root url|"
    r"url de base|basis-?url)\b:?\s*",
    re.IGNORECASE,
)
_SWAGGER2 = re.compile(r"^\[\s*base url:\s*(?P<url>[^\s\]]+)\s*\]", re.IGNORECASE)
_LINKS = re.compile(r"^(?:terms of service|contact\b.*|send email to .*|.* - website|find out more.*|license:?.*|"
                    r"apache 2\.0|mit|default(?:[ \t]\S)?|"
                    r"https?://\S+|download openapi.*|e-?mail:.*|url:.*|authorize)$", re.IGNORECASE)  # fmt: skip
_MODELS = re.compile(r"^(?:schemas|models|data models|definitions|objects)$", re.IGNORECASE)
_AUTH = re.compile(r"^authorizations?:\s*(?P<names>.+)$", re.IGNORECASE)


def about(pages: Stream) -> dict[str, Json]:
    """Title, version, description, servers, security and models; None or [] where the pages do not say."""
    first = pages.bars[0] if pages.bars else None
    head = _head(pages, first)
    title, version = _title(head, pages.body)
    return {
        "title": title,
        "version": version,
        "description": _description(head, title, pages.body),
        "servers": _servers(head or pages.content[:40]),
        "security": _security(pages.content),
        "models": _models(pages),
    }


def _head(pages: Stream, first: Bar | None) -> list[Line]:
    """The lines above the first operation and its group heading."""
    made: list[Line] = []
    start = pages.content[0].page if pages.content else 1
    for line in pages.content:
        text = line.first.traced.text
        level = first is not None and line.page == first.line.page and line.y0 > first.segment.y1 + pages.body
        if line.page != start or (first is not None and line is first.line) or MARK.match(text) or level:
            break
        made.append(line)
    return made


def _title(head: Sequence[Line], body: float) -> tuple[Traced | None, Traced | None]:
    for line in head[:4]:
        # swagger-ui sets version and OAS badges behind the title; OCR gives them its height.
        found = re.search(r"[\s\t]+(?P<version>v?\d[\w.+-]*)[\s\t]+OAS\s?\d", line.text)
        if found is not None and re.search(r"[^\W\d_]{2}", line.text[: found.start()]):
            text = Traced(line.text.replace("\t", " "), line.traced.marks)
            return text.cut(0, found.start()), text.cut(found.start("version"), found.end("version"))
    if (named := _before_version(head)) is not None:
        return named
    large = [line for line in head if line.size >= 1.25 * body and re.search(r"[^\W\d_]{2}", line.first.traced.text)]
    version = _version(head)
    if not large:
        return None, version
    top = max(line.size for line in large)
    index = next(at for at, line in enumerate(large) if line.size > 0.93 * top)
    group = [large[index]]
    for line in large[index + 1 :]:
        above = group[-1]
        wrapped = (
            line.gap is not None and line.gap < 0.7 * line.size and abs(line.size - above.size) < 0.07 * above.size
        )
        if not wrapped or abs(line.x0 - above.x0) > line.size or line.page != above.page:
            break
        group.append(line)
    full = join_wrapped([line.first.traced for line in group])
    text = headline_size(full)
    if text is not full and version is None:
        version = _badge(full.cut(len(text.text)))
    if found := _BRACKETED.search(text.text):
        version = text.cut(found.start("version"), found.end("version"))
        text = text.cut(0, found.start())
    # Badges that OCR gives the height of the title ("Uber API 1.0.0 OAS 3.0").
    if found := re.search(r"\s(?P<version>v?\d+(?:\.\d+)+[\w.-]*)?\s*OAS\s?\d.*$", text.text):
        if found["version"]:
            version = version or text.cut(found.start("version"), found.end("version"))
        text = text.cut(0, found.start())
    return text, version


def _before_version(head: Sequence[Line]) -> tuple[Traced, Traced] | None:
    """ReDoc's title: the lines that end in the version in brackets, as "Pet Store (1.0.0)" or wrapped."""
    for at, line in enumerate(head[:12]):
        text = line.first.traced
        found = re.search(r"(?:^|\s)\(?(?P<version>v?\d+(?:\.\d+)+[\w.+-]*)\)$", text.text)
        if found is None or found.group().strip()[0] != "(":
            continue
        name = text.cut(0, found.start())
        version = text.cut(found.start("version"), found.end("version"))
        above = head[at - 1].first if at else None
        if above is not None and abs(above.x0 - line.x0) < line.size and line.gap is not None and line.gap < line.size:
            name = join_wrapped([above.traced, name])
        if name.text:
            return name, version
    return None


def _badge(text: Traced) -> Traced | None:
    found = re.search(r"v?\d+(?:\.\d+)+[\w.+-]*", text.text)
    return text.cut(found.start(), found.end()) if found else None


def _version(head: Sequence[Line]) -> Traced | None:
    for line in head:
        for segment in line.segments:
            tokens = segment.traced
            if found := _VERSION.match(tokens.text):
                group = "version" if found["version"] else "bare"
                return tokens.cut(found.start(group), found.end(group))
            if found := re.match(r"^(?P<version>v?\d+(?:\.\d+)+[\w.-]*)\s+OAS", tokens.text):
                return tokens.cut(found.start("version"), found.end("version"))
    return None


def _description(head: Sequence[Line], title: Traced | None, body: float) -> Traced | None:
    if title is None:
        return None
    last = title.tokens[-1].word
    group: list[Line] = []
    for line in head:
        text = line.text
        if line.y0 < last.y1 - 0.3 * last.size and line.page == title.tokens[0].page:
            continue
        if is_heading(line, body) or _SERVERS.match(text) or _SWAGGER2.match(text):
            break
        if any(_BADGE.match(part.traced.text) or _VERSION.match(part.traced.text) for part in line.segments):
            continue
        if _LINKS.match(text):
            if group:
                break
            continue
        if group and line.gap is not None and line.gap > 1.6 * line.size:
            break
        group.append(line)
    whole = join_wrapped([Traced(line.traced.text.replace("\t", " "), line.traced.marks) for line in group])
    return whole if len(whole.text) > 1 else None


def _servers(head: Sequence[Line]) -> list[Traced]:
    found: dict[str, Traced] = {}
    near = 0
    for line in head:
        text = line.traced
        if match := _SWAGGER2.match(text.text):
            found.setdefault(match["url"], text.cut(match.start("url"), match.end("url")))
        label = _SERVERS.match(text.text)
        near = 3 if label else near - 1
        if near > 0:
            for url in _URL.finditer(text.text):
                piece = text.cut(url.start(), url.end()).strip(".,;")
                found.setdefault(piece.text, piece)
            if label is None and not _URL.search(text.text):
                near = 0
    return list(found.values())


def _security(content: Sequence[Line]) -> list[dict[str, Json]]:
    found: dict[str, Traced] = {}
    for line in content:
        text = Traced(line.text.replace("\t", " "), line.traced.marks)
        if match := _AUTH.match(text.text):
            names = text.cut(match.start("names"))
            for name in names.split(r"\s+or\s+|\s+and\s+|,\s*|\)\s*|\("):
                word = re.match(r"^[A-Za-z_][\w-]*$", name.text)
                if word:
                    found.setdefault(name.text, name)
    return [{"name": name} for name in found.values()]


def _models(pages: Stream) -> list[dict[str, Json]]:
    """Named schemas listed below the heading for them, with their fields where they are open."""
    start = next(
        (
            at
            for at, line in enumerate(pages.content)
            if _MODELS.match(line.text) and (line.bold or is_heading(line, pages.body))
        ),
        None,
    )
    if start is None:
        return []
    rest = pages.content[start + 1 :]
    end = next((at for at, line in enumerate(rest) if bars([line])), len(rest))
    made: list[dict[str, Json]] = []
    for at, line in enumerate(rest[:end]):
        text = line.first.traced
        name = re.match(r"^(?P<name>[A-Z][\w.-]*)\s*(?:[{>›⌄∨v]|\s*(?:object|array|string|integer)?$)", text.text)
        if name is None or (made and line.x0 > rest[0].x0 + 1.2 * line.size):
            continue
        below = rest[at + 1 : end]
        fields: list[Row] = []
        if text.text.rstrip().endswith("{"):
            fields = braced(rest[at:end])
        elif below and (columns := table_header(below[0])) is not None:
            fields = tabled(below[1:], columns)
        made.append({"name": text.cut(name.start("name"), name.end("name")), "fields": [row.tree() for row in fields]})
    return made
