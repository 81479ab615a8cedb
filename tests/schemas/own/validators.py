"""Rules written in Python."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, field_validator, model_validator


def even(value: int) -> int:
    if value % 2:
        raise ValueError("odd")
    return value


class V(BaseModel):
    low: Annotated[int, AfterValidator(even)] = 0
    high: int = 0

    @field_validator("high", mode="before")
    @classmethod
    def whole(cls, value: Any) -> Any:
        return int(value) if isinstance(value, str) and value.isdigit() else value

    @model_validator(mode="after")
    def ordered(self) -> "V":
        if self.low > self.high:
            raise ValueError("low is above high")
        return self
