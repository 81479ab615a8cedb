"""`docextract schema list | show NAME | check FILE`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def command(values: dict[str, Any]) -> int:
    """Print; returns 1 where a check found an error."""
    verb = values["verb"]
    if verb == "list":
        return _list()
    return _show(values["name"]) if verb == "show" else _check(values["name"])


def _list() -> int:
    from docextract.schema.load import builtin_names, load

    for name in builtin_names():
        for target in load(name):
            print(f"{name:12} {_first_line(target.json_schema.get('description', ''))}")
    return 0


def _show(name: str) -> int:
    from docextract.schema.load import load

    for target in load(name, base=Path.cwd()):
        print(json.dumps(target.json_schema, indent=2, ensure_ascii=False))
    return 0


def _check(name: str) -> int:
    from docextract.schema.check import check
    from docextract.schema.load import load

    worst = 0
    for target in load(name, base=Path.cwd()):
        findings = check(target.json_schema)
        for finding in findings:
            print(f"{target.name}{finding.path}: {finding.level}: {finding.message}")
            worst = max(worst, int(finding.level == "error"))
        if not findings:
            print(f"{target.name}: nothing to say against it")
    return worst


def _first_line(text: str) -> str:
    return text.strip().split("\n")[0]
