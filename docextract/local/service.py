"""The embedded engine in a child process: `python -m docextract.pages.child docextract.local.service`.

One operation, `extract`: args {"schema": JSON Schema}, one blob a page (`read.wire` JSON of its words).
The answer has no result of its own but two blobs: the value as JSON, and its evidence as JSON rows.
"""

from __future__ import annotations

import json
from typing import Any

from docextract.local.engine import extract
from docextract.local.wire import answer_blobs
from docextract.read.wire import words_from_json

KIND = "docextract.local.service"
"""The KIND of a `Pool` whose children answer here."""


def handle(op: str, args: dict[str, Any], blobs: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Answer one message. KeyError for an operation that does not exist."""
    return {"extract": _extract}[op](args, blobs)


def _extract(args: dict[str, Any], blobs: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    value, located = extract(args["schema"], [words_from_json(json.loads(blob)) for blob in blobs])
    return {}, answer_blobs(value, located)
