"""An evaluation as JSON for machines and as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from docextract.evaluate.calibrate import Calibration
from docextract.evaluate.counts import Counts, total
from docextract.evaluate.score import DocumentScore, Figure, by_field, figures
from docextract.types import Json

VERSION = 1
SHOWN = 60
"""Confusions that are printed; JSON has all."""

_TITLES = {
    "field_f1": "fields, F1 over all leaves",
    "field_f1_macro": "fields, mean F1 of a document",
    "anls_star": "ANLS*",
    "document_exact": "documents wholly right",
    "adjacency_f1": "tables, adjacency F1 over all",
    "adjacency_f1_macro": "tables, mean adjacency F1",
    "teds": "tables, TEDS",
    "operation_f1": "operations, F1",
    "parameter_f1": "parameters, F1",
}


def evaluation(documents: Sequence[DocumentScore], without_gold: Sequence[str] = ()) -> dict[str, Json]:
    """Everything that was measured. Shares and scores are 0 to 1; intervals are [low, high] at 95 %."""
    everything = total(each.counts for each in documents)
    states = [each.pair.state for each in documents]
    schemas = sorted({each.schema for each in documents})
    of_schema = {name: [each for each in documents if each.schema == name] for name in schemas}
    return {
        "version": VERSION,
        "documents": len(documents),
        "states": {state: states.count(state) for state in sorted(set(states))},
        "without_gold": list(without_gold),
        "precision": everything.precision,
        "recall": everything.recall,
        "figures": _figures(documents),
        "schemas": {name: {"documents": len(part), "figures": _figures(part)} for name, part in of_schema.items()},
        "fields": {
            name: {field: _field(*row) for field, row in by_field(part).items()} for name, part in of_schema.items()
        },
        "per_document": [_document(each) for each in documents],
        "confusions": [row for each in documents for row in confusions(each)],
    }


def confusions(document: DocumentScore) -> Iterator[dict[str, Json]]:
    """Every leaf that is not right: what was wanted, what was got, and what its evidence said."""
    for each in document.comparisons:
        if each.verdict != "right":
            item = document.pair.evidence.get(each.path, {}) if each.verdict != "missing" else {}
            yield {
                "document": document.pair.name,
                "field": each.field,
                "path": each.path,
                "verdict": each.verdict,
                "wanted": each.wanted,
                "got": each.got,
                "status": item.get("status"),
                "confidence": item.get("confidence"),
                "page": item.get("page"),
            }


def _figures(documents: Sequence[DocumentScore]) -> dict[str, Json]:
    return {name: _figure(figure) for name, figure in figures(documents).items()}


def _figure(figure: Figure) -> dict[str, Json]:
    return {"value": figure.value, "interval": list(figure.interval) if figure.interval else None, "n": figure.n}


def _field(counts: Counts, figure: Figure) -> dict[str, Json]:
    return {
        "right": counts.right,
        "wanted": counts.wanted,
        "got": counts.got,
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
        "interval": list(figure.interval) if figure.interval else None,
        "documents": figure.n,
    }


def _document(score: DocumentScore) -> dict[str, Json]:
    counts = score.counts
    row: dict[str, Json] = {
        "document": score.pair.name,
        "schema": score.schema,
        "read_as": score.pair.schema,
        "state": score.pair.state,
        "right": counts.right,
        "wanted": counts.wanted,
        "got": counts.got,
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
        "anls_star": score.anls,
        "exact": score.exact,
    }
    if score.tables:
        row |= {"adjacency_f1": score.tables.adjacency.f1, "teds": score.tables.teds}
    if score.operations:
        row |= {"operation_f1": score.operations.operations.f1, "parameter_f1": score.operations.parameters.f1}
    return row


def text(value: Mapping[str, Any]) -> Iterator[str]:
    """The lines that a person reads."""
    states = ", ".join(f"{n} {state}" for state, n in value["states"].items())
    yield f"{value['documents']} documents with gold ({states})"
    if value["without_gold"]:
        yield f"{len(value['without_gold'])} outputs have no gold file and are not scored"
    yield ""
    yield from _columns(
        [
            ("figure", "value", "95 % interval", "documents"),
            *((_TITLES[name], *_shown(figure)) for name, figure in value["figures"].items()),
            ("fields, precision / recall", f"{_share(value['precision'])} / {_share(value['recall'])}", "", ""),
        ]
    )
    for schema, fields in value["fields"].items():
        yield ""
        rows = [(f"{schema}: field", "right", "wanted", "got", "precision", "recall", "F1", "95 % interval")]
        yield from _columns(rows + [_field_row(field, row) for field, row in fields.items()])
    yield ""
    yield from _columns([_DOCUMENT_HEAD, *(_document_row(row) for row in value["per_document"])])
    yield ""
    yield from _confusion_lines(value["confusions"])


_DOCUMENT_HEAD = ("document", "state", "right", "wanted", "got", "F1", "ANLS*", "exact", "tables", "operations")


def _document_row(row: Mapping[str, Any]) -> tuple[str, ...]:
    read_as = row["read_as"] if row["read_as"] not in (None, row["schema"]) else None
    return (
        f"{row['document']} (read as {read_as})" if read_as else row["document"],
        row["state"],
        *(str(row[key]) for key in ("right", "wanted", "got")),
        _share(row["f1"]),
        _share(row["anls_star"]),
        "yes" if row["exact"] else "no",
        _share(row.get("adjacency_f1")),
        _share(row.get("operation_f1")),
    )


def _field_row(field: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    counts = (str(row[key]) for key in ("right", "wanted", "got"))
    shares = (_share(row[key]) for key in ("precision", "recall", "f1"))
    return (field, *counts, *shares, _span(row["interval"]))


def _confusion_lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not rows:
        yield "nothing is wrong, missing or extra"
        return
    yield f"{len(rows)} leaves are wrong, missing or extra:"
    for row in rows[:SHOWN]:
        said = f"  ({row['status']}, {row['confidence']:.2f}, page {row['page']})" if row["status"] else ""
        wanted, got = (_short(row[key]) for key in ("wanted", "got"))
        what = {
            "wrong": f"{got}, wanted {wanted}",
            "missing": f"missing, wanted {wanted}",
            "extra": f"{got}, wanted none",
        }
        yield f"  {row['document']}  {row['path']}: {what[row['verdict']]}{said}"
    if len(rows) > SHOWN:
        yield f"  and {len(rows) - SHOWN} more: --json shows all"


def calibration_text(calibration: Calibration) -> Iterator[str]:
    """The reliability table with a bar for the share right and a mark where the confidence lies."""
    if not calibration.n:
        yield "no leaf has both gold and evidence: nothing to calibrate"
        return
    errors = f"calibration error {calibration.ece:.3f}, Brier {calibration.brier:.3f}"
    yield f"{calibration.n} leaves with evidence; {errors}"
    rows = [("confidence", "leaves", "mean", "right", "")]
    for each in calibration.bins:
        if each.confidence is not None and each.right is not None:
            bar = list(("#" * round(each.right * 40)).ljust(40, "."))
            bar[min(39, round(each.confidence * 40))] = "|"
            span = f"{each.low:.1f} to {each.high:.1f}"
            rows.append((span, str(each.n), _share(each.confidence), _share(each.right), "".join(bar)))
    yield from _columns(rows)
    yield ""
    shares = [(status, str(n), _share(right)) for status, (n, right) in calibration.statuses.items()]
    yield from _columns([("status", "leaves", "right"), *shares])


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Words to the left, figures to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.ljust(width) if column == 0 or cell.startswith("#") else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _shown(figure: Mapping[str, Any]) -> tuple[str, str, str]:
    return _share(figure["value"]), _span(figure["interval"]), str(figure["n"])


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _span(ends: Sequence[float] | None) -> str:
    return f"{ends[0]:.3f} to {ends[1]:.3f}" if ends else "-"


def _short(value: Json) -> str:
    shown = repr(value) if isinstance(value, str) else str(value)
    return shown if len(shown) <= 70 else f"{shown[:67]}..."
