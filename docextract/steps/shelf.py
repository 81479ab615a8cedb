"""The answers of a document's windows, held small until the last one is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from docextract.types import WindowResult
from docextract.types.small import small, whole

FEW = 32
"""So many windows keep their answers as they are."""


class Shelf:
    """Results by window. A page of rows takes 1 KB here where its objects take 10, and none stand between others."""

    def __init__(self, windows: int) -> None:
        self._packs = windows > FEW
        self._results: list[list[tuple[WindowResult, bytes | None]]] = [[] for _ in range(windows)]

    def put(self, index: int, results: Sequence[WindowResult]) -> None:
        """Those of one window: one, or those of its parts."""
        self._results[index] = [_packed(result) if self._packs else (result, None) for result in results]

    def take(self) -> list[WindowResult]:
        """All of them in the order of the windows, as they were; nothing is left here."""
        taken, self._results = self._results, []
        return [_opened(*pair) for pairs in taken for pair in pairs]


def _packed(result: WindowResult) -> tuple[WindowResult, bytes | None]:
    if result.record is None:
        return result, None
    try:
        value = small(result.record.value)
    except ValueError:  # a value of no plain type
        return result, None
    return replace(result, record=replace(result.record, value=None)), value


def _opened(result: WindowResult, value: bytes | None) -> WindowResult:
    if value is None or result.record is None:
        return result
    return replace(result, record=replace(result.record, value=whole(value)))
