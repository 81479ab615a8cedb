"""The least HTTP/1.1 that a fake endpoint needs, with the freedom to misbehave at the level of bytes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_MOST_BYTES = 600_000_000
_REASONS = {200: "OK", 302: "Found", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found",
            429: "Too Many Requests", 500: "Internal Server Error"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A request as it came in; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """The body as JSON. Raises ValueError."""
        return json.loads(self.body)


async def read_request(reader: asyncio.StreamReader) -> Incoming | None:
    """The next request of a connection, or None where it ended. Raises ValueError: not HTTP."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    length = int(headers.get("content-length", "0"))
    if length > _MOST_BYTES:
        raise ValueError("body too large")
    return Incoming(method=method, path=path, headers=headers, body=await reader.readexactly(length))


class Outgoing:
    """One reply on its way. Either `respond`, or `start` and any number of `send` and then `finish`."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._is_chunked = False
        self.keeps_open = True

    async def respond(
        self, status: int, body: bytes, *, kind: str = "application/json", headers: Mapping[str, str] | None = None
    ) -> None:
        """A whole reply."""
        self._head(status, {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})})
        self._writer.write(body)
        await self._writer.drain()

    async def respond_json(self, status: int, value: Any, *, headers: Mapping[str, str] | None = None) -> None:
        """A whole reply of JSON."""
        await self.respond(status, json.dumps(value, ensure_ascii=False).encode(), headers=headers)

    async def start(self, status: int, headers: Mapping[str, str]) -> None:
        """The head of a reply whose body comes in pieces; chunked unless a Content-Length is given."""
        self._is_chunked = "Content-Length" not in headers
        self._head(status, {**headers, **({"Transfer-Encoding": "chunked"} if self._is_chunked else {})})
        await self._writer.drain()

    async def send(self, data: bytes) -> None:
        """A piece of the body. Raises ConnectionError where the client has gone."""
        if data:
            self._writer.write(b"%x\r\n%s\r\n" % (len(data), data) if self._is_chunked else data)
            await self._writer.drain()

    async def finish(self) -> None:
        """The end of a body that came in pieces."""
        if self._is_chunked:
            self._writer.write(b"0\r\n\r\n")
            await self._writer.drain()

    def abort(self) -> None:
        """Break the connection off, here and now."""
        self.keeps_open = False
        self._writer.transport.abort()

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Status')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
