"""An answer on the wire: whole, or as the stream that the mode sends, with its ways to go wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docextract.testing.answers import Answer
from docextract.testing.behaviour import Behaviour
from docextract.testing.http import Outgoing
from docextract.testing.seen import Question

_KIND = {"Content-Type": "text/event-stream;charset=UTF-8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is to be sent: the answer, its usage object (None to leave it out) and ids."""

    answer: Answer
    usage: dict[str, Any] | None
    id: str
    model: str
    request_id: str


async def send(out: Outgoing, reply: Reply, question: Question, behaviour: Behaviour, trouble: str | None) -> None:
    """Send it as asked for. `trouble` is one of `troubles.STREAMS` or None."""
    usage = None if trouble == "no_usage" else reply.usage
    if not question.body.get("stream"):
        await asyncio.sleep(behaviour.chunk_s)
        await out.respond_json(200, _whole(reply, usage))
        return
    options = question.body.get("stream_options")
    wants_usage = isinstance(options, dict) and bool(options.get("include_usage"))
    chunks = list(_chunks(reply, behaviour, usage, is_usage_wanted=wants_usage))
    await out.start(200, _KIND)
    await _stream(out, chunks, behaviour, trouble)


def _whole(reply: Reply, usage: dict[str, Any] | None) -> dict[str, Any]:
    message = {"role": "assistant", **_delta(reply.answer.text, as_tool=reply.answer.as_tool)}
    if reply.answer.reasoning:
        message["reasoning_content"] = reply.answer.reasoning
    choice = {"index": 0, "finish_reason": reply.answer.finish, "message": message}
    value = {"id": reply.id, "request_id": reply.request_id, "created": 1_700_000_000, "object": "chat.completion",
             "model": reply.model, "choices": [choice]}  # fmt: skip
    return value if usage is None else {**value, "usage": usage}


def _chunks(
    reply: Reply, behaviour: Behaviour, usage: dict[str, Any] | None, *, is_usage_wanted: bool
) -> Iterator[dict[str, Any]]:
    answer, size = reply.answer, behaviour.chunk_chars
    head = {"id": reply.id, "object": "chat.completion.chunk", "created": 1_700_000_000, "model": reply.model}

    def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        role = {"role": "assistant"} if behaviour.role_on_every_chunk else {}
        choice: dict[str, Any] = {"index": 0, "delta": {**role, **delta}}
        if finish or not behaviour.role_on_every_chunk:
            choice["finish_reason"] = finish
        return {**head, "choices": [choice]}

    if not behaviour.role_on_every_chunk:
        yield chunk({"role": "assistant", "content": ""})
    for start in range(0, len(answer.reasoning), size):
        yield chunk({"reasoning_content": answer.reasoning[start : start + size]})
    if answer.as_tool:
        yield chunk(_delta(answer.text, as_tool=True))  # a tool call arrives in one piece
    else:
        for start in range(0, len(answer.text), size):
            yield chunk({"content": answer.text[start : start + size]})
    last = chunk({"content": ""}, answer.finish)
    if behaviour.usage_apart:
        yield last
        if usage is not None and is_usage_wanted:
            yield {**head, "choices": [], "usage": usage}
    else:
        yield last if usage is None else {**last, "usage": usage}


def _delta(text: str, *, as_tool: bool) -> dict[str, Any]:
    if not as_tool:
        return {"content": text}
    call = {"id": "call_1", "index": 0, "type": "function", "function": {"name": "answer", "arguments": text}}
    return {"content": "", "tool_calls": [call]}


async def _stream(out: Outgoing, chunks: list[dict[str, Any]], behaviour: Behaviour, trouble: str | None) -> None:
    events = [b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n" for chunk in chunks]
    middle = len(events) // 2
    match trouble:
        case "cut_stream":
            events = [*events[:middle], events[middle][: len(events[middle]) // 2]]
        case "glued":
            # Two whole chunks in one event, the line end between them forgotten.
            events[middle - 1 : middle + 1] = [events[middle - 1].rstrip() + events[middle]]
        case "half_glued":
            events[middle] = events[middle][:12] + events[middle]
        case "stream_error":
            events[middle:] = [b'data: {"error":{"code":"1234","message":"Network error, please contact support"}}\n\n']
        case "event_error":
            events[middle:] = [b'event: error\ndata: {"code":"500","message":"Internal Error"}\n\n']
    for event in events:
        await asyncio.sleep(behaviour.chunk_s)
        await out.send(event)
    if trouble == "cut_stream":
        out.abort()
        return
    if trouble not in {"no_done", "stream_error", "event_error"}:
        await out.send(b"data: [DONE]\n\n")
    await out.finish()
