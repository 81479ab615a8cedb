"""What people said of values: kept as records, and written as gold files in the form that `docextract eval` reads.

For the document `a/b.pdf`, below the gold folder:

    a/b.pdf.json            the data as corrected, and nothing else
    .review/a/b.pdf.json    the record: every field with what was said, by whom and when, and all that was ever said

The record is the truth; the gold file is made of it and of the run's output. Records lie in a hidden folder,
which neither `eval` nor `collect` looks into.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docextract.errors import ConfigError, OutputError
from docextract.output.json_yaml import dump_json
from docextract.report.pointer import MISSING, at, copy_of, put
from docextract.report.typed import problem, typed
from docextract.types import Json

OPS = ("accept", "set", "missing", "clear")
"""`accept` says that the value is right, `set` gives another, `missing` says there is none, `clear` takes it back."""

_MOST_NAME, _MOST_LOG = 80, 5_000

Write = Callable[[Path, bytes], None]
"""Replaces a file, whole or not at all."""


class ConflictError(Exception):
    """Another tab said something else of this field meanwhile; `review` is what stands."""

    def __init__(self, review: Mapping[str, Json]) -> None:
        super().__init__("the field was changed meanwhile")
        self.review = review


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One thing said of one field. `base` is the version of the record that the person saw.

    `text` is what was typed, to be read as the field's own type; `value` a JSON value, where `is_value`.
    """

    path: str
    op: str
    base: int
    who: str = ""
    text: str | None = None
    value: Json = None
    is_value: bool = False
    box: Mapping[str, Json] | None = None


class Reviews:
    """The gold folder of a run."""

    def __init__(self, gold: Path, write: Write) -> None:
        self.folder = gold
        self._write = write
        self._lock = threading.Lock()

    def review(self, place: str) -> dict[str, Any]:
        """`version` (0: nothing was said) and `fields` by JSON pointer ("" for the document as a whole)."""
        record = self._record(place)
        return {"version": record["version"], "fields": record["fields"]}

    def all(self) -> dict[str, dict[str, Any]]:
        """Every record there is, by place."""
        root = self.folder / ".review"
        places = sorted(path.relative_to(root).as_posix()[: -len(".json")] for path in root.rglob("*.json"))
        return {place: self.review(place) for place in places}

    def edit(self, place: str, data: Json, schema: Mapping[str, Json], edit: Edit) -> tuple[dict[str, Any], str | None]:
        """Say something of a field, and write it down. The new review, and a warning where the value does not fit.

        Raises ConflictError where the field, or one around or inside it, was changed after `edit.base`,
        ConfigError for what cannot be said, OutputError where it cannot be written.
        """
        with self._lock:
            record = self._record(place)
            fields = record["fields"]
            if any(said["at"] > edit.base and _touch(said["path"], edit.path) for said in record["log"]):
                raise ConflictError({"version": record["version"], "fields": fields})
            before = fields.get(edit.path)
            now = _said(edit, corrected(data, fields), schema)
            record["version"] += 1
            stamp = {"at": record["version"], "who": _name(edit.who), "when": _when()}
            if now is None:
                fields.pop(edit.path, None)
            else:
                if now["op"] == "set":
                    _forget_inside(fields, edit.path)
                kept = {"box": before["box"]} if before and before.get("box") and not now.get("box") else {}
                fields[edit.path] = {**kept, **now, **stamp}
            record["log"] = [*record["log"], {"path": edit.path, "op": edit.op, **(now or {}), **stamp}][-_MOST_LOG:]
            self._write(self._record_file(place), dump_json(record))
            value = corrected(data, fields)
            self._keep_gold(place, value, is_gold=bool(fields))
            warning = problem(value, schema, edit.path) if now is not None and now["op"] != "accept" else None
            return {"version": record["version"], "fields": fields}, warning

    def _keep_gold(self, place: str, value: Json, *, is_gold: bool) -> None:
        file = self.folder / f"{place}.json"
        if is_gold:
            self._write(file, dump_json(value))
            return
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(f"cannot remove {file}: {error.strerror}") from error

    def _record(self, place: str) -> dict[str, Any]:
        file = self._record_file(place)
        try:
            record = json.loads(file.read_bytes())
        except FileNotFoundError:
            return {"version": 0, "place": place, "fields": {}, "log": []}
        except (OSError, ValueError) as error:
            raise ConfigError(f"{file} cannot be read: {error}", hint="mend or remove it") from error
        if not isinstance(record, dict) or not isinstance(record.get("fields"), dict) or "version" not in record:
            raise ConfigError(f"{file} is no review", hint="mend or remove it")
        return {"log": [], **record}

    def _record_file(self, place: str) -> Path:
        return self.folder / ".review" / f"{place}.json"


def corrected(data: Json, fields: Mapping[str, Mapping[str, Json]]) -> Json:
    """The data with all that was said of it, in the order it was said. What has no place any more is left out."""
    value = copy_of(data)
    for path, field in sorted(fields.items(), key=lambda pair: pair[1]["at"]):
        if path:
            value = put(value, path, field.get("value"))
    return value


def _said(edit: Edit, value: Json, schema: Mapping[str, Json]) -> dict[str, Json] | None:
    """What is kept of an edit; None where the field is as if nothing had been said."""
    if edit.op not in OPS:
        raise ConfigError(f"there is no way to {edit.op!r} a value", hint=f"one of {', '.join(OPS)}")
    old = at(value, edit.path)
    if old is MISSING:
        raise ConfigError(f"the document has no {edit.path}", hint="reload the page")
    if edit.op == "clear":
        return None
    box = {"box": _box(edit.box)} if edit.box else {}
    if edit.op == "accept":
        return {"op": "accept", **({"value": old} if edit.path else {}), **box}
    if not edit.path:
        raise ConfigError("the document as a whole has no value", hint="accept it, or correct its values")
    if edit.op == "missing":
        return {"op": "missing", "value": None, **box}
    new = edit.value if edit.is_value else typed(edit.text or "", schema, edit.path, old)
    return {"op": "set", "value": new, **box}


def _box(box: Mapping[str, Json]) -> dict[str, Json]:
    page, edges = box.get("page"), box.get("box")
    is_page = isinstance(page, int) and page >= 1
    if not is_page or not isinstance(edges, list) or len(edges) != 4:
        raise ConfigError("this is no box on a page", hint="draw it again")
    if not all(isinstance(edge, int | float) and 0 <= edge <= 1 for edge in edges):
        raise ConfigError("the box is not on the page", hint="draw it again")
    return {"page": page, "box": edges}


def _touch(path: str, other: str) -> bool:
    """Whether two fields are one, or one stands inside the other. The document as a whole stands apart."""
    if path == other:
        return True
    return bool(path and other) and (path.startswith(f"{other}/") or other.startswith(f"{path}/"))


def _forget_inside(fields: dict[str, Any], path: str) -> None:
    for inner in [each for each in fields if each.startswith(f"{path}/")]:
        del fields[inner]


def _name(who: str) -> str:
    return "".join(character for character in who if character.isprintable())[:_MOST_NAME].strip()


def _when() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
