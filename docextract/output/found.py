"""The outputs that stand in a folder: each sidecar with its data, one at a time and in a stable order."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from docextract.errors import ConfigError, OutputError
from docextract.types import Json

_META = ".meta.json"
_FORMS = (".json", ".yaml", ".partial.json", ".partial.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One document under one schema. `fault` says why its sidecar or data could not be read, where that is so."""

    place: str
    meta: dict[str, Json]
    data: Json
    fault: str | None = None


def outputs(folder: Path) -> Iterator[Output]:
    """Every output below a folder, sorted by path, read when it is asked for. Links and hidden folders are left out.

    Raises ConfigError where there is no such folder.
    """
    if not folder.is_dir():
        raise ConfigError(f"there is no folder {folder}", hint="pass the --out folder of a run")
    for stem in _stems(folder, folder):
        yield output_at(folder, stem)


def _stems(root: Path, folder: Path) -> Iterator[str]:
    """Names of sidecars without their ending, relative to the root. Only one folder's names are held at once."""
    try:
        with os.scandir(folder) as entries:
            found = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except OSError as error:
        raise OutputError(f"cannot read {folder}: {error.strerror}") from error
    for name, is_folder in found:
        if is_folder and not name.startswith("."):
            yield from _stems(root, folder / name)
        elif name.endswith(_META):
            yield (folder / name.removesuffix(_META)).relative_to(root).as_posix()


def output_at(root: Path, stem: str) -> Output:
    """One output by its place: the sidecar's path below the root without its ending."""
    try:
        meta = json.loads((root / (stem + _META)).read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        return Output(place=stem, meta={}, data=None, fault=f"sidecar: {error}")
    if not isinstance(meta, dict) or "state" not in meta or not isinstance(meta.get("source"), dict):
        return Output(place=stem, meta={}, data=None, fault="sidecar: not one of docextract's")
    if meta["state"] == "failed":
        return Output(place=stem, meta=meta, data=None)
    for form in _FORMS:
        file = root / (stem + form)
        if file.is_file():
            return _with_data(file, stem, meta)
    return Output(place=stem, meta=meta, data=None, fault="its data file is gone")


def _with_data(file: Path, stem: str, meta: dict[str, Json]) -> Output:
    try:
        content = file.read_bytes()
        data = json.loads(content) if file.suffix == ".json" else yaml.safe_load(content)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        return Output(place=stem, meta=meta, data=None, fault=f"data: {error}")
    return Output(place=stem, meta=meta, data=data)
