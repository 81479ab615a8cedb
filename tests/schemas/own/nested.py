"""Models inside models and lists."""

from pydantic import BaseModel


class A(BaseModel):
    x: int | None = None


class B(BaseModel):
    a: A | None = None


class C(BaseModel):
    rows: list[B] = []
