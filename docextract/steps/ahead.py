"""Pages whose window has been answered, read while other answers are on their way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

import anyio


class Ahead:
    """Given pages as they come, reads all that have come so far at once: readers then work side by side."""

    def __init__(self, read: Callable[[Sequence[int]], Awaitable[None]]) -> None:
        self._read = read
        self._pages: list[int] = []
        self._moved = anyio.Event()
        self._ended = False

    def add(self, pages: Iterable[int]) -> None:
        """These may be read now."""
        self._pages += pages
        self._moved.set()

    def end(self) -> None:
        """No more will come."""
        self._ended = True
        self._moved.set()

    async def follow(self) -> None:
        """Read until the end has come and nothing is left. Raises what reading raises."""
        while self._pages or not self._ended:
            await self._moved.wait()
            self._moved = anyio.Event()
            if self._pages:
                pages, self._pages = self._pages, []
                await self._read(pages)
            if self._ended:
                self._moved.set()
