"""Values out of a fixed set."""

from enum import Enum, IntEnum

from pydantic import BaseModel


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Paint(BaseModel):
    colour: Colour | None = None
    level: Level | None = None
