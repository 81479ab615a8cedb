"""Places in a JSON value by JSON pointer (RFC 6901)."""

from __future__ import annotations

import copy

from docextract.types import Json

MISSING = object()
"""What stands where nothing stands, not even null."""


def steps(path: str) -> list[str]:
    """`/lines/0/a~1b` as lines, 0, a/b."""
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]


def at(value: Json, path: str) -> Json:
    """What stands there, or MISSING."""
    for step in steps(path):
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return MISSING
    return value


def put(value: Json, path: str, new: Json) -> Json:
    """The value with `new` at a place that exists, changed in place; as it was where the place does not exist."""
    *above, last = steps(path)
    parent = value
    for step in above:
        parent = at(parent, f"/{step.replace('~', '~0').replace('/', '~1')}")
    if isinstance(parent, dict) and last in parent:
        parent[last] = copy_of(new)
    elif isinstance(parent, list) and last.isdecimal() and int(last) < len(parent):
        parent[int(last)] = copy_of(new)
    return value


def copy_of(value: Json) -> Json:
    """A value of its own."""
    return copy.deepcopy(value)
