"""Objects with free keys."""

from pydantic import BaseModel


class Price(BaseModel):
    amount: float


class Prices(BaseModel):
    by_name: dict[str, Price] = {}
    notes: dict[str, str] = {}
