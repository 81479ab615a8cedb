"""JSON Schema of a pydantic model, and local references inlined.

Inlining lets every other room read a field's words where the field stands, without following
references. Only recursion keeps a `$ref`, with its definition under `$defs` of the root.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from docextract.errors import SchemaError
from docextract.schema.combine import combined
from docextract.types import Json

MAX_NODES = 50_000
"""Nodes that an inlined schema may have: references to references can double at every step."""

_MAPS = ("properties", "patternProperties", "dependentSchemas")
_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_SINGLE = (
    *("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"),
    *("unevaluatedProperties", "unevaluatedItems"),
)
_DEFINITIONS = ("$defs", "definitions")
_NAMES = ("$id", "$anchor")  # only references look for them


class NumberSchema(GenerateJsonSchema):
    """Pydantic's JSON Schema with money as a number, never number or string, and computed fields named."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        """`Decimal` as `{"type": "number"}` with its bounds."""
        number = core_schema.float_schema(
            multiple_of=_as_float(schema.get("multiple_of")),
            le=_as_float(schema.get("le")),
            ge=_as_float(schema.get("ge")),
            lt=_as_float(schema.get("lt")),
            gt=_as_float(schema.get("gt")),
        )
        return self.float_schema(number)

    def json_schema(self, schema: core_schema.JsonSchema) -> JsonSchemaValue:
        """Refuse JSON inside a text: it is read as text and written as what it holds."""
        return self.handle_invalid_for_json_schema(schema, "Json[...], which is not written as it is read")

    def model_fields_schema(self, schema: core_schema.ModelFieldsSchema) -> JsonSchemaValue:
        """Computed fields are written but never asked for: their names stand in `x-computed`."""
        out = super().model_fields_schema(schema)
        computed = [field.get("alias") or field["property_name"] for field in schema.get("computed_fields", ())]
        if computed:
            out["x-computed"] = computed
        return out


def _as_float(value: Any) -> float | None:
    return None if value is None else float(value)


def model_schema(model: type[BaseModel]) -> dict[str, Json]:
    """JSON Schema of what the model accepts, by alias, references inlined, in field order."""
    return inline(model.model_json_schema(by_alias=True, mode="validation", schema_generator=NumberSchema))


