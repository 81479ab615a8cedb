"""A model that holds itself."""

from pydantic import BaseModel


class Part(BaseModel):
    name: str
    parts: list["Part"] = []
