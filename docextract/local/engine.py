"""The embedded engine as a `ModelClient`: no key, no network, words in, a located answer out."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence

import anyio
import anyio.to_thread

from docextract.errors import ReplyError
from docextract.local.fields import extract_fields
from docextract.types import Evidence, ExtractionRequest, Json, ModelReply, Usage, Words


class LocalModel:
    """Answers from the words of the pages. Costs nothing; equal words give an equal answer."""

    async def ask(self, request: ExtractionRequest) -> ModelReply:
        """Reads the window's pages and extracts in a worker thread. Raises what reading a page raises."""
        pages = await request.pages.words(request.window.pages)
        started = time.perf_counter()
        with anyio.move_on_after(request.deadline_s) as scope:
            value, located = await anyio.to_thread.run_sync(extract, request.schema, pages, abandon_on_cancel=True)
        if scope.cancelled_caught:
            raise ReplyError(
                f"the embedded engine took longer than {request.deadline_s:g} s",
                code="reply_empty",
                hint="pass --window-pages 1, or a smaller schema",
            )
        return ModelReply(
            text=json.dumps(value, ensure_ascii=False),
            finish_reason="stop",
            usage=Usage(calls=1),
            ms=round((time.perf_counter() - started) * 1000),
            located=located,
        )

    async def aclose(self) -> None:
        """Nothing is held open."""


def extract(schema: Mapping[str, Json], pages: Sequence[Words]) -> tuple[Json, tuple[Evidence, ...]]:
    """The answer for a schema from these pages, and where its leaves stand.

    The root's `x-reader` says which part reads it: `tables`, `sections`, `apidocs`, else `fields`.
    """
    reader = schema.get("x-reader")
    if reader == "tables":
        from docextract.local.tables import extract_tables

        tables, evidence = extract_tables(pages)
        return {"tables": tables}, tuple(evidence)
    if reader == "sections":
        from docextract.local import sections

        return sections.extract(schema, pages)
    if reader == "apidocs":
        from docextract.local import apidocs

        return apidocs.extract(schema, pages)
    return extract_fields(schema, pages)
