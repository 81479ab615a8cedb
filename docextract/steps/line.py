"""A document's line in run.json, from its result and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from docextract.output.sidecar import shown
from docextract.steps.selection import OTHER
from docextract.types import DocumentResult, PageEntry


def summary_line(result: DocumentResult, outputs: Mapping[str, Any]) -> dict[str, Any]:
    """A document's line in run.json."""
    return {
        "name": shown(result.unit.title),
        "schema": result.schema.name,
        "state": result.state,
        "error": asdict(result.error) if result.error else None,
        # Pages of another document in the same file are counted there.
        "pages": dict(Counter(entry.state for entry in result.pages if entry.reason != OTHER)),
        "reasons": dict(Counter(entry.reason for entry in result.pages if entry.reason and _is_lost(entry))),
        "issues": len(result.issues),
        "outputs": sorted(outputs),
        "ms": sum(attempt.ms for attempt in result.attempts),
        "usage": asdict(result.usage),
        **({"first_pass": asdict(result.first_pass)} if result.first_pass is not None else {}),
    }


def _is_lost(entry: PageEntry) -> bool:
    """Whether a page is missing that was asked for."""
    return entry.state == "failed" or (entry.state == "skipped" and entry.reason == "limit")
