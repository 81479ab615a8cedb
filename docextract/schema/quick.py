"""A JSON Schema as nested functions that say "nothing is wrong" some twenty times faster than a full validation.

Nearly every answer holds, and is held against its schema twice. What these functions cannot be sure of they deny, and
the value is validated in full, which alone says what is wrong: so a yes is always a yes of the validator's, and
nothing depends on a no. A schema with a word that is not known here has no such function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from docextract.types import Json

Check = Callable[[Json], bool]

_SAYS_NOTHING = {
    "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment", "$defs",
    "$schema",
}  # fmt: skip
_NAME = re.compile(r"[\w.-]+", re.ASCII)
_FORMATS: FormatChecker = Draft202012Validator.FORMAT_CHECKER


class UnknownError(Exception):
    """The schema says something that has no quick check."""


def quick_check(schema: Json) -> Check | None:
    """Whether a value surely holds against an inlined schema (draft 2020-12); None where only a validator can say."""
    try:
        return _Making(schema.get("$defs", {}) if isinstance(schema, Mapping) else {}).check(schema)
    except (UnknownError, RecursionError, re.error):
        return None


def _yes(_: Json) -> bool:
    return True


class _Making:
    """One schema on its way to functions; `definitions` are what it may refer to, each made once."""

    def __init__(self, definitions: Mapping[str, Json]) -> None:
        self.definitions = definitions
        self.made: dict[str, _Later] = {}

    def check(self, schema: Json) -> Check:
        if schema is True:
            return _yes
        if not isinstance(schema, Mapping):
            raise UnknownError
        parts: list[Check] = []
        for word, said in schema.items():
            if word in _SAYS_NOTHING or word.startswith("x-"):
                continue
            made = _PARTS.get(word)
            if made is None:
                raise UnknownError
            part = made(self, said, schema)
            if part is not None:
                parts.append(part)
        if len(parts) <= 1:
            return parts[0] if parts else _yes
        first, *rest = parts
        if len(rest) == 1:
            second = rest[0]
            return lambda value: first(value) and second(value)
        return lambda value: all(part(value) for part in parts)

    def type(self, said: Json, _: Mapping[str, Json]) -> Check:
        kinds = [said] if isinstance(said, str) else said
        if not isinstance(kinds, list) or not all(kind in _TYPES for kind in kinds):
            raise UnknownError
        # By the very class: a Decimal, or a float that is a whole number, is for the validator to judge.
        classes = frozenset(each for kind in kinds for each in _TYPES[kind])
        return lambda value: type(value) in classes

    def properties(self, said: Json, schema: Mapping[str, Json]) -> Check:
        checks = {name: self.check(inner) for name, inner in said.items()}
        more = schema.get("additionalProperties", True)
        other = None if more is False else self.check(more)

        def holds(value: Json) -> bool:
            if type(value) is not dict:
                return not isinstance(value, Mapping)
            for name, inner in value.items():
                check = checks.get(name, other)
                if check is None or not check(inner):
                    return False
            return True

        return holds

    def additional(self, _: Json, schema: Mapping[str, Json]) -> Check | None:
        return None if "properties" in schema else self.properties({}, schema)

    def required(self, said: Json, _: Mapping[str, Json]) -> Check:
        names = frozenset(said)
        return lambda value: names <= value.keys() if type(value) is dict else not isinstance(value, Mapping)

    def items(self, said: Json, _: Mapping[str, Json]) -> Check:
        check = self.check(said)
        return lambda value: all(map(check, value)) if type(value) is list else not isinstance(value, list | tuple)

    def any_of(self, said: Json, _: Mapping[str, Json]) -> Check:
        checks = [self.check(inner) for inner in said]
        if len(checks) == 2:
            first, second = checks
            return lambda value: first(value) or second(value)
        return lambda value: any(check(value) for check in checks)

    def enum(self, said: Json, _: Mapping[str, Json]) -> Check:
        # What JSON Schema takes for equal (1 and 1.0, lists by their items) is the validator's to know.
        texts = frozenset(each for each in said if isinstance(each, str))
        has_null = None in said
        return lambda value: value in texts if type(value) is str else has_null and value is None

    def const(self, said: Json, schema: Mapping[str, Json]) -> Check:
        return self.enum([said], schema)

    def format(self, said: Json, _: Mapping[str, Json]) -> Check:
        return lambda value: _FORMATS.conforms(value, said)

    def pattern(self, said: Json, _: Mapping[str, Json]) -> Check:
        search = re.compile(said).search
        return lambda value: search(value) is not None if type(value) is str else not isinstance(value, str)

    def reference(self, said: Json, _: Mapping[str, Json]) -> Check:
        name = said.removeprefix("#/$defs/")
        if name == said or not _NAME.fullmatch(name) or name not in self.definitions:
            raise UnknownError
        if name not in self.made:
            made = self.made[name] = _Later()
            made.check = self.check(self.definitions[name])
        return self.made[name]


class _Later:
    """What a definition that refers to itself is to be."""

    def __init__(self) -> None:
        self.check: Check = _yes

    def __call__(self, value: Json) -> bool:
        return self.check(value)


_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
    "object": (dict,),
    "array": (list,),
}
_PARTS: dict[str, Callable[[_Making, Any, Mapping[str, Json]], Check | None]] = {
    "type": _Making.type,
    "properties": _Making.properties,
    "additionalProperties": _Making.additional,
    "required": _Making.required,
    "items": _Making.items,
    "anyOf": _Making.any_of,
    "enum": _Making.enum,
    "const": _Making.const,
    "format": _Making.format,
    "pattern": _Making.pattern,
    "$ref": _Making.reference,
}
