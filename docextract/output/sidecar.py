"""The account of a document, as it stands in its `.meta.json`."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from itertools import islice
from typing import Any

from docextract.output.json_yaml import dump_facts
from docextract.types import Attempt, Conflict, DocumentResult, Evidence, SourceFile

VERSION = 1


AT_ONCE = 512
"""Leaves whose evidence is put into one piece."""

_OPEN, _CLOSE = b'\n  "evidence": [', b"\n  ]"


def pieces(result: DocumentResult) -> Iterator[bytes]:
    """The sidecar's bytes, one after the other: equal to `dump_facts(meta(result))`, of which only a part is held."""
    if len(result.evidence) <= AT_ONCE:
        yield dump_facts(meta(result))
        return
    # At the margin only the sidecar's own key can stand: in a text the line break would be written as its escape.
    head, tail = dump_facts(meta(dataclasses.replace(result, evidence=()))).split(_OPEN + b"]", 1)
    yield head + _OPEN
    leaves = iter(result.evidence)
    before = b""
    while some := [_evidence(item) for item in islice(leaves, AT_ONCE)]:
        whole = dump_facts({"evidence": some})
        yield before + whole[len(_OPEN) + 1 : whole.rindex(_CLOSE)]
        before = b","
    yield _CLOSE + tail


def meta(result: DocumentResult) -> dict[str, Any]:
    """The sidecar's value. A document of several files, or one named after its folder, lists them with their pages."""
    found: dict[str, Any] = {
        "version": VERSION,
        "source": _source(result),
        "schema": {"name": result.schema.name, "sha256": result.schema.sha256, "why": result.schema.why},
        "model": result.model,
        "state": result.state,
        "error": _error(result),
        "pages": [
            {"page": entry.page, "state": entry.state, "reason": entry.reason, "window": entry.window}
            for entry in result.pages
        ],
        "evidence": [_evidence(item) for item in result.evidence],
        "conflicts": [_conflict(item) for item in result.conflicts],
        "issues": [
            {"path": issue.path, "code": issue.code, "message": issue.message, "page": issue.page}
            for issue in result.issues
        ],
        "attempts": [_attempt(item) for item in result.attempts],
        "usage": {
            "calls": result.usage.calls,
            "input_tokens": result.usage.input_tokens,
            "cached_tokens": result.usage.cached_tokens,
            "output_tokens": result.usage.output_tokens,
            "reasoning_tokens": result.usage.reasoning_tokens,
            "cost_usd": result.usage.cost_usd,
        },
    }
    if result.first_pass is not None:
        found["first_pass"] = {"kept": result.first_pass.kept, "why": result.first_pass.why}
    return found


def shown(name: str) -> str:
    r"""A file name as JSON carries it: bytes that are no UTF-8 as \xNN."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _source(result: DocumentResult) -> dict[str, Any]:
    sources = result.unit.sources
    source: dict[str, Any] = {
        "path": shown(result.unit.name),
        "sha256": result.digest,
        "kind": result.kind,
        "bytes": sum(file.bytes for file in sources),
        "pages": result.page_total,
    }
    part = result.unit.part
    if part is not None:
        source["part"] = {"pages": [part.first, part.last], "number": part.number, "of": part.of, "why": part.why}
    # A grouped document is called after its folder.
    if len(sources) > 1 or (sources and not result.unit.name.startswith(sources[0].name)):
        ranges = result.file_pages or ((0, 0),) * len(sources)
        source["files"] = [_file(file, pages) for file, pages in zip(sources, ranges, strict=True)]
    return source


def _file(file: SourceFile, pages: tuple[int, int]) -> dict[str, Any]:
    return {"path": shown(file.name), "sha256": file.sha256, "pages": list(pages)}


def _error(result: DocumentResult) -> dict[str, str] | None:
    error = result.error
    if error is None or result.state != "failed":
        return None
    # An input can name no path of this machine by accident: the home folder is nobody else's business.
    home = os.path.expanduser("~")  # noqa: PTH111 - compared as text
    message = error.message.replace(home + os.sep, "~" + os.sep) if len(home) > 1 else error.message
    return {"code": error.code, "message": message, "hint": error.hint, "scope": error.scope}


def _evidence(item: Evidence) -> dict[str, Any]:
    return {
        "path": item.path,
        "page": item.page,
        "box": list(item.box) if item.box else None,
        "boxes": [list(box) for box in item.boxes],
        "span": list(item.span) if item.span else None,
        "quote": item.quote,
        "status": item.status,
        "confidence": item.confidence,
    }


def _conflict(item: Conflict) -> dict[str, Any]:
    return {"path": item.path, "kept": item.kept, "other": [dict(other) for other in item.other]}


def _attempt(item: Attempt) -> dict[str, Any]:
    return {
        "window": item.window,
        "n": item.n,
        "outcome": item.outcome,
        "finish_reason": item.finish_reason,
        "ms": item.ms,
        "input_tokens": item.input_tokens,
        "cached_tokens": item.cached_tokens,
        "output_tokens": item.output_tokens,
    }
