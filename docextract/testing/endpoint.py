"""A fake model endpoint: a real HTTP server on this machine that reads the pages it is sent.

    with FakeEndpoint(mode="zai", script=script.share(0.1, ["rate_limit", "cut_stream"])) as endpoint:
        ... --base-url {endpoint.base_url}, key {endpoint.key}

It answers from the bars in the page images (`documents.write_pdf`), or from their words where pages go
as text. Pixels are never kept; `requests` is a log of sizes, digests, tokens and pages.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from docextract.model.profiles import resolve
from docextract.testing.behaviour import Behaviour, Mode, preset
from docextract.testing.extras import Extras
from docextract.testing.http import Incoming, Outgoing, read_request
from docextract.testing.log import Call
from docextract.testing.script import Script
from docextract.testing.service import Service


class FakeEndpoint:
    """The server, as a context manager; it runs in a thread of its own with its own event loop.

    `behaviour` replaces the mode's preset; `changes` are single switches of it, by name.
    """

    def __init__(
        self,
        mode: Mode = "zai",
        *,
        script: Script | None = None,
        behaviour: Behaviour | None = None,
        **changes: Any,
    ) -> None:
        self.behaviour = replace(behaviour or preset(mode), **changes)
        self._service = Service(self.behaviour, resolve(self.behaviour.model), script or Script())
        self._extras = Extras(self._service)
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fake-endpoint", daemon=True)
        self._stop: asyncio.Event | None = None
        self._failure: BaseException | None = None
        self._port = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.connections = 0
        """How many connections were opened so far."""

    @property
    def base_url(self) -> str:
        """What --base-url takes."""
        return f"http://127.0.0.1:{self._port}{self.behaviour.path}"

    @property
    def key(self) -> str:
        """A key that is accepted."""
        return self.behaviour.key or "any"

    @property
    def requests(self) -> list[Call]:
        """Every chat request so far, in the order they came. A copy."""
        return list(self._service.calls)

    @property
    def peak_in_flight(self) -> int:
        """The most requests that were under way at once."""
        return self._service.peak

    @property
    def open_connections(self) -> int:
        """Connections that clients have not closed, or whose last request is still being read."""
        return len(self._tasks)

    def clear(self) -> None:
        """Forget requests and cached prefixes; numbers start at 1 again."""
        self._service.clear()

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        except OSError as error:
            self._failure = error
            self._started.set()
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        tasks = self._tasks

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.ensure_future(self._connection(reader, writer))
            tasks.add(task)
            self.connections += 1
            task.add_done_callback(tasks.discard)

        self._stop = asyncio.Event()
        server = await asyncio.start_server(accept, "127.0.0.1", 0, limit=1 << 20)
        self._port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._stop.wait()
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (request := await read_request(reader)) is not None:
                out = Outgoing(writer)
                await self._answer(request, out)
                if not out.keeps_open:
                    break
        except (ConnectionError, asyncio.IncompleteReadError, ValueError):
            writer.transport.abort()  # the client has gone, or speaks no HTTP
        finally:
            writer.close()

    async def _answer(self, request: Incoming, out: Outgoing) -> None:
        path = request.path.partition("?")[0]
        if request.method == "POST" and path == f"{self.behaviour.path}/chat/completions":
            await self._service.chat(request, out)
        elif not await self._extras.answer(request, path.removeprefix(self.behaviour.path), out):
            await out.respond_json(404, {"error": {"code": "404", "message": f"no such path: {path}"}})


def wait_until(holds: Callable[[], bool], *, within_s: float = 10.0) -> bool:
    """Wait for something that another thread or process brings about; False where it does not come in time."""
    end = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True
