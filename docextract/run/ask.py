"""One window, asked: from the journal where the answer is there already, else from the model."""

from __future__ import annotations

import dataclasses
import hashlib
import json

from docextract.check.parse import parse
from docextract.errors import DocextractError
from docextract.journal.rows import Claim
from docextract.run.session import Session
from docextract.run.stored import decode, encode
from docextract.schema.target import Target
from docextract.types import (
    Attempt,
    ExtractionRequest,
    Issue,
    ModelReply,
    PageSource,
    Record,
    Usage,
    Window,
    WindowResult,
)


async def ask_window(session: Session, claim: Claim, target: Target, window: Window, pages: PageSource) -> WindowResult:
    """Never raises for what the model says or fails to say: the result carries the fault. Run-wide errors pass."""
    request = ExtractionRequest(
        model=session.engine.name,
        key=request_key(session.engine.identity, target, window),
        window=window,
        schema=target.json_schema,
        pages=pages,
    )
    attempts: list[Attempt] = []
    try:
        reply = await obtain(session, claim, request)
        attempts.append(_attempt(window, len(attempts) + 1, reply, "ok"))
        record = judge(target, window, reply)
    except DocextractError as error:
        if error.scope == "run":
            raise
        attempts.append(Attempt(window=window.index, n=len(attempts) + 1, outcome=error.code))
        return WindowResult(window=window, fault=error.fault, attempts=tuple(attempts), usage=_usage(attempts))
    return WindowResult(window=window, record=record, attempts=tuple(attempts), usage=reply.usage)


async def obtain(session: Session, claim: Claim, request: ExtractionRequest) -> ModelReply:
    """The stored answer, or a new one that is stored before it is returned."""
    for stored in await session.journal.replies(request.key):
        return decode(stored.body)
    call, _ = await session.journal.intend(request.key, claim.unit)
    try:
        reply = await session.engine.client.ask(request)
    except DocextractError as error:
        await session.journal.call_failed(call, error.code)
        raise
    await session.journal.answered(call, encode(reply), dataclasses.asdict(reply.usage), reply.usage.cost_usd)
    return reply


def judge(target: Target, window: Window, reply: ModelReply) -> Record:
    """The answer as a record, valid for the schema but for what this window does not show. Raises ReplyError."""
    value = parse(reply.text)
    outcome = target.partial(value)
    issues = tuple(
        Issue(path=problem.path, code="invalid_value", message=problem.message) for problem in outcome.problems
    )
    return Record(window=window, value=outcome.data, located=reply.located, issues=issues)


def request_key(identity: str, target: Target, window: Window) -> str:
    """Digest of all that decides the answer, known before anything is rendered."""
    parts = {
        "document": window.document,
        "pages": window.pages,
        "images": [dataclasses.asdict(image) for image in window.images],
        "text": window.text_pages,
        "model": identity,
        "schema": target.sha256,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _attempt(window: Window, n: int, reply: ModelReply, outcome: str) -> Attempt:
    return Attempt(
        window=window.index,
        n=n,
        outcome=outcome,
        finish_reason=reply.finish_reason,
        ms=reply.ms,
        input_tokens=reply.usage.input_tokens,
        cached_tokens=reply.usage.cached_tokens,
        output_tokens=reply.usage.output_tokens,
    )


def _usage(attempts: list[Attempt]) -> Usage:
    return Usage(
        calls=len(attempts),
        input_tokens=sum(attempt.input_tokens for attempt in attempts),
        cached_tokens=sum(attempt.cached_tokens for attempt in attempts),
        output_tokens=sum(attempt.output_tokens for attempt in attempts),
    )
