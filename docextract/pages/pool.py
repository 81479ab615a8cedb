"""Our own small pool of killable child processes: everything that touches untrusted bytes runs in one.

Why not what exists: ProcessPoolExecutor loses its queue to one abort; `anyio.to_process` and multiprocessing
import the caller's `__main__` again, hang on a child that floods standard error, and unpickle what it sends.
This pool works from an unguarded script, a notebook, a thread's event loop.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from docextract.errors import CODES, ConfigError, DocextractError, InputError, PageError, error_from_fault
from docextract.pages.bounds import bound
from docextract.pages.channel import ChannelError
from docextract.pages.deadline import deadline
from docextract.pages.process import Child, ChildDiedError
from docextract.pages.scratch import make_scratch, remove_scratch
from docextract.types import Fault

_SLOW = f"{CODES['render_timed_out']}; a slow machine may need --limit page_seconds=N (or open_seconds=N)"


class Pool:
    """Children of one kind, started when needed, at most `size` at once.

    `memory_mb` is the ceiling of a child's address space (None: by kind), `recycle_after` the number of calls
    after which a child is replaced, since native libraries leak; `limits` are the run's settings of `bounds.py`,
    which its children keep. Use it as `async with Pool(...) as pool`, in
    one event loop.

    `scratch` is a folder for files that live as long as the pool. `bad_pages` counts, by document digest, the
    pages that ended a child.
    """

    def __init__(
        self,
        kind: str,
        *,
        size: int,
        memory_mb: int | None = None,
        recycle_after: int = 200,
        limits: Mapping[str, int] | None = None,
    ) -> None:
        if size < 1 or recycle_after < 1:
            raise ValueError("a pool needs at least one child and one call for each")
        self.kind = kind
        self.size = size
        self.bad_pages: Counter[str] = Counter()
        self._limits = dict(limits or {})
        memory = bound("read_memory" if kind == "read" else "render_memory", self._limits)
        self._memory_mb = memory_mb or max(1, memory >> 20)
        self._recycle_after = recycle_after
        self._slots = asyncio.Semaphore(size)
        self._idle: list[Child] = []
        self._children: set[Child] = set()
        self._leaving: set[asyncio.Task[None]] = set()
        self._scratch: tuple[Path, int] | None = None
        self._started = 0

    async def __aenter__(self) -> Self:
        self._scratch = await asyncio.to_thread(make_scratch)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def limit(self, name: str) -> int:
        """The value of a limit of `bounds.py` in this run."""
        return bound(name, self._limits)

    @property
    def scratch(self) -> Path:
        """A private folder, removed with the pool."""
        if self._scratch is None:
            raise RuntimeError("the pool is not open")
        return self._scratch[0]

    async def call(
        self, op: str, args: dict[str, Any], blobs: Sequence[bytes] = (), *, deadline_s: float
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Have a child do `op` and return its answer.

        Waiting for a free child does not count against the deadline, nor, within reason, the child's waiting
        for a processor.

        PageError render_timed_out when the deadline passes and render_crashed when the child dies, both with
        `retryable` set; errors of the work itself are raised again as they were. ConfigError when no child can
        be started. A cancelled call kills its child: half a conversation is never left on a channel.
        """
        async with self._slots:
            child = await self._take()
            is_sound = False
            try:
                async with deadline(child, deadline_s):
                    answer, answer_blobs = await child.exchange({"op": op, "args": args}, blobs)
                is_sound = not answer.get("spent") and child.calls < self._recycle_after
            except TimeoutError as error:
                said = f"took longer than {deadline_s:g} s and was stopped"
                raise PageError(said, code="render_timed_out", hint=_SLOW, retryable=True) from error
            except ChildDiedError as error:
                raise PageError(f"the child process {error}", code="render_crashed", retryable=True) from error
            except ChannelError as error:
                raise InputError(str(error), code="limit_reached") from error
            finally:
                if is_sound and self._scratch is not None:
                    self._idle.append(child)
                else:
                    self._discard(child)
        if "fault" in answer:
            raise _error(answer)
        return answer["result"], answer_blobs

    async def aclose(self) -> None:
        """Kill all children, wait for their end, remove the scratch folder. Safe to call twice."""
        self._idle.clear()
        for child in list(self._children):
            self._discard(child)
        scratch, self._scratch = self._scratch, None
        try:
            while self._leaving:
                await asyncio.gather(*self._leaving)
        finally:
            if scratch is not None:
                remove_scratch(*scratch)

    async def _take(self) -> Child:
        while self._idle:
            child = self._idle.pop()
            if child.is_alive:
                return child
            self._discard(child)
        try:
            return await self._start()
        except ChildDiedError:
            pass  # once more: the machine may have been short of memory for a moment
        try:
            return await self._start()
        except ChildDiedError as error:
            raise ConfigError(
                f"a {self.kind} process cannot be started: it {error}", hint=CODES["missing_tool"]
            ) from error

    async def _start(self) -> Child:
        self._started += 1
        folder = self.scratch / f"child-{self._started}"
        try:
            child = await Child.start(self.kind, self._memory_mb, folder, self._limits)
        except OSError as error:
            raise ConfigError(
                f"a {self.kind} process cannot be started: {error}", hint=CODES["missing_tool"]
            ) from error
        self._children.add(child)
        is_up = False
        try:
            await child.hello()
            is_up = True
        finally:
            if not is_up:
                self._discard(child)
        return child

    def _discard(self, child: Child) -> None:
        """Kill a child now and reap it in the background; nothing here waits, so a cancelled call can do it too."""
        if child not in self._children:
            return
        self._children.discard(child)
        child.kill()
        task = asyncio.get_running_loop().create_task(child.gone())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)


def _error(answer: dict[str, Any]) -> DocextractError:
    """The fault that a child reported. It read untrusted bytes: its words are taken only where they make sense."""
    data = answer["fault"]
    code, scope = data["code"], data["scope"]
    fault = Fault(
        code=code if code in CODES else "corrupt",
        message=str(data["message"]),
        hint=str(data["hint"]),
        scope="page" if scope == "page" else "file",
    )
    return error_from_fault(fault, retryable=bool(answer.get("retryable")))
