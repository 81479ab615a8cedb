"""Two models that hold each other."""

from pydantic import BaseModel


class Folder(BaseModel):
    name: str
    inside: list["Entry"] = []


class Entry(BaseModel):
    folder: Folder | None = None
    size: int | None = None


class Disk(BaseModel):
    root: Folder | None = None
