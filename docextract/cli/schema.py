"""`docextract schema list | show NAME | check FILE`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docextract.schema.wire import Dialect

# Those that enforce a schema; the others are shown it whole.
_DIALECTS: tuple[Dialect, ...] = ("openai", "anthropic", "gemini", "llamacpp")
_MOST_PLACES = 3


def command(values: dict[str, Any]) -> int:
    """Print; returns 1 where a check found an error."""
    verb = values["verb"]
    if verb == "list":
        return _list()
    return _show(values["name"]) if verb == "show" else _check(values["name"])


def _list() -> int:
    from docextract.schema.load import builtin_names, load

    width = max(map(len, builtin_names()), default=0)
    for name in builtin_names():
        for target in load(name):
            print(f"{name:{width}}  {_first_line(target.json_schema.get('description', ''))}")
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
        for line in _left_out(target.json_schema):
            print(f"{target.name}: {line}")
    return worst


def _left_out(schema: dict[str, Any]) -> list[str]:
    """For each kind of endpoint, what it cannot be told of the schema: the answer is held against it all the same."""
    from docextract.schema.wire import translate

    lines = []
    for dialect in _DIALECTS:
        places: dict[str, list[str]] = {}
        for entry in translate(schema, dialect).dropped:
            place, _, word = entry.rpartition(": ")
            places.setdefault(word, []).append(place)
        told = "; ".join(f"{word} at {_some(where)}" for word, where in sorted(places.items()))
        if told:
            lines.append(f"{dialect} is not told, and the answer is checked here instead: {told}")
    return lines or ["every kind of endpoint can be told all of it"]


def _some(places: list[str]) -> str:
    shown = ", ".join(places[:_MOST_PLACES])
    return f"{shown} and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else shown


def _first_line(text: str) -> str:
    return text.strip().split("\n")[0]
