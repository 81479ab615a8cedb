"""A union, a map, an enum, a recursive model and a validator at once."""

from enum import Enum
from typing import Any

from pydantic import BaseModel, field_validator


class Kind(Enum):
    LEAF = "leaf"
    KNOT = "knot"


class Node(BaseModel):
    kind: Kind | None = None
    value: int | str | None = None
    marks: dict[str, float] = {}
    below: list["Node"] = []

    @field_validator("value")
    @classmethod
    def small(cls, value: Any) -> Any:
        if isinstance(value, int) and value > 99:
            raise ValueError("too large")
        return value


class Tree(BaseModel):
    root: Node | None = None
