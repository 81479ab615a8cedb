"""The windows' answers as one, with what is known of its leaves: where they came from, who agreed, who did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from docextract.check.examine import Known
from docextract.check.ground import ground
from docextract.read.packed import many
from docextract.schema.merge import Merged, merge, within
from docextract.schema.overlap import Place
from docextract.types import Conflict, Evidence, Json, Record, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The merged value, its conflicts with the page of every value, and what `examine` should know."""

    value: Json
    conflicts: tuple[Conflict, ...]
    known: Known


def join(schema: Mapping[str, Json], records: Sequence[Record], words: Sequence[Words]) -> Joined:
    """Merge in page order. Where windows share pages, rows are known again by the lines they stand on."""
    work = _Joining(schema, records, words)
    places = [work.places(index) for index in range(len(records))] if _overlap(records) else []
    merged = merge(schema, [(record.window.pages, record.value) for record in records], places)
    known = Known(
        located=_located(records, merged),
        pages={path: pages[0] for path, pages in merged.origin.items() if len(pages) == 1},
        agreed=merged.agreed,
        conflicting=frozenset(conflict.path for conflict in merged.conflicts),
    )
    return Joined(value=merged.value, conflicts=work.told(merged), known=known)


def _overlap(records: Sequence[Record]) -> bool:
    pages = [page for record in records for page in record.window.pages]
    return len(set(pages)) < len(pages)


class _Joining:
    """The evidence of single windows, looked up once and only where it is needed."""

    def __init__(self, schema: Mapping[str, Json], records: Sequence[Record], words: Sequence[Words]) -> None:
        self.schema = schema
        self.records = records
        self.words = words
        self.found: dict[int, Mapping[str, Evidence]] = {}

    def evidence(self, index: int) -> Mapping[str, Evidence]:
        """Where the leaves of one window's answer stand on its pages, by their pointers there."""
        if index not in self.found:
            record = self.records[index]
            words = many(self.words).only(record.window.pages)
            found = ground(record.value, self.schema, words, record.located)
            self.found[index] = {item.path: item for item in found}
        return self.found[index]

    def places(self, index: int) -> dict[str, Place]:
        """Page and vertical stretch of every leaf that was found."""
        return {
            path: (item.page, *stretch)
            for path, item in self.evidence(index).items()
            if item.page is not None and (stretch := _stretch(item)) is not None
        }

    def told(self, merged: Merged) -> tuple[Conflict, ...]:
        """The conflicts with the page that each other value stands on, not merely where its window begins."""
        return tuple(
            replace(
                conflict,
                other=tuple(
                    {**other, "page": self.page(*source) or other["page"]}
                    for other, source in zip(conflict.other, sources, strict=True)
                ),
            )
            for conflict, sources in zip(merged.conflicts, merged.sources, strict=True)
        )

    def page(self, index: int, path: str) -> int | None:
        """The page that a leaf of a window's answer stands on."""
        found = self.evidence(index).get(path) if index >= 0 else None
        return found.page if found is not None else None


def _stretch(item: Evidence) -> tuple[float, float] | None:
    if item.boxes:
        return item.boxes[0][1], item.boxes[0][3]
    return (float(item.span[0]), float(item.span[1])) if item.span is not None else None


def _located(records: Sequence[Record], merged: Merged) -> list[Evidence]:
    """What the engine knows of the places of its values, under the paths that they have after the merge."""
    return [
        replace(evidence, path=found[0] + found[1])
        for record, moved in zip(records, merged.moved, strict=True)
        for evidence in record.located
        if (found := within(moved, evidence.path)) is not None
    ]
