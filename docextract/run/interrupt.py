"""Ctrl-C and SIGTERM: once drains, twice cancels."""

from __future__ import annotations

import signal
from collections.abc import Callable

import anyio
from anyio.abc import TaskStatus

DRAIN_S = 30.0


class Drain:
    """Ends a run's work from another part of the program, as Ctrl-C would: what is in flight is finished."""

    def __init__(self) -> None:
        self._stop: Callable[[], None] | None = None
        self._is_asked = False

    def attach(self, stop: Callable[[], None]) -> None:
        """The run says how it is stopped."""
        self._stop = stop
        if self._is_asked:
            stop()

    def __call__(self) -> None:
        """Stop, now or as soon as there is something to stop. From the thread of the run's event loop."""
        self._is_asked = True
        if self._stop is not None:
            self._stop()


class Interruption:
    """Watches for signals while a run works. `happened` says that one came."""

    def __init__(self, stop: Callable[[], None], warn: Callable[[str], None]) -> None:
        self._stop = stop
        self._warn = warn
        self.happened = False

    async def watch(
        self, scope: anyio.CancelScope, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED
    ) -> None:
        """Run beside the work; only the main thread of a program receives signals, elsewhere this waits for nothing."""
        try:
            with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
                task_status.started()
                async for _ in signals:
                    if self.happened:
                        scope.cancel()
                        return
                    self.happened = True
                    self._stop()
                    self._warn("interrupted: finishing what is in flight; once more to stop at once")
                    scope.deadline = anyio.current_time() + DRAIN_S
        except (RuntimeError, ValueError):  # not in the main thread: the caller's program owns the signals
            task_status.started()
