"""`docextract report OUT`: (re)write OUT/report.html from what stands in the folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docextract.cli.final import printable
from docextract.errors import ConfigError


def command(values: dict[str, Any]) -> int:
    """Write it and say where it is."""
    from docextract.report.facts import facts_of, last_run
    from docextract.report.lines import run_head, run_lines
    from docextract.report.write import ReportFile

    out = Path(values["out"])
    head = run_head(out)
    if not head and next(out.rglob("*.meta.json"), None) is None:
        raise ConfigError(f"{out} holds no run and no outputs", hint="pass the --out folder of a run")
    inputs = tuple(str(name) for name in head.get("inputs") or ())
    with ReportFile(out, inputs=inputs) as report:
        for line in run_lines(out):
            report.add(line)
        path = report.finish(facts_of(out, head, last_run(out)))
    print(printable(str(path)))
    return 0
