"""What of a record a valid OpenAPI document cannot hold: each loss with its place in the record, to be asked about."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from docextract.artifacts.complete import NOTES
from docextract.artifacts.openapi import METHODS, assemble, security_scheme, server_url, status_code
from docextract.artifacts.paths import path_template
from docextract.artifacts.validate import faults
from docextract.types import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Something in the record that no file can hold. `path` is its JSON pointer there."""

    path: str
    message: str


def losses(record: Mapping[str, Json]) -> tuple[Loss, ...]:
    """Everything that the document leaves out, the validator's own faults last."""
    return (*_left_out(record), *culprits(record))


def culprits(record: Mapping[str, Json]) -> tuple[Loss, ...]:
    """Models and operations that alone make the assembled document invalid; () for one that is valid."""
    if not _faults(assemble(record)):
        return ()
    found: list[Loss] = []
    sound: list[Json] = []
    for index, model in _items(record, "models"):
        fault = next(iter(faults(assemble({"models": [model]}))), None)
        if fault is None:
            sound.append(model)
        else:
            found.append(Loss(path=f"/models/{index}", message=f"model {model.get('name')} left out: {fault}"))
    for index, operation in _items(record, "operations"):
        fault = next(iter(faults(assemble({"models": sound, "operations": [operation]}))), None)
        if fault is not None:
            name = f"{operation.get('method')} {operation.get('path')}"
            found.append(Loss(path=f"/operations/{index}", message=f"operation {name} left out: {fault}"))
    return tuple(found)


def valid(record: Mapping[str, Json]) -> dict[str, Json]:
    """The document, held against the validator: an operation or model that would make it invalid is left out.

    What was left out is named in its notes.
    """
    found = culprits(record)
    gone = {loss.path for loss in found}
    sound = dict(record)
    for key in ("models", "operations") if gone else ():
        sound[key] = [item for index, item in _items(record, key) if f"/{key}/{index}" not in gone]
    document = assemble(sound)
    left_out = [loss.message for loss in found]
    if wrong := _faults(document):
        document = assemble({})
        left_out = [f"no valid document could be made: {wrong[0]}"]
    if left_out:
        document.setdefault(NOTES, {"notes": []})["notes"] += left_out
    return document


def _left_out(record: Mapping[str, Json]) -> Iterator[Loss]:
    for index, operation in _items(record, "operations"):
        yield from _of_operation(operation, f"/operations/{index}")
    for index, url in enumerate(record.get("servers") or ()):
        if isinstance(url, str) and not server_url(url):
            yield Loss(path=f"/servers/{index}", message=f"not a server's URL, left out of the document: {url}")
    for index, scheme in _items(record, "security"):
        if security_scheme(scheme) is None:
            told = scheme.get("name") or scheme.get("type") or "without a name"
            yield Loss(path=f"/security/{index}", message=f"security {told}: not enough to describe it, left out")


def _of_operation(operation: Mapping[str, Json], here: str) -> Iterator[Loss]:
    method, printed = str(operation.get("method") or "").strip(), str(operation.get("path") or "")
    if method.lower() not in METHODS:
        yield Loss(path=f"{here}/method", message=f"operation left out: {method or 'nothing'!r} is no HTTP method")
    template = path_template(printed)
    if template is None:
        why = "is cut short" if "..." in printed or "\u2026" in printed else "is no path"
        named = " ".join(filter(None, (method, operation.get("summary") or "")))
        told = f"{printed!r} {why}" if printed else f"no whole path is printed for {named or 'it'}"
        yield Loss(path=f"{here}/path", message=f"operation left out: {told}")
        return
    for index, parameter in _items(operation, "parameters"):
        name = str(parameter.get("name") or "").strip()
        if name and parameter.get("in") == "path" and name not in template.names:
            message = f"parameter left out: the path {template.template} has no {{{name}}}"
            yield Loss(path=f"{here}/parameters/{index}/name", message=message)
    for index, response in _items(operation, "responses"):
        status = str(response.get("status") or "")
        if status_code(status) is None:
            message = f"response left out: {status or 'nothing'!r} is no status code"
            yield Loss(path=f"{here}/responses/{index}/status", message=message)


def _items(holder: Mapping[str, Json], key: str) -> list[tuple[int, dict[str, Json]]]:
    listed = holder.get(key)
    return [(at, item) for at, item in enumerate(listed if isinstance(listed, list) else ()) if isinstance(item, dict)]


def _faults(document: Mapping[str, Json]) -> tuple[str, ...]:
    # Asked when an answer is examined, and again when its file is written: the validator is slow.
    return _faults_of(json.dumps(document))


@lru_cache(maxsize=8)
def _faults_of(document: str) -> tuple[str, ...]:
    return faults(json.loads(document))
