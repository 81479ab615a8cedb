"""An OpenAPI document from a file that somebody gave: YAML or JSON, no code run, no size trusted."""

from __future__ import annotations

from pathlib import Path

import yaml

from docextract.errors import ConfigError
from docextract.types import Json

MAX_BYTES = 20_000_000


def read_spec(path: Path) -> dict[str, Json]:
    """The document, keys as text. Raises ConfigError for a file that cannot be read or holds no object."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}", hint="pass two OpenAPI documents") from error
    if len(content) > MAX_BYTES:
        raise ConfigError(f"{path} is larger than {MAX_BYTES // 1_000_000} MB", hint="pass a smaller document")
    try:
        value = yaml.safe_load(content)  # JSON is YAML
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = str(error).split("\n", 1)[0]
        raise ConfigError(f"{path} is neither YAML nor JSON: {where}", hint="mend the file") from error
    if not isinstance(value, dict):
        raise ConfigError(f"{path} holds no OpenAPI document", hint="pass two OpenAPI documents")
    made: dict[str, Json] = _keyed(value, {})
    return made


def _keyed(node: Json, done: dict[int, Json]) -> Json:
    """The same value with text for keys, as JSON has them (YAML reads a status code as a number)."""
    if id(node) in done:
        return done[id(node)]  # an alias, also one to what contains it
    if isinstance(node, dict):
        made: dict[str, Json] = {}
        done[id(node)] = made
        made.update({key if isinstance(key, str) else str(key): _keyed(inner, done) for key, inner in node.items()})
        return made
    if isinstance(node, list):
        items: list[Json] = []
        done[id(node)] = items
        items.extend(_keyed(inner, done) for inner in node)
        return items
    return node
