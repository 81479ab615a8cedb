"""A field that follows from others."""

from pydantic import BaseModel, computed_field


class Sum(BaseModel):
    a: int = 0
    b: int = 0

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated property
    @property
    def total(self) -> int:
        return self.a + self.b
