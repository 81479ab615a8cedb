"""Parameter and field rows in the three ways pages set them: name beside type, name above type, a plain table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from docextract.local.sections_answer import Cited
from docextract.local.sections_lines import Line, Segment, part_of
from docextract.local.sections_trace import Traced, join, join_wrapped
from docextract.types import Json

NAME = re.compile(r"^[A-Za-z_$@\[\]][\w$.\-\[\]@:]*$|^[A-Za-z_][\w.-]*\[[\w*]*\]$")
REQUIRED = re.compile(r"\s*[*★✱＊\u2217]?\s*requ[ií]red$|\s*[*★✱＊\u2217]$", re.IGNORECASE)
_PLACE = re.compile(r"^[({\[]?\s*(?P<place>path|query|header|cookie|body|formdata)\s*[)}\]]?$", re.IGNORECASE)
TYPE = re.compile(r"^(?:string|integer|number|boolean|object|array|any|file|null)\b", re.IGNORECASE)
HINT = re.compile(
    r"^(?:default|allowed|example|examples|enum|items enum|nullable|deprecated|read-?only|write-?only|"
    r"additional properties|available values|pattern|minimum|maximum|style|explode|value)\b",
    re.IGNORECASE,
)


@dataclass(slots=True, kw_only=True)
class Row:
    """A parameter or field. `required` is None where the page does not tell."""

    name: Traced
    place: Traced | None = None
    type: Traced | None = None
    required: Cited | None = None
    notes: list[Traced] = field(default_factory=list)

    def tree(self, *, place: Traced | None = None) -> dict[str, Json]:
        """As a tree of the answer, with its place where it is a parameter."""
        found = self.place or place
        where = None
        if found is not None:
            word = re.search(r"path|url|query|header|cookie", found.text, re.IGNORECASE)
            named = word.group().lower() if word else None
            where = Cited(value="path" if named == "url" else named, source=found, status="inferred") if word else None
        return {
            "name": self.name,
            "in": where,
            "type": self.type,
            "required": self.required,
            "description": join_wrapped(self.notes) if self.notes else None,
        }


def parted_at(line: Line, edges: Sequence[float]) -> Line:
    """A line whose segments are cut where a column begins inside them: OCR joins cells that stand close."""
    made: list[Segment] = []
    for segment in line.segments:
        tokens = segment.tokens
        cuts = [
            at
            for at in range(1, len(tokens))
            if any(abs(tokens[at].word.x0 - edge) < 0.5 * segment.size for edge in edges)
            and tokens[at].word.x0 > tokens[at - 1].word.x1 - 0.3 * segment.size
        ]
        made.extend(part_of(segment, start, end) for start, end in pairwise([0, *cuts, len(tokens)]))
    return replace(line, segments=tuple(made)) if len(made) > len(line.segments) else line


def judged(value: bool, source: Traced) -> Cited:
    """A yes or no read from the page's signs (a star, a word, a column)."""
    return Cited(value=value, source=source, status="inferred")


def beside(lines: Sequence[Line]) -> list[Row]:
    """Rows as ReDoc sets them: name, then type at a second left edge; below them `required` and notes."""
    lines = [_pruned(line) for line in lines]
    edge = _second_edge(lines)
    if edge is None:
        return []
    made: list[Row] = []
    for line in (parted_at(line, (edge,)) for line in lines):
        left = [item for item in line.segments if item.x0 < edge - 0.5 * line.size]
        right = [item for item in line.segments if item.x0 >= edge - 0.5 * line.size]
        if left and right and abs(right[0].x0 - edge) < 0.8 * line.size:
            name, told = _named(left)
            kind, notes = _parted_type(join([item.traced for item in right[:1]]), told=told)
            if name is not None and not HINT.match(kind.text) and not re.search(r"^Array \[|^\]", name.text):
                made.append(Row(name=name, type=kind, required=judged(told, name), notes=notes))
                continue
        if made and left and re.match(r"^requ[ií]red\b", left[0].traced.text, re.IGNORECASE):
            made[-1].required = judged(True, left[0].traced)
            left = []
        if made and left and not right and not made[-1].notes and NAME.match(left[0].traced.text):
            # A long name is broken without a hyphen.
            tail = left[0]
            if (
                abs(tail.x0 - made[-1].name.tokens[0].word.x0) < 2
                and line.gap is not None
                and line.gap < 0.4 * tail.size
            ):
                made[-1].name = join([made[-1].name, tail.traced], "")
                left = []
        if made and right and not left:
            text = join([item.traced for item in right])
            if not HINT.match(text.text) and right[0].x0 < edge + 2 * line.size:
                made[-1].notes.append(text)
    return made


def _pruned(line: Line) -> Line:
    """A line without the sign in front of a name that the line of the tree beside it was read as."""
    if len(line.segments) < 2:
        return line
    mark, after = line.segments[:2]
    is_mark = re.fullmatch(r"[—–_|-]*\S?", mark.traced.text) and after.x0 - mark.x1 < 2.2 * after.size
    is_name = NAME.match(after.traced.text.split(" ")[0]) and not TYPE.match(after.traced.text)
    return replace(line, segments=line.segments[1:]) if is_mark and is_name else line


def _named(left: Sequence[Segment]) -> tuple[Traced | None, bool]:
    """A row's name, and whether the word `required` of the line below was read with it."""
    text = without_tree(join([item.traced for item in left], ""))
    found = re.match(r"requ[ií]red (?=\w{2})", text.text) or re.search(r"(?<=\w) ?requ[ií]red$", text.text)
    if found is None:
        return _name(left), False
    name = text.cut(0, found.start()) if found.start() else text.cut(found.end())
    return (name if NAME.match(name.text) else None), True


