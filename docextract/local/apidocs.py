"""The reader of API documentation: swagger-ui, ReDoc, tables of endpoints, Markdown, curl examples, plain lists."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from docextract.local.apidocs_about import about
from docextract.local.apidocs_bars import METHODS, Bar, below, hosts
from docextract.local.apidocs_curl import Example, curls
from docextract.local.apidocs_names import folded, known_ids, mended, spellings
from docextract.local.apidocs_pages import MARK, Stream, is_heading, spans, stream
from docextract.local.apidocs_parts import content
from docextract.local.apidocs_repeats import without_repeats
from docextract.local.sections_answer import Cited, answer
from docextract.local.sections_lines import Line
from docextract.local.sections_trace import Traced, headline_size, join_wrapped
from docextract.types import Evidence, Json, Status, Words

_NO_TAG = re.compile(
    r"^(?:parameters?|responses?|schemas?|models?|servers?|endpoints?|operations?|request body|authentication|"
    r"authorization|api reference|reference|resources|paths|overview|introduction)$",
    re.IGNORECASE,
)


def extract(schema: Mapping[str, Json], pages: Sequence[Words]) -> tuple[Json, tuple[Evidence, ...]]:
    """The API that stands on these pages, in the shape of the schema, and where each value was read.

    The same operation shown twice is one, with the fuller account of both. A path that the page cuts
    short is given as null. Missing is null or [].
    """
    readable = without_repeats([page for page in pages if page.words])
    if not readable:
        return answer({}, schema, pages)
    found = stream(readable)
    scanned = any(page.source == "ocr" for page in readable)
    tree = about(found)
    examples = [] if found.bars else curls(found.content)
    stated = tree["servers"]
    tree["servers"] = stated or hosts([*found.bars, *(example.bar for example in examples)])
    if examples:
        operations = [_exemplified(replace(example, bar=below(example.bar, stated))) for example in examples]
    else:
        operations = _operations(found, tree["title"], stated)
    if scanned:
        _snap(operations)
        _without_cut(operations)
    tree["operations"] = _united(operations)
    return answer(tree, schema, pages)


def _operations(found: Stream, title: Traced | None, servers: Sequence[Traced]) -> list[dict[str, Json]]:
    made: list[dict[str, Json]] = []
    tag: Traced | None = None
    parts = spans(found)
    for bar, above, lines in parts:
        if found.layout == "beside":
            before, own = _leveled(bar, above, found.body)
            group, _ = _headings(before, found, title)
        else:
            group, own = _headings(above, found, title)
        if group is not None:
            tag = group
        made.append(_operation(below(bar, servers), lines, own, tag))
    return made


def _headings(above: Sequence[Line], found: Stream, title: Traced | None) -> tuple[Traced | None, list[Line]]:
    """The group's heading among the lines above an operation, and the operation's own title lines."""
    named = set(title.tokens) if title is not None else set()
    groups: list[list[Line]] = []
    told: list[list[Line]] = []
    for index, line in enumerate(above):
        if not is_heading(line, found.body) or _NO_TAG.match(line.first.traced.text) or line.first.tokens[0] in named:
            if told:
                told[-1].append(line)
            continue
        if groups and _wraps(above[index - 1], line, groups[-1][-1]):
            groups[-1].append(line)
        else:
            groups.append([line])
            told.append([])
    own = groups.pop() if groups and found.layout == "after" else []
    # A group's heading has at most a sentence below it; one with rows of its own is something else.
    plain = [group for group, below in zip(groups, told, strict=False) if _introduces(below)]
    tag = headline_size(join_wrapped([line.first.traced for line in plain[-1]])) if plain else None
    return (tag if tag is not None and tag.text != "default" else None), own


def _leveled(bar: Bar, above: Sequence[Line], body: float) -> tuple[list[Line], list[Line]]:
    """The lines before an operation's title, and the title: what is level with the bar, whatever its size."""
    for index, line in enumerate(above):
        if line.page == bar.line.page and abs((line.y0 + line.y1) / 2 - bar.segment.middle) < 1.2 * body:
            own = [line]
            for later in above[index + 1 :]:
                if not _wraps(own[-1], later, own[-1]) or not is_heading(later, body):
                    break
                own.append(later)
            return list(above[:index]), own
    heads = [at for at, line in enumerate(above) if is_heading(line, body)]
    return (list(above[: heads[-1]]), [above[heads[-1]]]) if heads else (list(above), [])


def _introduces(below: Sequence[Line]) -> bool:
    rows = sum(len(line.segments) > 2 or bool(MARK.match(line.first.traced.text)) for line in below)
    return len(below) <= 8 and rows == 0


def _wraps(above: Line, line: Line, last: Line) -> bool:
    """Whether a heading line goes on with the one right above it."""
    near = above is last and line.gap is not None and line.gap < 0.6 * line.size
    return near and abs(line.size - last.size) < 0.06 * last.size


def _operation(bar: Bar, lines: Sequence[Line], own: Sequence[Line], tag: Traced | None) -> dict[str, Json]:
    parts = content(lines)
    title = headline_size(join_wrapped([line.first.traced for line in own])) if own else None
    if title is None and bar.rest.text:
        title = bar.rest.split(r"\t")[0].strip("|–—-:")
    path = bar.route
    tree: dict[str, Json] = {
        "method": Cited(value=bar.verb, source=bar.method, status=_method_status(bar)),
        "path": Cited(value=path, source=bar.path, status=_same(path, bar.path)) if bar.whole else None,
        "summary": title,
        "tags": [tag] if tag is not None else [],
        "parameters": _once(parts.parameters),
        "request_body": parts.body,
        "responses": parts.responses,
        "deprecated": _deprecated(bar, lines[:6]),
    }
    _complete(tree, bar)
    _in_address(tree["parameters"], bar)
    return tree


