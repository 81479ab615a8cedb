"""Whether an OpenAPI document is one: by the specification's own schema, and by what tools do with its words.

Stricter than the specification where a document leads elsewhere or carries code: generators paste
titles into source files, viewers paste descriptions into pages. Nothing is ever fetched.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping
from typing import Any

from docextract.artifacts.paths import path_faults
from docextract.types import Json

MAX_NODES, MAX_DEPTH, MAX_FAULTS = 200_000, 200, 50
"""Values that a document may hold once its aliases are written out, how deep, and the faults that are named."""

_EMAIL = re.compile(r"[\w.!#$&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
_NOT_IN_URL = re.compile(r"[\s<>\"\\^`\x00-\x1f]")
_ACTIVE = re.compile(
    r"<(?=\s*/?\s*(?:script|iframe)\b|\s*(?:object|embed|form|svg)\s+\w|[^<>]{0,500}?\son\w+\s*=)"
    r"|(?<=[(\"'=])\s*javascript:",
    re.IGNORECASE,
)
# What ends a comment or a string, or starts an interpolation, in languages that clients are generated in.
_CODE = re.compile(r"\*/|\A=|\"\"\"|'''|[#$%]\{|%\(|<%|`|[\x00-\x08\x0b-\x1f\u2028\u2029]|\n")
_URLS = frozenset({"url", "termsOfService"})
_NAMES = frozenset({"/info/title", "/info/version"})
_SCHEMAS = frozenset({"properties", "patternProperties", "example", "examples", "default", "enum", "const"})


def faults(document: Json) -> tuple[str, ...]:
    """What is wrong with it, as `place: what`, at most `MAX_FAULTS`; empty for a valid document."""
    if (shape := shape_fault(document)) is not None:
        return (shape,)
    found = list(_words(document, "", names=True))
    paths = document.get("paths")
    for path in paths if isinstance(paths, dict) else ():
        if not path.startswith("x-"):
            found += [f"/paths: {path[:80]!r}: {fault}" for fault in path_faults(path)]
    # The specification's validator follows references and fills templates: it gets only what is sound.
    return tuple(found[:MAX_FAULTS]) if found else _by_specification(document)


def shape_fault(document: Json) -> str | None:
    """Why it cannot even be looked at: no object, of another version, without end; None where it can."""
    if not isinstance(document, dict):
        return "/: not an object"
    version = document.get("openapi")
    if not isinstance(version, str) or not re.fullmatch(r"3\.[01]\.\d+(?:-.+)?", version):
        return f"/openapi: {version!r} is no version 3.0 or 3.1"
    return _size_fault(document)


def _size_fault(document: Json) -> str | None:
    """A document that contains itself, or grows without end when its aliases are written out."""
    count = 0
    pending: list[tuple[Json, frozenset[int]]] = [(document, frozenset())]
    while pending:
        node, above = pending.pop()
        count += 1
        if count > MAX_NODES or len(above) > MAX_DEPTH:
            return f"/: more than {MAX_NODES} values or {MAX_DEPTH} levels"
        if isinstance(node, dict | list):
            if id(node) in above:
                return "/: it contains itself"
            inside = above | {id(node)}
            values = node.values() if isinstance(node, dict) else node
            pending += [(value, inside) for value in values]
            if isinstance(node, dict) and not all(isinstance(key, str) for key in node):
                return "/: a key that is not text"
    return None


def inert(text: str) -> str:
    """Text whose markup does nothing: what `faults` would refuse is written so that viewers show it as text."""
    return _ACTIVE.sub(lambda found: found[0].replace("<", "&lt;").replace(":", "&#58;"), text)


def is_plain_name(text: str) -> bool:
    """Whether a title or version can be pasted into source code without becoming part of it."""
    return not _CODE.search(text)


def _words(node: Json, place: str, *, names: bool) -> Iterator[str]:
    """Faults of the texts below a node. `names` is False inside schemas, where any name may be a field's."""
    if isinstance(node, list):
        for index, inner in enumerate(node):
            yield from _words(inner, f"{place}/{index}", names=names)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        here = f"{place}/{key}"
        if isinstance(value, str) and names:
            yield from _text_faults(key, value, here)
        yield from _words(value, here, names=names and key not in _SCHEMAS and not key.startswith("x-"))
        if key == "$ref" and isinstance(value, str) and names and not value.startswith("#/"):
            yield f"{here}: leads out of the document"


def _text_faults(key: str, value: str, here: str) -> Iterator[str]:
    if key == "email" and not _EMAIL.fullmatch(value):
        yield f"{here}: {value[:80]!r} is no e-mail address"
    if key in _URLS and (_NOT_IN_URL.search(value) or value.casefold().startswith(("javascript:", "data:"))):
        yield f"{here}: {value[:80]!r} is no URL"
    if (here in _NAMES or key == "operationId") and _CODE.search(value):
        yield f"{here}: holds code"
    if _ACTIVE.search(value):
        yield f"{here}: holds active markup"


def _by_specification(document: Mapping[str, Json]) -> tuple[str, ...]:
    from jsonschema.exceptions import ValidationError

    validator = _validator(str(document["openapi"]))
    found: list[str] = []
    try:
        for error in validator(dict(document)).iter_errors():
            place = "/".join(str(step) for step in error.absolute_path) if isinstance(error, ValidationError) else ""
            found.append(f"/{place}: {str(error.message)[:300]}")
            if len(found) == MAX_FAULTS:
                break
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        # The validator itself stumbles over some broken documents.
        found.append(f"/: {type(error).__name__}: {str(error)[:300]}")
    return tuple(found)


def _validator(version: str) -> Any:
    """The validator, imported without a socket being opened: urllib3, which it brings along, tries IPv6 out."""
    before = socket.has_ipv6
    socket.has_ipv6 = False
    try:
        from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
    finally:
        socket.has_ipv6 = before
    return OpenAPIV31SpecValidator if version.startswith("3.1") else OpenAPIV30SpecValidator
