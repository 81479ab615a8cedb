"""Endpoints that are compatible in their own way: what they answer is read as it was meant."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from docextract.model.address import check_address
from docextract.model.answer import complaint
from docextract.model.chat import ChatClient
from docextract.model.profiles import resolve
from docextract.testing.ledgers import make_ledger
from docextract.testing.requests import ledger_request
from docextract.types import ModelReply

pytestmark = pytest.mark.anyio
TEXT = '{"number": "A-17"}'
Said = tuple[int, str, bytes]


def whole(content: Any = TEXT, finish: str | None = "stop", **message: Any) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": content, **message}, "finish_reason": finish}
    usage = {"prompt_tokens": 900, "completion_tokens": 40, "prompt_tokens_details": None}
    return json.dumps({"id": "x", "choices": [choice], "usage": usage}).encode()


def events(end: str, mark: str) -> bytes:
    """A stream cut at odd places, with a comment before it."""
    pieces = [{"role": "assistant", "content": TEXT[:7]}, {"content": TEXT[7:]}]
    chunks: list[Any] = [
        {"id": "x", "choices": [{"index": 0, "delta": piece, "finish_reason": None}]} for piece in pieces
    ]
    chunks.append({"id": "x", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    return (
        f": ping{end}" + "".join(f"{mark}{json.dumps(chunk)}{end}" for chunk in chunks) + f"{mark}[DONE]{end}"
    ).encode()


@contextmanager
def served(answer: Callable[[dict[str, Any]], Said]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server of our own words; the bodies that it was sent."""
    bodies: list[dict[str, Any]] = []

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, kind, data = answer(bodies[-1])
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", bodies
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def ask(url: str) -> ModelReply:
    client = ChatClient(resolve("generic/any", base_url=url), check_address(url))
    try:
        return await client.ask(ledger_request(make_ledger(5, 30), deadline_s=20))
    finally:
        await client.aclose()


@pytest.mark.parametrize(
    "said",
    [
        ("application/json", whole([{"type": "text", "text": TEXT}])),
        ("application/json", b"\xef\xbb\xbf" + whole()),
        ("text/plain", whole()),
        ("application/json", whole(finish=None)),
        ("application/json", whole(finish="STOP")),
        ("application/json", whole(finish="end_turn")),
        ("text/event-stream; charset=utf-8", events("\r\n\r\n", "data:")),
        ("application/octet-stream", events("\n\n", "data: ")),
        ("application/json", whole(None, "tool_calls", tool_calls=[{"function": {"name": "f", "arguments": TEXT}}])),
    ],
)
async def test_answers_in_other_clothes_are_read(said: tuple[str, bytes]) -> None:
    with served(lambda _: (200, *said)) as (url, bodies):
        reply = await ask(url)
    assert reply.text == TEXT
    assert complaint(reply) is None
    assert len(bodies) == 1


async def test_a_refusal_in_a_field_of_its_own_is_a_refusal() -> None:
    with served(lambda _: (200, "application/json", whole(None, refusal="I cannot help with that"))) as (url, _):
        bad = complaint(await ask(url))
    assert bad is not None
    assert bad.code == "refused"


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("stream", "streaming is not supported"),
        ("max_tokens", "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead."),
        ("temperature", "Unsupported value: 'temperature' does not support 0 with this model."),
        ("response_format", "Extra inputs are not permitted: body.response_format"),
    ],
)
async def test_what_an_endpoint_does_not_take_is_left_out_once_it_has_said_so(field: str, message: str) -> None:
    def answer(body: dict[str, Any]) -> Said:
        if _has(body, field):
            return 400, "application/json", json.dumps({"error": {"message": message}}).encode()
        return 200, "application/json", whole()

    with served(answer) as (url, bodies):
        reply = await ask(url)
    assert reply.text == TEXT
    assert _has(bodies[0], field)
    assert not _has(bodies[-1], field)


def _has(body: dict[str, Any], field: str) -> bool:
    return body.get(field, False) is not False
