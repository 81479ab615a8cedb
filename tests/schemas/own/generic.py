"""A model with a type parameter."""

from typing import Generic, TypeVar

from pydantic import BaseModel

T = TypeVar("T")


class Box(BaseModel, Generic[T]):
    item: T | None = None


class Two(BaseModel):
    number: Box[int] = Box[int]()
    text: Box[str] = Box[str]()
