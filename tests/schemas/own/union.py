"""One of two models, told apart by a word."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field


class Card(BaseModel):
    kind: Literal["card"]
    number: str


class Cash(BaseModel):
    kind: Literal["cash"]
    given: float


class Pay(BaseModel):
    by: Annotated[Card | Cash, Field(discriminator="kind")] | None = None
