"""What a person sees of a run: a live table on a terminal, plain lines on a pipe, JSON lines, or nothing."""

from __future__ import annotations

import json
import sys
from types import TracebackType
from typing import Protocol, Self, TextIO

from docextract.cli.final import print_final
from docextract.cli.lines import plain_line
from docextract.config.job import Job
from docextract.run.summary import Summary
from docextract.session.events import Event


class Display(Protocol):
    """Observes a run from `with` to `finish`."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def observe(self, event: Event) -> None:
        """Called for every event, from the run's own thread."""
        ...

    def finish(self, summary: Summary) -> None:
        """Called once at the end, after `__exit__`."""
        ...


def display_for(job: Job, *, resume: str) -> Display:
    """The display that fits the job and where standard output goes. `resume` is the command that goes on."""
    if job.json_events:
        return JsonLines(sys.stdout)
    if job.quiet:
        return Silent()
    if sys.stdout.isatty():
        from docextract.cli.live import Live

        return Live(resume)
    return PlainLines(sys.stdout, resume, verbose=job.verbose)


class _Unframed:
    """A display that needs no screen of its own."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


class Silent(_Unframed):
    """Prints what stopped the run, nothing else."""

    def observe(self, event: Event) -> None:
        """Nothing."""

    def finish(self, summary: Summary) -> None:
        """The cause, where one stopped the run."""
        if summary.error is not None:
            print(f"docextract: {summary.error.message}\n  {summary.error.hint}", file=sys.stderr)


class JsonLines(_Unframed):
    """One JSON object a line: `{"event": NAME, ...}` (names and fields in session/events.py)."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._is_read = True

    def observe(self, event: Event) -> None:
        """Print it; once nobody reads any more, go on in silence."""
        if self._is_read:
            try:
                print(json.dumps({"event": event.name, **event.fields}), file=self._out, flush=True)
            except BrokenPipeError:
                self._is_read = False

    def finish(self, summary: Summary) -> None:
        """Nothing: run_finished was the last event."""


class PlainLines(_Unframed):
    """A line a document, and a table at the end."""

    def __init__(self, out: TextIO, resume: str, *, verbose: bool) -> None:
        self._out = out
        self._resume = resume
        self._verbose = verbose

    def observe(self, event: Event) -> None:
        """Print what a person would want in a log."""
        line = plain_line(event, verbose=self._verbose)
        if line is not None:
            print(line, file=self._out, flush=True)

    def finish(self, summary: Summary) -> None:
        """Counts, failures by cause, and how to go on."""
        print_final(summary, self._resume, self._out)
