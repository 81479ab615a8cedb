"""What happens during a run as lines of text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docextract.cli.final import printable
from docextract.session.events import Event


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
