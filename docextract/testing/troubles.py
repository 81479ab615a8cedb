"""Replies that are no answer: refusals, broken connections, and bytes that lie."""

from __future__ import annotations

import asyncio
import functools
import gzip
import json
from collections.abc import Awaitable, Callable
from typing import Any

from docextract.testing.behaviour import Behaviour
from docextract.testing.http import Outgoing
from docextract.testing.spoil import SPOILED

Trouble = Callable[[Outgoing, Behaviour], Awaitable[int]]

_USED_UP = "Usage limit reached for 5 hour. Your limit will reset at 2099-01-01 00:00:00"
_BAD_BYTES = b'{"choices":[{"message":{"content":"\xff\xfe\xc3("}}]}'
_HTML = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Please sign in</h1></body></html>"


def envelope(code: str, message: str, behaviour: Behaviour, *, kind: str = "invalid_request_error") -> dict[str, Any]:
    """An error as the mode writes it: Z.ai's string codes, or OpenAI's and Anthropic's types."""
    if behaviour.mode == "zai":
        return {"error": {"code": code, "message": message}}
    if behaviour.mode == "anthropic":
        return {"type": "error", "error": {"type": kind, "message": message}}
    return {"error": {"message": message, "type": kind, "param": None, "code": kind}}


def refusal(status: int, code: str, message: str, kind: str = "invalid_request_error") -> Trouble:
    """A plain error reply; 429 carries Retry-After where the behaviour has one."""

    async def send(out: Outgoing, behaviour: Behaviour) -> int:
        wait = {"Retry-After": behaviour.retry_after} if status == 429 and behaviour.retry_after else {}
        await out.respond_json(status, envelope(code, message, behaviour, kind=kind), headers=wait)
        return status

    return send


def _page(status: int) -> Trouble:
    async def send(out: Outgoing, behaviour: Behaviour) -> int:
        del behaviour
        await out.respond(status, _HTML, kind="text/html; charset=utf-8")
        return status

    return send


def _raw(body: bytes, headers: dict[str, str]) -> Trouble:
    async def send(out: Outgoing, behaviour: Behaviour) -> int:
        del behaviour
        await out.start(200, headers)
        await out.send(body)
        await out.finish()
        return 200

    return send


async def _reset(out: Outgoing, behaviour: Behaviour) -> int:
    del behaviour
    out.abort()
    return 0


async def _hang(out: Outgoing, behaviour: Behaviour) -> int:
    await asyncio.sleep(behaviour.hang_s)
    out.abort()
    return 0


async def _slow(out: Outgoing, behaviour: Behaviour) -> int:
    """A byte now and then, never an answer."""
    await out.start(200, {"Content-Type": "text/event-stream;charset=UTF-8"})
    for _ in range(int(behaviour.hang_s * 20)):
        await out.send(b":")
        await asyncio.sleep(0.05)
    out.abort()
    return 200


async def _cut_body(out: Outgoing, behaviour: Behaviour) -> int:
    del behaviour
    await out.start(200, {"Content-Type": "application/json", "Content-Length": "5000"})
    await out.send(b'{"id":"1","choices":[{"index":0,"message":{"role":"assistant","content":"{')
    out.abort()
    return 200


async def _redirect(out: Outgoing, behaviour: Behaviour) -> int:
    del behaviour
    await out.respond(302, b"", kind="text/plain", headers={"Location": "http://127.0.0.1:9/elsewhere"})
    return 302


@functools.cache
def _packed() -> bytes:
    """64 MB in 64 kB."""
    return gzip.compress(bytes(64_000_000))


async def _bomb(out: Outgoing, behaviour: Behaviour) -> int:
    del behaviour
    body = _packed()
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip", "Content-Length": str(len(body))}
    await out.start(200, headers)
    await out.send(body)
    return 200


async def _flood(out: Outgoing, behaviour: Behaviour) -> int:
    """Reasoning without end, never the same twice."""
    del behaviour
    await out.start(200, {"Content-Type": "text/event-stream;charset=UTF-8"})
    for number in range(20_000):
        piece = " ".join(str((number * 7919 + step) ** 2) for step in range(120))
        chunk = {"id": "x", "choices": [{"index": 0, "delta": {"role": "assistant", "reasoning_content": piece}}]}
        await out.send(b"data: " + json.dumps(chunk).encode() + b"\n\n")
    out.abort()
    return 200


TROUBLES: dict[str, Trouble] = {
    "rate_limit": refusal(429, "1302", "Rate limit reached for requests", "rate_limit_error"),
    "frequency": refusal(429, "1303", "Frequency of requests too high", "rate_limit_error"),
    "overload": refusal(429, "1305", "The service may be temporarily overloaded", "overloaded_error"),
    "overload_529": refusal(529, "1305", "Overloaded", "overloaded_error"),
    "balance": refusal(429, "1113", "Insufficient balance or no resource package", "insufficient_quota"),
    "usage_limit": refusal(429, "1308", _USED_UP, "insufficient_quota"),
    "wrong_key": refusal(401, "1002", "Authorization Token non-existent", "authentication_error"),
    "locked": refusal(429, "1112", "Your account has been locked", "account_deactivated"),
    "no_model": refusal(400, "1211", "Unknown Model, please check the model code.", "not_found_error"),
    "bad_parameter": refusal(400, "1210", "API call parameters are incorrect"),
    "too_long": refusal(400, "1261", "Prompt exceeds max length", "context_length_exceeded"),
    "unsafe": refusal(400, "1301", "System detected potentially unsafe or sensitive content", "content_filter"),
    "server_error": refusal(500, "500", "Internal Error", "api_error"),
    "bad_gateway": _page(502),
    "unavailable": refusal(503, "1230", "API call process error", "unavailable_error"),
    "gateway_timeout": _page(504),
    "html": _page(200),
    "redirect": _redirect,
    "reset": _reset,
    "hang": _hang,
    "slow": _slow,
    "cut_body": _cut_body,
    "gzip_bomb": _bomb,
    "flood": _flood,
    "invalid_utf8": _raw(_BAD_BYTES, {"Content-Type": "application/json"}),
    "not_json": _raw(b'{"choices": [{"mess', {"Content-Type": "application/json"}),
}  # fmt: skip
"""By name."""

STREAMS = frozenset({"cut_stream", "glued", "half_glued", "stream_error", "event_error", "no_usage", "no_done"})
"""Ways in which a stream goes wrong; those that are no stream are sent whole and undisturbed."""

STOPPING = frozenset({"balance", "usage_limit", "wrong_key", "locked", "no_model"})
"""After which a run must stop: nothing but the user can help."""

FINAL = frozenset({"unsafe", "sensitive", "too_long", "bad_parameter", "gzip_bomb", "flood"})
"""After which the same request is not sent again."""

KINDS: tuple[str, ...] = (*TROUBLES, *sorted(STREAMS), *SPOILED)
"""Everything that a script may name."""

PASSING: tuple[str, ...] = tuple(
    kind for kind in KINDS
    if kind not in STOPPING | FINAL | {"rows_dropped", "rows_swapped", "digit_changed", "hang", "slow"}
)  # fmt: skip
"""What a client can get over by itself, without waiting for a deadline."""
