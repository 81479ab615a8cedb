"""One child process as its parent sees it: started, spoken to over its pipes, killed with all it started."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from docextract.pages.channel import PREFIX_BYTES, ChannelError, header_length, pack, unpack_header
from docextract.pages.launch import command, environment
from docextract.pages.limits import START_DEADLINE_S, STDERR_BYTES

READ_AHEAD_BYTES = 1 << 20  # a rendered page arrives in one or two reads
LAST_WORDS_S = 2.0  # a dead child's exit status and standard error arrive within this


class ChildDiedError(Exception):
    """The child ended, or wrote what is no message. `str()` says how, with its signal and its last line."""


class Child:
    """A running child. Not safe for two calls at once: the pool lends it to one at a time."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        self._process = process
        self._folder = folder
        self._stderr = b""
        self._listening = asyncio.create_task(self._listen())
        self.calls = 0

    @classmethod
    async def start(cls, kind: str, memory_mb: int, folder: Path, limits: Mapping[str, int]) -> Child:
        """Start a child; it is of use after its `hello`. `folder` is its own, for temporary files and to stand in.

        OSError where no process can be started.
        """
        folder.mkdir(mode=0o700)  # noqa: ASYNC240  one call in a local temporary folder
        process = await asyncio.create_subprocess_exec(
            *command(kind, memory_mb),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment(folder, limits),
            cwd=folder,
            start_new_session=True,
            limit=READ_AHEAD_BYTES,
        )
        return cls(process, folder)

    async def hello(self) -> None:
        """Wait until the child is up. ChildDiedError where it is not in time, or ends."""
        try:
            async with asyncio.timeout(START_DEADLINE_S):
                await self._receive()
        except TimeoutError as error:
            raise ChildDiedError(f"did not start within {START_DEADLINE_S:g} s") from error

    @property
    def is_alive(self) -> bool:
        """Whether the process has not ended yet, as far as the event loop knows."""
        return self._process.returncode is None

    @property
    def pid(self) -> int:
        """The process's own id."""
        return self._process.pid

    async def exchange(self, header: dict[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, Any], list[bytes]]:
        """Send a message and receive the answer. When this does not return, the channel is unusable: kill the child."""
        pieces = pack(header, blobs)
        self.calls += 1
        assert self._process.stdin is not None  # noqa: S101  a pipe was asked for in `start`
        try:
            for piece in pieces:
                self._process.stdin.write(piece)
                await self._process.stdin.drain()
        except OSError:
            pass  # it died while being written to: the read below finds out how
        return await self._receive()

    async def _receive(self) -> tuple[dict[str, Any], list[bytes]]:
        assert self._process.stdout is not None  # noqa: S101  a pipe was asked for in `start`
        read = self._process.stdout.readexactly
        try:
            header, sizes = unpack_header(await read(header_length(await read(PREFIX_BYTES))))
            return header, [await read(size) for size in sizes]
        except (asyncio.IncompleteReadError, OSError):
            raise ChildDiedError(await self._last_words()) from None
        except ChannelError as error:
            raise ChildDiedError(f"sent what is no answer ({error})") from error

    async def _last_words(self) -> str:
        try:
            async with asyncio.timeout(LAST_WORDS_S):
                code = await self._process.wait()
                await asyncio.shield(self._listening)
        except TimeoutError:
            return "closed its channel"
        lines = [line.strip() for line in self._stderr.decode("utf-8", "replace").splitlines() if line.strip()]
        said = f" ({lines[-1][:200]})" if lines else ""
        if code >= 0:
            return f"ended with status {code}{said}"
        name = signal.Signals(-code).name if -code in signal.valid_signals() else f"signal {-code}"
        return f"was ended by {name}{', probably for lack of memory' if -code == signal.SIGKILL else ''}{said}"

    async def _listen(self) -> None:
        """Keep the last bytes of standard error, and keep its pipe empty: a child that floods it must not block."""
        assert self._process.stderr is not None  # noqa: S101  a pipe was asked for in `start`
        while chunk := await self._process.stderr.read(1 << 16):
            self._stderr = (self._stderr + chunk)[-STDERR_BYTES:]

    def kill(self) -> None:
        """End the child and everything in its process group, at once. Safe to call twice, and never waits."""
        # Suppressed: all of them ended before. macOS says EPERM for a group of zombies.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    async def gone(self) -> None:
        """Wait until the killed child is reaped and its pipes are closed, and remove its folder."""
        await self._process.wait()
        await self._listening
        assert self._process.stdin is not None  # noqa: S101  a pipe was asked for in `start`
        self._process.stdin.close()
        shutil.rmtree(self._folder, ignore_errors=True)
