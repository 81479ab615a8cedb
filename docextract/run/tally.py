"""What the account of a run says beyond its counts: which documents took longest, and what went wrong how often."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import Any

from docextract.errors import CODES

_SLOWEST, _EXAMPLES = 5, 3
_IN_MEMORY = 1 << 20
_CHUNK = 1 << 18


@dataclass(slots=True, kw_only=True)
class Cause:
    """One way to go wrong: documents that ended by it, pages that were lost to it, what to do, a few names."""

    documents: int = 0
    pages: int = 0
    hint: str = ""
    names: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """Fed with the documents' lines of run.json; holds a few of them at a time."""

    causes: dict[str, Cause] = field(default_factory=dict)
    _slowest: list[tuple[int, int, dict[str, Any]]] = field(default_factory=list)
    _count: int = 0

    def take(self, line: Mapping[str, Any]) -> None:
        """Count one document."""
        self._count += 1
        slow = {"name": line["name"], "schema": line["schema"], "ms": line["ms"], "pages": sum(line["pages"].values())}
        if slow["ms"] > 0:
            heapq.heappush(self._slowest, (slow["ms"], -self._count, slow))  # of equals the first one stays
            if len(self._slowest) > _SLOWEST:
                heapq.heappop(self._slowest)
        error = line["error"]
        if error:
            self._cause(error["code"], error["hint"], line["name"]).documents += 1
        for code, pages in (line.get("reasons") or {}).items():
            if not error or error["code"] != code:
                self._cause(code, CODES.get(code, ""), line["name"]).pages += pages

    def slowest(self) -> list[dict[str, Any]]:
        """The slowest documents, the slowest first; `ms` are those of their calls."""
        return [line for _, _, line in sorted(self._slowest, reverse=True)]

    def as_json(self) -> list[dict[str, Any]]:
        """The causes, the most frequent first."""
        ordered = sorted(self.causes.items(), key=lambda item: (-item[1].documents, -item[1].pages, item[0]))
        return [
            {"code": code, "documents": one.documents, "pages": one.pages, "hint": one.hint, "names": one.names}
            for code, one in ordered
        ]

    def _cause(self, code: str, hint: str, name: str) -> Cause:
        cause = self.causes.setdefault(code, Cause(hint=hint))
        if len(cause.names) < _EXAMPLES:
            cause.names.append(name)
        return cause


class Lines:
    """Lines of text set aside until all are there: in memory while they are few, else in a file without a name."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by `pieces`
        self._is_empty = True

    def add(self, line: str) -> None:
        """One more."""
        self._file.write(line.encode() if self._is_empty else f",\n    {line}".encode())
        self._is_empty = False

    def pieces(self) -> Iterator[bytes]:
        """All of them, as the elements of a JSON array; once."""
        self._file.seek(0)
        with self._file:
            while piece := self._file.read(_CHUNK):
                yield piece
