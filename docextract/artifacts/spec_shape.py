"""Parts of an OpenAPI document laid flat for comparing: references followed, schemas as fields with types."""

from __future__ import annotations

from collections.abc import Mapping

from docextract.types import Json

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
MAX_DEPTH, MAX_FIELDS = 12, 5_000
"""How deep a schema is followed, and the fields of one body that are compared."""


def resolved(document: Mapping[str, Json], node: Json) -> Json:
    """What a local reference leads to, through references to references; None for one that leads nowhere."""
    for _ in range(MAX_DEPTH):
        reference = node.get("$ref") if isinstance(node, dict) else None
        if not isinstance(reference, str):
            return node
        node = document if reference.startswith("#/") else None
        for step in reference[2:].split("/"):
            name = step.replace("~1", "/").replace("~0", "~")
            node = node.get(name) if isinstance(node, Mapping) else None
    return None


def parameters_of(
    document: Mapping[str, Json], item: Mapping[str, Json], operation: Mapping[str, Json]
) -> dict[str, dict[str, Json]]:
    """Parameters by `place name`: the path's own and the operation's, which win."""
    found: dict[str, dict[str, Json]] = {}
    for owner in (item, operation):
        listed = owner.get("parameters")
        for entry in listed if isinstance(listed, list) else ():
            parameter = resolved(document, entry)
            if isinstance(parameter, dict):
                found[f"{parameter.get('in')} {parameter.get('name')}"] = parameter
    return found


def type_of(document: Mapping[str, Json], schema: Json, depth: int = 0) -> str:
    """A schema's type in a few words: `integer(int64)`, `array of Pet`, `string one of a, b`."""
    if not isinstance(schema, dict) or depth > MAX_DEPTH:
        return "any"
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return reference.rsplit("/", 1)[-1]
    for word in ("anyOf", "oneOf", "allOf"):
        if isinstance(schema.get(word), list):
            joint = " and " if word == "allOf" else " or "
            return joint.join(type_of(document, inner, depth + 1) for inner in schema[word])
    kind = schema.get("type")
    text = " or ".join(map(str, kind)) if isinstance(kind, list) else str(kind or "any")
    if text == "array":
        text = f"array of {type_of(document, schema.get('items'), depth + 1)}"
    if isinstance(schema.get("format"), str):
        text += f"({schema['format']})"
    if isinstance(schema.get("enum"), list):
        text += f" one of {', '.join(map(str, schema['enum']))}"
    return text


def fields_of(document: Mapping[str, Json], schema: Json) -> dict[str, str]:
    """Fields of a schema as `a.b[].c` to their types, with `required` where they must be given; "" is the root.

    A model that a field refers to is named, not opened: it has fields of its own.
    """
    found: dict[str, str] = {}
    _walk(document, schema, "", found, ())
    return found


def _walk(document: Mapping[str, Json], schema: Json, path: str, found: dict[str, str], trail: tuple[str, ...]) -> None:
    """`trail` has an entry for each level above, a reference's own name where there was one."""
    if not isinstance(schema, dict) or len(found) > MAX_FIELDS or len(trail) > MAX_DEPTH:
        return
    reference = schema.get("$ref")
    if isinstance(reference, str):
        if reference not in trail and not path.strip("[]"):
            _walk(document, resolved(document, schema), path, found, (*trail, reference))
        return
    if not path:
        found[""] = type_of(document, schema)
    for word in ("allOf", "anyOf", "oneOf"):
        branches = schema.get(word)
        for inner in branches if isinstance(branches, list) else ():
            _walk(document, inner, path, found, (*trail, ""))
    if isinstance(schema.get("items"), dict):
        _walk(document, schema["items"], f"{path}[]", found, (*trail, ""))
    properties = schema.get("properties")
    required = schema.get("required")
    for name, inner in properties.items() if isinstance(properties, dict) else ():
        here = f"{path}.{name}" if path else str(name)
        needed = isinstance(required, list) and name in required
        found[here] = type_of(document, inner) + (" required" if needed else "")
        _walk(document, inner, here, found, (*trail, ""))
