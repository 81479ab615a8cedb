"""Where operations stand on the pages of an API's documentation: a method beside a path."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from docextract.local.apidocs_apart import NEAR, keyed, titled
from docextract.local.sections_lines import Line, Segment
from docextract.local.sections_trace import Traced, join

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE")
_METHOD = re.compile(
    r"^(?:[#>*•\-–\d.)\s`]{0,6})?"
    r"(?P<method>GET|P(?i:OST)|P(?i:UT)|D(?i:ELETE)|DEL|P(?i:ATCH)|H(?i:EAD)|[O0](?i:PTIONS)|T(?i:RACE))"
    r"(?![\w-])[\s`:|\[\]]*(?P<rest>.*)$",
    re.DOTALL,
)
_GLUED = re.compile(r"^(?P<method>GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS|TRACE)(?=/)(?P<rest>/.*)$", re.DOTALL)
HOST = re.compile(r"^(?:https?://[\w.:-]+|\{\{?[\w-]+\}?\})(?=/)")
# What a path may hold; a template may hold blanks when it was read by OCR ("{ id }").
_PATH = re.compile(r"^/(?:[\w\-.~!$&'()*+,;=:@%/#?\u200b\u2026\[\]|<>^]|\{[^{}\s]*\}|\{\s?[\w.-]+\s?\})*")


@dataclass(frozen=True, slots=True, eq=False)
class Bar:
    """An operation's method and path on a page, and what stands behind them on the line.

    `whole` is False where the page itself cuts the path short ("/users/{id}/transac...").
    """

    line: Line
    method: Traced
    path: Traced
    rest: Traced
    whole: bool
    segment: Segment

    @property
    def verb(self) -> str:
        """The method in capitals, spelled out; of a curl command without one, what curl sends."""
        text = self.method.text.upper().replace("0", "O")
        return {"DEL": "DELETE", "CURL": "GET"}.get(text, text if text in METHODS else "POST")

    @property
    def route(self) -> str:
        """The path without query, zero-width spaces and host; `:id` and `<id>` as `{id}`."""
        return route(self.path.text)


def route(text: str) -> str:
    """A printed path as OpenAPI writes it."""
    plain = re.sub(r"[\u200b\u00ad\s]", "", text)
    plain = HOST.sub("", plain)
    plain = re.sub(r"(?<=/):([A-Za-z_]\w*)", r"{\1}", plain)
    plain = re.sub(r"<(?:\w+:)?([A-Za-z_][\w-]*)>", r"{\1}", plain)
    # A struck-out brace is read as another bracket.
    plain = re.sub(r"(?<=/)[\[({]([A-Za-z_][\w.-]*)[\])}]", r"{\1}", plain)
    plain = re.sub(r"\?.*$", "", plain) if not plain.startswith("/?") else plain
    return plain.rstrip(".,;:`'\")") if not plain.endswith("}") else plain


def bars(lines: Sequence[Line], *, scanned: bool = False) -> list[Bar]:
    """The operations among lines in reading order. `HTTP/1.1` request lines and prose are none.

    `scanned` says that the lines were read from pixels.
    """
    found = [
        _bar(line, lines[max(0, index - 1) : index], lines[index + 1 : index + 2])
        or _keyed(line, lines[max(0, index - NEAR) : index + NEAR + 1])
        for index, line in enumerate(lines)
    ]
    if not scanned:
        return [bar for bar in found if bar is not None]
    heads = {bar.route.split("/")[1] for bar in found if bar is not None and bar.whole and bar.route.count("/")}
    read = [bar or _struck(line, heads) for bar, line in zip(found, lines, strict=True)]
    return [replace(bar, whole=False) if _is_cut(bar) else bar for bar in read if bar is not None]


def _struck(line: Line, heads: Collection[str]) -> Bar | None:
    """An operation whose path begins as others do, but for its slash: struck out, it is read as a letter."""
    match = _METHOD.match(line.first.traced.text)
    if match is None or not _is_shouted(match["method"]):
        return None
    method = line.first.traced.cut(match.start("method"), match.end("method"))
    tail = join([line.first.traced.cut(match.start("rest")), *(item.traced for item in line.segments[1:])], "\t")
    head = re.match(r"\w(?P<head>[\w-]{3,})(?=/|\s|$)", tail.text)
    if head is None or head["head"] not in heads:
        return None
    # Its evidence quotes the words as they were read.
    slashed = Traced(f"/{tail.text[1:]}", tail.marks)
    return _with_path(line, method, slashed, line.segments[min(1, len(line.segments) - 1)])


def _is_cut(bar: Bar) -> bool:
    """Whether a path read by OCR goes on unseen.

    The dots of a cut path are read as one or two, and no path ends with a dot or dash of its own. Of a
    struck-out path the dashes are lost in the line: `/reports/by variety - and-`. Of a template cut in
    its name the brace may be lost.
    """
    if len(bar.path.text) > 1 and bar.path.text.endswith("/") and re.match(r"[a-z{(]", bar.rest.text):
        return True
    return bool(
        re.search(r"[.\u2026\u00b7_-]$", bar.path.text) or re.match(r"[a-z\d]+(?: ?- ?[a-z\d]+)* ?-", bar.rest.text)
    )


def _bar(line: Line, above: Sequence[Line], below: Sequence[Line]) -> Bar | None:
    for index, segment in enumerate(line.segments):
        rest = join([later.traced for later in line.segments[index + 1 :]], "\t")
        text = segment.traced
        match = _METHOD.match(text.text) or _GLUED.match(text.text)
        if match is None or not _is_shouted(match["method"]):
            continue
        method = text.cut(match.start("method"), match.end("method"))
        tail = text.cut(match.start("rest"))
        tail = join([tail, rest], "\t") if tail.text else rest
        path_segment = segment if match["rest"].strip() else (line.segments[index + 1 : index + 2] or (segment,))[0]
        made = _with_path(line, method, tail, path_segment)
        if made is not None:
            return _whole(made, above, below)
        if index == 0 and (made := _offset(line, method, tail, (*above, *below))) is not None:
            return made
        if index == 0 and (under := titled(tail, below)) is not None and under[1].page == line.page:
            return _made(line, method, under[0], tail, under[1].first)
    return _path_first(line) or _small(line)


def _small(line: Line) -> Bar | None:
    """`get /users/{id}` and nothing else: a method in small letters is one only before a path."""
    whole = line.traced
    match = re.fullmatch(r"(?P<method>get|post|put|delete|patch|head|options)[\s`]+(?P<rest>/\S*)", whole.text)
    if match is None:
        return None
    method, path = whole.cut(0, match.end("method")), whole.cut(match.start("rest"))
    return _with_path(line, method, path, line.segments[-1])


def _keyed(line: Line, around: Sequence[Line]) -> Bar | None:
    """An operation told in two rows of a table. The rows in between are its own."""
    found = keyed(line, around)
    if found is None or found[0].text not in METHODS:
        return None
    method, path, other = found
    return _made(line, method, path, Traced("", ()), other.first)


def _is_shouted(method: str) -> bool:
    """Capitals but for a letter or two that OCR took for small ones ("PoST"); "Post" is a word of prose."""
    return method[1:] != method[1:].lower()


def _offset(line: Line, method: Traced, tail: Traced, near: Sequence[Line]) -> Bar | None:
    """A badge that stands between two lines, the path on the upper and its summary on the lower, or a little off."""
    word = method.tokens[0].word
    for other in near:
        first = other.first
        apart = abs(first.middle - (word.y0 + word.y1) / 2)
        path = _PATH.fullmatch(first.traced.text)
        if path is None or len(path.group()) < 2 or other.page != line.page:
            continue
        if word.x1 < first.x0 < word.x1 + 8 * first.size and apart < 1.2 * first.size:
            # The second line of a long path may stand level with the badge.
            wrapped = first.middle < line.first.middle and re.fullmatch(r"[\w\-.{}/]+", tail.text)
            if wrapped and re.search(r"[-_/.]$", first.traced.text):
                return _made(line, method, join([first.traced, tail], ""), Traced("", ()), first)
            return _made(line, method, first.traced, tail, first)
    return None


def _with_path(line: Line, method: Traced, tail: Traced, segment: Segment) -> Bar | None:
    plain = tail.strip("`\"'")
    host = HOST.match(plain.text)
    start = host.end() if host else 0
    match = _PATH.match(plain.text[start:])
    if match is None or not match.group():
        return None
    end = start + _unglued(match.group())
    rest = plain.cut(end).strip("`\"'|–—-:")
    if rest.text.startswith("{") and "}" not in rest.text.split()[0]:
        # The page's own "..." fell inside a template.
        return Bar(line, method, plain, Traced("", ()), whole=False, segment=segment)
    if re.match(r"^HTTP/\d", rest.text):
        return None
    path = plain.cut(0, end)
    path, rest = _spaced(path, rest)
    return _made(line, method, path, rest, segment)


def _unglued(path: str) -> int:
    """Where a path ends that OCR joined with the summary behind it: `/orders/{id}Find` of `{id} Find an order`."""
    glued = re.search(r"\}(?=[A-Z][a-z]+$)", path)
    return glued.end() if glued else len(path)


def _made(line: Line, method: Traced, path: Traced, rest: Traced, segment: Segment) -> Bar:
    cut = re.search(r"\u2026\.*$|\.\.+$", path.text) or re.match(r"^(?:\u2026|\.\.\.)", rest.text)
    plain = route(path.text)
    whole = cut is None and all(plain.count(left) == plain.count(right) for left, right in ("{}", "()", "[]"))
    return Bar(line, method, path, rest, whole, segment)


def _spaced(path: Traced, rest: Traced) -> tuple[Traced, Traced]:
    """A path that was read with a blank in it, joined again: what follows starts with a slash or brace."""
    if re.match(r"^[})](?:\s|$)", rest.text) and re.search(r"/[({][\w.-]+$", path.text):
        path, rest = join([path, rest.cut(0, 1)], ""), rest.cut(1)
    while match := re.match(r"^(?:\{[\w.-]+\}|/)[\w\-./{}]*(?=\s|$)", rest.text):
        if not (path.text.endswith("/") or match.group().startswith("/")) or "{" not in path.text + match.group():
            break
        path = join([path, rest.cut(0, match.end())], "")
        rest = rest.cut(match.end())
    return path, rest


def _whole(bar: Bar, above: Sequence[Line], below: Sequence[Line]) -> Bar:
    """A long path set on two lines, with the method beside either of them or between: put together."""
    path = bar.path
    for line in above:
        head = _path_piece(line, bar)
        if head is not None and head.text.startswith("/") and bar.line.y0 - line.y1 < 0.3 * bar.segment.size:
            path = join([head, path], "")
    for line in below if not bar.rest.text else ():
        tail = _path_piece(line, bar)
        if tail is not None and line.y0 - bar.segment.y1 < 0.6 * bar.segment.size:
            path = join([path, tail], "")
    return bar if path is bar.path else _made(bar.line, bar.method, path, bar.rest, bar.segment)


def _path_piece(line: Line, bar: Bar) -> Traced | None:
    """The first word of a line, where it stands at the path's left edge in its size and is made as paths are."""
    token = line.first.tokens[0].word
    near = abs(token.x0 - bar.path.tokens[0].word.x0) < 0.6 * bar.segment.size and line.page == bar.line.page
    same = abs(line.first.size - bar.segment.size) < 0.15 * bar.segment.size
    pathlike = re.fullmatch(r"[\w\-.{}/]+", token.text) and re.search(r"[/{}]", token.text)
    return line.first.traced.cut(0, len(token.text)) if near and same and pathlike else None


