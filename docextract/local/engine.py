"""The embedded engine as a `ModelClient`: no key, no network, words in, a located answer out."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence

import anyio
import anyio.to_thread

from docextract.errors import DocextractError, ReplyError
from docextract.local.upright import turned_back, upright
from docextract.local.wire import answer_of, page_blobs
from docextract.pages.pool import Pool
from docextract.types import Evidence, ExtractionRequest, Json, ModelReply, Usage, Words

_HINT = "pass --window-pages 1, or a smaller schema"
# A page takes some 20 ms; ten times a slow machine's second is a rule that runs away.
_START_S, _PAGE_S = 30.0, 1.0


class LocalModel:
    """Answers from the words of the pages. Costs nothing; equal words give an equal answer.

    With a `pool` of kind `docextract.local.service` it works in killable children, else in a thread.
    """

    def __init__(self, pool: Pool | None = None) -> None:
        self._pool = pool

    async def ask(self, request: ExtractionRequest) -> ModelReply:
        """Read the window's pages and extract. Raises what reading a page raises.

        ReplyError limit_reached when it takes longer than 30 s and 1 s a page (or the request's own deadline)
        or more memory than a child may take; reply_empty when the child ends.
        """
        pages = await request.pages.words(request.window.pages)
        started = time.perf_counter()
        deadline_s = min(request.deadline_s, _START_S + _PAGE_S * len(pages))
        if self._pool is None:
            text, located = await _in_thread(request.schema, pages, deadline_s)
        else:
            text, located = await _in_child(self._pool, request.schema, pages, deadline_s)
        return ModelReply(
            text=text,
            finish_reason="stop",
            usage=Usage(calls=1),
            ms=round((time.perf_counter() - started) * 1000),
            located=located,
        )

    async def aclose(self) -> None:
        """Nothing is held open; the pool is closed by whoever opened it."""


def extract(schema: Mapping[str, Json], pages: Sequence[Words]) -> tuple[Json, tuple[Evidence, ...]]:
    """The answer for a schema from these pages, and where its leaves stand on the displayed pages.

    The root's `x-reader` says which part reads it: `tables`, `sections`, `apidocs`, else `fields`. Pages
    that lie on their side or stand on their head are read upright.
    """
    turned = [upright(page) for page in pages]
    value, evidence = _read(schema, [page.words for page in turned])
    return value, turned_back(evidence, turned)


def _read(schema: Mapping[str, Json], pages: Sequence[Words]) -> tuple[Json, tuple[Evidence, ...]]:
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
    from docextract.local.fields import extract_fields

    return extract_fields(schema, pages)


async def _in_thread(
    schema: Mapping[str, Json], pages: Sequence[Words], deadline_s: float
) -> tuple[str, tuple[Evidence, ...]]:
    with anyio.move_on_after(deadline_s) as scope:
        value, located = await anyio.to_thread.run_sync(extract, schema, pages, abandon_on_cancel=True)
    if scope.cancelled_caught:
        raise _too_long(deadline_s)
    return json.dumps(value), located


async def _in_child(
    pool: Pool, schema: Mapping[str, Json], pages: Sequence[Words], deadline_s: float
) -> tuple[str, tuple[Evidence, ...]]:
    try:
        _, blobs = await pool.call("extract", {"schema": schema}, page_blobs(pages), deadline_s=deadline_s)
    except DocextractError as error:
        if error.scope == "run":
            raise
        if error.code == "render_timed_out":
            raise _too_long(deadline_s) from error
        code = "limit_reached" if error.code == "limit_reached" else "reply_empty"
        raise ReplyError(f"the embedded engine: {error}", code=code, hint=_HINT) from error
    return answer_of(blobs)


def _too_long(deadline_s: float) -> ReplyError:
    return ReplyError(f"the embedded engine took longer than {deadline_s:g} s", code="limit_reached", hint=_HINT)
