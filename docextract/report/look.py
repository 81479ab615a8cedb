"""What needs a person's eyes, and why: one rule for the table, the filters and the review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from docextract.types import Json

LOW = 0.7
"""A located value that is less sure than this is looked at."""

REASONS = ("absent", "contradicted", "conflict", "low", "audit", "issue")
"""The reasons, gravest first; each is also a filter."""

_LOCATED = {"verbatim", "normalised", "approximate"}
_SAID_ELSEWHERE = {"absent", "contradicted", "conflict"}
_AUDITS = ("audit", "rows_")


def looks(meta: Mapping[str, Json]) -> dict[str, list[str]]:
    """JSON pointer ("" for the document) to its reasons, in the order of REASONS."""
    found: dict[str, set[str]] = {}
    for item in meta.get("evidence") or ():
        reason = _of_evidence(item)
        if reason is not None:
            found.setdefault(str(item["path"]), set()).add(reason)
    for conflict in meta.get("conflicts") or ():
        found.setdefault(str(conflict["path"]), set()).add("conflict")
    for issue in meta.get("issues") or ():
        code, path = str(issue["code"]), str(issue.get("path") or "")
        if code in _SAID_ELSEWHERE:
            found.setdefault(path, set()).add(code)
        elif code.startswith(_AUDITS):
            found.setdefault(path, set()).add("audit")
        elif path:
            found.setdefault(path, set()).add("issue")
    return {path: ordered(reasons) for path, reasons in found.items()}


def ordered(reasons: Iterable[str]) -> list[str]:
    """Reasons, gravest first."""
    return sorted(reasons, key=REASONS.index)


def _of_evidence(item: Mapping[str, Json]) -> str | None:
    status = item.get("status")
    if status in {"absent", "contradicted"}:
        return str(status)
    return "low" if status in _LOCATED and float(item.get("confidence") or 0.0) < LOW else None
