"""What is wanted: a schema by name, its JSON Schema, and how a value is held against it."""

from __future__ import annotations

import hashlib
import inspect
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import referencing
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticSerializationError

from docextract.errors import SchemaError
from docextract.schema import jsonschema as schemas
from docextract.schema.drafts import upgraded
from docextract.schema.quick import Check, quick_check
from docextract.schema.root import as_object
from docextract.schema.salvage import RefusedError, drop, field_by_field, pointer
from docextract.schema.written import refuse_lossy
from docextract.types import Json, SchemaName

TAKEN_NAMES = frozenset({"meta", "partial", "openapi", "run", "report", "auto"})
"""Names that would make `b.pdf.<schema>.json` collide with files that mean something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with a value: JSON pointer, what for a person, and pydantic's (or JSON Schema's) word."""

    path: str
    message: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated:
    """A value held against a schema.

    `data` is the JSON value as it is written (keys by alias in the schema's order, dates ISO, money
    as numbers); where there are problems it holds what is sound of the value, or None for nothing.
    `instance` is the pydantic object, only where there is a model and no problem.
    """

    data: Json
    problems: tuple[Problem, ...] = ()
    instance: Any = None

    @property
    def ok(self) -> bool:
        """True where nothing is wrong."""
        return not self.problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A schema, loaded. `json_schema` has its local references inlined except recursion.

    `source` says where it came from, for a person; `why` is set by `auto`. `rules` is the digest of the file
    that the model's own validators stand in: they are no part of `sha256`, which is the JSON Schema's.
    """

    name: str
    sha256: str
    json_schema: dict[str, Json] = field(repr=False)
    model: type[BaseModel] | None = None
    source: str = ""
    why: str | None = None
    rules: str = ""

    @property
    def reference(self) -> SchemaName:
        """The name and digest as they stand in sidecars."""
        return SchemaName(name=self.name, sha256=self.sha256, why=self.why)

    def because(self, why: str) -> Target:
        """The same schema with the reason it was picked."""
        return replace(self, why=why)

    def validate(self, value: Json) -> Validated:
        """Hold a whole answer against the schema; every absent required field is a problem."""
        return self._check(value, whole=True)

    def partial(self, value: Json) -> Validated:
        """Hold a part of an answer (one window) against the schema: what is absent is no problem.

        An answer that knows none of the schema's names, only others, is of another shape.
        """
        if (strangers := self._strangers(value)) is not None:
            return Validated(data={}, problems=(Problem(path="", message=strangers, type="shape"),))
        return self._check(value, whole=False)

    def _strangers(self, value: Json) -> str | None:
        properties = self.json_schema.get("properties")
        if not isinstance(value, dict) or not value or not isinstance(properties, dict) or not properties:
            return None
        if self.json_schema.get("additionalProperties") or self.json_schema.get("patternProperties"):
            return None
        known = set(properties) | set(self.model.model_fields if self.model is not None else ())
        if known & set(value):
            return None
        names, wanted = (", ".join(repr(name) for name in list(some)[:5]) for some in (value, properties))
        return f"the answer has the fields {names}, and none of those asked for ({wanted}, ...)"

    def _check(self, value: Json, *, whole: bool) -> Validated:
        if self.model is not None:
            return _check_model(self.model, value, whole=whole)
        return _check_schema(self.json_schema, value, whole=whole)


def target_of(model: type[BaseModel], *, name: str | None = None, source: str | None = None) -> Target:
    """The target of a pydantic model. Raises SchemaError where it has no JSON Schema or cannot read what it writes."""
    try:
        schema = schemas.model_schema(model)
    except (TypeError, ValueError, RuntimeError, KeyError) as error:
        told = str(error).split("\n", 1)[0]
        raise SchemaError(f"{model.__name__} has no JSON Schema: {told}", hint="use types that JSON has") from error
    schema = as_object(schema)
    refuse_lossy(model, schema)
    return Target(
        name=plain_name(name or model.__name__),
        sha256=schemas.digest(schema),
        json_schema=schema,
        model=model,
        source=source or f"{model.__module__}:{model.__qualname__}",
        rules=_rules(model),
    )


def _rules(model: type[BaseModel]) -> str:
    """The digest of the file that defines a model; nothing where there is none (a notebook's cell)."""
    try:
        return hashlib.sha256(Path(inspect.getfile(model)).read_bytes()).hexdigest()
    except (OSError, TypeError):
        return ""


def target_from(schema: Mapping[str, Json], *, name: str, source: str = "") -> Target:
    """The target of a plain JSON Schema of any draft. Raises SchemaError where it is none, or names no field."""
    modern = upgraded(schema)
    try:
        jsonschema.Draft202012Validator.check_schema(modern)
    except jsonschema.SchemaError as error:
        place = pointer(error.absolute_path) or "/"
        hint = "mend that place, then run `docextract schema check FILE`"
        raise SchemaError(f"not a JSON Schema: {error.message[:300]} at {place}", hint=hint) from error
    inlined = as_object(schemas.inline(modern))
    return Target(name=plain_name(name), sha256=schemas.digest(inlined), json_schema=inlined, source=source)


def plain_name(name: str) -> str:
    """A name that can stand in a file name: letters, digits, `_` and `-`, at most 60, and none that is taken."""
    plain = re.sub(r"[^\w-]+", "-", name).strip("-_")[:60] or "schema"
    return f"{plain}-schema" if plain.casefold() in TAKEN_NAMES else plain


def _check_model(model: type[BaseModel], value: Json, *, whole: bool) -> Validated:
    try:
        instance = model.model_validate(value)
    except ValidationError as error:
        problems = tuple(_problem(detail) for detail in error.errors(include_url=False, include_input=False))
    except (ArithmeticError, AttributeError, LookupError, RecursionError, RuntimeError, TypeError) as error:
        # A validator written by the user may raise what pydantic does not catch.
        problems = (Problem(path="", message=f"{type(error).__name__} in a validator: {error}", type="validator"),)
    else:
        return _dumped(model, instance, value)
    if not whole:
        problems = tuple(problem for problem in problems if problem.type != "missing")
    return Validated(data=field_by_field(model, drop(value, [p.path for p in problems])), problems=problems)


def _dumped(model: type[BaseModel], instance: BaseModel, value: Json) -> Validated:
    try:
        data = _numbers(
            instance.model_dump(mode="json", by_alias=True), instance.model_dump(mode="python", by_alias=True), ()
        )
    except RefusedError as error:
        path = pointer(error.where)
        problem = Problem(path=path, message="not a finite number", type="finite_number")
        return Validated(data=field_by_field(model, drop(value, [path])), problems=(problem,))
    except (PydanticSerializationError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise SchemaError(f"{model.__name__} validated a value that it cannot write: {error}") from error
    return Validated(data=data, instance=instance)


def _numbers(plain: Json, rich: Any, where: tuple[str | int, ...]) -> Json:
    """`plain` (pydantic's JSON dump) with numbers where pydantic writes a Decimal as text.

    `rich` is the Python dump of the same instance, walked along. Raises RefusedError for a number that
    JSON has no word for.
    """
    if isinstance(rich, Decimal) and isinstance(plain, str):
        return as_number(rich, where)
    if isinstance(plain, float) and not math.isfinite(plain):
        raise RefusedError(where)
    if isinstance(plain, dict) and isinstance(rich, dict) and len(plain) == len(rich):
        pairs = zip(plain.items(), rich.values(), strict=True)
        return {key: _numbers(inner, other, (*where, key)) for (key, inner), other in pairs}
    if isinstance(plain, list) and isinstance(rich, list | tuple) and len(plain) == len(rich):
        pairs_ = enumerate(zip(plain, rich, strict=True))
        return [_numbers(inner, other, (*where, index)) for index, (inner, other) in pairs_]
    return plain


def as_number(value: Decimal, where: tuple[str | int, ...] = ()) -> int | float:
    """A Decimal as the JSON number that reads the same: an integer where it was written as one."""
    if not value.is_finite() or value.adjusted() > 300:
        raise RefusedError(where)
    exponent = value.as_tuple().exponent
    return int(value) if isinstance(exponent, int) and exponent >= 0 else float(value)


def _problem(detail: ErrorDetails) -> Problem:
    # Pydantic puts the names of union branches and validators in the path too; only steps into the value are kept.
    steps = [step for step in detail["loc"] if isinstance(step, int) or not re.search(r"[\[\](]|^function-", step)]
    return Problem(path=pointer(steps), message=detail["msg"], type=detail["type"])


def _check_schema(schema: dict[str, Json], value: Json, *, whole: bool) -> Validated:
    wanted, holds = _wanted(schema, whole=whole)
    if holds is not None and holds(value):
        return Validated(data=_in_order(schema, value))
    # An empty registry: a reference to elsewhere is an error, never a download.
    validator = jsonschema.Draft202012Validator(
        wanted, registry=referencing.Registry(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    errors = sorted(validator.iter_errors(value), key=lambda error: [str(step) for step in error.absolute_path])
    problems = tuple(
        Problem(path=_error_path(error), message=error.message[:500], type=str(error.validator)) for error in errors
    )
    kept = value if not problems else drop(value, [problem.path for problem in problems])
    return Validated(data=_in_order(schema, kept), problems=problems)


_held: dict[tuple[int, bool], tuple[dict[str, Json], Json, Check | None]] = {}
"""By a schema's identity, which is its own as long as it is held here."""
_MOST_HELD = 64


def _wanted(schema: dict[str, Json], *, whole: bool) -> tuple[Json, Check | None]:
    """What a value is held against, and its quick check: made once for all windows of a run."""
    held = _held.get((id(schema), whole))
    if held is None:
        wanted = schema if whole else schemas.optional(schema)
        if len(_held) >= _MOST_HELD:
            _held.clear()
        held = _held[(id(schema), whole)] = (schema, wanted, quick_check(wanted))
    return held[1], held[2]


def _error_path(error: jsonschema.ValidationError) -> str:
    steps = list(error.absolute_path)
    required = error.validator_value
    if error.validator == "required" and isinstance(error.instance, dict) and isinstance(required, list):
        missing = [name for name in required if name not in error.instance and repr(name) in error.message]
        steps += missing[:1]
    return pointer(steps)


def _in_order(schema: Json, value: Json) -> Json:
    """The value with its keys in the order of the schema's properties, unknown keys last.

    What is in order already is given back itself: of a list of very many rows no second one is made.
    """
    if not isinstance(value, dict | list) or not isinstance(schema, dict):
        return value
    for branch in schema.get("anyOf", ()) or schema.get("oneOf", ()):
        if isinstance(branch, dict) and branch.get("type") in ("object", "array") and "type" not in schema:
            return _in_order(branch, value)
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        ordered = {key: _in_order(inner, value[key]) for key, inner in properties.items() if key in value}
        ordered |= {key: inner for key, inner in value.items() if key not in ordered}
        is_same = list(value) == list(ordered)
        return value if is_same and all(value[key] is inner for key, inner in ordered.items()) else ordered
    if isinstance(value, list):
        rows = [_in_order(schema.get("items"), inner) for inner in value]
        return value if all(old is new for old, new in zip(value, rows, strict=True)) else rows
    return value
