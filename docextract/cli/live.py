"""The live view on a terminal: what is done, what is in hand, what failed, how long it will take."""

from __future__ import annotations

import sys
import time
from collections import Counter
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live as Screen
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from docextract.cli.final import print_final, printable
from docextract.cli.lines import document_line, plain_line
from docextract.run.summary import Summary
from docextract.session.events import Event

_STYLES = {"complete": "green", "partial": "yellow", "failed": "red"}
_SHOWN_IN_HAND = 4


class Live:
    """Redrawn four times a second at most; finished documents scroll above it."""

    def __init__(self, resume: str) -> None:
        self._resume = resume
        self._console = Console(highlight=False)
        self._started = time.monotonic()
        self._found = 0
        self._already = 0
        self._states: Counter[str] = Counter()
        self._pages: Counter[str] = Counter()
        self._cost = 0.0
        self._in_hand: dict[str, float] = {}
        # Last: a Screen draws as soon as it is made.
        self._screen = Screen(console=self._console, refresh_per_second=4, get_renderable=self._draw)

    def __enter__(self) -> Self:
        self._screen.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._in_hand.clear()
        self._screen.__exit__(kind, error, trace)

    def observe(self, event: Event) -> None:
        """Count it; print documents as they end and whatever a log would show."""
        fields = event.fields
        if event.name == "found":
            self._found, self._already = fields["documents"], fields["done"]
        elif event.name == "document_started":
            self._in_hand[fields["name"]] = time.monotonic()
        elif event.name == "document_waits":
            self._in_hand.pop(fields["name"], None)
        elif event.name == "document_done":
            self._in_hand.pop(fields["name"], None)
            self._states[fields["state"]] += 1
            self._pages.update(fields["pages"])
            self._cost += fields["usage"]["cost_usd"]
            self._console.print(Text(document_line(fields), style=_STYLES[fields["state"]]))
        else:
            line = plain_line(event)
            if line is not None:
                self._console.print(Text(line, style="dim"))

    def finish(self, summary: Summary) -> None:
        """The final table."""
        print_final(summary, self._resume, sys.stdout)

    def _draw(self) -> Group:
        done = sum(self._states.values()) + self._already
        elapsed = time.monotonic() - self._started
        head = Table.grid(padding=(0, 2))
        head.add_row(
            ProgressBar(total=max(self._found, 1), completed=done, width=30),
            Text(f"{done}/{self._found} documents"),
            Text(f"{sum(self._pages.values())} pages"),
            Text(f"{self._states['failed']} failed", style="red" if self._states["failed"] else "dim"),
            Text(f"${self._cost:.4f}" if self._cost else "", style="dim"),
            Text(_eta(done - self._already, self._found - done, elapsed), style="dim"),
        )
        names = sorted(self._in_hand, key=lambda name: self._in_hand[name])[:_SHOWN_IN_HAND]
        now = time.monotonic()
        rows = [Text(f"  {printable(name)}  {now - self._in_hand[name]:.0f} s", style="dim") for name in names]
        return Group(head, *rows)


def _eta(done: int, left: int, elapsed: float) -> str:
    if not done or not left:
        return f"{elapsed:.0f} s"
    return f"{elapsed:.0f} s, about {elapsed / done * left:.0f} s left"