def _path_first(line: Line) -> Bar | None:
    """A row of a table with the path in one column and the method in a later one."""
    first = line.first.traced
    if not first.text.startswith("/") or len(line.segments) < 2 or " " in first.text:
        return None
    for index, segment in enumerate(line.segments[1:], start=1):
        if segment.traced.text in METHODS:
            rest = join([item.traced for at, item in enumerate(line.segments) if at not in {0, index}], "\t")
            return Bar(line, segment.traced, first, rest, not first.text.endswith(("...", "\u2026")), line.first)
    return None


def below(bar: Bar, servers: Sequence[Traced]) -> Bar:
    """The bar with its path as it stands below the server that its URL begins with, where one is stated."""
    for server in servers:
        base = server.text.rstrip("/")
        if "//" in base and bar.path.text.startswith(f"{base}/"):
            return replace(bar, path=bar.path.cut(len(base)))
    return bar


def hosts(found: Sequence[Bar]) -> list[Traced]:
    """The hosts of operations that are shown as whole URLs, each once."""
    kept: dict[str, Traced] = {}
    for bar in found:
        if (host := re.match(r"https?://[\w.:-]+", bar.path.text)) is not None:
            kept.setdefault(host.group(), bar.path.cut(0, host.end()))
    return list(kept.values())
