"""One HTTP exchange: post a body, listen to the answer within its deadlines and its size."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import anyio
import httpx

from docextract.errors import DocextractError, ReplyError, TransportError
from docextract.faultpoints import passing
from docextract.model.answer import Assembly
from docextract.model.awake import gaps_told
from docextract.model.faults import Refusal, read_error, read_refusal
from docextract.model.sse import EventReader, payloads
from docextract.types import Json

_ERROR_CAP = 256_000
_TAIL_S = 0.2
_EVENTS = re.compile(rb"\s*(?:data:|event:|: )")


class Refused(Exception):  # noqa: N818 - not an error yet: the caller may learn from it and ask again
    """The endpoint said no, in a way that the caller may learn from. Never leaves the model room."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class Strange(Exception):  # noqa: N818 - like Refused, a finding that the caller turns into an error
    """Something answered that is no model endpoint: a web page, a redirect. Never leaves the model room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One request on its way. `stall_s` is the longest time without progress, `total_s` the longest at all.

    Progress is words of an answer, not bytes: a server that sends a byte a second makes none.
    """

    url: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    stall_s: float
    total_s: float
    cap: int
    wall: Callable[[], datetime] = lambda: datetime.now(UTC)


async def exchange(client: httpx.AsyncClient, post: Post) -> Assembly:
    """Send and receive. Cancellation safe.

    Raises Refused (an error reply), TransportError (no whole answer; `in_doubt` where it may be billed),
    ReplyError (an answer that cannot be read, or larger than `cap` bytes).
    """
    assembly = Assembly()

    async def converse(extend: Callable[[], None]) -> None:
        await _converse(client, post, assembly, extend)

    await _bounded(post, converse)
    return assembly


async def fetch_object(client: httpx.AsyncClient, post: Post) -> dict[str, Json]:
    """Send, and receive one JSON object that is no chat. Raises as `exchange` does."""
    found: list[dict[str, Json]] = []

    async def converse(_extend: Callable[[], None]) -> None:
        async with _posted(client, post) as response:
            kind, pieces = await _opened(response, post)
            payload = _payload(b"".join([piece async for piece in pieces]), kind, post)
            if payload.get("error"):
                raise Refused(read_error(_fault(payload["error"], payload), status=200, now=post.wall()))
            found.append(payload)

    await _bounded(post, converse)
    return found[0]


async def _bounded(post: Post, converse: Callable[[Callable[[], None]], Awaitable[None]]) -> None:
    """Run within the deadlines; what the network raises becomes a TransportError."""
    start = anyio.current_time()
    with anyio.CancelScope(deadline=start + min(post.stall_s, post.total_s)) as scope:

        def extend() -> None:
            scope.deadline = min(anyio.current_time() + post.stall_s, start + post.total_s)

        def give_back(seconds: float) -> None:
            nonlocal start
            start += seconds
            scope.deadline += seconds

        try:
            with gaps_told(give_back):
                await converse(extend)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            # Nothing was sent, so nothing is owed.
            raise TransportError(f"cannot reach {post.url}: {_reason(error)}", code="unavailable") from error
        except httpx.HTTPError as error:
            message = f"the connection broke off: {_reason(error)}"
            raise TransportError(message, code="unavailable", in_doubt=True) from error
    if scope.cancelled_caught:
        waited = anyio.current_time() - start
        raise TransportError(f"no answer within {waited:.0f} s", code="timed_out", in_doubt=True)


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


async def _converse(client: httpx.AsyncClient, post: Post, assembly: Assembly, extend: Callable[[], None]) -> None:
    async with _posted(client, post) as response:
        kind, pieces = await _opened(response, post)
        if kind == "text/event-stream":
            await _listen(pieces, assembly, post, extend)
            await _to_the_end(pieces, assembly)
            return
        body = b"".join([piece async for piece in pieces])
        if _EVENTS.match(body):  # a stream under another name
            await _listen(_one(body), assembly, post, extend)
        else:
            _whole(body, kind, assembly, post)


@asynccontextmanager
async def _posted(client: httpx.AsyncClient, post: Post) -> AsyncIterator[httpx.Response]:
    """The response to the request, its body not read yet.

    A response and its stream hold each other, and the request with its pictures: let go of at the end, or they would
    stay until the collector of cycles comes by.
    """
    async with client.stream("POST", post.url, content=post.body, headers=post.headers) as response:
        passing("sent")
        try:
            yield response
        finally:
            await response.aclose()
            response.stream = httpx.ByteStream(b"")


