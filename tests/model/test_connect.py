"""A client whose connection pool has lost count of itself is put aside, and the next call has a new one."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack

import anyio
import pytest

from docextract.errors import TransportError
from docextract.model import connect as connections
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import make_ledger
from docextract.testing.requests import connect, ledger_request

pytestmark = pytest.mark.anyio
LEDGER = make_ledger(5, 30)


async def never_ends(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer with the beginning of a body, and keep the connection for as long as the other side does."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    await reader.read()
    writer.close()
    await writer.wait_closed()


async def test_a_pool_full_of_connections_that_nobody_has_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_CONNECT_S", 0.3)
    server = await asyncio.start_server(never_ends, "127.0.0.1", 0)
    elsewhere = "http://{}:{}".format(*server.sockets[0].getsockname())
    with FakeEndpoint() as endpoint:
        async with server, connect(endpoint) as client, AsyncExitStack() as lost:
            await client.ask(ledger_request(LEDGER))
            (full,) = client._connections._clients
            # What a request that was cancelled at the wrong moment may leave (httpcore #1093).
            await lost.enter_async_context(full.stream("GET", elsewhere))
            with pytest.raises(TransportError) as caught:
                await client.ask(ledger_request(LEDGER))
            with anyio.fail_after(20):
                reply = await client.ask(ledger_request(LEDGER))
            (fresh,) = client._connections._clients
            assert fresh is not full
            assert full.is_closed
    assert caught.value.code == "unavailable"
    assert not caught.value.in_doubt, "nothing was sent, so nothing is owed"
    assert json.loads(reply.text) == LEDGER.data
    assert len(endpoint.requests) == 2
