"""What runs on a node: one worker loop, as an actor that its driver asks for news."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

from docextract.cluster.stopped import stopped_event
from docextract.config.load import checked
from docextract.errors import DocextractError
from docextract.journal.owner import Owner
from docextract.remote.url import is_url
from docextract.run.batch import join_run
from docextract.run.interrupt import Drain
from docextract.session.events import Event
from docextract.version import __version__

_NEWS_S = 0.5


class Actor:
    """Made by Ray. All methods answer with plain values; `events` and `stop` are asked while `work` runs."""

    def __init__(self) -> None:
        self._events: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._drain = Drain()

    async def look(self, paths: list[str]) -> dict[str, Any]:
        """Where it is, and which of these paths it does not find there."""
        missing = [path for path in paths if not is_url(path) and not Path(path).exists()]  # noqa: ASYNC240
        owner = Owner.of_this_process()
        return {"node": socket.gethostname(), "boot": owner.boot, "version": __version__, "missing": missing}

    async def work(self, run: str, asked: dict[str, Any], cpus: int) -> dict[str, Any] | None:
        """Work until the run is over. The event that tells what kept it from beginning; None where it began."""
        try:
            await join_run(run, checked(asked), self._observe, drain=self._drain, cpus=cpus)
        except DocextractError as error:
            return stopped_event(error, where=socket.gethostname())
        return None

    async def events(self) -> list[dict[str, Any]]:
        """What happened since it was last asked; waits a little where nothing did."""
        if not self._events:
            try:
                async with asyncio.timeout(_NEWS_S):
                    await self._news.wait()
            except TimeoutError:
                return []
        events, self._events = self._events, []
        self._news.clear()
        return events

    async def stop(self) -> None:
        """Finish what is in flight, and end."""
        self._drain()

    def _observe(self, event: Event) -> None:
        self._events.append({"event": event.name, **event.fields})
        self._news.set()
