"""An OpenAPI 3.1 document from a record of the `openapi` schema: always valid, and silent about nothing.

What the page left uncertain, or what OpenAPI cannot say, stands under `x-docextract`. Nothing is
fetched: a reference leads only to a model of the same document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from docextract.artifacts.paths import PathTemplate, path_template, renamed
from docextract.artifacts.properties import component_names, object_schema
from docextract.artifacts.types_printed import schema_of
from docextract.types import Json

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_STATUS = re.compile(r"[1-5](?:\d\d|XX)")
_PLACES = ("path", "query", "header", "cookie")


def assemble(record: Mapping[str, Json]) -> dict[str, Json]:
    """The document. `record` is data under the `openapi` schema; anything in it may be null or missing."""
    return _Assembly(record).document()


class _Assembly:
    """One document in the making, and the notes about it."""

    def __init__(self, record: Mapping[str, Json]) -> None:
        self.record = record
        self.notes: list[str] = []
        self.paths: dict[str, dict[str, Json]] = {}
        self.shapes: dict[str, PathTemplate] = {}
        self.models = component_names(_dicts(record.get("models")))

    def document(self) -> dict[str, Json]:
        """The whole document, keys in the order that people write them."""
        document: dict[str, Json] = {"openapi": "3.1.0", "info": self.info()}
        servers = [{"url": url} for url in self.servers()]
        if servers:
            document["servers"] = servers
        for operation in _dicts(self.record.get("operations")):
            self.operation(operation)
        document["paths"] = self.paths
        components = self.components()
        if components:
            document["components"] = components
        if self.notes:
            document["x-docextract"] = {"notes": list(dict.fromkeys(self.notes))}
        return document

    def info(self) -> dict[str, Json]:
        info: dict[str, Json] = {}
        for name, stand_in in (("title", "Untitled API"), ("version", "0.0.0")):
            text = _text(self.record.get(name))
            if not text:
                self.notes.append(f"no {name} on the pages: {stand_in!r} stands in for it")
            info[name] = text or stand_in
        if description := _text(self.record.get("description")):
            info["description"] = description
        return info

    def servers(self) -> list[str]:
        urls = [_text(url) for url in _list(self.record.get("servers"))]
        fit = [url for url in dict.fromkeys(urls) if re.fullmatch(r"(?:https?://|/)[^\s{}<>\"\\^`|]*", url)]
        self.notes += [f"not a server's URL: {url}" for url in urls if url and url not in fit]
        return fit

    def operation(self, found: Mapping[str, Json]) -> None:
        """Add one operation, or note why it cannot be one."""
        method, printed = _text(found.get("method")).lower(), _text(found.get("path"))
        template = path_template(printed)
        if method not in METHODS or template is None:
            self.notes.append(f"no operation: {method.upper() or 'no method'} {printed or 'no path'}")
            return
        first = self.shapes.setdefault(template.shape, template)
        names = renamed(template, first.names)
        made = self.made(found, template, names)
        item = self.paths.setdefault(first.template, {})
        if method in item:
            self.notes.append(
                f"{method.upper()} {first.template} stands more than once: the first was kept and completed"
            )
            item[method] = _completed(item[method], made)
        else:
            item[method] = made

    def made(self, found: Mapping[str, Json], template: PathTemplate, names: Mapping[str, str]) -> dict[str, Json]:
        notes: list[str] = []
        operation: dict[str, Json] = {}
        if tags := list(dict.fromkeys(filter(None, map(_text, _list(found.get("tags")))))):
            operation["tags"] = tags
        if summary := _text(found.get("summary")):
            operation["summary"] = summary
        if parameters := self.parameters(found, template, names, notes):
            operation["parameters"] = parameters
        body = found.get("request_body")
        if isinstance(body, dict) and (body.get("content_type") or body.get("fields")):
            operation["requestBody"] = {"content": self.content(body.get("content_type"), body.get("fields"), notes)}
        if responses := self.responses(found, notes):
            operation["responses"] = responses
        if found.get("deprecated") is True:
            operation["deprecated"] = True
        if notes:
            operation["x-docextract"] = {"notes": list(dict.fromkeys(notes))}
        return operation

    def parameters(
        self, found: Mapping[str, Json], template: PathTemplate, names: Mapping[str, str], notes: list[str]
    ) -> list[Json]:
        made: dict[tuple[str, str], dict[str, Json]] = {}
        for parameter in _dicts(found.get("parameters")):
            name = _text(parameter.get("name"))
            place = parameter.get("in")
            if not name:
                continue
            if place not in _PLACES:
                place = "path" if name in names else "query"
                notes.append(f"parameter {name}: where it is sent is not said, taken as {place}")
            if place == "path" and name not in names:
                notes.append(f"parameter {name}: said to be in the path, which has no such part; left out")
                continue
            final = names[name] if place == "path" else name
            made.setdefault((final, place), self.parameter(parameter, final, place, notes))
        for name in names.values():
            if (name, "path") not in made:
                notes.append(f"parameter {name}: in the path but not described")
                made[name, "path"] = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in template.query:
            if (name, "query") not in made:
                notes.append(f"parameter {name}: in the printed query but not described")
                made[name, "query"] = {"name": name, "in": "query", "schema": {"type": "string"}}
        return list(made.values())

    def parameter(self, parameter: Mapping[str, Json], name: str, place: str, notes: list[str]) -> dict[str, Json]:
        made: dict[str, Json] = {"name": name, "in": place}
        if description := _text(parameter.get("description")):
            made["description"] = description
        if place == "path" or parameter.get("required") is True:
            made["required"] = True
        schema, known = schema_of(_text(parameter.get("type")), self.models.values())
        if not known:
            notes.append(f"parameter {name}: type {_text(parameter.get('type'))!r} not understood")
        made["schema"] = schema
        return made

    def content(self, content_type: Json, fields: Json, notes: list[str]) -> dict[str, Json]:
        printed = _text(content_type)
        media = printed if re.fullmatch(r"[\w.+*-]+/[\w.+*-]+(?:\s*;.*)?", printed) else "application/json"
        if printed != media:
            notes.append(f"content type {printed!r} taken as {media}" if printed else f"content type taken as {media}")
        return {media: {"schema": object_schema(_dicts(fields), self.models, notes)}}

    def responses(self, found: Mapping[str, Json], notes: list[str]) -> dict[str, Json]:
        made: dict[str, Json] = {}
        for response in _dicts(found.get("responses")):
            printed = _text(response.get("status"))
            code = _status(printed)
            if code is None:
                notes.append(f"response {printed or 'without status'!r}: no status code; left out")
                continue
            answer: dict[str, Json] = {"description": _text(response.get("description"))}
            if fields := _dicts(response.get("fields")):
                schema = object_schema(fields, self.models, notes)
                answer["content"] = {"application/json": {"schema": schema}}
            made.setdefault(code, answer)
        return made

    def components(self) -> dict[str, Json]:
        schemas: dict[str, Json] = {}
        for model in _dicts(self.record.get("models")):
            name = self.models.get(_text(model.get("name")))
            if name is None or name in schemas:
                continue
            schema = object_schema(_dicts(model.get("fields")), self.models, self.notes)
            if description := _text(model.get("description")):
                schema["description"] = description
            schemas[name] = schema
        components: dict[str, Json] = {"schemas": schemas} if schemas else {}
        schemes = self.security()
        if schemes:
            components["securitySchemes"] = schemes
        return components

    def security(self) -> dict[str, Json]:
        made: dict[str, Json] = {}
        for index, scheme in enumerate(_dicts(self.record.get("security"))):
            printed = _text(scheme.get("name")) or _text(scheme.get("type")) or f"scheme{index + 1}"
            name = re.sub(r"[^\w.-]+", "_", printed, flags=re.ASCII).strip("_") or f"scheme{index + 1}"
            kind = re.sub(r"[^a-z0-9]", "", _text(scheme.get("type")).lower())
            known = _scheme(kind, scheme)
            if known is None:
                self.notes.append(
                    f"security {printed}: {_text(scheme.get('type')) or 'no type'} not enough to describe it"
                )
                continue
            made.setdefault(name, known)
        return made


def _scheme(kind: str, scheme: Mapping[str, Json]) -> dict[str, Json] | None:
    if "apikey" in kind:
        place = scheme.get("in") if scheme.get("in") in ("query", "header", "cookie") else "header"
        parameter = _text(scheme.get("parameter"))
        return {"type": "apiKey", "in": place, "name": parameter} if parameter else None
    if "bearer" in kind or "jwt" in kind:
        return {"type": "http", "scheme": "bearer"}
    if "basic" in kind:
        return {"type": "http", "scheme": "basic"}
    if "oauth" in kind:
        return {"type": "oauth2", "flows": {}}
    return None


def _status(printed: str) -> str | None:
    text = printed.strip().upper()
    if text == "DEFAULT":
        return "default"
    found = re.match(rf"(?:HTTP\s*)?({_STATUS.pattern})(?!\d)", text)
    return found[1] if found else None


def _completed(first: dict[str, Json], second: Mapping[str, Json]) -> dict[str, Json]:
    """The first operation with what only the second has: parameters by name and place, responses by status."""
    done = {**second, **first}
    known = {(parameter["name"], parameter["in"]) for parameter in first.get("parameters", [])}
    more = [p for p in second.get("parameters", []) if (p["name"], p["in"]) not in known]
    if more:
        done["parameters"] = [*first.get("parameters", []), *more]
    if second.get("responses") and first.get("responses"):
        done["responses"] = {**second["responses"], **first["responses"]}
    return done


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _dicts(value: Any) -> list[dict[str, Json]]:
    return [item for item in _list(value) if isinstance(item, dict)]
