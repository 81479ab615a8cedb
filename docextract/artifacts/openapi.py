"""An OpenAPI 3.1 document from a record of the `openapi` schema, silent about nothing.

What the page left uncertain, or what OpenAPI cannot say, stands under `x-docextract`. Nothing is
fetched: a reference leads only to a model of the same document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from docextract.artifacts.complete import NOTES, completed
from docextract.artifacts.examples import parsed, schema_of_example
from docextract.artifacts.paths import PathTemplate, path_template, renamed
from docextract.artifacts.properties import component_names, object_schema
from docextract.artifacts.types_printed import schema_of
from docextract.artifacts.validate import inert, is_plain_name
from docextract.types import Json

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_STATUS = re.compile(r"[1-5](?:\d\d|XX)")
_PLACES = ("path", "query", "header", "cookie")


def assemble(record: Mapping[str, Json]) -> dict[str, Json]:
    """The document. `record` is data under the `openapi` schema; anything in it may be null or missing."""
    return _Assembly(record).document()


def without_notes(document: Json) -> Json:
    """The document without what it says about itself."""
    if isinstance(document, dict):
        return {key: without_notes(value) for key, value in document.items() if key != NOTES}
    return [without_notes(item) for item in document] if isinstance(document, list) else document


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
            document[NOTES] = {"notes": list(dict.fromkeys(self.notes))}
        return document

    def info(self) -> dict[str, Json]:
        info: dict[str, Json] = {}
        for name, stand_in in (("title", "Untitled API"), ("version", "0.0.0")):
            text = " ".join(_prose(self.record.get(name)).split())
            if text and not is_plain_name(text):
                self.notes.append(f"the {name} on the pages holds code: left out")
                text = ""
            elif not text:
                self.notes.append(f"no {name} on the pages: {stand_in!r} stands in for it")
            info[name] = text or stand_in
        if description := _prose(self.record.get("description")):
            info["description"] = description
        return info

    def servers(self) -> list[str]:
        urls = [_text(url) for url in _list(self.record.get("servers"))]
        fit = [url for url in dict.fromkeys(urls) if server_url(url)]
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
            told: list[str] = []
            item[method] = completed(item[method], made, told)
            where = f"{method.upper()} {first.template}"
            self.notes.append(f"{where} stands more than once: the first was kept and completed")
            self.notes += [f"{where}: {note}" for note in told]
        else:
            item[method] = made

    def made(self, found: Mapping[str, Json], template: PathTemplate, names: Mapping[str, str]) -> dict[str, Json]:
        notes: list[str] = []
        operation: dict[str, Json] = {}
        if tags := list(dict.fromkeys(filter(None, map(_prose, _list(found.get("tags")))))):
            operation["tags"] = tags
        if summary := _prose(found.get("summary")):
            operation["summary"] = summary
        if parameters := self.parameters(found, template, names, notes):
            operation["parameters"] = parameters
        body = found.get("request_body")
        if isinstance(body, dict) and (body.get("content_type") or body.get("fields") or body.get("example")):
            operation["requestBody"] = {"content": self.content(body, "request body", notes)}
        if responses := self.responses(found, notes):
            operation["responses"] = responses
        if found.get("deprecated") is True:
            operation["deprecated"] = True
        if notes:
            operation[NOTES] = {"notes": list(dict.fromkeys(notes))}
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
            one = self.parameter(parameter, final, place, notes)
            known = made.get((final, place))
            made[final, place] = one if known is None else completed(known, one, notes)
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
        if description := _prose(parameter.get("description")):
            made["description"] = description
        if place == "path" or parameter.get("required") is True:
            made["required"] = True
        schema, known = schema_of(_text(parameter.get("type")), self.models.values())
        if not known:
            notes.append(f"parameter {name}: type {_text(parameter.get('type'))!r} not understood")
        made["schema"] = schema
        return made

    def content(self, body: Mapping[str, Json], what: str, notes: list[str]) -> dict[str, Json]:
        """The media type with its schema: from the fields that are listed, else from the example."""
        printed = _text(body.get("content_type"))
        fields = _dicts(body.get("fields"))
        example, shown = parsed(body.get("example"))
        media = printed if re.fullmatch(r"[\w.+*-]+/[\w.+*-]+(?:\s*;.*)?", printed) else "application/json"
        if printed != media and "content_type" in body:
            notes.append(f"content type {printed!r} taken as {media}" if printed else f"content type taken as {media}")
        if shown and not fields:
            notes.append(f"{what}: its schema was made from the example")
            return {media: {"schema": schema_of_example(example), "example": example}}
        made: dict[str, Json] = {"schema": object_schema(fields, self.models, notes)}
        return {media: made | ({"example": example} if shown else {})}

    def responses(self, found: Mapping[str, Json], notes: list[str]) -> dict[str, Json]:
        made: dict[str, Json] = {}
        for response in _dicts(found.get("responses")):
            printed = _text(response.get("status"))
            code = status_code(printed)
            if code is None:
                notes.append(f"response {printed or 'without status'!r}: no status code; left out")
                continue
            answer: dict[str, Json] = {"description": _prose(response.get("description"))}
            if _dicts(response.get("fields")) or parsed(response.get("example"))[1]:
                told = {name: response.get(name) for name in ("fields", "example")}
                answer["content"] = self.content(told, f"response {code}", notes)
            made[code] = answer if code not in made else completed(made[code], answer, notes)
        return made

    def components(self) -> dict[str, Json]:
        schemas: dict[str, Json] = {}
        for model in _dicts(self.record.get("models")):
            name = self.models.get(_text(model.get("name")))
            if name is None or name in schemas:
                continue
            schema = object_schema(_dicts(model.get("fields")), self.models, self.notes)
            if description := _prose(model.get("description")):
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
            known = security_scheme(scheme)
            if known is None:
                self.notes.append(
                    f"security {printed}: {_text(scheme.get('type')) or 'no type'} not enough to describe it"
                )
                continue
            made.setdefault(name, known)
        return made


def server_url(text: str) -> bool:
    """Whether a printed base URL can stand in a document."""
    return re.fullmatch(r"(?:https?://|/)[^\s{}<>\"\\^`|]*", text.strip()) is not None


def security_scheme(scheme: Mapping[str, Json]) -> dict[str, Json] | None:
    """A security scheme as OpenAPI writes it, None where too little is known."""
    kind = re.sub(r"[^a-z0-9]", "", _text(scheme.get("type")).lower())
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


def status_code(printed: str) -> str | None:
    """The key of a response, `default` among them; None for what is no status code."""
    text = printed.strip().upper()
    if text == "DEFAULT":
        return "default"
    found = re.match(rf"(?:HTTP\s*)?({_STATUS.pattern})(?!\d)", text)
    return found[1] if found else None


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _prose(value: Any) -> str:
    return inert(_text(value))


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _dicts(value: Any) -> list[dict[str, Json]]:
    return [item for item in _list(value) if isinstance(item, dict)]
