"""The JSON value in a model's answer, read strictly.

Tolerated around it, because models add it and no value changes by it: thought blocks, box marks,
code fences, prose before or after, and an echo of the schema with the values in place of the
fields. Everything else is refused: an answer that is nearly JSON is asked for again, never guessed.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from docextract.errors import ReplyError
from docextract.types import Json

MAX_DEPTH = 100
"""Deepest nesting accepted. Real schemas stay under ten; deeper is a runaway or an attack."""

MAX_DIGITS = 1000
"""Longest integer accepted, in digits."""

_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_BOX = re.compile(r"<\|(?:begin|end)_of_box\|>")
_FENCE = re.compile(r"```[ \t]*[\w+-]*[ \t]*\r?\n(.*?)(?:\r?\n)?[ \t]*```", re.DOTALL)
_SCHEMA_WORDS = {"type", "properties", "title", "description", "required", "$defs", "additionalProperties", "$schema"}


def parse(text: str) -> Json:
    """The one JSON value of the answer. Raises ReplyError reply_empty, reply_truncated or reply_not_json."""
    stripped = _stripped(text)
    if not stripped:
        raise ReplyError("the answer is empty", code="reply_empty")
    whole = _attempt(stripped)
    if whole is not None:
        return _unechoed(whole[0])
    bodies = [body.strip() for body in _FENCE.findall(stripped)]
    found = [value for body in bodies if (value := _attempt(body)) is not None]
    if len(found) == 1:
        return _unechoed(found[0][0])
    if len(found) > 1:
        raise ReplyError(f"the answer holds {len(found)} JSON values", code="reply_not_json")
    return _unechoed(_amid_prose(stripped))


def _stripped(text: str) -> str:
    text = _THOUGHT.sub("", text.lstrip("\ufeff"))
    # A thought whose opening mark was eaten by the endpoint's own template.
    for end in ("</think>", "</thinking>"):
        text = text.rpartition(end)[2] if end in text else text
    return _BOX.sub("", text).strip()


def _attempt(text: str) -> tuple[Json] | None:
    """The value that `text` is, in a tuple; None where it is no whole JSON. Raises what is refused by rule."""
    try:
        return (_decoded(text),)
    except json.JSONDecodeError:
        return None


def _decoded(text: str) -> Json:
    _check_depth(text)
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float, parse_int=_integer
        )
    except RecursionError as error:
        raise _refused(f"nested deeper than {MAX_DEPTH}") from error


def _refused(why: str) -> ReplyError:
    return ReplyError(f"the answer is not acceptable JSON: {why}", code="reply_not_json")


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    out = dict(pairs)
    if len(out) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _refused(f"the key {twice[:80]!r} stands twice in one object")
    return out


def _constant(word: str) -> NoReturn:
    raise _refused(f"{word} is no JSON number")


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _refused(f"the number {digits[:40]} is too large")
    return number


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise _refused(f"a number has more than {MAX_DIGITS} digits")
    return int(digits)


def _check_depth(text: str) -> None:
    depth = 0
    for mark in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{\]}]', text, re.DOTALL):
        first = mark[0][0]
        if first in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise _refused(f"nested deeper than {MAX_DEPTH}")
        elif first in "]}":
            depth -= 1


def _amid_prose(text: str) -> Json:
    """The one object or list that stands in prose. Raises where there is none, or it does not end."""
    values: list[Json] = []
    position = 0
    cut = False
    while (start := _next_opening(text, position)) is not None:
        end = _closing(text, start)
        if end is None:
            cut = True
            break
        value = _attempt(text[start:end])
        # A bracket in prose ("see [1]" or "{name}") is no answer; what holds a key or a list of them is.
        if value is not None and _substantial(value[0]):
            values.append(value[0])
            position = end
        else:
            position = start + 1 if value is None else end
    if len(values) == 1 and not cut:
        return values[0]
    if len(values) > 1:
        raise ReplyError(f"the answer holds {len(values)} JSON values", code="reply_not_json")
    if cut and not values:
        raise ReplyError("the answer stops in the middle of its JSON", code="reply_truncated")
    if values:
        raise ReplyError("the answer goes on after its JSON and stops in the middle", code="reply_truncated")
    raise ReplyError(f"the answer is no JSON: {text[:120]!r}", code="reply_not_json")


def _substantial(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value))


def _next_opening(text: str, position: int) -> int | None:
    """Where the next object starts, or list of objects."""
    found = re.compile(r"\{|\[(?=\s*[{\]])").search(text, position)
    return found.start() if found else None


def _closing(text: str, start: int) -> int | None:
    """The end of the bracket that opens at `start`, or None where the text ends first."""
    depth = 0
    for mark in re.compile(r'"(?:[^"\\]|\\.)*"|[\[{\]}]|"', re.DOTALL).finditer(text, start):
        if mark[0] == '"':
            return None  # a string that does not end
        if mark[0] in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise _refused(f"nested deeper than {MAX_DEPTH}")
        elif mark[0] in "]}":
            depth -= 1
            if depth == 0:
                return mark.end()
    return None


def _unechoed(value: Json) -> Json:
    """The values out of an echo of the schema: {"type": "object", "properties": {"total": 9.0}} is {"total": 9.0}."""
    if not isinstance(value, dict) or not isinstance(value.get("properties"), dict):
        return value
    inner = value["properties"]
    echo = set(value) <= _SCHEMA_WORDS and value.get("type", "object") == "object"
    if not echo or not inner:
        return value
    if any(_is_field_schema(field) for field in inner.values()):
        # A schema and not values in its shape: nothing was extracted.
        raise ReplyError("the answer is the schema itself", code="reply_not_json")
    return inner


def _is_field_schema(field: Json) -> bool:
    if not isinstance(field, dict):
        return False
    typed = isinstance(field.get("type"), str) and field["type"] in {
        "string", "number", "integer", "boolean", "array", "object", "null",
    }  # fmt: skip
    return (typed and bool({"title", "description", "items", "properties", "default"} & set(field))) or "anyOf" in field
