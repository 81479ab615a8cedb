"""The run at a glance: counts, money, times and the bars of the plots, added up one document at a time."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from docextract.errors import CODES
from docextract.report.entry import Entry
from docextract.types import Json

_STEPS = (1.0, 2.0, 5.0)
LATENCY_EDGES = tuple(step * 10**power for power in range(1, 6) for step in _STEPS)
"""Milliseconds: 10, 20, 50, ... 500,000."""
COST_EDGES = tuple(step * 10.0**power for power in range(-5, 2) for step in _STEPS)
"""USD: 0.00001, 0.00002, ... 50."""
CONFIDENCE_BINS = 20
MOST_NAMED = 200
"""Documents that are named under one cause; all are counted."""
_MOST_KEPT = 200_000


@dataclass(slots=True)
class _Cause:
    count: int = 0
    documents: list[int] = field(default_factory=list)
    message: str = ""

    def add(self, index: int, message: str) -> None:
        self.count += 1
        self.message = self.message or message
        if len(self.documents) < MOST_NAMED and (not self.documents or self.documents[-1] != index):
            self.documents.append(index)


class Totals:
    """Feed it every entry in order; `as_json` is what the page shows. Memory does not grow with the run."""

    def __init__(self) -> None:
        self.documents: Counter[str] = Counter()
        self.pages: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.looks: Counter[str] = Counter()
        self.usage: Counter[str] = Counter()
        self.cost = 0.0
        self.ms = 0
        self._planned: list[float] | None = None
        self._latency = [0] * (len(LATENCY_EDGES) + 1)
        self._costs = [0] * (len(COST_EDGES) + 1)
        self._confidence: dict[str, list[int]] = {}
        self._times = array("d")
        self._failures: dict[str, _Cause] = {}
        self._page_failures: dict[str, _Cause] = {}
        self._issues: dict[str, _Cause] = {}
        self._seen = 0

    def add(self, entry: Entry) -> None:
        """Count one document."""
        index, meta = self._seen, entry.meta
        self._seen += 1
        self.documents[entry.state] += 1
        for page in meta.get("pages") or ():
            self.pages[page["state"]] += 1
            if page["state"] == "failed":
                _add(self._page_failures, str(page.get("reason") or "failed"), index, "")
        for item in meta.get("evidence") or ():
            self._sure(str(item["status"]), float(item["confidence"]))
        for reasons in (entry.account or {}).get("look", {}).values():
            self.looks.update(reasons)
        for issue in (entry.account or {}).get("issues", ()):
            _add(self._issues, issue[1], index, issue[2])
        error = (entry.account or {}).get("error")
        if error:
            _add(self._failures, error["code"], index, error["hint"] or CODES.get(error["code"], ""))
        self._spend(meta)
        if entry.planned is not None:
            low, high = self._planned or (0.0, 0.0)
            self._planned = [low + entry.planned[0], high + entry.planned[1]]

    def _sure(self, status: str, confidence: float) -> None:
        self.statuses[status] += 1
        bars = self._confidence.setdefault(status, [0] * CONFIDENCE_BINS)
        bars[min(int(confidence * CONFIDENCE_BINS), CONFIDENCE_BINS - 1)] += 1

    def _spend(self, meta: Mapping[str, Any]) -> None:
        for attempt in meta.get("attempts") or ():
            ms = float(attempt.get("ms") or 0)
            self.ms += int(ms)
            self._latency[bisect_right(LATENCY_EDGES, ms)] += 1
            if len(self._times) < _MOST_KEPT:
                self._times.append(ms)
        usage = meta.get("usage") or {}
        for key in ("calls", "input_tokens", "cached_tokens", "output_tokens", "reasoning_tokens"):
            self.usage[key] += int(usage.get(key) or 0)
        cost = float(usage.get("cost_usd") or 0.0)
        self.cost += cost
        if cost > 0:
            self._costs[bisect_right(COST_EDGES, cost)] += 1

    def as_json(self) -> dict[str, Json]:
        """Everything counted. `failures`, `page_failures` and `issues` name the documents by their row."""
        times = sorted(self._times)
        asked = self.pages["extracted"] + self.pages["failed"]
        tokens = self.usage["input_tokens"] + self.usage["output_tokens"]
        return {
            "documents": dict(self.documents),
            "pages": dict(self.pages),
            "statuses": dict(self.statuses),
            "looks": dict(self.looks),
            "usage": dict(self.usage),
            "cost": self.cost,
            "planned": self._planned,
            "tokens_per_page": tokens / asked if asked and tokens else None,
            "latency": {
                "edges": LATENCY_EDGES,
                "bars": self._latency,
                "median": times[len(times) // 2] if times else None,
                "p95": times[min(len(times) - 1, int(len(times) * 0.95))] if times else None,
            },
            "costs": {"edges": COST_EDGES, "bars": self._costs},
            "confidence": self._confidence,
            "failures": _told(self._failures),
            "page_failures": _told(self._page_failures),
            "issues": _told(self._issues),
        }


def _add(causes: dict[str, _Cause], code: str, index: int, message: str) -> None:
    causes.setdefault(code, _Cause()).add(index, message)


def _told(causes: Mapping[str, _Cause]) -> list[Json]:
    ranked = sorted(causes.items(), key=lambda pair: -pair[1].count)
    return [
        {"code": code, "count": each.count, "hint": CODES.get(code) or each.message, "documents": each.documents}
        for code, each in ranked
    ]
