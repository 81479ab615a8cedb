"""What the embedded engine reads in the words of a document that a model answered for: free, and held against it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from docextract.check.agreement import Reading
from docextract.errors import DocextractError
from docextract.local.engine import LocalModel
from docextract.session.session import Session
from docextract.steps.source import DocumentPages
from docextract.types import ExtractionRequest, Json, Window

MOST_PAGES = 40
"""Longer documents have their totals compared by labels and sums alone: a reading takes some 20 ms a page."""


async def second_reading(
    session: Session, source: DocumentPages, pages: tuple[int, ...], schema: Mapping[str, Json]
) -> Reading | None:
    """The engine's own answer from these pages; None where it has nothing to say or cannot be had."""
    if not pages or len(pages) > MOST_PAGES or schema.get("x-reader", "fields") != "fields" or not compares(schema):
        return None
    window = Window(document="", index=0, of=1, pages=pages)
    request = ExtractionRequest(model="local", key="", window=window, schema=schema, pages=source)
    try:
        reply = await LocalModel(session.local_pool).ask(request)
    except DocextractError as error:
        if error.scope == "run":
            raise
        return None  # rules that run away on hostile words: the answer stands by itself
    return Reading(value=json.loads(reply.text), evidence=reply.located)


def compares(schema: Json, depth: int = 3) -> bool:
    """Whether there is a number or a date outside of lists."""
    if not isinstance(schema, dict) or depth < 0 or schema.get("x-evidence") == "inferred":
        return False
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    if "number" in kinds or "integer" in kinds or schema.get("format") in ("date", "date-time"):
        return True
    branches = [*(schema.get("anyOf") or schema.get("oneOf") or ()), *schema.get("properties", {}).values()]
    return any(compares(branch, depth - ("properties" in schema)) for branch in branches)
