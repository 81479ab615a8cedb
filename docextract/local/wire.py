"""What goes to a child that runs the embedded engine, and what comes back: blobs of JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields

from docextract.read.wire import words_to_json
from docextract.types import Evidence, Json, Words

_FIELDS = tuple(one.name for one in fields(Evidence))
_TUPLES = frozenset(["box", "boxes", "span"])


def page_blobs(pages: Sequence[Words]) -> list[bytes]:
    """Pages as the blobs that `extract` takes."""
    return [_dump(words_to_json(page)) for page in pages]


def answer_of(blobs: Sequence[bytes]) -> tuple[str, tuple[Evidence, ...]]:
    """The value as JSON text and its evidence, from the blobs of an answer."""
    text, rows = blobs
    return text.decode(), tuple(_evidence(row) for row in json.loads(rows))


def answer_blobs(value: Json, located: Sequence[Evidence]) -> list[bytes]:
    """The blobs of an answer: the value, and a row for each piece of evidence."""
    return [_dump(value), _dump([[getattr(one, name) for name in _FIELDS] for one in located])]


def _dump(value: Json) -> bytes:
    # A text layer may hold half of a surrogate pair, which UTF-8 cannot: it crosses as an escape.
    return json.dumps(value).encode()


def _evidence(row: Sequence[Json]) -> Evidence:
    values = dict(zip(_FIELDS, row, strict=True))
    return Evidence(**{name: _tuple(value) if name in _TUPLES else value for name, value in values.items()})


def _tuple(value: Json) -> Json:
    return tuple(_tuple(one) for one in value) if isinstance(value, list) else value
