"""`docextract openapi diff OLD NEW`: what was added, removed, changed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from docextract.cli.final import printable
from docextract.errors import ConfigError

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def command(values: dict[str, Any]) -> int:
    """Print the differences; returns 0 whether there are some or none."""
    from docextract.artifacts.spec_diff import as_json, diff
    from docextract.artifacts.spec_file import read_spec
    from docextract.artifacts.validate import faults, shape_fault

    documents = []
    for name in ("old", "new"):
        documents.append(read_spec(Path(values[name])))
        if (shape := shape_fault(documents[-1])) is not None:
            raise ConfigError(f"{values[name]}: {shape}", hint="pass two OpenAPI documents of version 3.0 or 3.1")
        if found := faults(documents[-1]):
            told = f"{values[name]} is not valid ({len(found)} faults, the first: {found[0]})"
            print(f"docextract: {printable(told)}", file=sys.stderr)
    changes = diff(documents[0], documents[1])
    if values["json"]:
        print(json.dumps(as_json(changes), indent=2, ensure_ascii=False))
        return 0
    for change in changes:
        values_ = [_short(value) for value in (change.old, change.new)]
        told = f"{values_[0]} -> {values_[1]}" if change.kind == "changed" else "".join(values_)
        place = f"{change.where}: " if change.where and change.where != change.name else ""
        line = f"{_SIGNS[change.kind]} {place}{change.what} {change.name}" + (f": {told}" if told else "")
        print(printable(line))
    counts = as_json(changes)
    print(", ".join(f"{len(counts[kind])} {kind}" for kind in _SIGNS))
    return 0


def _short(value: Any) -> str:
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else text[:97] + "..."
