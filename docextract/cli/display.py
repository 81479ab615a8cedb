"""What a person sees of a run: a live table on a terminal, plain lines on a pipe, JSON lines, or nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Protocol, Self, TextIO

from docextract.cli.final import print_final, printable
from docextract.config.job import Job
from docextract.run.events import Event
from docextract.run.summary import Summary


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
    """One JSON object a line: `{"event": NAME, ...}` (names and fields in run/events.py)."""

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


def plain_line(event: Event, *, verbose: bool = False) -> str | None:
    """One event as a line of text, or None where it is not worth one."""
    fields = event.fields
    if event.name == "run_started":
        return f"model {fields['model']} ({fields['why']}); schema {', '.join(fields['schema'])}; out {fields['out']}"
    if event.name == "all_found" and (fields["done"] or fields["again"] or fields["changed"]):
        return resumed_line(fields)
    if event.name == "document_done":
        return document_line(fields)
    if event.name == "warning":
        return f"warning: {printable(fields['message'])}"
    if event.name == "paused":
        return f"waiting {fields['seconds']:.0f} s: {fields['code']}"
    if event.name == "batch_sent":
        return f"sent batch {fields['batch']}: {fields['calls']:,} calls, {fields['bytes'] / 1e6:.1f} MB"
    if event.name == "batch_looked_at":
        return f"batch {fields['batch']}: {fields['status']}, {fields['done']:,} of {fields['calls']:,} answered"
    if event.name == "document_started" and verbose:
        return f"started  {printable(fields['name'])}"
    return None


def resumed_line(fields: Mapping[str, Any]) -> str:
    """What a run over an output folder with a past will do: `12 documents: 10 done before, 2 tried again`."""
    new = fields["documents"] - fields["done"] - fields["again"] - fields["changed"]
    words = {"done": "done before", "again": "tried again", "changed": "changed or unfinished"}
    parts = [f"{fields[key]} {word}" for key, word in words.items() if fields[key]]
    return f"{fields['documents']} document{'s' if fields['documents'] != 1 else ''}: " + ", ".join(
        [*parts, *([f"{new} new"] if new else [])]
    )


def document_line(fields: Mapping[str, Any]) -> str:
    """`complete  a/b.pdf  invoice  3 pages  2 issues`, and the cause and hint where it failed."""
    pages = sum(fields["pages"].values())
    line = f"{fields['state']:8}  {printable(fields['name'])}  {fields['schema']}"
    if pages:
        line += f"  {pages} page{'s' if pages != 1 else ''}"
    if fields["issues"]:
        line += f"  {fields['issues']} issue{'s' if fields['issues'] != 1 else ''}"
    error = fields["error"]
    if error:
        line += f"\n          {error['code']}: {printable(error['message'])}\n          {error['hint']}"
    return line
