"""Gold files and the outputs that belong to them: the same relative path in two folders."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from docextract.errors import ConfigError
from docextract.types import Json

_FORMS = (".json", ".yaml", ".yml")
_OTHERS = (".meta", ".openapi")
_RUN_FILES = ("run.json",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One gold file with its output. `name` is the document's, without `.json`.

    `got` is None where there is no output; `state` is the sidecar's, `missing` where there is none of
    either. `schema` is the name in the sidecar; `evidence` is the sidecar's, by JSON pointer.
    """

    name: str
    wanted: Json
    got: Json = None
    state: str = "missing"
    schema: str | None = None
    evidence: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)


def pairs(out: Path, gold: Path, schemas: Sequence[str]) -> list[Pair]:
    """Every gold file below `gold`, sorted by name, with its output below `out`.

    An output of a run over several schemas (`b.pdf.invoice.json`) is found for the gold `b.pdf.json` too,
    where it is of one of `schemas`. Raises ConfigError for a folder that is not there or a file that
    cannot be read.
    """
    for folder, what in ((out, "OUT"), (gold, "GOLD")):
        if not folder.is_dir():
            raise ConfigError(f"{what}: there is no folder {folder}", hint="docextract eval OUT GOLD --schema S")
    found = [_pair(out, stem, load_value(file), schemas) for stem, file in sorted(data_files(gold))]
    if not found:
        raise ConfigError(f"{gold} holds no gold file", hint="a gold file is called after its document: b.pdf.json")
    return found


def data_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """(name without the ending, file) of every data file below a folder: no sidecar, artifact, run file or partial."""
    for file in folder.rglob("*"):
        parts = file.relative_to(folder)
        if file.suffix not in _FORMS or any(part.startswith(".") for part in parts.parts) or not file.is_file():
            continue
        stem = parts.as_posix().removesuffix(file.suffix)
        if not stem.endswith((*_OTHERS, ".partial")) and parts.as_posix() not in _RUN_FILES:
            yield stem, file


def load_value(file: Path) -> Json:
    """The JSON or YAML value of a file."""
    try:
        text = file.read_text(encoding="utf-8")
        return json.loads(text) if file.suffix == ".json" else _plain(yaml.safe_load(text))
    except OSError as error:
        raise ConfigError(f"cannot read {file}: {error.strerror}") from error
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise ConfigError(f"{file} is not {file.suffix[1:].upper()}: {error}", hint="mend the file") from error


def _plain(value: Json) -> Json:
    """YAML's dates as text, so that values are those of JSON."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


def _pair(out: Path, name: str, wanted: Json, schemas: Sequence[str]) -> Pair:
    for stem in (name, *(f"{name}.{schema}" for schema in schemas)):
        meta_file = out / f"{stem}.meta.json"
        meta = load_value(meta_file) if meta_file.is_file() else {}
        file = next((file for file in _data(out, stem) if file.is_file()), None)
        if file is None and not meta:
            continue
        return Pair(
            name=name,
            wanted=wanted,
            got=load_value(file) if file else None,
            state=str(meta.get("state") or ("complete" if file else "missing")),
            schema=(meta.get("schema") or {}).get("name"),
            evidence={str(item["path"]): item for item in meta.get("evidence") or ()},
        )
    return Pair(name=name, wanted=wanted)


def _data(out: Path, stem: str) -> Iterator[Path]:
    for part in ("", ".partial"):
        for form in _FORMS:
            yield out / f"{stem}{part}{form}"
