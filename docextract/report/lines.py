"""What a run wrote of itself: the head of run.json, and a line a document, read one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docextract.errors import ConfigError
from docextract.output.found import outputs
from docextract.types import Json

Line = Mapping[str, Json]
"""A document's line in run.json: name, schema, state, error, pages, issues, outputs, ms, usage."""

META = ".meta.json"
_RESULTS = '  "results": ['


def place_of(line: Line) -> str | None:
    """The path of a document's outputs below the folder, without ending; None where nothing was written."""
    return next((str(name)[: -len(META)] for name in line.get("outputs") or () if str(name).endswith(META)), None)


def run_head(out: Path) -> dict[str, Any]:
    """run.json without its results; empty where there is none. Raises ConfigError for a folder that is not there."""
    if not out.is_dir():
        raise ConfigError(f"there is no folder {out}", hint="pass the --out folder of a run")
    file = out / "run.json"
    if not file.is_file():
        return {}
    text: list[str] = []
    with file.open(encoding="utf-8", errors="replace") as run:
        for line in run:
            if line.rstrip("\n") == _RESULTS:
                return _parsed(file, "".join(text).rstrip().rstrip(",") + "}")
            text.append(line)
    head = _parsed(file, "".join(text))
    return {key: value for key, value in head.items() if key != "results"}


def run_lines(out: Path) -> Iterator[Line]:
    """Every document of the run; where there is no run.json, every sidecar below the folder."""
    file = out / "run.json"
    if not file.is_file():
        yield from _from_sidecars(out)
        return
    with file.open(encoding="utf-8", errors="replace") as run:
        for line in run:
            if line.rstrip("\n") == _RESULTS:
                break
        else:  # run.json as another program would write it
            yield from _parsed(file, file.read_text(encoding="utf-8", errors="replace")).get("results") or ()
            return
        for line in run:
            text = line.strip().rstrip(",")
            if text.startswith("{"):
                yield _parsed(file, text)
            elif text == "]":
                return


def _from_sidecars(out: Path) -> Iterator[Line]:
    for output in outputs(out):
        if not output.meta:
            continue
        meta = output.meta
        yield {
            "name": meta["source"].get("path", output.place),
            "schema": (meta.get("schema") or {}).get("name"),
            "state": meta["state"],
            "error": meta.get("error"),
            "outputs": [output.place + META],
            "ms": sum(int(each.get("ms") or 0) for each in meta.get("attempts") or ()),
            "usage": meta.get("usage") or {},
        }


def _parsed(file: Path, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{file} is not a run's account: {error}", hint="run the same command again") from error
    if not isinstance(value, dict):
        raise ConfigError(f"{file} is not a run's account", hint="run the same command again")
    return value