def _in_address(parameters: Sequence[dict[str, Json]], bar: Bar) -> None:
    """Parameters of which nothing says where they go, but that the address shows: `/users?limit=&cursor=`."""
    shown = set(re.findall(r"[?&]([\w.-]+)=", bar.path.text))
    for one in parameters:
        name = one.get("name")
        if one.get("in") is None and isinstance(name, Traced) and name.text in shown:
            one["in"] = Cited(value="query", source=name, status="inferred")


def _exemplified(example: Example) -> dict[str, Json]:
    tree = _operation(example.bar, [], [], None)
    tree["parameters"] = _once([*tree["parameters"], *example.parameters])
    return tree


def _once(parameters: Sequence[dict[str, Json]]) -> list[dict[str, Json]]:
    """Each name and place once: a row may stand on two screenshots."""
    kept: dict[tuple[str, str | None], dict[str, Json]] = {}
    for item in parameters:
        kept.setdefault((folded(item["name"].text), _place(item)), item)
    return list(kept.values())


def _method_status(bar: Bar) -> Status:
    text = bar.method.text.upper()
    return _same(bar.verb, bar.method) if text in METHODS or text == "DEL" else "inferred"


def _same(value: str, source: Traced) -> Status:
    return "verbatim" if source.text == value else "normalised"


def _deprecated(bar: Bar, lines: Sequence[Line]) -> Cited | None:
    for text in (bar.line.traced, *(line.traced for line in lines)):
        if found := re.search(r"\bdeprecated\b", text.text, re.IGNORECASE):
            return Cited(value=True, source=text.cut(found.start(), found.end()), status="inferred")
    return Cited(value=False, source=bar.method, status="inferred", confidence=0.7)


def _complete(tree: dict[str, Json], bar: Bar) -> None:
    """Parameters that stand in the path only; those of the path are always required."""
    names = {folded(item["name"].text) for item in tree["parameters"] if _place(item) in {"path", None}}
    for item in tree["parameters"]:
        if _place(item) == "path":
            item["required"] = Cited(value=True, source=item["name"], status="inferred")
    if not bar.whole:
        return
    for found in re.finditer(r"[{:<]\s?(?P<name>[A-Za-z_][\w.-]*)\s?[}>]?", bar.path.text):
        name = bar.path.cut(found.start("name"), found.end("name"))
        if f"{{{name.text}}}" not in bar.route or folded(name.text) in names:
            continue
        tree["parameters"].append(
            {
                "name": name,
                "in": Cited(value="path", source=name, status="inferred"),
                "required": Cited(value=True, source=name, status="inferred"),
            }
        )


def _place(item: Mapping[str, Json]) -> str | None:
    where = item.get("in")
    return where.value if isinstance(where, Cited) else None


def _snap(operations: Sequence[dict[str, Json]]) -> None:
    """One spelling for names that OCR read in several ways, in paths and in rows."""
    names = [item["name"].text for operation in operations for item in operation["parameters"]]
    for operation in operations:
        if operation["path"] is not None:
            names.extend(re.findall(r"\{([^{}]+)\}", operation["path"].value))
    chosen = {key: mended(name) for key, name in spellings(names).items()}
    chosen |= known_ids(operation["path"].value for operation in operations if operation["path"] is not None)
    for operation in operations:
        path = operation["path"]
        if path is not None:
            plain = re.sub(r"[^/{}]+", lambda found: mended(found[0]), path.value)
            value = re.sub(r"\{([^{}]+)\}", lambda found: "{" + chosen.get(folded(found[1]), found[1]) + "}", plain)
            operation["path"] = Cited(value=value, source=path.source, status=_same(value, path.source))
        for item in operation["parameters"]:
            name = item["name"]
            item["name"] = Cited(
                value=chosen[folded(name.text)], source=name, status=_same(chosen[folded(name.text)], name)
            )


def _without_cut(operations: Sequence[dict[str, Json]]) -> None:
    """No path where it ends at a slash and lacks one of its own parameters: OCR lost the cut template behind it."""
    for operation in operations:
        path = operation["path"]
        if path is None or not path.value.endswith("/"):
            continue
        held = {folded(name) for name in re.findall(r"\{([^{}]+)\}", path.value)}
        if any(_place(item) == "path" and _folded_name(item) not in held for item in operation["parameters"]):
            operation["path"] = None


def _folded_name(item: Mapping[str, Json]) -> str:
    name = item["name"]
    return folded(name.value if isinstance(name, Cited) else name.text)


def _united(operations: Sequence[dict[str, Json]]) -> list[dict[str, Json]]:
    """Each method and path once; what one account lacks is taken from the other."""
    kept: dict[tuple[str, str], dict[str, Json]] = {}
    made: list[dict[str, Json]] = []
    for operation in operations:
        path = operation["path"]
        if path is None:
            made.append(operation)
            continue
        key = (operation["method"].value, re.sub(r"\{[^{}]*\}", "{}", path.value))
        earlier = kept.get(key)
        if earlier is None:
            kept[key] = operation
            made.append(operation)
            continue
        for name, value in operation.items():
            mine = earlier.get(name)
            if mine is None or (isinstance(value, list) and len(value) > len(mine)):
                earlier[name] = value
    return made
