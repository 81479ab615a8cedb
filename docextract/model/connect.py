"""Connections to one endpoint: an httpx client for each, since a pool looks through all it has for every request."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import httpx

from docextract.errors import TransportError

_CONNECT_S = 10.0
_IDLE_S = 30.0  # servers close idle connections after about a minute; a closed one costs a call in doubt


class Connections:
    """At most `limit` requests at a time, each over a client of its own, with one TLS context.

    In one pool of 128 connections a request costs 17 ms of CPU, over clients of one connection 0.6 ms
    (`benchmarks/in_flight.py`). Redirects are not followed, the environment's proxies and netrc are not read,
    and the total time of a request is the caller's to bound: httpx bounds only the gap between two reads.
    """

    def __init__(self, *, limit: int = 64, tls: bool = True) -> None:
        self._slots = anyio.Semaphore(limit)
        self._clients: set[httpx.AsyncClient] = set()
        self._idle: list[httpx.AsyncClient] = []
        self._context: ssl.SSLContext | None = None
        self._tls = tls

    @asynccontextmanager
    async def take(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client with a free connection, the one used last first. One whose pool fails is put aside for a new one."""
        async with self._slots:
            client = self._idle.pop() if self._idle else self._open()
            is_sound = True
            try:
                yield client
            except (httpx.PoolTimeout, TransportError) as error:
                # We never ask for more than the pool holds, so a full one has lost count of itself.
                is_sound = not isinstance(error.__cause__ or error, httpx.PoolTimeout)
                raise
            finally:
                if client in self._clients and is_sound:
                    self._idle.append(client)
                else:
                    self._clients.discard(client)
                    with anyio.CancelScope(shield=True):
                        await client.aclose()

    def _open(self) -> httpx.AsyncClient:
        if self._context is None:
            # Loading the certificates takes 20 ms: done once, and not at all for plain http (then none is trusted).
            self._context = (
                httpx.create_ssl_context(trust_env=False) if self._tls else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            )
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=_IDLE_S)
        timeout = httpx.Timeout(None, connect=_CONNECT_S, pool=_CONNECT_S)
        client = httpx.AsyncClient(
            verify=self._context, limits=limits, timeout=timeout, follow_redirects=False, trust_env=False
        )
        self._clients.add(client)
        return client

    @property
    def clients(self) -> int:
        """How many clients are open."""
        return len(self._clients)

    async def aclose(self) -> None:
        """Close all connections; safe to call twice."""
        clients, self._clients, self._idle = self._clients, set(), []
        for client in clients:
            await client.aclose()
