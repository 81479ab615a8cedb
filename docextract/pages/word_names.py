"""WordprocessingML by local names: transitional and strict files differ in their namespaces only."""

from __future__ import annotations

from typing import Any


def local(element: Any) -> str:
    """The local name of an element; empty for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: Any | None, name: str) -> Any | None:
    """The first child of that local name."""
    if element is None:
        return None
    return next((inner for inner in element if local(inner) == name), None)


def value(element: Any, name: str) -> str:
    """An attribute by its local name, empty where it is missing."""
    for key, text in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(text)
    return ""


def is_on(properties: Any | None, name: str) -> bool:
    """Whether a switch (w:b, w:vanish) is there and not turned off."""
    element = child(properties, name)
    return element is not None and value(element, "val") not in {"0", "false", "off", "none"}
