"""Prefixes that an endpoint has seen: the first request of each goes alone, the rest find it cached."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio


class Prefixes:
    """The first real request of a prefix goes alone; the others wait for its answer and then find it cached."""

    def __init__(self) -> None:
        self._answered: set[str] = set()
        self._leading: dict[str, anyio.Event] = {}

    @asynccontextmanager
    async def turn(self, prefix: str) -> AsyncIterator[bool]:
        """Enter when the prefix is warm (gives False), or as the one that warms it (True).

        If that one fails, the next one is it.
        """
        while prefix not in self._answered:
            leader = self._leading.get(prefix)
            if leader is None:
                async with self._lead(prefix):
                    yield True
                return
            await leader.wait()
        yield False

    @asynccontextmanager
    async def _lead(self, prefix: str) -> AsyncIterator[None]:
        done = self._leading[prefix] = anyio.Event()
        try:
            yield
            self._answered.add(prefix)
        finally:
            del self._leading[prefix]
            done.set()
