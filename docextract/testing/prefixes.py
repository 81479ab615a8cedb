"""A prefix cache as providers have them: the longest beginning seen before, in whole steps, after a minimum."""

from __future__ import annotations

from collections.abc import Sequence

from docextract.types import CacheRule

Units = Sequence[tuple[str, int]]


class PrefixCache:
    """Remembers the beginnings of prompts. Entries are usable once `store` was called, as with real providers."""

    def __init__(self, rule: CacheRule) -> None:
        self._rule = rule
        self._known: set[int] = set()

    def look(self, units: Units) -> int:
        """Cached tokens of a prompt: never all of it, at least one token is always computed."""
        best = total = 0
        for key, total in self._prefixes(units):
            if key in self._known:
                best = total
            elif self._rule.kind == "implicit":
                break  # beginnings of what is not known are not known either
        best = min(best, max(0, sum(weight for _, weight in units) - 1))
        if best < self._rule.min_tokens:
            return 0
        return best - best % max(1, self._rule.step)

    def store(self, units: Units, marks: Sequence[int] = ()) -> int:
        """Remember a prompt: all its beginnings, or with breakpoints those that are marked. Returns tokens written."""
        if self._rule.kind == "none":
            return 0
        written = 0
        for place, (key, total) in enumerate(self._prefixes(units), start=1):
            wanted = self._rule.kind == "implicit" or (place in marks and total >= self._rule.min_tokens)
            if wanted and key not in self._known:
                self._known.add(key)
                written = total
        return written

    @staticmethod
    def _prefixes(units: Units) -> list[tuple[int, int]]:
        key = total = 0
        prefixes = []
        for text, weight in units:
            key = hash((key, text))
            total += weight
            prefixes.append((key, total))
        return prefixes
