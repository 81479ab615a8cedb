"""Whether what a pydantic model writes is what it reads: records are read again when windows are joined and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import AliasChoices, AliasPath, BaseModel
from pydantic.fields import FieldInfo

from docextract.errors import SchemaError
from docextract.types import Json


def refuse_lossy(model: type[BaseModel], schema: Mapping[str, Json]) -> None:
    """Raise SchemaError for a field that is read under one name and written under another, or hidden when written."""
    for owner in _models(model, set()):
        for name, info in owner.model_fields.items():
            read, written = _read(name, info), info.serialization_alias or name
            if read != written:
                told = "from inside another field" if read is None else f"as {read!r}"
                raise SchemaError(
                    f"{owner.__name__}.{name} is read {told} and written as {written!r}: a record would not read back",
                    hint=f"give {name} one name for both: Field(alias=...)",
                )
    for path in _hidden(schema, ""):
        raise SchemaError(
            f"{model.__name__}: {path} is a secret, which is written as stars: its value would be lost",
            hint="use str instead of SecretStr",
        )


def _read(name: str, info: FieldInfo) -> str | None:
    """The key that a field is asked for by; None for a path into another one."""
    alias = info.validation_alias
    if isinstance(alias, AliasChoices):
        alias = alias.choices[0] if alias.choices else None
    if isinstance(alias, AliasPath):
        return None
    return alias or name


def _models(model: type[BaseModel], seen: set[type]) -> Iterator[type[BaseModel]]:
    if model in seen:
        return
    seen.add(model)
    yield model
    for info in model.model_fields.values():
        for held in _types(info.annotation):
            yield from _models(held, seen)


def _types(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _types(argument)


def _hidden(schema: Json, path: str) -> Iterator[str]:
    if isinstance(schema, Mapping):
        if schema.get("format") == "password" and schema.get("writeOnly") is True:
            yield path or "/"
        for name, inner in (schema.get("properties") or {}).items():
            yield from _hidden(inner, f"{path}/{name}")
        for word in ("items", "additionalProperties"):
            yield from _hidden(schema.get(word), f"{path}/*")
        for word in ("anyOf", "oneOf", "allOf"):
            for inner in schema.get(word) or ():
                yield from _hidden(inner, path)