def _parted_type(kind: Traced, *, told: bool) -> tuple[Traced, list[Traced]]:
    """The type and, where the line below was read with it, the note behind it."""
    found = TYPE.match(kind.text) if told else None
    if found is None or not re.match(r" [A-Z]", kind.text[found.end() :]):
        return kind, []
    return kind.cut(0, found.end()), [kind.cut(found.end())]


def _name(left: Sequence[Segment]) -> Traced | None:
    if len(left) > 1 and len(left[0].traced.text) == 1:
        left = left[1:]
    text = without_tree(join([item.traced for item in left], ""))
    bare = text.strip("›>⌄∨v↳└├─—-+ ") if text.text[:1] in "›>⌄∨↳└├─—-+" else text.strip("›>⌄∨ ")
    found = re.match(r"^[\w$@.\-\[\]:]+", bare.text)
    name = bare.cut(0, found.end()) if found else bare
    hint = bool(re.fullmatch(r"requ[ií]red", name.text, re.IGNORECASE)) or (
        bare.text.endswith(":") and HINT.match(bare.text)
    )
    return name if NAME.match(name.text) and not hint else None


def without_tree(text: Traced) -> Traced:
    """A name without the line of the tree beside it, which is read as dashes and one sign or two."""
    found = re.match(r"^[—–_|-]*[^\w\s*\u2217★]*[^\s*\u2217★Aa]?\s+(?=\w{2})|^[—–_|]+(?=\w{2})", text.text)
    return text.cut(found.end()) if found else text


def _second_edge(lines: Sequence[Line]) -> float | None:
    """The left edge that second segments of lines share: where types stand."""
    edges = Counter(round(line.segments[1].x0) for line in lines if len(line.segments) > 1 and _name(line.segments[:1]))
    if not edges:
        # The longest name makes its column as wide as itself: its type stands a mere word space behind it.
        glued = [x for line in lines if _name(line.segments) and (x := _type_edge(line)) is not None]
        return min(glued, default=None)
    near = {edge: sum(count for other, count in edges.items() if abs(other - edge) <= 4) for edge in edges}
    best = max(near, key=lambda edge: (near[edge], -edge))
    return float(min(edge for edge in edges if abs(edge - best) <= 4))


def _type_edge(line: Line) -> float | None:
    """Where a type stands behind a name in one segment."""
    tokens = line.first.tokens
    return next(
        (
            word.word.x0
            for name, word in pairwise(tokens)
            if len(name.word.text) > 1 and NAME.match(name.word.text.lstrip("—–-")) and TYPE.match(word.word.text)
        ),
        None,
    )


def stacked(lines: Sequence[Line], edge: float | None) -> list[Row]:
    """Rows as swagger-ui sets them: in the left column the name, below it the type, below that `(query)`.

    `edge` is the left edge of the description column, None where it has to be found.
    """
    made: list[Row] = []
    column: list[Segment] = []
    notes: list[Traced] = []
    edge = edge if edge is not None else _note_edge(lines)
    for line in lines:
        for item in line.segments:
            if item.x0 >= edge - 0.5 * item.size:
                if not HINT.match(item.traced.text) and not _control(item.traced.text):
                    notes.append(item.traced)
                continue
            column.append(item)
        place = _PLACE.match(column[-1].traced.text) if column else None
        if place is not None:
            row = _stacked_row(column, notes)
            if row is not None:
                made.append(row)
            column, notes = [], []
    return made


def _control(text: str) -> bool:
    return bool(
        re.match(
            r"^(?:Example Value\b.*|Schema|Try it out|Add .*item|Send empty value|--|No links|Cancel|Execute)$", text
        )
    )


def _note_edge(lines: Sequence[Line]) -> float:
    """The left edge of descriptions: of the segments right of names, the commonest."""
    edges = Counter(round(item.x0) for line in lines for item in line.segments[1:])
    return float(edges.most_common(1)[0][0]) if edges else 1e9


def _stacked_row(column: Sequence[Segment], notes: Sequence[Traced]) -> Row | None:
    *upper, place = column
    required: Cited | None = None
    parts: list[Segment] = []
    for item in upper:
        if re.fullmatch(r"[*★✱＊\u2217]?\s*requ[ií]red", item.traced.text, re.IGNORECASE) or item.traced.text in {
            "*",
            "★",
        }:
            required = judged(True, item.traced)
        else:
            parts.append(item)
    if not parts:
        return None
    first = parts[0]
    text = first.traced
    if found := REQUIRED.search(text.text):
        required = judged(True, text.cut(found.start(), found.end()))
        text = text.cut(0, found.start())
    text = text.strip("*★ ")
    kinds = parts[1:]
    # A long name is broken over lines of its own size; the type below it is smaller.
    while len(kinds) > 1 and _goes_on(first, text, kinds):
        rest = kinds[0].traced
        if found := REQUIRED.search(rest.text):
            required = judged(True, rest.cut(found.start(), found.end()))
            rest = rest.cut(0, found.start())
        if not NAME.match(rest.text):
            break
        text = join([text, rest], "")
        kinds = kinds[1:]
    if not text.text or " " in text.text:
        words = re.match(r"^[\w$@.\-\[\]]+", text.text)
        if words is None:
            return None
        text = text.cut(0, words.end())
    kind = join([item.traced for item in kinds], "") if kinds else None
    return Row(
        name=text,
        place=place.traced,
        type=kind,
        required=required or judged(False, text),
        notes=list(notes),
    )


def _goes_on(first: Segment, name: Traced, kinds: Sequence[Segment]) -> bool:
    """Whether a name's next line is the rest of it: set as large, or broken at a hyphen, with its type below."""
    if abs(kinds[0].size - first.size) < 0.06 * first.size:
        return True
    return name.text[-1:] in {"-", "_"} and bool(TYPE.match(kinds[1].traced.text))
