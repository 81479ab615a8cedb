"""--first-pass local: what the embedded engine could fill, ground and audit is kept, the rest goes to the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from docextract.check.audit import audit
from docextract.model.price import cost
from docextract.steps.assemble import Draft
from docextract.types import DocumentResult, FirstPass, Json, ModelProfile, Usage, Window

LEAST = 0.8
"""Confidence below which a value is not taken from the embedded engine: an exact match of doubtful OCR gives more."""

_SUMS = frozenset(["sum", "equals"])


def judge(drafted: Draft | DocumentResult) -> FirstPass:
    """Whether the draft will do, and if not, the first reason in words. Pure."""
    if not isinstance(drafted, Draft):
        message = drafted.error.message if drafted.error is not None else "there is no answer"
        return FirstPass(kept=False, why=message)
    why = _why_not(drafted)
    return FirstPass(kept=why is None, why=why or "filled, grounded and audited")


def _why_not(drafted: Draft) -> str | None:
    examined, schema = drafted.examined, drafted.pieces.target.json_schema
    if not drafted.valid or drafted.problems:
        return "it does not fit the schema"
    if drafted.pieces.faults or any(window.fault is not None for window in drafted.pieces.windows):
        return "a page could not be read"
    if any(issue.code == "schema_guessed" for issue in drafted.base.issues):
        return "no schema fits well"
    for issue in examined.issues:
        return f"{issue.path or '/'}: {issue.message}"
    if drafted.conflicts:
        return f"{drafted.conflicts[0].path}: pages disagree"
    if not any(item.status != "inferred" for item in examined.evidence):
        return "nothing was found"
    for item in examined.evidence:
        if item.status != "inferred" and item.confidence < LEAST:
            return f"{item.path}: confidence {item.confidence:.2f}"
    from docextract.local.unfilled import unfilled

    empty = unfilled(schema, examined.value, drafted.pages.words)
    if empty:
        return f"{empty[0]}: named on the page and not found"
    if _has_sums(schema) and not any(each.ok and each.rule in _SUMS for each in audit(examined.value, schema)):
        return "no sum confirms the amounts"
    return None


def _has_sums(schema: Json) -> bool:
    """Whether any audit of the schema, at any depth, adds up or compares amounts."""
    if isinstance(schema, Mapping):
        return schema.get("rule") in _SUMS or any(_has_sums(inner) for inner in schema.values())
    return isinstance(schema, list) and any(_has_sums(inner) for inner in schema)


def spared(judged: FirstPass, windows: Sequence[Window], profile: ModelProfile) -> FirstPass:
    """With the calls that were not made, and what they would have cost, reckoned as `docextract plan` does."""
    low = sum(_cost(profile, window.tokens_low, window.answer_tokens // 4) for window in windows)
    high = sum(_cost(profile, window.tokens_high, 2 * window.answer_tokens) for window in windows)
    return replace(judged, calls=len(windows), usd_low=round(low, 6), usd_high=round(high, 6))


def _cost(profile: ModelProfile, tokens: int, answer: int) -> float:
    return cost(profile, Usage(input_tokens=tokens, output_tokens=answer))