async def _to_the_end(pieces: AsyncIterator[bytes], assembly: Assembly) -> None:
    """Read what follows the last word of an answer, if it is there already: only then the connection can be kept."""
    if not assembly.done or assembly.looping:
        return
    with anyio.move_on_after(_TAIL_S), suppress(httpx.HTTPError, ReplyError):
        async for _ in pieces:
            pass


async def _one(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def _opened(response: httpx.Response, post: Post) -> tuple[str, AsyncIterator[bytes]]:
    """The media type and the body of an answer that is one."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    pieces = _pieces(response, post.cap if response.status_code == 200 else _ERROR_CAP)
    if response.is_redirect:
        # Never followed: the key belongs to one host.
        raise Strange(f"{post.url} redirects to {response.headers.get('location', 'nowhere')[:200]}")
    if response.status_code >= 300:
        raise Refused(await _refusal(response, pieces, post))
    return kind, pieces


async def _refusal(response: httpx.Response, pieces: AsyncIterator[bytes], post: Post) -> Refusal:
    body = bytearray()
    try:
        async for piece in pieces:
            body += piece
    except (httpx.HTTPError, DocextractError):
        # The status alone says enough where the words do not arrive whole.
        body += b""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return read_refusal(response.status_code, headers, bytes(body), now=post.wall())


async def _listen(pieces: AsyncIterator[bytes], assembly: Assembly, post: Post, extend: Callable[[], None]) -> None:
    reader = EventReader()
    async for piece in pieces:
        before = assembly.progress
        for event in reader.feed(piece):
            for payload in payloads(event):
                _take(payload, event.name, assembly, post)
        if assembly.done or assembly.looping:
            return
        if assembly.progress > before:
            extend()
    for event in reader.close():
        for payload in payloads(event):
            _take(payload, event.name, assembly, post)
    if assembly.finish is None and not assembly.done:
        raise TransportError("the stream ended before the answer did", code="unavailable", in_doubt=True)


def _take(payload: dict[str, object] | None, name: str, assembly: Assembly, post: Post) -> None:
    if payload is None:
        assembly.done = True
        return
    error = payload.get("error")
    if name == "error" or error:
        raise Refused(read_error(_fault(error, payload), status=200, now=post.wall()))
    assembly.feed(payload)


def _fault(error: Json, payload: Mapping[str, Json]) -> Mapping[str, Json]:
    return error if isinstance(error, dict) else {"message": error} if error else payload


def _whole(body: bytes, kind: str, assembly: Assembly, post: Post) -> None:
    payload = _payload(body, kind, post)
    if not (payload.get("choices") or payload.get("error")):
        raise ReplyError("the reply holds no answer", code="reply_not_json", retryable=True)
    _take(payload, "message", assembly, post)
    assembly.finish = assembly.finish or "stop"
    assembly.done = True


def _payload(body: bytes, kind: str, post: Post) -> dict[str, Json]:
    if kind == "text/html" or body[:64].lstrip().lower().startswith((b"<!doctype", b"<html")):
        raise Strange(f"{post.url} answers with a web page, not with an answer")
    try:
        payload = json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ReplyError(f"the reply is not UTF-8: {error}", code="reply_not_json", retryable=True) from error
    except (ValueError, RecursionError) as error:
        raise ReplyError(f"the reply is not JSON: {error}", code="reply_not_json", retryable=True) from error
    if not isinstance(payload, dict):
        raise ReplyError("the reply holds no answer", code="reply_not_json", retryable=True)
    return payload


async def _pieces(response: httpx.Response, cap: int) -> AsyncIterator[bytes]:
    """The body's bytes, at most `cap` of them, counted after unpacking.

    We ask for no compression; where it comes all the same it is unpacked piece by piece, since 1 MB of
    it can hold 1 GB.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "", "gzip", "deflate"}:
        raise ReplyError(f"the reply is encoded as {encoding}", code="reply_not_json", retryable=True)
    inflater = zlib.decompressobj(wbits=47 if encoding == "gzip" else 15) if encoding in {"gzip", "deflate"} else None
    total = 0
    async for raw in response.aiter_raw():
        try:
            piece = inflater.decompress(raw, cap - total + 1) if inflater else raw
        except zlib.error as error:
            raise ReplyError(f"the reply cannot be unpacked: {error}", code="reply_not_json", retryable=True) from error
        total += len(piece)
        if total > cap:
            hint = "the endpoint does not keep to its output limit; try another --model"
            raise ReplyError(f"the reply is larger than {cap} bytes", code="limit_reached", hint=hint)
        yield piece