def digest(schema: Mapping[str, Json]) -> str:
    """SHA-256, in hex, of the schema as canonical JSON: sorted keys, no white space, UTF-8."""
    text = json.dumps(schema, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def inline(schema: Mapping[str, Json]) -> dict[str, Json]:
    """A copy of `schema` with its local references replaced by what they name.

    Raises SchemaError for a reference that leaves the document (nothing is ever fetched), one that
    names nothing, and a schema that grows beyond `MAX_NODES`.
    """
    work = _Inliner(schema)
    body = work.node({key: value for key, value in schema.items() if key not in _DEFINITIONS}, ())
    if not isinstance(body, dict):
        raise SchemaError("the schema's root must be an object", hint='start it with {"type": "object", ...}')
    if work.recursive:
        body["$defs"] = work.definitions()
    return body


class _Inliner:
    """One pass over one schema. `recursive` collects the references that could not be inlined."""

    def __init__(self, root: Mapping[str, Json]) -> None:
        self.root = root
        self.recursive: dict[str, str] = {}
        self.names: dict[str, Json] = {}
        self.count = 0

    def definitions(self) -> dict[str, Json]:
        done: dict[str, Json] = {}
        while missing := [ref for ref, name in self.recursive.items() if name not in done]:
            for ref in missing:
                done[self.recursive[ref]] = self.node(_without_definitions(self.resolve(ref)), (ref,))
        return done

    def node(self, schema: Json, trail: tuple[str, ...]) -> Json:
        self.count += 1
        if self.count > MAX_NODES:
            raise SchemaError(f"the schema has more than {MAX_NODES} nodes once its references are inlined")
        if not isinstance(schema, dict):
            return schema
        ref = schema.get("$ref")
        if isinstance(ref, str):
            return self.reference(ref, schema, trail)
        out: dict[str, Json] = {}
        for key, value in schema.items():
            if key in _MAPS and isinstance(value, dict):
                out[key] = {name: self.node(inner, trail) for name, inner in value.items()}
            elif key in _LISTS and isinstance(value, list):
                out[key] = [self.node(inner, trail) for inner in value]
            elif key in _SINGLE:
                out[key] = self.node(value, trail)
            elif key not in _DEFINITIONS and key not in _NAMES:
                out[key] = value
        return combined(out)

    def reference(self, ref: str, schema: dict[str, Json], trail: tuple[str, ...]) -> Json:
        siblings = {key: value for key, value in schema.items() if key != "$ref"}
        if ref in trail:
            self.recursive.setdefault(ref, self.name_for(ref))
            return {"$ref": f"#/$defs/{self.recursive[ref]}", **siblings}
        target = self.node(_without_definitions(self.resolve(ref)), (*trail, ref))
        if not isinstance(target, dict):
            return target
        return {**target, **siblings}

    def name_for(self, ref: str) -> str:
        """The definition's own name, numbered where another definition already has it."""
        name = re.sub(r"[^\w.-]+", "_", unquote(ref).rstrip("/").rsplit("/", 1)[-1]) if ref != "#" else "Root"
        taken = set(self.recursive.values())
        return name if name not in taken else f"{name}{len(taken)}"

    def resolve(self, ref: str) -> Json:
        """What a reference names, through references that lead to nothing but references."""
        trail = [ref]
        node = self.named(ref)
        while isinstance(node, dict) and isinstance(node.get("$ref"), str) and len(node) == 1:
            if node["$ref"] in trail:
                raise SchemaError(f"the schema refers to {ref!r}, which refers only to itself")
            trail.append(node["$ref"])
            node = self.named(node["$ref"])
        return node

    def named(self, ref: str) -> Json:
        """What stands at a reference: a pointer, or a name that a part of the schema gives itself."""
        head, mark, pointer = ref.partition("#")
        if (head or not pointer.startswith("/")) and ref not in {"", "#"}:
            if not self.names:
                self.names = dict(_named(self.root, ""))
            own = "" if head in {"", str(self.root.get("$id", "")).rstrip("#")} else head
            if pointer.startswith("/") and not own:
                return self.named(f"#{pointer}")
            found = self.names.get(f"{own}{mark}{pointer}" if pointer else own)
            if found is None:
                raise SchemaError(
                    f"the schema refers to {ref!r}, which is outside of it", hint="copy what it names under $defs"
                )
            return found
        node: Json = self.root
        for part in unquote(pointer).split("/")[1:]:
            part = part.replace("~1", "/").replace("~0", "~")  # noqa: PLW2901 - JSON pointer unescaping of the same step
            if isinstance(node, dict) and part in node:
                node = node[part]
            elif isinstance(node, list) and part.isdigit() and int(part) < len(node):
                node = node[int(part)]
            else:
                raise SchemaError(f"the schema refers to {ref!r}, which is not in it")
        return node


def _named(node: Json, base: str) -> Iterator[tuple[str, Json]]:
    """Every part that has a name of its own: `$id` as written or by its last step, `$anchor` as `#name`."""
    if isinstance(node, dict):
        own = node.get("$id")
        if isinstance(own, str):
            base = own.removesuffix("#") if not own.startswith("#") else base
            yield own, node
            yield own.rsplit("/", 1)[-1], node
        if isinstance(node.get("$anchor"), str):
            yield f"#{node['$anchor']}", node
            yield f"{base}#{node['$anchor']}", node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _named(inner, base)


def _without_definitions(schema: Json) -> Json:
    if not isinstance(schema, dict):
        return schema
    return {key: value for key, value in schema.items() if key not in _DEFINITIONS}


def optional(schema: Json) -> Json:
    """A copy of an inlined schema that asks for nothing: no `required`, `minProperties` or `dependentRequired`."""
    if isinstance(schema, list):
        return [optional(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    out: dict[str, Json] = {}
    for key, value in schema.items():
        if key in (*_MAPS, "$defs") and isinstance(value, dict):
            out[key] = {name: optional(inner) for name, inner in value.items()}
        elif key in _LISTS or key in _SINGLE:
            out[key] = optional(value)
        elif key not in ("required", "minProperties", "dependentRequired"):
            out[key] = value
    return out
