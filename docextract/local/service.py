"""The embedded engine in a child process: `python -m docextract.pages.child docextract.local.service`.

One operation, `extract`: args {"schema": JSON Schema}, one blob a page (`read.wire` JSON of its words).
The answer has no result of its own but two blobs: the value as JSON, and its evidence as JSON rows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from docextract.local.engine import extract
from docextract.read.wire import words_from_json, words_to_json
from docextract.types import Evidence, Json, Words

KIND = "docextract.local.service"
"""The KIND of a `Pool` whose children answer here."""

_FIELDS = tuple(one.name for one in fields(Evidence))
_TUPLES = frozenset(["box", "boxes", "span"])


def handle(op: str, args: dict[str, Any], blobs: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Answer one message. KeyError for an operation that does not exist."""
    return {"extract": _extract}[op](args, blobs)


def page_blobs(pages: Sequence[Words]) -> list[bytes]:
    """Pages as the blobs that `extract` takes."""
    return [_dump(words_to_json(page)) for page in pages]


def answer_of(blobs: Sequence[bytes]) -> tuple[str, tuple[Evidence, ...]]:
    """The value as JSON text and its evidence, from the blobs of an answer."""
    text, rows = blobs
    return text.decode(), tuple(_evidence(row) for row in json.loads(rows))


def _extract(args: dict[str, Any], blobs: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    value, located = extract(args["schema"], [words_from_json(json.loads(blob)) for blob in blobs])
    rows = [[getattr(one, name) for name in _FIELDS] for one in located]
    return {}, [_dump(value), _dump(rows)]


def _dump(value: Json) -> bytes:
    # A text layer may hold half of a surrogate pair, which UTF-8 cannot: it crosses as an escape.
    return json.dumps(value).encode()


def _evidence(row: Sequence[Json]) -> Evidence:
    values = dict(zip(_FIELDS, row, strict=True))
    return Evidence(**{name: _tuple(value) if name in _TUPLES else value for name, value in values.items()})


def _tuple(value: Json) -> Json:
    return tuple(_tuple(one) for one in value) if isinstance(value, list) else value
