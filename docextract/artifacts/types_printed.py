"""Types as API pages print them, as JSON Schema: `integer($int64)`, `array of strings`, `Pet[]`, `string <uuid>`."""

from __future__ import annotations

import re
from collections.abc import Collection

from docextract.types import Json

_PLAIN: dict[str, dict[str, Json]] = {
    "string": {"type": "string"}, "str": {"type": "string"}, "text": {"type": "string"}, "char": {"type": "string"},
    "integer": {"type": "integer"}, "int": {"type": "integer"}, "int32": {"type": "integer", "format": "int32"},
    "int64": {"type": "integer", "format": "int64"}, "long": {"type": "integer", "format": "int64"},
    "number": {"type": "number"}, "float": {"type": "number", "format": "float"},
    "double": {"type": "number", "format": "double"}, "decimal": {"type": "number"},
    "boolean": {"type": "boolean"}, "bool": {"type": "boolean"},
    "object": {"type": "object"}, "map": {"type": "object"},
    "dict": {"type": "object"}, "json": {}, "any": {}, "null": {"type": "null"},
    "file": {"type": "string", "format": "binary"}, "binary": {"type": "string", "format": "binary"},
    "date": {"type": "string", "format": "date"}, "datetime": {"type": "string", "format": "date-time"},
    "date-time": {"type": "string", "format": "date-time"}, "timestamp": {"type": "string", "format": "date-time"},
    "uuid": {"type": "string", "format": "uuid"}, "email": {"type": "string", "format": "email"},
    "uri": {"type": "string", "format": "uri"}, "url": {"type": "string", "format": "uri"},
    "array": {"type": "array", "items": {}}, "list": {"type": "array", "items": {}},
}  # fmt: skip

_LIST = re.compile(
    r"(?:array|list)\s*(?:of\s+|[\[<(]\s*)(?P<of>.+?)\s*[\])>]*|(?P<head>.+?)\s*\[\s*\]|\[\s*(?P<inside>[^\[\]]+?)\s*\]",
    re.IGNORECASE,
)
_WITH_FORMAT = re.compile(r"(?P<type>[A-Za-z]+)\s*(?:[(<\[]\s*\$?(?P<format>[\w-]+)\s*[)>\]]|[/ ]\s*(?P<word>[\w-]+))")


def schema_of(printed: str | None, models: Collection[str]) -> tuple[dict[str, Json], bool]:
    """The schema of a type as printed, and whether it was understood. `models` may be referred to."""
    text = " ".join((printed or "").split())
    if not text:
        return {}, True
    if text in models:
        return {"$ref": f"#/components/schemas/{text}"}, True
    lower = text.lower()
    if lower in _PLAIN:
        return dict(_PLAIN[lower]), True
    listed = _LIST.fullmatch(text)
    if listed:
        return _list(listed, models)
    alternatives = [part.strip() for part in re.split(r"\s*\|\s*|\s+or\s+", text)]
    if len(alternatives) > 1:
        parts = [schema_of(part, models) for part in alternatives]
        return {"anyOf": [schema for schema, _ in parts]}, all(known for _, known in parts)
    form = _WITH_FORMAT.fullmatch(text)
    if form and form["type"].lower() in _PLAIN:
        schema = dict(_PLAIN[form["type"].lower()])
        word = form["format"] or form["word"]
        if form["format"] and "type" in schema and schema["type"] in ("string", "integer", "number"):
            schema["format"] = word
        return schema, bool(form["format"])
    singular = lower.removesuffix("s")
    if singular in _PLAIN:
        return dict(_PLAIN[singular]), True
    return {}, False


def _list(listed: re.Match[str], models: Collection[str]) -> tuple[dict[str, Json], bool]:
    inner = listed["of"] or listed["head"] or listed["inside"]
    if len(inner) > 80:
        return {"type": "array", "items": {}}, False
    items, known = schema_of(inner, models)
    if not known and inner.endswith("s"):
        items, known = schema_of(inner[:-1], models)
    return {"type": "array", "items": items}, known
