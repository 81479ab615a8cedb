"""What happens during a run, as it is told to progress displays and to --json-events.

Every event is a name and plain JSON fields. Names and fields are stable; some are only there where they apply:

    run_started        model, why, schema, out
    found              documents, done (nothing to do for them), again (failed or partial before), changed
    all_found          the same, once: the walk has ended
    document_started   name
    document_done      name, schema, state, error, pages, reasons, issues, outputs, ms, usage (planned_usd, first_pass)
    paused             seconds, code (all calls wait, for instance for a rate limit)
    warning            message
    document_waits     name (its answers come in a batch)
    batch_sent         batch (the provider's id), calls, bytes
    batch_looked_at    batch, status (the provider's word), done, calls
    run_finished       exit_code, error, documents, pages, usage, cost_usd, in_doubt (and the other counts of run.json)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from docextract.types import Json


@dataclass(frozen=True, slots=True)
class Event:
    """`name` is one of the names above."""

    name: str
    fields: Mapping[str, Json] = field(default_factory=dict)


Observer = Callable[[Event], None]


def ignore(_event: Event) -> None:
    """Observe nothing."""
