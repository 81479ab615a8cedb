"""Connections to one endpoint: several small httpx clients, since one large pool costs the square of its size."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
import httpx

SHARD = 8
"""Connections a client: at 32 in one pool a request costs 1.1 ms of CPU, at 128 it costs 17."""

_CONNECT_S = 10.0
_IDLE_S = 30.0  # servers close idle connections after about a minute; a closed one costs a call in doubt


@dataclass(slots=True)
class _Shard:
    client: httpx.AsyncClient
    in_use: int = 0
    is_retired: bool = False


class Connections:
    """At most `limit` requests at a time, shared out over clients of 8 connections with one TLS context.

    Redirects are not followed, the environment's proxies and netrc are not read, and the total time of
    a request is the caller's to bound: httpx bounds only the gap between two reads.
    """

    def __init__(self, *, limit: int = 64, tls: bool = True) -> None:
        self._slots = anyio.Semaphore(limit)
        self._shards: list[_Shard] = []
        self._context: ssl.SSLContext | None = None
        self._tls = tls

    @asynccontextmanager
    async def take(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client with a free connection. A client whose own pool fails is put aside for a new one."""
        async with self._slots:
            shard = next((one for one in self._shards if one.in_use < SHARD), None)
            if shard is None:
                shard = _Shard(self._open())
                self._shards.append(shard)
            shard.in_use += 1
            try:
                yield shard.client
            except httpx.PoolTimeout:
                # We never ask for more than the pool holds, so a full one has lost count of itself.
                if shard in self._shards:
                    self._shards.remove(shard)
                shard.is_retired = True
                raise
            finally:
                shard.in_use -= 1
                if shard.is_retired and not shard.in_use:
                    with anyio.CancelScope(shield=True):
                        await shard.client.aclose()

    def _open(self) -> httpx.AsyncClient:
        if self._context is None:
            # Loading the certificates takes 20 ms: done once, and not at all for plain http (then none is trusted).
            self._context = (
                httpx.create_ssl_context(trust_env=False) if self._tls else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            )
        limits = httpx.Limits(max_connections=SHARD, max_keepalive_connections=SHARD, keepalive_expiry=_IDLE_S)
        timeout = httpx.Timeout(None, connect=_CONNECT_S, pool=_CONNECT_S)
        return httpx.AsyncClient(
            verify=self._context, limits=limits, timeout=timeout, follow_redirects=False, trust_env=False
        )

    @property
    def clients(self) -> int:
        """How many clients are open."""
        return len(self._shards)

    async def aclose(self) -> None:
        """Close all connections; safe to call twice."""
        shards, self._shards = self._shards, []
        for shard in shards:
            await shard.client.aclose()
