"""What is sound of a value that does not validate: invalid leaves dropped, the rest written as the schema writes it."""

from __future__ import annotations

import types
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, PydanticSchemaGenerationError, TypeAdapter, ValidationError
from pydantic.errors import PydanticUserError
from pydantic_core import PydanticSerializationError

from docextract.types import Json

Steps = Iterable[str | int]


class RefusedError(ValueError):
    """A number that JSON has no word for. `where` are the steps to it."""

    def __init__(self, where: tuple[str | int, ...]) -> None:
        super().__init__("not a finite number")
        self.where = where


def pointer(steps: Steps) -> str:
    """The JSON pointer of these steps."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def drop(value: Json, paths: Sequence[str]) -> Json:
    """A copy of `value` without what stands at these JSON pointers; in a list a null takes its place.

    A path that names nothing is ignored, unless it goes through something (a union branch's name in
    the middle): then the deepest thing it reaches below the root is dropped.
    """
    wanted = {tuple(part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]) for path in paths}
    return _dropped(value, wanted)


def _dropped(value: Json, paths: set[tuple[str, ...]]) -> Json:
    if () in paths and not isinstance(value, dict | list):
        return None
    if isinstance(value, dict):
        out = {}
        for key, inner in value.items():
            below = {path[1:] for path in paths if path and path[0] == key}
            if () not in below or isinstance(inner, dict | list):
                out[key] = _dropped(inner, below) if below else inner
        return out
    if isinstance(value, list):
        return [
            _dropped(inner, {path[1:] for path in paths if path and path[0] == str(index)})
            for index, inner in enumerate(value)
        ]
    # The path goes on where the value does not: it named a branch of a union for this leaf.
    return None if paths else value


def field_by_field(annotation: Any, value: Json) -> Json:
    """`value` written as its type writes it, without asking for what is absent.

    Leaves that do not fit their type are kept as they are; the caller has dropped the invalid ones.
    """
    if value is None:
        return None
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return field_by_field(arguments[0], value)
    if origin in (Union, types.UnionType):
        inner = [argument for argument in arguments if argument is not type(None)]
        return field_by_field(inner[0], value) if len(inner) == 1 else value
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _model(annotation, value)
    if origin in (list, tuple, set, frozenset, Sequence) and isinstance(value, list):
        return [field_by_field(arguments[0], item) if arguments else item for item in value]
    if isinstance(value, dict | list):
        return value
    return _leaf(annotation, value)


def _model(model: type[BaseModel], value: Json) -> Json:
    if not isinstance(value, dict):
        return None
    out: dict[str, Json] = {}
    for name, info in model.model_fields.items():
        written = info.serialization_alias or info.alias or name
        for key in (info.alias, written, name):
            if key is not None and key in value:
                out[written] = field_by_field(info.annotation, value[key])
                break
    return out


def _leaf(annotation: Any, value: Json) -> Json:
    try:
        adapter = TypeAdapter(annotation)
        rich = adapter.validate_python(value)
        if isinstance(rich, Decimal):
            return float(rich) if rich.is_finite() else None
        return adapter.dump_python(rich, mode="json")
    except (ValidationError, PydanticSchemaGenerationError, PydanticUserError, PydanticSerializationError):
        return value
