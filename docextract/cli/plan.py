"""`docextract plan`: the run before it starts."""

from __future__ import annotations

import json
import sys
from typing import Any

from docextract.cli.final import printable
from docextract.cli.run import job_from
from docextract.run.plan import Plan, plan_job

_MOST_ROWS = 40
_PIPE_WIDTH = 1_000


def command(values: dict[str, Any]) -> int:
    """Print the plan; returns 0, also where some documents cannot be opened (they are named)."""
    import anyio

    as_json = values.pop("json", False)
    plan = anyio.run(plan_job, job_from(values))
    if as_json:
        print(json.dumps(plan.as_json(), indent=2, ensure_ascii=False))
    else:
        _print_table(plan)
    return 0


def _print_table(plan: Plan) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for name, side in (("document", "left"), ("kind", "left"), ("pages", "right"), ("calls", "right"), ("", "left")):
        table.add_column(name, justify="right" if side == "right" else "left", overflow="fold")
    for document in plan.documents[:_MOST_ROWS]:
        notes = [f"{count} {state}" for state, count in document.pages.items() if state != "ask" and count]
        notes += [f"{len(document.parts)} documents: pages {', '.join(document.parts)}"] if document.parts else []
        table.add_row(
            Text(printable(document.name)),
            document.kind,
            str(document.pages.get("ask", 0)),
            str(document.calls),
            Text(document.error or "; ".join(notes), style="red" if document.error else "dim"),
        )
    # A pipe has no width: names are not to be broken for a program that reads them.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)
    console.print(table)
    if len(plan.documents) > _MOST_ROWS:
        console.print(f"... and {len(plan.documents) - _MOST_ROWS} more (--json lists all)")
    totals = plan.as_json()
    console.print(
        f"{_count(totals['documents'], 'document')} ({totals['failed']} cannot be opened), "
        f"{_count(totals['pages'].get('ask', 0), 'page')} to extract, {_count(totals['calls'], 'call')} to {plan.model}"
    )
    if totals["calls"]:
        tokens, cost, seconds = totals["tokens"], totals["cost_usd"], totals["seconds"]
        console.print(
            f"input tokens {tokens['low']:,} to {tokens['high']:,}, {totals['cached_share']:.0%} of them cached"
        )
        if cost["low"] is not None:
            console.print(f"cost ${cost['low']:.4f} to ${cost['high']:.4f}")
        console.print(f"time {seconds['low']:.0f} s to {seconds['high']:.0f} s")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' if number != 1 else ''}"
