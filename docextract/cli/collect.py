"""`docextract collect OUT --to FILE`: one table of all outputs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from docextract.cli.final import printable
from docextract.errors import EXIT_OK, EXIT_PARTIAL


def command(values: dict[str, Any]) -> int:
    """Write the table; returns 1 where an output could not be read."""
    from docextract.output.table import collect

    done = collect(Path(values["out"]), Path(values["to"]), sort=values["sort"], flatten=values["flatten"])
    states = ", ".join(f"{count} {state}" for state, count in sorted(done.states.items()))
    print(f"{sum(done.states.values())} outputs{f': {states}' if states else ''}")
    for file in done.files:
        print(printable(str(file)))
    for place, why in done.faults:
        print(f"docextract: {printable(place)}: {printable(why)}", file=sys.stderr)
    return EXIT_PARTIAL if done.faults else EXIT_OK
