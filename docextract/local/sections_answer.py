"""From a tree of cited leaves to the JSON value and its evidence, limited to what the schema asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docextract.local.sections_trace import Token, Traced
from docextract.types import Box, Evidence, Json, Status, Words

Tree = "None | Traced | Cited | list[Tree] | dict[str, Tree]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A value that is not its own quote: a date made ISO, a judged word. `source` is what it was read from."""

    value: Json
    source: Traced
    status: Status = "normalised"
    confidence: float = 0.9


def answer(tree: Json, schema: Mapping[str, Json], pages: Sequence[Words]) -> tuple[Json, tuple[Evidence, ...]]:
    """The JSON value of a tree of `Traced`, `Cited`, lists, dicts and None, and one Evidence for each leaf.

    Properties that the schema does not have are left out; those it has and the tree has not are null,
    or an empty list where the schema's type is an array.
    """
    evidence: list[Evidence] = []
    sizes = {page.page: page for page in pages}
    value = _shape(tree, schema, "", _Where(sizes=sizes, evidence=evidence))
    return value, tuple(evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Where:
    sizes: Mapping[int, Words]
    evidence: list[Evidence]


def _types(schema: Mapping[str, Json]) -> set[str]:
    named = schema.get("type")
    types = set(named) if isinstance(named, list) else {named} if isinstance(named, str) else set()
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        types |= _types(choice)
    return types


def branch(schema: Mapping[str, Json], kind: str) -> Mapping[str, Json]:
    """The part of a schema that describes a value of this JSON type: itself, or the fitting `anyOf` branch."""
    choices = (*schema.get("anyOf", ()), *schema.get("oneOf", ()))
    for choice in choices:
        if kind in _types(choice):
            return branch(choice, kind)
    return schema


def _shape(tree: Json, schema: Mapping[str, Json], path: str, where: _Where) -> Json:
    if isinstance(tree, Traced | Cited):
        return _leaf(tree, schema, path, where)
    types = _types(schema)
    if isinstance(tree, dict):
        inner = branch(schema, "object")
        return {
            name: _shape(tree.get(name), part, f"{path}/{name}", where)
            for name, part in inner.get("properties", {}).items()
        }
    if isinstance(tree, list):
        items = branch(schema, "array").get("items", {})
        return [_shape(item, items, f"{path}/{index}", where) for index, item in enumerate(tree)]
    if "array" in types and "null" not in types:
        return []
    return None


def _leaf(tree: Traced | Cited, schema: Mapping[str, Json], path: str, where: _Where) -> Json:
    cited = tree if isinstance(tree, Cited) else Cited(value=None, source=tree, status="verbatim")
    tokens = cited.source.tokens
    value = cited.value if isinstance(tree, Cited) else " ".join(tree.text.split())
    if value is None or value == "" or not (tokens or cited.status == "inferred"):
        return None
    inner = branch(schema, "object")
    if "properties" in inner and "string" not in _types(schema):
        # A list of records where the engine knows only a name: the first property is the name.
        first = next(iter(inner["properties"]))
        return _shape({first: tree}, inner, path, where)
    place = _place(tokens, where.sizes)
    text = cited.source.text or None
    soft = text is not None and (
        "\u00ad" in text or (isinstance(value, str) and cited.status == "verbatim" and not _printed(value, tokens))
    )
    status: Status = "normalised" if soft else cited.status
    sure = min((token.word.confidence for token in tokens), default=1.0)
    where.evidence.append(
        Evidence(path=path, quote=_quote(tokens), status=status, confidence=round(cited.confidence * sure, 3), **place)
    )
    return value


def _printed(value: str, tokens: Sequence[Token]) -> bool:
    return value in " ".join(token.word.text for token in tokens)


def _quote(tokens: Sequence[Token]) -> str | None:
    return " ".join(token.word.text for token in tokens) or None


def _place(tokens: Sequence[Token], sizes: Mapping[int, Words]) -> dict[str, Json]:
    """Page, union box, one box a line (fractions), or the span, of the first page that the words stand on."""
    if not tokens:
        return {"page": None}
    number = tokens[0].page
    page = sizes[number]
    here = [token.word for token in tokens if token.page == number]
    spans = [word.span for word in here if word.span is not None]
    if page.text is not None or spans:
        span = (min(s[0] for s in spans), max(s[1] for s in spans)) if spans else None
        return {"page": number, "span": span}
    lines: list[list[float]] = []
    for word in here:
        last = lines[-1] if lines else None
        same = last is not None and word.y0 < (last[1] + last[3]) / 2 < word.y1 and word.x0 > last[0] - 1
        if same and last is not None:
            last[:] = [min(last[0], word.x0), min(last[1], word.y0), max(last[2], word.x1), max(last[3], word.y1)]
        else:
            lines.append([word.x0, word.y0, word.x1, word.y1])
    boxes = tuple(_fraction(line, page) for line in lines)
    union = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    return {"page": number, "box": union, "boxes": boxes}


def _fraction(box: Sequence[float], page: Words) -> Box:
    width, height = page.width or 1.0, page.height or 1.0
    clamped = [min(1.0, max(0.0, part)) for part in (box[0] / width, box[1] / height, box[2] / width, box[3] / height)]
    return clamped[0], clamped[1], clamped[2], clamped[3]
