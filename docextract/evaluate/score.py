"""A folder of outputs held against a folder of gold files: every figure, by document and by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from docextract.evaluate.counts import Counts, total
from docextract.evaluate.files import Pair
from docextract.evaluate.interval import interval, mean
from docextract.evaluate.leaves import Comparison, compare
from docextract.evaluate.operations import OperationsScore, has_operations, score_operations
from docextract.evaluate.tables import TablesScore, has_tables, score_tables
from docextract.evaluate.text import anls_star
from docextract.types import Json

Interval = tuple[float, float]


class Goal(Protocol):
    """What a document is to be: a schema with its name (schema.Target is one)."""

    @property
    def name(self) -> str: ...  # noqa: D102 - the target's

    @property
    def json_schema(self) -> Mapping[str, Json]: ...  # noqa: D102 - the target's


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentScore:
    """One document. `exact` is no leaf wrong, missing or extra; `anls` is ANLS*, None for tables.

    Tables have too many cells to be paired freely, and adjacency says more of them. `tables` and
    `operations` are set where the schema has such a list.
    """

    pair: Pair
    schema: str
    comparisons: tuple[Comparison, ...]
    anls: float | None
    tables: TablesScore | None = None
    operations: OperationsScore | None = None

    @property
    def exact(self) -> bool:
        """Whether every leaf is right and there is an output."""
        return self.pair.got is not None and all(each.verdict == "right" for each in self.comparisons)

    @property
    def counts(self) -> Counts:
        """Leaves right, wanted and got."""
        return count(self.comparisons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure with its bootstrap interval (95 %), both None where there is nothing to measure; `n` documents."""

    value: float | None
    interval: Interval | None
    n: int


def count(comparisons: Iterable[Comparison]) -> Counts:
    """Leaves: a wrong one is wanted and got, and not right."""
    verdicts = [each.verdict for each in comparisons]
    return Counts(
        right=verdicts.count("right"),
        wanted=len(verdicts) - verdicts.count("extra"),
        got=len(verdicts) - verdicts.count("missing"),
    )


def score_document(pair: Pair, goals: Sequence[Goal]) -> DocumentScore:
    """One document against its gold. Of several schemas (`auto`), the one that the gold's keys fit best."""
    goal = goal_of(pair.wanted, goals)
    is_tables = has_tables(goal.json_schema)
    return DocumentScore(
        pair=pair,
        schema=goal.name,
        comparisons=tuple(compare(pair.wanted, pair.got, goal.json_schema)),
        anls=None if is_tables else anls_star(pair.wanted, pair.got),
        tables=score_tables(pair.wanted, pair.got) if is_tables else None,
        operations=score_operations(pair.wanted, pair.got) if has_operations(goal.json_schema) else None,
    )


def goal_of(wanted: Json, goals: Sequence[Goal]) -> Goal:
    """The schema whose properties the gold's keys agree with most: keys in common less keys that are not."""
    keys = set(wanted) if isinstance(wanted, dict) else set()

    def fit(goal: Goal) -> int:
        properties = set(goal.json_schema.get("properties", {}))
        return len(keys & properties) - len(keys - properties)

    return max(goals, key=fit)


def by_field(documents: Sequence[DocumentScore]) -> dict[str, tuple[Counts, Figure]]:
    """For every field: the pooled counts and its F1, resampled over the documents that have it on either side."""
    fields: dict[str, list[Counts]] = {}
    for document in documents:
        of_document: dict[str, list[Comparison]] = {}
        for each in document.comparisons:
            of_document.setdefault(each.field, []).append(each)
        for field, comparisons in of_document.items():
            fields.setdefault(field, []).append(count(comparisons))
    return {field: (total(counts), pooled(counts)) for field, counts in fields.items()}


def pooled(counts: Sequence[Counts]) -> Figure:
    """F1 of all documents' counts together (micro)."""
    parts = [(each.right, each.wanted + each.got) for each in counts]

    def f1(drawn: Sequence[tuple[int, int]]) -> float | None:
        both = sum(each for _, each in drawn)
        return 2 * sum(right for right, _ in drawn) / both if both else None

    return Figure(value=total(counts).f1, interval=interval(parts, f1), n=len(counts))


def averaged(values: Iterable[float | None]) -> Figure:
    """The mean over the documents that have a value (macro)."""
    known = [value for value in values if value is not None]
    return Figure(value=mean(known), interval=interval(known, mean), n=len(known))


def figures(documents: Sequence[DocumentScore]) -> dict[str, Figure]:
    """Every figure that these documents have, by its name."""
    tables = [each.tables for each in documents if each.tables]
    operations = [each.operations for each in documents if each.operations]
    found = {
        "field_f1": pooled([each.counts for each in documents]),
        "field_f1_macro": averaged(each.counts.f1 for each in documents),
        "anls_star": averaged(each.anls for each in documents),
        "document_exact": averaged(float(each.exact) for each in documents),
        "adjacency_f1": pooled([each.adjacency for each in tables]),
        "adjacency_f1_macro": averaged(each.adjacency.f1 for each in tables),
        "teds": averaged(each.teds for each in tables),
        "operation_f1": pooled([each.operations for each in operations]),
        "parameter_f1": pooled([each.parameters for each in operations]),
    }
    return {name: figure for name, figure in found.items() if figure.value is not None}
